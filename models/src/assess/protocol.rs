//! How figures on unseen drugs are come by: always by drug, and always beside what they mean nothing without.

use l1kdb::profile::GENES;
use l1kdb::progress::Progress;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::figures::{Assessment, Figures};
use crate::data::{Split, folds, hold_out};
use crate::{Dataset, TrainError};

/// Which drugs are held out, and how often.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Protocol {
    /// A share of the drugs, once. 0: none, and no figures.
    HoldOut {
        /// Share of the drugs.
        share: f64,
    },
    /// Every drug once in each of `repeats` divisions into `folds`.
    CrossValidation {
        /// Folds.
        folds: usize,
        /// Divisions.
        repeats: usize,
    },
}

/// One division into training and held-out drugs.
#[derive(Debug, Clone, PartialEq)]
pub struct Fold {
    /// Which repeat, from 0.
    pub repeat: usize,
    /// Which fold of it, from 0.
    pub number: usize,
    /// The rows on either side.
    pub split: Split,
    /// For whatever is random in this fold.
    pub seed: u64,
}

impl Protocol {
    /// All folds, repeat after repeat. `seed` decides which drug is where.
    ///
    /// # Errors
    /// [`TrainError::TooFewDrugs`] and [`TrainError::Setting`].
    pub fn folds(self, dataset: &Dataset, seed: u64) -> Result<Vec<Fold>, TrainError> {
        let (number, repeats) = match self {
            Self::HoldOut { share: 0.0 } => return Ok(Vec::new()),
            Self::HoldOut { share } => {
                let all: Vec<usize> = (0..dataset.len()).collect();
                let split = hold_out(dataset, &all, share, seed)?;
                return Ok(vec![Fold { repeat: 0, number: 0, split, seed }]);
            }
            Self::CrossValidation { folds, repeats } => (folds, repeats),
        };
        TrainError::check("repeats", repeats as f64, (1..=1000).contains(&repeats), "1 to 1000")?;
        let mut all = Vec::new();
        for repeat in 0..repeats {
            let splits = folds(dataset, number, seed.wrapping_add(repeat as u64))?;
            all.extend(splits.into_iter().enumerate().map(|(number, split)| {
                let seed = seed.wrapping_add((1000 * (repeat + 1) + number) as u64);
                Fold { repeat, number, split, seed }
            }));
        }
        Ok(all)
    }
}

/// How one way of embedding did.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// What it is.
    pub name: String,
    /// Over all folds of all repeats.
    pub pooled: Figures,
    /// Of every repeat by itself: how much the division into folds and the seed matter.
    pub by_repeat: Vec<Figures>,
}

/// Gives embeddings (n x dimension, row-major) of a fold's held-out profiles, having seen its training side only, and
/// the dimension.
pub type Embedder<'a> = dyn FnMut(&Fold, &Dataset) -> Result<(Vec<f32>, usize), TrainError> + 'a;

