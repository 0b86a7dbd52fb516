//! CMap's normalised connectivity score.

use std::collections::BTreeMap;

use crate::connectivity::error::ConnectivityError;

/// The least mean that scores are divided by.
const FLOOR: f64 = 0.01;

/// Computes the normalised scores of one query; an undefined score stays undefined.
///
/// A positive score is divided by the mean of the positive scores of its group, a negative one by the magnitude of the mean of
/// the negative ones, each at least 0.01. `groups` has a number for each signature, commonly of its cell line and type of
/// perturbagen; `reference` says which signatures count in means (`is_ncs_sig`). Scores of 0 count in neither mean and stay 0.
///
/// A sign without a reference score stays as it is. A group without any reference score other than 0 takes the medians of the
/// means of the other groups.
///
/// Each query is normalised by itself. CMap's own program leaves a sign undivided for a whole batch of queries where one of them
/// lacks it.
///
/// ```
/// use l1kdb::connectivity::norm_cs;
///
/// let raw = [0.5, 0.25, -0.25].map(Some);
/// // Of the first group one signature counts: negative scores stay. The second group takes its mean.
/// assert_eq!(norm_cs(&raw, &[0, 1, 0], &[true, false, false])?, [1.0, 0.5, -0.25].map(Some));
/// # Ok::<(), l1kdb::connectivity::ConnectivityError>(())
/// ```
///
/// # Errors
/// Lists of different lengths.
pub fn norm_cs(
    raw: &[Option<f64>],
    groups: &[u32],
    reference: &[bool],
) -> Result<Vec<Option<f64>>, ConnectivityError> {
    ConnectivityError::check_length("groups", groups.len(), raw.len())?;
    ConnectivityError::check_length("reference marks", reference.len(), raw.len())?;
    let mut sums: BTreeMap<u32, [Sum; 2]> = BTreeMap::new();
    for ((score, &group), _) in raw.iter().zip(groups).zip(reference).filter(|(_, counts)| **counts) {
        if let Some((score, sign)) = score.and_then(|score| Some((score, sign(score)?))) {
            sums.entry(group).or_default()[sign].add(score.abs());
        }
    }
    let means: BTreeMap<u32, Means> =
        sums.into_iter().map(|(group, sums)| (group, sums.map(Sum::mean))).collect();
    let spare = [0, 1].map(|sign| median(means.values().filter_map(|means| means[sign]).collect()));
    let normalised = |(score, group): (&Option<f64>, &u32)| {
        let score = score.filter(|score| !score.is_nan())?;
        let mean = sign(score).and_then(|sign| means.get(group).unwrap_or(&spare)[sign]);
        Some(score / mean.unwrap_or(1.0))
    };
    Ok(raw.iter().zip(groups).map(normalised).collect())
}

/// The means of the magnitudes of positive and of negative scores.
type Means = [Option<f64>; 2];

#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    sum: f64,
    count: usize,
}

impl Sum {
    fn add(&mut self, magnitude: f64) {
        self.sum += magnitude;
        self.count += 1;
    }

    fn mean(self) -> Option<f64> {
        (self.count > 0).then(|| (self.sum / self.count as f64).max(FLOOR))
    }
}

/// 0 for a positive score, 1 for a negative one; `None` for any other.
fn sign(score: f64) -> Option<usize> {
    let signs = [score > 0.0, score < 0.0];
    signs.into_iter().position(|is_it| is_it)
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let (low, high) = (values.get(values.len().saturating_sub(1) / 2)?, values.get(values.len() / 2)?);
    Some((low + high) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn scores_are_those_worked_out_by_hand() {
        // Means: group 0 has .3 and .3; group 1 .5 and no negative one; group 2 no reference, so the median of .3, .5 and .01;
        // group 3 the floor.
        let raw = [0.4, 0.2, 0.0, -0.3, 0.5, 0.3, -0.2, 0.6, 0.001].map(Some);
        let (groups, counts) =
            ([0, 0, 0, 0, 1, 1, 1, 2, 3], [1, 1, 1, 1, 1, 0, 0, 0, 1].map(|count| count == 1));
        let found = norm_cs(&raw, &groups, &counts).unwrap();
        let expected = [4.0 / 3.0, 2.0 / 3.0, 0.0, -1.0, 1.0, 0.6, -0.2, 2.0, 0.1];
        for (found, expected) in found.into_iter().zip(expected) {
            assert!((found.unwrap() - expected).abs() < 1e-12, "{found:?} {expected}");
        }
    }

    #[test]
    fn undefined_scores_count_nowhere_and_stay_undefined() {
        let raw = [Some(0.5), None, Some(f64::NAN), Some(1.5)];
        assert_eq!(norm_cs(&raw, &[7; 4], &[true; 4]).unwrap(), [Some(0.5), None, None, Some(1.5)]);
    }

    #[test]
    fn without_any_reference_scores_stay() {
        let raw = [0.5, -0.5, 0.0].map(Some);
        assert_eq!(norm_cs(&raw, &[0, 1, 2], &[false; 3]).unwrap(), raw);
        assert_eq!(norm_cs(&[], &[], &[]).unwrap(), []);
    }

    #[test]
    fn lists_of_different_lengths_are_refused() {
        let refused =
            |groups: &[u32], counts: &[bool]| norm_cs(&[None, None], groups, counts).unwrap_err().to_string();
        assert_eq!(refused(&[0], &[true; 2]), "1 groups for 2 scores, expected one for each");
        assert_eq!(refused(&[0, 1], &[true; 3]), "3 reference marks for 2 scores, expected one for each");
    }

    proptest! {
        #[test]
        fn the_mean_of_each_sign_of_a_group_is_one(scores in prop::collection::vec(-1.0_f64..1.0, 1..40)) {
            let raw: Vec<Option<f64>> = scores.into_iter().map(Some).collect();
            let found = norm_cs(&raw, &vec![0; raw.len()], &vec![true; raw.len()]).unwrap();
            for is_sign in [|score: &f64| *score > 0.0, |score: &f64| *score < 0.0] {
                let of_sign: Vec<f64> = found.iter().flatten().copied().filter(is_sign).collect();
                let mean = of_sign.iter().sum::<f64>() / of_sign.len() as f64;
                // Unless it was below the floor.
                prop_assert!(of_sign.is_empty() || mean.abs() < 1.0 + 1e-9);
                prop_assert!(of_sign.len() < 9 || (mean.abs() - 1.0).abs() < 1e-9);
            }
        }
    }
}
