//! How high the members of a class score, and how often that comes by chance.

/// The mean of the best quarter of the members' scores, rounded up to at least one; `None` where fewer than `least` have a score.
pub(super) fn best_quarter(scores: impl Iterator<Item = f32>, least: usize) -> Option<f32> {
    let mut scores: Vec<f32> = scores.filter(|score| !score.is_nan()).collect();
    if scores.len() < least.max(1) {
        return None;
    }
    let kept = scores.len().div_ceil(4);
    scores.select_nth_unstable_by(kept - 1, |a, b| b.total_cmp(a));
    // In order, so that the sum does not depend on how they were found.
    scores[..kept].sort_unstable_by(|a, b| b.total_cmp(a));
    let sum: f64 = scores[..kept].iter().map(|&score| f64::from(score)).sum();
    Some((sum / kept as f64) as f32)
}

/// (1 + k) / (1 + n), where k of n reference values are at least as high.
pub(super) fn share(null: impl Iterator<Item = f32>, statistic: f32) -> f64 {
    let (higher, all) =
        null.fold((1_u32, 1_u32), |(higher, all), other| (higher + u32::from(other >= statistic), all + 1));
    f64::from(higher) / f64::from(all)
}
