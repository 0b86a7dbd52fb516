//! How figures on unseen drugs are come by: always by drug, and always beside what they mean nothing without.

use l1kdb::profile::GENES;
use l1kdb::progress::Progress;
use l1kdb::split;
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
            all.extend(
                splits.into_iter().enumerate().map(|(number, split)| Fold::new(repeat, number, split, seed)),
            );
        }
        Ok(all)
    }
}

impl Fold {
    /// Every fold has a seed of its own.
    fn new(repeat: usize, number: usize, split: Split, seed: u64) -> Self {
        let seed = seed.wrapping_add((1000 * (repeat + 1) + number) as u64);
        Self { repeat, number, split, seed }
    }

    /// The folds of a split that was made before, for these data; `seed` is for the trainings only.
    ///
    /// # Errors
    /// [`TrainError::Split`] when the split shows a network drugs that it is then asked about.
    pub fn of_split(split: &split::Split, dataset: &Dataset, seed: u64) -> Result<Vec<Self>, TrainError> {
        split.check("drug", &dataset.by_drug())?;
        let mut of_repeat = vec![0..; split.design().repeats()];
        let fold = |fold: split::Fold| {
            let number = of_repeat[fold.repeat].next().unwrap_or_default();
            Self::new(fold.repeat, number, Split { train: fold.train, held_out: fold.held_out }, seed)
        };
        Ok(split.folds().map(fold).collect())
    }

    /// Whether the held-out profiles are of several drugs, one of them with several profiles: without those there is
    /// nothing to find. A split by something else than drugs may have folds without.
    pub fn has_pairs(&self, dataset: &Dataset) -> bool {
        let sizes = dataset.drug_sizes_among(&self.split.held_out);
        sizes.iter().any(|&size| size > 1) && sizes.iter().filter(|&&size| size > 0).count() > 1
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

/// Has every contender embed the held-out profiles of every fold; those [without pairs](Fold::has_pairs) give no figures. The cosine of the z-scores comes first in the
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
        let has_pairs = fold.has_pairs(dataset);
        let mut judge = |at: usize, labels: &[u32], embeddings: &[f32], dimension| match has_pairs {
            true => gathered[at][fold.repeat].add(&held_out, labels, embeddings, dimension),
            false => Ok(()),
        };
        judge(0, &held_out.drugs, &held_out.values, GENES)?;
        progress.advance(1);
        let last = contenders.len() + 1;
        for (at, (_, embed)) in contenders.iter_mut().enumerate() {
            let (embeddings, dimension) = embed(fold, &held_out)?;
            judge(at + 1, &held_out.drugs, &embeddings, dimension)?;
            progress.advance(1);
            if at + 2 == last {
                judge(last, &permuted(&held_out.drugs, fold.seed), &embeddings, dimension)?;
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
    fn a_split_by_drug_gives_its_own_folds_and_one_that_shows_drugs_is_refused() {
        let dataset = dataset();
        let design = split::KFold { folds: 3, repeats: 2 };
        let by_drug = split::Split::k_fold(&dataset.ids, "drug", &dataset.by_drug(), design, 1).unwrap();
        let folds = Fold::of_split(&by_drug, &dataset, 5).unwrap();
        let expected: Vec<Vec<usize>> = by_drug.folds().map(|fold| fold.held_out).collect();
        assert_eq!(folds.iter().map(|fold| fold.split.held_out.clone()).collect::<Vec<_>>(), expected);
        let numbers: Vec<_> = folds.iter().map(|fold| (fold.repeat, fold.number, fold.seed)).collect();
        assert_eq!(numbers[2..4], [(0, 2, 1007), (1, 0, 2005)]);
        let parity = split::Grouping::by_one((0..120).map(|row| Some(["even", "odd", "third"][row % 3])));
        let by_parity = split::Split::k_fold(&dataset.ids, "plate", &parity, design, 1).unwrap();
        assert!(matches!(Fold::of_split(&by_parity, &dataset, 5), Err(TrainError::Split(_))));
    }

    #[test]
    fn a_fold_without_pairs_is_left_out_of_the_figures() {
        let dataset = dataset();
        let fold = |held_out: Vec<usize>| {
            let train = (0..120).filter(|row| !held_out.contains(row)).collect();
            Fold::new(0, 0, Split { train, held_out }, 1)
        };
        let (pairs, singles, one_drug) =
            (fold((0..40).collect()), fold(vec![40, 44, 48]), fold((40..44).collect()));
        assert_eq!([&pairs, &singles, &one_drug].map(|fold| fold.has_pairs(&dataset)), [true, false, false]);
        let mut raw = |_: &Fold, held_out: &Dataset| -> Result<(Vec<f32>, usize), TrainError> {
            Ok((held_out.values.clone(), GENES))
        };
        let standings =
            compare(&dataset, &[pairs, singles, one_drug], &mut [("raw".to_owned(), &mut raw)], &Quiet)
                .unwrap();
        assert_eq!(standings[1].pooled.all.queries, 40);
    }

    #[test]
    fn holding_out_nothing_gives_no_fold() {
        assert!(Protocol::HoldOut { share: 0.0 }.folds(&dataset(), 1).unwrap().is_empty());
        let fold = &Protocol::HoldOut { share: 0.1 }.folds(&dataset(), 1).unwrap()[0];
        assert_eq!(fold.split.held_out.len(), 12);
    }
}