/// Has every contender embed the held-out profiles of every fold. The cosine of the z-scores comes first in the
/// answer; last comes the last contender with the labels of the held-out profiles permuted, which is chance.
///
/// # Errors
/// Those of the contenders, and [`TrainError::Eval`].
pub fn compare(
    dataset: &Dataset,
    folds: &[Fold],
    contenders: &mut [(String, &mut Embedder<'_>)],
    progress: &dyn Progress,
) -> Result<Vec<Standing>, TrainError> {
    progress.begin("evaluating", (folds.len() * (contenders.len() + 1)) as u64);
    let repeats = folds.iter().map(|fold| fold.repeat + 1).max().unwrap_or(0);
    let mut gathered = vec![vec![Assessment::default(); repeats]; contenders.len() + 2];
    for fold in folds {
        let held_out = dataset.subset(&fold.split.held_out);
        gathered[0][fold.repeat].add(&held_out, &held_out.drugs, &held_out.values, GENES)?;
        progress.advance(1);
        let last = contenders.len() + 1;
        for (at, (_, embed)) in contenders.iter_mut().enumerate() {
            let (embeddings, dimension) = embed(fold, &held_out)?;
            gathered[at + 1][fold.repeat].add(&held_out, &held_out.drugs, &embeddings, dimension)?;
            progress.advance(1);
            if at + 2 == last {
                let permuted = permuted(&held_out.drugs, fold.seed);
                gathered[last][fold.repeat].add(&held_out, &permuted, &embeddings, dimension)?;
            }
        }
    }
    progress.end();
    let names = ["cosine of z-scores".to_owned()].into_iter();
    let names = names.chain(contenders.iter().map(|(name, _)| name.clone()));
    let names = names.chain(["labels permuted".to_owned()]);
    names.zip(gathered).map(|(name, repeats)| Standing::new(name, repeats)).collect()
}

fn permuted(labels: &[u32], seed: u64) -> Vec<u32> {
    let mut labels = labels.to_vec();
    labels.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
    labels
}

impl Standing {
    fn new(name: String, repeats: Vec<Assessment>) -> Result<Self, TrainError> {
        let by_repeat = repeats.iter().map(Assessment::figures).collect::<Result<_, _>>()?;
        let mut all = Assessment::default();
        repeats.into_iter().for_each(|repeat| all.merge(repeat));
        Ok(Self { name, pooled: all.figures()?, by_repeat })
    }

    /// Mean and standard deviation over the repeats of a figure; the deviation is `None` for a single repeat.
    pub fn over_repeats(&self, figure: impl Fn(&Figures) -> f64) -> (f64, Option<f64>) {
        let values: Vec<f64> = self.by_repeat.iter().map(figure).collect();
        let number = values.len() as f64;
        let mean = values.iter().sum::<f64>() / number;
        let squares = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>();
        (mean, (values.len() > 1).then(|| (squares / (number - 1.0)).sqrt()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use l1kdb::progress::Quiet;

    fn dataset() -> Dataset {
        let drugs: Vec<String> = (0..120).map(|row| format!("drug {}", row / 4)).collect();
        let values = (0..120 * GENES).map(|i| ((i * 7919 + i * i) % 101) as f32 - 50.0).collect();
        Dataset::new(values, &drugs, &[Some("PC3"); 120])
    }

    #[test]
    fn a_contender_stands_between_raw_cosine_and_permuted_labels() {
        let dataset = dataset();
        let folds = Protocol::CrossValidation { folds: 3, repeats: 2 }.folds(&dataset, 5).unwrap();
        assert_eq!(
            folds.iter().map(|fold| (fold.repeat, fold.number)).collect::<Vec<_>>()[2..4],
            [(0, 2), (1, 0)]
        );
        let mut perfect = |_: &Fold, held_out: &Dataset| -> Result<(Vec<f32>, usize), TrainError> {
            let axis = |drug: u32| (0..30).map(move |k| f32::from(u8::from(k == drug)));
            Ok((held_out.drugs.iter().flat_map(|&drug| axis(drug)).collect(), 30))
        };
        let standings =
            compare(&dataset, &folds, &mut [("perfect".to_owned(), &mut perfect)], &Quiet).unwrap();
        assert_eq!(standings.iter().map(|s| s.name.as_str()).collect::<Vec<_>>()[1], "perfect");
        let aucs: Vec<f64> = standings.iter().map(|standing| standing.pooled.all.auc_quantile).collect();
        assert!(aucs[0] < 0.8 && aucs[1] == 1.0 && (aucs[2] - 0.5).abs() < 0.1, "{aucs:?}");
        assert_eq!(standings[1].over_repeats(|figures| figures.all.auc_quantile), (1.0, Some(0.0)));
        assert_eq!(standings[0].pooled.all.positives, standings[2].pooled.all.positives);
    }

    #[test]
    fn holding_out_nothing_gives_no_fold() {
        assert!(Protocol::HoldOut { share: 0.0 }.folds(&dataset(), 1).unwrap().is_empty());
        let fold = &Protocol::HoldOut { share: 0.1 }.folds(&dataset(), 1).unwrap()[0];
        assert_eq!(fold.split.held_out.len(), 12);
    }
}
