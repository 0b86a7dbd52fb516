//! The quantile of a positive among the negatives of its query, and the statistics of many quantiles.

/// Returns the quantiles of `positives` among `negatives`, both similarities to one query (larger is nearer).
///
/// `q = (negatives above + negatives equal / 2) / negatives`, in the order of `positives`; 0 is best. `negatives` is
/// sorted in place. Empty when there is no negative.
pub fn quantiles_of_positives(positives: &[f32], negatives: &mut [f32]) -> Vec<f64> {
    if negatives.is_empty() {
        return Vec::new();
    }
    negatives.sort_unstable_by(f32::total_cmp);
    let total = negatives.len() as f64;
    let quantile = |positive: &f32| {
        let below = negatives.partition_point(|negative| negative < positive);
        let not_above = negatives.partition_point(|negative| negative <= positive);
        let above = (negatives.len() - not_above) as f64;
        (above + 0.5 * (not_above - below) as f64) / total
    };
    positives.iter().map(quantile).collect()
}

/// A non-empty set of quantiles, sorted, and what it says.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantiles {
    sorted: Vec<f64>,
}

impl Quantiles {
    /// Takes the quantiles in any order; `None` when there are none, for then no statistic of them exists.
    pub fn new(mut quantiles: Vec<f64>) -> Option<Self> {
        quantiles.sort_unstable_by(f64::total_cmp);
        (!quantiles.is_empty()).then_some(Self { sorted: quantiles })
    }

    /// Returns the quantiles, ascending.
    pub fn as_slice(&self) -> &[f64] {
        &self.sorted
    }

    /// Returns the mean quantile: 0.5 is chance.
    pub fn mean(&self) -> f64 {
        self.sorted.iter().sum::<f64>() / self.sorted.len() as f64
    }

    /// Returns the median quantile; of an even number of quantiles, the middle of the two in the middle.
    pub fn median(&self) -> f64 {
        let (low, high) = ((self.sorted.len() - 1) / 2, self.sorted.len() / 2);
        (self.sorted[low] + self.sorted[high]) / 2.0
    }

    /// `1 - mean`, which is the area under [`recall`](Self::recall) over `x` in [0, 1].
    pub fn auc(&self) -> f64 {
        1.0 - self.mean()
    }

    /// Returns the share of positives with a quantile below `x`, those exactly at `x` counting one half.
    pub fn recall(&self, x: f64) -> f64 {
        let below = self.sorted.partition_point(|&q| q < x);
        let up_to = self.sorted.partition_point(|&q| q <= x);
        (below as f64 + 0.5 * (up_to - below) as f64) / self.sorted.len() as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Two queries worked out by hand: one with ties, one with a single positive.
    fn pooled() -> Quantiles {
        let mut pooled = quantiles_of_positives(&[0.9, 0.5, 0.5], &mut [0.8, 0.5, 0.1, -0.2]);
        pooled.extend(quantiles_of_positives(&[0.3], &mut [0.2, 0.4]));
        Quantiles::new(pooled).unwrap()
    }

    #[test]
    fn a_tie_counts_one_half_in_the_quantile() {
        assert_eq!(pooled().as_slice(), [0.0, 0.375, 0.375, 0.5]);
    }

    #[test]
    fn a_quantile_equal_to_x_counts_one_half_in_the_recall() {
        let pooled = pooled();
        assert_eq!([0.0, 0.01, 0.4].map(|x| pooled.recall(x)), [0.125, 0.25, 0.75]);
    }

    #[test]
    fn median_and_auc_are_those_worked_out_by_hand() {
        assert_eq!((pooled().median(), pooled().auc()), (0.375, 0.6875));
    }

    #[test]
    fn without_negatives_or_positives_there_is_no_statistic() {
        assert!(quantiles_of_positives(&[0.1], &mut []).is_empty());
        assert_eq!(Quantiles::new(quantiles_of_positives(&[], &mut [0.1])), None);
    }

    /// The integral over [0, 1] of a step function that jumps only at its quantiles, exact up to rounding.
    fn integral_of_recall(quantiles: &Quantiles) -> f64 {
        let mut edges = vec![0.0];
        edges.extend(quantiles.as_slice());
        edges.push(1.0);
        edges.windows(2).map(|edge| (edge[1] - edge[0]) * quantiles.recall((edge[0] + edge[1]) / 2.0)).sum()
    }

    proptest! {
        #[test]
        fn the_area_under_recall_is_one_minus_the_mean_quantile(
            positives in prop::collection::vec(-3i8..3, 1..20),
            negatives in prop::collection::vec(-3i8..3, 1..20),
        ) {
            let positives: Vec<f32> = positives.iter().map(|&v| f32::from(v)).collect();
            let mut negatives: Vec<f32> = negatives.iter().map(|&v| f32::from(v)).collect();
            let quantiles = Quantiles::new(quantiles_of_positives(&positives, &mut negatives)).unwrap();
            prop_assert!((integral_of_recall(&quantiles) - quantiles.auc()).abs() < 1e-9);
        }

        #[test]
        fn turning_all_similarities_round_turns_the_auc_round(
            positives in prop::collection::vec(-3i8..3, 1..20),
            negatives in prop::collection::vec(-3i8..3, 1..20),
        ) {
            let auc = |sign: f32| {
                let positives: Vec<f32> = positives.iter().map(|&v| sign * f32::from(v)).collect();
                let mut negatives: Vec<f32> = negatives.iter().map(|&v| sign * f32::from(v)).collect();
                Quantiles::new(quantiles_of_positives(&positives, &mut negatives)).unwrap().auc()
            };
            prop_assert!((auc(1.0) + auc(-1.0) - 1.0).abs() < 1e-12);
        }
    }
}
