//! How high the members of a class score, and how often that comes by chance.

/// The best quarter of the scores of a class's members, rounded up to at least one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct BestQuarter {
    /// Its mean.
    pub mean: f32,
    /// The smallest score in it.
    pub last: f32,
    /// The largest score that is not in it; NaN where there is none.
    pub next: f32,
}

impl BestQuarter {
    /// Finds it among scores, NaN left out; `None` where fewer than `least` are left.
    pub fn of(scores: impl Iterator<Item = f32>, least: usize) -> Option<Self> {
        let mut scores: Vec<f32> = scores.filter(|score| !score.is_nan()).collect();
        if scores.len() < least.max(1) {
            return None;
        }
        let kept = quarter(scores.len());
        scores.select_nth_unstable_by(kept - 1, |a, b| b.total_cmp(a));
        // In order, so that the sum does not depend on how they were found.
        scores[..kept].sort_unstable_by(|a, b| b.total_cmp(a));
        let next = scores[kept..].iter().copied().fold(f32::NAN, f32::max);
        let sum: f64 = scores[..kept].iter().map(|&score| f64::from(score)).sum();
        Some(Self { mean: (sum / kept as f64) as f32, last: scores[kept - 1], next })
    }

    /// The mean of the best quarter of the same scores without one of them; `all` counts those that were there.
    pub fn mean_without(self, score: f32, all: usize) -> f32 {
        let (before, left) = (quarter(all), quarter(all - 1));
        let sum = f64::from(self.mean) * before as f64;
        let is_in = score >= self.last;
        let sum = match (is_in, left == before) {
            (true, true) => sum - f64::from(score) + f64::from(self.next),
            (true, false) => sum - f64::from(score),
            (false, true) => sum,
            (false, false) => sum - f64::from(self.last),
        };
        (sum / left as f64) as f32
    }
}

fn quarter(count: usize) -> usize {
    count.div_ceil(4)
}

/// (1 + k) / (1 + n), where k of n reference values are at least as high.
pub(super) fn share(null: impl Iterator<Item = f32>, statistic: f32) -> f64 {
    let (higher, all) =
        null.fold((1_u32, 1_u32), |(higher, all), other| (higher + u32::from(other >= statistic), all + 1));
    f64::from(higher) / f64::from(all)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn without_one_of_the_scores_it_is_that_of_the_others(
            scores in prop::collection::vec(-3.0f32..3.0, 2..40),
            which in 0usize..40,
        ) {
            let which = which % scores.len();
            let mut others = scores.clone();
            let score = others.remove(which);
            let whole = BestQuarter::of(scores.iter().copied(), 1).unwrap();
            let expected = BestQuarter::of(others.into_iter(), 1).unwrap().mean;
            prop_assert!((whole.mean_without(score, scores.len()) - expected).abs() < 1e-5);
        }
    }
}
