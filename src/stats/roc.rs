//! One threshold over the similarities of all queries: the classical ROC, which is another number than the AUC of
//! quantiles.

use super::SimilarityHistogram;

/// The pooled receiver operating characteristic.
#[derive(Debug, Clone, PartialEq)]
pub struct Roc {
    /// Area under it: the chance that a positive pair is more similar than a negative pair of any query, ties half.
    pub auc: f64,
    /// How far `auc` may be off, since similarities are known to one in 4,096 bins.
    pub auc_error: f64,
    /// Matthews correlation coefficient of "similar" at the median similarity, positives and negatives weighing alike
    /// (Donner et al. 2018).
    pub mcc: f64,
    /// (false positive rate, true positive rate), from (0, 0) to (1, 1).
    pub points: Vec<(f64, f64)>,
}

/// Points of a curve that is drawn.
const POINTS: usize = 200;

impl Roc {
    /// From the counts of one or more sets of queries; `None` without a positive or a negative.
    pub fn new(histograms: &[SimilarityHistogram]) -> Option<Self> {
        let bins = descending(histograms);
        let positives: f64 = bins.iter().map(|bin| bin.1).sum();
        let negatives: f64 = bins.iter().map(|bin| bin.2).sum();
        if positives == 0.0 || negatives == 0.0 {
            return None;
        }
        let (mut auc, mut auc_error) = (0.0, 0.0);
        let (mut x, mut y) = (0.0, 0.0);
        let mut points = vec![(0.0, 0.0)];
        for (_, positive, negative) in bins {
            let (dx, dy) = (negative / negatives, positive / positives);
            auc += dx * (y + 0.5 * dy);
            auc_error += 0.5 * dx * dy;
            (x, y) = (x + dx, y + dy);
            points.push((x, y));
        }
        let mcc = mcc_at_median(&points);
        Some(Self { auc, auc_error, mcc, points: thinned(&points) })
    }
}

/// Returns all bins with a pair as (similarity, positives, negatives), most similar first.
fn descending(histograms: &[SimilarityHistogram]) -> Vec<(f64, f64, f64)> {
    let mut bins: Vec<(f64, f64, f64)> = Vec::new();
    for histogram in histograms {
        let counts = histogram.positives.iter().zip(&histogram.negatives);
        let bin = |(&similarity, (&positive, &negative))| (similarity, positive as f64, negative as f64);
        bins.extend(histogram.similarity.iter().zip(counts).map(bin).filter(|bin| bin.1 + bin.2 > 0.0));
    }
    bins.sort_by(|a, b| b.0.total_cmp(&a.0));
    bins
}

/// With classes of equal weight the median threshold is where as large a share of positives is below as of negatives
/// above, and the coefficient is the difference of the two rates.
fn mcc_at_median(points: &[(f64, f64)]) -> f64 {
    let after = points.partition_point(|(x, y)| x + y < 1.0);
    let ((x0, y0), (x1, y1)) = (points[after.saturating_sub(1)], points[after.min(points.len() - 1)]);
    let step = (x1 + y1) - (x0 + y0);
    let part = if step > 0.0 { (1.0 - x0 - y0) / step } else { 0.0 };
    (y0 + part * (y1 - y0)) - (x0 + part * (x1 - x0))
}

/// Points that lie apart, the last among them.
fn thinned(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut kept: Vec<(f64, f64)> = Vec::new();
    for (at, &(x, y)) in points.iter().enumerate() {
        let far = kept.last().is_none_or(|last| (x - last.0).max(y - last.1) >= 1.0 / POINTS as f64);
        if far || at + 1 == points.len() {
            kept.push((x, y));
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn overlap(positives: &[u64], negatives: &[u64]) -> SimilarityHistogram {
        let similarity = (0..positives.len()).map(|bin| bin as f64).collect();
        SimilarityHistogram { similarity, positives: positives.to_vec(), negatives: negatives.to_vec() }
    }

    #[test]
    fn area_and_coefficient_are_those_worked_out_by_hand() {
        // Positives at 1, 2, 2; negatives at 0, 1: of six pairs five are in order and one is tied.
        let roc = Roc::new(&[overlap(&[0, 1, 2], &[1, 1, 0])]).unwrap();
        assert!((roc.auc - (5.0 + 0.5) / 6.0).abs() < 1e-12);
        assert!((roc.auc_error - 0.5 / 6.0).abs() < 1e-12);
        // Halfway through the tied bin the rates are (0.2, 0.8).
        assert!((roc.mcc - 0.6).abs() < 1e-12, "{}", roc.mcc);
        assert_eq!((roc.points[0], *roc.points.last().unwrap()), ((0.0, 0.0), (1.0, 1.0)));
    }

    #[test]
    fn perfect_order_and_pure_chance_are_one_and_a_half() {
        let perfect = Roc::new(&[overlap(&[0, 4], &[9, 0])]).unwrap();
        assert_eq!((perfect.auc, perfect.mcc, perfect.auc_error), (1.0, 1.0, 0.0));
        let chance = Roc::new(&[overlap(&[3, 3], &[5, 5])]).unwrap();
        assert_eq!((chance.auc, chance.mcc), (0.5, 0.0));
        assert_eq!(Roc::new(&[overlap(&[0], &[5])]), None);
    }
}
