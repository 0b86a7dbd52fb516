//! Probabilities that rise with a score.

/// A probability that rises with a score, in steps: isotonic regression of yes and no by pooling adjacent violators (Ayer et al. 1955), of
/// blocks that hold enough cases each.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Isotonic {
    /// The smallest score of each step and its probability, both ascending.
    pub steps: Vec<(f64, f64)>,
}

/// Cases that go together.
struct Block {
    from: f64,
    yes: f64,
    cases: f64,
}

impl Block {
    fn share(&self) -> f64 {
        self.yes / self.cases
    }
}

impl Isotonic {
    /// Fits cases, each a score and whether it holds, in blocks of at least `least`; equal scores are in one block. Scores that are no numbers
    /// are passed over.
    ///
    /// ```
    /// use l1kdb::stats::Isotonic;
    ///
    /// let fitted = Isotonic::fit(&[(0.1, false), (0.2, false), (0.3, true), (0.4, false), (0.9, true)], 1);
    /// assert_eq!(fitted.steps, [(0.1, 0.0), (0.3, 0.5), (0.9, 1.0)]);
    /// assert_eq!(fitted.of(0.35), Some(0.5));
    /// ```
    pub fn fit(cases: &[(f64, bool)], least: usize) -> Self {
        let mut cases: Vec<(f64, bool)> =
            cases.iter().copied().filter(|(score, _)| !score.is_nan()).collect();
        cases.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut pooled: Vec<Block> = Vec::new();
        for block in blocks(&cases, least.max(1)) {
            pooled.push(block);
            while let [.., before, last] = &pooled[..]
                && before.share() >= last.share()
            {
                let (yes, cases) = (last.yes, last.cases);
                pooled.pop();
                if let Some(before) = pooled.last_mut() {
                    (before.yes, before.cases) = (before.yes + yes, before.cases + cases);
                }
            }
        }
        Self { steps: pooled.iter().map(|block| (block.from, block.share())).collect() }
    }

    /// Returns the probability at a score, that of the first step below it; `None` where nothing was fitted.
    pub fn of(&self, score: f64) -> Option<f64> {
        let below = self.steps.partition_point(|&(from, _)| from <= score);
        Some(self.steps.get(below.saturating_sub(1))?.1)
    }
}

/// Sorted cases in blocks; what is left over at the end belongs to the last.
fn blocks(cases: &[(f64, bool)], least: usize) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut is_full = true;
    for same in cases.chunk_by(|a, b| a.0 == b.0) {
        if is_full {
            blocks.push(Block { from: same[0].0, yes: 0.0, cases: 0.0 });
        }
        if let Some(block) = blocks.last_mut() {
            block.yes += same.iter().filter(|(_, holds)| *holds).count() as f64;
            block.cases += same.len() as f64;
            is_full = block.cases >= least as f64;
        }
    }
    if let [.., before, last] = &mut blocks[..]
        && last.cases < least as f64
    {
        (before.yes, before.cases) = (before.yes + last.yes, before.cases + last.cases);
        blocks.pop();
    }
    blocks
}

/// Returns how far probabilities are from how often things hold: the mean distance over ten bins of equal width, each weighing by its cases
/// (expected calibration error, Naeini et al. 2015). `None` of no case.
pub fn calibration_error(cases: &[(f64, bool)]) -> Option<f64> {
    const BINS: usize = 10;
    let mut sums = [(0.0, 0.0); BINS];
    for &(p, holds) in cases {
        let bin = ((p * BINS as f64) as usize).min(BINS - 1);
        sums[bin].0 += p;
        sums[bin].1 += f64::from(u8::from(holds));
    }
    let off: f64 = sums.iter().map(|(p, held)| (p - held).abs()).sum();
    (!cases.is_empty()).then(|| off / cases.len() as f64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Isotonic, calibration_error};

    #[test]
    fn blocks_hold_enough_cases_and_equal_scores_are_not_parted() {
        let cases = [(0.1, false), (0.2, true), (0.2, false), (0.3, true), (0.4, true)];
        assert_eq!(Isotonic::fit(&cases, 2).steps, [(0.1, 1.0 / 3.0), (0.3, 1.0)]);
        assert_eq!(Isotonic::fit(&cases, 4).steps, [(0.1, 0.6)]);
        assert_eq!(Isotonic::fit(&[], 2).of(0.5), None);
    }

    #[test]
    fn an_error_is_the_distance_of_what_is_said_and_what_holds() {
        assert_eq!(
            calibration_error(&[(0.25, true), (0.25, false), (0.25, false), (0.25, false)]),
            Some(0.0)
        );
        assert_eq!(calibration_error(&[(1.0, true), (1.0, false)]), Some(0.5));
        assert_eq!(calibration_error(&[]), None);
    }

    proptest! {
        #[test]
        fn probabilities_rise_and_hold_on_average(
            cases in prop::collection::vec((0..20_u8, any::<bool>()), 1..80), least in 1..20_usize,
        ) {
            let cases: Vec<(f64, bool)> = cases.into_iter().map(|(s, holds)| (f64::from(s) / 20.0, holds)).collect();
            let fitted = Isotonic::fit(&cases, least);
            prop_assert!(fitted.steps.is_sorted_by(|a, b| a.0 < b.0 && a.1 < b.1));
            let said: f64 = cases.iter().map(|&(score, _)| fitted.of(score).unwrap()).sum();
            let held = cases.iter().filter(|(_, holds)| *holds).count() as f64;
            prop_assert!((said - held).abs() < 1e-9);
        }
    }
}
