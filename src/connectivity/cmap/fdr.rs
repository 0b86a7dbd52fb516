//! CMap's false discovery rate of the scores of one query.

use super::shares::Shares;
use crate::connectivity::error::ConnectivityError;

/// The least rate before a line is drawn beyond it, and what keeps logarithms finite.
const LEAST: f64 = f64::EPSILON;

/// Scores of a sign that either sample needs.
const MIN_SCORES: usize = 3;

/// Computes the false discovery rate of every normalised score of one query; an undefined score has none. Returns `None` where
/// no signature is marked as `null` (`is_null_sig`, such as those of the solvent).
///
/// For each sign the rate is the share of null scores beyond a score over the same share of the other scores, from
/// [`f64::EPSILON`] to 1. "Beyond" counts equal scores among the positive ones and not among the negative ones, and both shares
/// are interpolated. From the score of the smallest rate on, the first of equal ones, a straight line leads down to 0 at the
/// most extreme score, so that the rate of **the best score of any query is extrapolated**. Rates never rise with the magnitude
/// of a score. A score of 0, and a sign with fewer than 3 null scores or 3 others, has rate 1.
///
/// ```
/// use l1kdb::connectivity::fdr_q;
///
/// let scores = [0.1, 0.2, 0.3, 0.4, 2.0, 0.0].map(Some);
/// let null = [true, true, true, false, false, false];
/// assert_eq!(fdr_q(&scores, &null)?, Some(vec![Some(1.0); 6])); // two scores that are not null are too few
/// assert_eq!(fdr_q(&scores, &[false; 6])?, None);
/// # Ok::<(), l1kdb::connectivity::ConnectivityError>(())
/// ```
///
/// # Errors
/// Lists of different lengths.
pub fn fdr_q(ncs: &[Option<f64>], null: &[bool]) -> Result<Option<Vec<Option<f64>>>, ConnectivityError> {
    ConnectivityError::check_length("null marks", null.len(), ncs.len())?;
    if !null.contains(&true) {
        return Ok(None);
    }
    let finite = |score: &Option<f64>| score.filter(|score| score.is_finite());
    let mut rates: Vec<Option<f64>> = ncs.iter().map(|score| finite(score).map(|_| 1.0)).collect();
    for sign in [1.0, -1.0] {
        let has_sign = |&row: &usize| finite(&ncs[row]).is_some_and(|score| sign * score > 0.0);
        let rows: Vec<usize> = (0..ncs.len()).filter(has_sign).collect();
        let scores: Vec<(f64, bool)> = rows.iter().filter_map(|&row| Some((ncs[row]?, null[row]))).collect();
        for (row, rate) in rows.iter().zip(rates_of_sign(&scores, sign).into_iter().flatten()) {
            rates[*row] = Some(rate);
        }
    }
    Ok(Some(rates))
}

/// Returns a false discovery rate as CMap prints it: its negative decimal logarithm, which is 15.65 at most.
pub fn fdr_q_nlog10(rate: f64) -> f64 {
    -(rate + LEAST).log10()
}

/// Returns the rates of scores of one sign, and of which it is said whether they are null; `None` where there are too few.
fn rates_of_sign(scores: &[(f64, bool)], sign: f64) -> Option<Vec<f64>> {
    let sample = |of_null: bool| {
        let sample: Vec<f64> =
            scores.iter().filter(|(_, null)| *null == of_null).map(|(score, _)| *score).collect();
        (sample.len() >= MIN_SCORES).then(|| Shares::of(sample))
    };
    let (null, others) = (sample(true)?, sample(false)?);
    let beyond = |shares: &Shares, score| {
        let below = shares.below(score);
        if sign > 0.0 { 1.0 - below } else { below }
    };
    let rate = |score| (beyond(&null, score) / (beyond(&others, score) + LEAST)).clamp(LEAST, 1.0);
    let mut rates: Vec<f64> = scores.iter().map(|&(score, _)| rate(score)).collect();
    let magnitudes: Vec<f64> = scores.iter().map(|(score, _)| score.abs()).collect();
    draw_line(&mut rates, &magnitudes);
    make_monotone(&mut rates, &magnitudes);
    Some(rates)
}

