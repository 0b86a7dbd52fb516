//! Scores of a query in units of their spread over candidates.

/// Brings the scores of one query to mean 0 and standard deviation 1 over candidates; NaN stays NaN and does not count. All are
/// NaN where they do not differ.
///
/// A query that is near everything has high scores throughout; compared with those of other queries they would all look rare.
///
/// ```
/// let mut scores = [0.1, 0.3, f32::NAN, 0.2];
/// l1kdb::stats::standardise(&mut scores);
/// assert!((scores[1] - 1.2247449).abs() < 1e-6 && scores[2].is_nan());
/// ```
pub fn standardise(scores: &mut [f32]) {
    let known = || scores.iter().filter(|score| !score.is_nan()).map(|&score| f64::from(score));
    let count = known().count() as f64;
    let mean = known().sum::<f64>() / count;
    let deviation = (known().map(|score| (score - mean).powi(2)).sum::<f64>() / count).sqrt();
    let spread = if deviation > 0.0 { deviation } else { f64::NAN };
    scores.iter_mut().for_each(|score| *score = ((f64::from(*score) - mean) / spread) as f32);
}
