//! The null distribution of every candidate.

use std::borrow::Cow;

use rayon::prelude::*;

use super::tail::Tail;
use crate::SettingError;

/// Classes of candidates by their numbers of signatures: 1, 2 to 5, 6 to 20, more.
pub const SIZE_CLASSES: usize = 4;

/// Values of a distribution that are too few to tell a p-value by counting.
pub(super) const FEW: usize = 10;

/// Returns the class of a candidate of so many signatures, from 0.
pub fn size_class(signatures: usize) -> usize {
    match signatures {
        0..=1 => 0,
        2..=5 => 1,
        6..=20 => 2,
        _ => 3,
    }
}

/// Of each candidate (a drug, a class) its standardised scores for reference queries of others, sorted.
///
/// The tables may lie in a file: they are plain numbers side by side, borrowed or owned.
#[derive(Debug, Clone, PartialEq)]
pub struct NullTables<'a> {
    /// Where the scores of each candidate start, and where the last end.
    pub(crate) starts: Cow<'a, [u32]>,
    /// Scores, candidate after candidate, descending.
    pub(crate) scores: Cow<'a, [f32]>,
    /// Of each candidate the mean of its scores.
    pub(crate) means: Cow<'a, [f32]>,
    /// Of each candidate the standard deviation of its scores.
    pub(crate) deviations: Cow<'a, [f32]>,
    /// Of each candidate the class of its size.
    pub(crate) classes: Cow<'a, [u8]>,
    /// Of each class the largest of all its candidates' scores in units of their own spread.
    pub(crate) tails: [Tail<'a>; SIZE_CLASSES],
}

impl NullTables<'static> {
    /// Makes tables of the scores of reference queries.
    ///
    /// `scores` are queries x candidates, row-major, each row [standardised](super::standardise), NaN where a candidate has none.
    /// `own` says which candidate each query stems from, if it is one of them: that one is left out, for it is no stranger.
    /// `sizes` are the numbers of signatures of the candidates. Take no more than a few queries of one drug (5 do), or those with many
    /// will be the null.
    ///
    /// # Errors
    /// Another number of scores than of queries times candidates.
    pub fn of(scores: &[f32], own: &[Option<usize>], sizes: &[usize]) -> Result<Self, SettingError> {
        let width = sizes.len();
        if scores.len() != own.len() * width {
            let expected = format!("{} queries x {width} candidates", own.len());
            return Err(SettingError::new("scores", scores.len(), expected));
        }
        let of_candidate = |candidate: usize| {
            let rows = own.iter().zip(scores.chunks_exact(width.max(1)));
            let others = rows.filter(|(own, _)| **own != Some(candidate)).map(|(_, row)| row[candidate]);
            let mut others: Vec<f32> = others.filter(|score| !score.is_nan()).collect();
            others.sort_unstable_by(|a, b| b.total_cmp(a));
            others
        };
        let sorted: Vec<Vec<f32>> = (0..width).into_par_iter().map(of_candidate).collect();
        Ok(Self::of_sorted(&sorted, sizes, own.len()))
    }

    fn of_sorted(sorted: &[Vec<f32>], sizes: &[usize], queries: usize) -> Self {
        let mut starts = vec![0];
        starts.extend(sorted.iter().scan(0, |end, scores| {
            *end += scores.len() as u32;
            Some(*end)
        }));
        let (means, deviations): (Vec<f32>, Vec<f32>) = sorted.iter().map(|scores| moments(scores)).unzip();
        let classes: Vec<u8> = sizes.iter().map(|&size| size_class(size) as u8).collect();
        let tails = std::array::from_fn(|class| {
            let members = || (0..sizes.len()).filter(|&candidate| usize::from(classes[candidate]) == class);
            let in_own_units = |candidate: usize| {
                let (mean, deviation) = (means[candidate], deviations[candidate]);
                sorted[candidate].iter().map(move |score| (score - mean) / deviation)
            };
            let values: Vec<f32> =
                members().flat_map(in_own_units).filter(|value| value.is_finite()).collect();
            // As many as lie beyond the point where counting ends, and some more, since distributions differ.
            let kept = 2 * (FEW + 1) * values.len() / (queries + 1) + FEW;
            Tail::of(values, kept)
        });
        Self {
            starts: starts.into(),
            scores: sorted.concat().into(),
            means: means.into(),
            deviations: deviations.into(),
            classes: classes.into(),
            tails,
        }
    }
}

impl NullTables<'_> {
    /// Returns the number of candidates.
    pub fn candidates(&self) -> usize {
        self.means.len()
    }

    /// Returns the scores of a candidate for reference queries, descending; none for a candidate that is not there.
    pub fn of_candidate(&self, candidate: usize) -> &[f32] {
        let start = self.starts.get(candidate).copied().unwrap_or(0) as usize;
        let end = self.starts.get(candidate + 1).map_or(start, |&end| end as usize);
        self.scores.get(start..end).unwrap_or_default()
    }

    /// Returns the number of reference queries of other drugs that a candidate has a score for.
    pub fn references(&self, candidate: usize) -> usize {
        self.of_candidate(candidate).len()
    }
}

/// The mean and the standard deviation of scores; NaN of none.
fn moments(scores: &[f32]) -> (f32, f32) {
    let count = scores.len() as f64;
    let mean = scores.iter().map(|&score| f64::from(score)).sum::<f64>() / count;
    let variance = scores.iter().map(|&score| (f64::from(score) - mean).powi(2)).sum::<f64>() / count;
    (mean as f32, variance.sqrt() as f32)
}
