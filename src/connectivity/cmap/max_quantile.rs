//! CMap's summary of several scores: the 33rd or the 67th percentile, whichever is farther from 0.

use std::collections::BTreeMap;

/// The quantiles of which one is taken.
const QUANTILES: [f64; 2] = [0.33, 0.67];

/// The summary of a group of scores.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Summary {
    /// The max-quantile of the scores; `None` where none is defined.
    pub score: Option<f64>,
    /// Scores that are defined.
    pub n: usize,
}

/// Computes the max-quantile of some scores; `None` where there are none. NaN is left out.
///
/// Quantiles are those of MATLAB's `prctile`: value i of n is the quantile (i - 1/2) / n, with lines between. Where both are
/// equally far from 0, it is the lower one.
///
/// ```
/// use l1kdb::connectivity::max_quantile;
///
/// assert_eq!(max_quantile([0.7]), Some(0.7));
/// assert_eq!(max_quantile([-1.0, -1.0, -1.0, 1.0, 1.0, 1.0]), Some(-1.0));
/// assert_eq!(max_quantile([]), None);
/// ```
pub fn max_quantile(scores: impl IntoIterator<Item = f64>) -> Option<f64> {
    let mut sorted: Vec<f64> = scores.into_iter().filter(|score| !score.is_nan()).collect();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().checked_sub(1)?;
    let [low, high] = QUANTILES.map(|quantile| {
        let at = (sorted.len() as f64 * quantile - 0.5).clamp(0.0, last as f64);
        let (below, above) = (sorted[at.floor() as usize], sorted[at.ceil() as usize]);
        below + (above - below) * at.fract()
    });
    Some(if low.abs() < high.abs() { high } else { low })
}

/// Computes the max-quantile of each group of scores.
///
/// ```
/// use l1kdb::connectivity::{over_cell_lines, summaries};
///
/// // Drug, cell line and normalised score of each signature.
/// let signatures = [(0, "A375", 1.0), (0, "A375", 1.0), (0, "A375", 1.0), (0, "MCF7", -2.0)];
/// let in_cell_lines = summaries(signatures.map(|(drug, cell, score)| ((drug, cell), Some(score))));
/// assert_eq!((in_cell_lines[&(0, "A375")].score, in_cell_lines[&(0, "A375")].n), (Some(1.0), 3));
/// // Each cell line has one vote.
/// let drugs = over_cell_lines(&in_cell_lines);
/// assert!((drugs[&0].score.unwrap() + 1.52).abs() < 1e-12);
/// ```
pub fn summaries<K: Ord>(scores: impl IntoIterator<Item = (K, Option<f64>)>) -> BTreeMap<K, Summary> {
    let mut groups: BTreeMap<K, Vec<f64>> = BTreeMap::new();
    for (group, score) in scores {
        groups.entry(group).or_default().extend(score.filter(|score| !score.is_nan()));
    }
    let summary = |scores: Vec<f64>| Summary { n: scores.len(), score: max_quantile(scores) };
    groups.into_iter().map(|(group, scores)| (group, summary(scores))).collect()
}

/// Computes the max-quantile of each drug over its summaries in cell lines, as [`summaries`] gives them: CMap's second step.
pub fn over_cell_lines<D: Ord + Copy, C: Ord>(
    in_cell_lines: &BTreeMap<(D, C), Summary>,
) -> BTreeMap<D, Summary> {
    summaries(in_cell_lines.iter().map(|(&(drug, _), summary)| (drug, summary.score)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn quantiles_are_those_worked_out_by_hand() {
        // Of four values the 67th percentile is at 2.68 - 1/2.
        assert!((max_quantile([0.0, 1.0, 2.0, 3.0]).unwrap() - 2.18).abs() < 1e-12);
        assert!((max_quantile([-3.0, -2.0, -1.0, 0.0]).unwrap() + 2.18).abs() < 1e-12);
        // Of two it is beyond the middle of the larger, 0.84 of the way.
        assert!((max_quantile([0.0, 1.0]).unwrap() - 0.84).abs() < 1e-12);
        assert_eq!(max_quantile([f64::NAN, 0.5, f64::NAN]), Some(0.5));
    }

    #[test]
    fn groups_without_a_defined_score_are_there_without_one() {
        let found = summaries([('a', None), ('a', Some(f64::NAN)), ('b', Some(1.0)), ('b', None)]);
        assert_eq!(found[&'a'], Summary { score: None, n: 0 });
        assert_eq!(found[&'b'], Summary { score: Some(1.0), n: 1 });
    }

    #[test]
    fn a_drug_has_one_vote_for_each_cell_line_with_a_score() {
        let signatures = [(1, 1, Some(0.5)), (1, 2, None), (2, 1, None), (1, 3, Some(0.5))];
        let in_cell_lines = summaries(signatures.map(|(drug, cell, score)| ((drug, cell), score)));
        let drugs = over_cell_lines(&in_cell_lines);
        assert_eq!(drugs[&1], Summary { score: Some(0.5), n: 2 });
        assert_eq!(drugs[&2], Summary { score: None, n: 0 });
    }

    proptest! {
        #[test]
        fn it_lies_among_the_scores_and_turns_with_them(scores in prop::collection::vec(-3.0_f64..3.0, 1..30)) {
            let found = max_quantile(scores.iter().copied()).unwrap();
            let (least, most) = scores.iter().fold((f64::MAX, f64::MIN), |(a, b), &v| (a.min(v), b.max(v)));
            prop_assert!((least..=most).contains(&found));
            let turned = max_quantile(scores.iter().map(|score| -score)).unwrap();
            prop_assert!((found.abs() - turned.abs()).abs() < 1e-9);
        }
    }
}
