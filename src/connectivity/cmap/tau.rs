//! Tau: how many reference queries score a signature less.

/// Returns the magnitudes of reference scores in ascending order, as [`tau`] takes them; undefined ones are left out.
pub fn tau_reference(ncs: impl IntoIterator<Item = Option<f64>>) -> Vec<f32> {
    let finite = ncs.into_iter().flatten().filter(|score| !score.is_nan());
    let mut magnitudes: Vec<f32> = finite.map(|score| score.abs() as f32).collect();
    magnitudes.sort_by(f32::total_cmp);
    magnitudes
}

/// Computes tau of a normalised score, from -100 to 100: its sign, and the percentage of reference scores whose magnitude is
/// smaller. A score of 0 has tau 0. `None` without a reference, and for NaN.
///
/// `magnitudes` are those of the normalised scores of *this* signature for reference queries, in ascending order; for a drug or
/// a class, those of the same summary of it. Tau is computed anew for each level, never summarised. Both sides are compared in
/// single precision.
///
/// Tau says how strong a score is for this signature, in either direction. It does not say how often this query scores high.
///
/// ```
/// use l1kdb::connectivity::{tau, tau_reference};
///
/// let reference = tau_reference([-2.0, 1.0, 0.5, 1.5].map(Some));
/// assert_eq!(tau(1.5, &reference), Some(50.0));
/// assert_eq!(tau(-9.0, &reference), Some(-100.0));
/// assert_eq!(tau(1.5, &[]), None);
/// ```
pub fn tau(ncs: f64, magnitudes: &[f32]) -> Option<f64> {
    if magnitudes.is_empty() || ncs.is_nan() {
        return None;
    }
    let magnitude = ncs.abs() as f32;
    let smaller = magnitudes.partition_point(|&reference| reference < magnitude);
    let sign = if ncs == 0.0 { 0.0 } else { ncs.signum() };
    Some(sign * 100.0 * smaller as f64 / magnitudes.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn scores_without_a_sign_or_a_value_have_none() {
        let reference = tau_reference([Some(-0.1), None, Some(f64::NAN), Some(0.0)]);
        assert_eq!(reference, [0.0, 0.1]);
        assert_eq!((tau(0.0, &reference), tau(-0.0, &reference)), (Some(0.0), Some(0.0)));
        assert_eq!(tau(f64::NAN, &reference), None);
        // A score is not weaker than itself, whatever its last digits.
        assert_eq!(tau(0.1, &reference), Some(50.0));
    }

    proptest! {
        #[test]
        fn it_is_the_share_that_is_counted(
            reference in prop::collection::vec(-3_i8..3, 1..30), score in -3_i8..4,
        ) {
            let scores = || reference.iter().map(|&score| f64::from(score));
            let weaker = scores().filter(|other| other.abs() < f64::from(score).abs()).count();
            let expected = 100.0 * f64::from(score.signum()) * weaker as f64 / reference.len() as f64;
            let found = tau(f64::from(score), &tau_reference(scores().map(Some))).unwrap();
            prop_assert!((found - expected).abs() < 1e-9);
        }
    }
}