/// Replaces the rates beyond that of the smallest rate by a straight line down to 0 at the largest magnitude.
fn draw_line(rates: &mut [f64], magnitudes: &[f64]) {
    let rows = 0..rates.len();
    let Some(smallest) = rows.clone().min_by(|&a, &b| rates[a].total_cmp(&rates[b])) else { return };
    let beyond = rows.filter(|&row| magnitudes[row] > magnitudes[smallest]);
    let Some(first) = beyond.min_by(|&a, &b| magnitudes[a].total_cmp(&magnitudes[b])) else { return };
    let (from, to) = (magnitudes[first], magnitudes.iter().copied().fold(0.0, f64::max));
    let slope = (LEAST - rates[first]) / (LEAST + (to - from));
    for (rate, &magnitude) in rates.iter_mut().zip(magnitudes).filter(|(_, magnitude)| **magnitude >= from) {
        *rate = slope * (magnitude - to);
    }
}

/// Lowers each rate to the least among those of smaller magnitudes.
fn make_monotone(rates: &mut [f64], magnitudes: &[f64]) {
    let mut ascending: Vec<usize> = (0..rates.len()).collect();
    ascending.sort_by(|&a, &b| magnitudes[a].total_cmp(&magnitudes[b]));
    let mut least = f64::INFINITY;
    for row in ascending {
        least = least.min(rates[row]);
        rates[row] = least;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rates(scores: &[f64], null: &[bool]) -> Vec<f64> {
        let scores: Vec<Option<f64>> = scores.iter().copied().map(Some).collect();
        fdr_q(&scores, null).unwrap().unwrap().into_iter().flatten().collect()
    }

    #[test]
    fn rates_are_those_worked_out_by_hand() {
        // Nulls 1, 2, 3 and others 1, 2, 3, 4. At 1 all of both are beyond: 1. At 2 it is (2/3) / (3/4), at 3 (1/3) / (2/4). At 4
        // the nulls keep 1/3, over 1/4: cut to 1, but the line and the order leave 0 for the most extreme score.
        let found =
            rates(&[1.0, 2.0, 3.0, 1.0, 2.0, 3.0, 4.0], &[true, true, true, false, false, false, false]);
        let (two, three) = (8.0 / 9.0, 2.0 / 3.0);
        for (found, expected) in found.into_iter().zip([1.0, two, three, 1.0, two, three, 0.0]) {
            assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        }
    }

    #[test]
    fn negative_scores_do_not_count_those_that_are_equal() {
        // Nothing is below the most extreme scores, whether null or not.
        let found = rates(&[-1.0, -2.0, -3.0, -1.0, -2.0, -3.0], &[true, true, true, false, false, false]);
        assert_eq!(found[2], f64::EPSILON);
        assert!((found[1] - 1.0).abs() < 1e-12);
    }

    #[test]
    fn few_scores_zeros_and_undefined_ones_are_not_called() {
        let scores = [Some(1.0), Some(2.0), None, Some(0.0), Some(f64::NAN), Some(3.0)];
        let null = [true, false, true, true, false, false];
        let expected = [Some(1.0), Some(1.0), None, Some(1.0), None, Some(1.0)];
        assert_eq!(fdr_q(&scores, &null).unwrap().unwrap(), expected);
        assert!(fdr_q(&scores, &null[1..]).is_err());
    }

    #[test]
    fn printed_rates_end_at_fifteen_and_a_half() {
        assert!((fdr_q_nlog10(0.0) - 15.6536).abs() < 1e-4);
        assert!(fdr_q_nlog10(1.0).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn rates_are_from_0_to_1_and_never_rise_with_the_magnitude(
            scores in prop::collection::vec((-3.0_f64..3.0, any::<bool>()), 8..60),
        ) {
            let (mut scores, null): (Vec<f64>, Vec<bool>) = scores.into_iter().unzip();
            prop_assume!(null.contains(&true));
            scores.sort_by(|a, b| a.abs().total_cmp(&b.abs()));
            let rates = rates(&scores, &null);
            for is_sign in [|score: f64| score > 0.0, |score: f64| score < 0.0] {
                let of_sign: Vec<f64> =
                    scores.iter().zip(&rates).filter(|(score, _)| is_sign(**score)).map(|(_, rate)| *rate).collect();
                prop_assert!(of_sign.iter().all(|rate| (0.0..=1.0).contains(rate)));
                prop_assert!(of_sign.is_sorted_by(|a, b| a >= b));
            }
        }
    }
}
