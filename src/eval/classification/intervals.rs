//! Intervals of figures over drugs, and their spread by chance.

use super::scores::Confusion;
use crate::random::Purpose;
use crate::stats::{interval, middle, resampled};

/// Fewer runs say nothing of how far chance moves a figure.
pub(super) const MIN_RUNS: usize = 5;

/// A figure and its 95 % interval: the percentiles 2.5 and 97.5 over draws of as many drugs with replacement (Efron's
/// percentile bootstrap). All predictions of a drug are drawn with it.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Estimate {
    /// The figure over all drugs.
    pub value: f64,
    /// Its interval; absent where no draws were asked for, or too few, or of too few drugs.
    pub interval: Option<[f64; 2]>,
}

/// A figure by chance, over several runs.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Spread {
    /// Mean over the runs.
    pub mean: f64,
    /// Percentiles 2.5 and 97.5, interpolated; with fewer than 40 runs they lie between the outermost two.
    pub range: [f64; 2],
}

impl Spread {
    /// `None` of fewer than [`MIN_RUNS`] values.
    pub(super) fn of(mut values: Vec<f64>) -> Option<Self> {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        values.sort_unstable_by(f64::total_cmp);
        (values.len() >= MIN_RUNS).then(|| Self { mean, range: middle(&values) })
    }
}

/// Intervals of figures that are computed from drugs with repetition.
///
/// `figures` gets the places of the drugs that were drawn, and returns equally many figures every time.
pub(super) fn bootstrap(
    drugs: usize,
    draws: usize,
    seed: u64,
    figures: impl Fn(&[u32]) -> Vec<f64> + Sync,
) -> Option<Vec<[f64; 2]>> {
    let all = resampled(drugs, draws, seed, Purpose::ClassBootstrap, figures);
    let of_figure = |figure: usize| interval(drugs, all.iter().map(|figures| figures[figure]).collect());
    (0..all.first()?.len()).map(of_figure).collect()
}

/// Returns the intervals of the four [`Scores`](super::Scores) of each configuration. All configurations see the same
/// draws.
pub(super) fn of_scores(
    truth: &[u32],
    configurations: &[&[Vec<u32>]],
    classes: usize,
    draws: usize,
    seed: u64,
) -> Option<Vec<[f64; 2]>> {
    let cell = |(&truth, &predicted): (&u32, &u32)| truth * classes as u32 + predicted;
    let cells: Vec<Vec<Vec<u32>>> = configurations
        .iter()
        .map(|repeats| {
            repeats.iter().map(|predicted| truth.iter().zip(predicted).map(cell).collect()).collect()
        })
        .collect();
    bootstrap(truth.len(), draws, seed, |places| {
        let of_configuration = |repeats: &Vec<Vec<u32>>| {
            let mut confusion = Confusion::new(classes);
            let counts = confusion.counts_mut();
            for cells in repeats {
                places.iter().for_each(|&place| counts[cells[place as usize] as usize] += 1);
            }
            confusion.scores().to_array()
        };
        cells.iter().flat_map(of_configuration).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_of_a_share_is_that_of_the_binomial_distribution() {
        // 250 of 1,000 drugs are right: 0.25 +- 1.96 sqrt(0.25 * 0.75 / 1000) = 0.25 +- 0.0268.
        let truth = vec![0; 1_000];
        let predicted: Vec<u32> = (0..1_000).map(|drug| u32::from(drug >= 250)).collect();
        let [low, high] = of_scores(&truth, &[&[predicted]], 2, 2_000, 7).unwrap()[0];
        assert!((low - 0.2232).abs() < 0.004 && (high - 0.2768).abs() < 0.004, "{low} {high}");
    }

    #[test]
    fn repeats_of_one_prediction_make_no_interval_narrower() {
        let truth: Vec<u32> = (0..60).map(|drug| drug % 3).collect();
        let predicted: Vec<u32> = (0..60).map(|drug| drug % 5 % 3).collect();
        let once = of_scores(&truth, &[std::slice::from_ref(&predicted)], 3, 200, 1);
        let often = of_scores(&truth, &[&vec![predicted; 4]], 3, 200, 1);
        for (once, often) in once.unwrap().iter().zip(often.unwrap()) {
            assert!((once[0] - often[0]).abs() < 1e-9 && (once[1] - often[1]).abs() < 1e-9);
        }
    }

    #[test]
    fn of_a_few_drugs_draws_or_runs_there_is_no_interval() {
        let of = |drugs: usize, draws| {
            let classes: Vec<u32> = (0..drugs as u32).map(|drug| drug % 2).collect();
            of_scores(&classes, &[std::slice::from_ref(&classes)], 2, draws, 1).is_some()
        };
        assert_eq!(
            [of(20, 0), of(20, 1), of(20, 39), of(4, 1000), of(5, 40)],
            [false, false, false, false, true]
        );
        assert_eq!((Spread::of(vec![]), Spread::of(vec![0.5; 4])), (None, None));
        assert!(Spread::of(vec![0.5; 5]).is_some());
    }
}
