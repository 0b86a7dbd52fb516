//! P-values of scores against null distributions.

use super::tables::{FEW, NullTables};

impl NullTables<'_> {
    /// Computes the p-value of a candidate's standardised score: the share of its scores for reference queries of other drugs that
    /// are at least as large, the query itself counted among them, (1 + k) / (1 + n) (Phipson and Smyth 2010). It is never 0.
    ///
    /// Where no more than nine of them are, the scores of all candidates of a like number of signatures are counted together, each in
    /// units of its own mean and standard deviation. `None` for NaN, and for a candidate without a null distribution.
    pub fn p_value(&self, candidate: usize, score: f32) -> Option<f64> {
        let null = self.of_candidate(candidate);
        if score.is_nan() || null.is_empty() {
            return None;
        }
        let larger = at_least(null, score, self.guess(candidate, score) * null.len() as f64);
        let total = (1 + null.len()) as f64;
        let counted = (1 + larger) as f64 / total;
        if larger >= FEW {
            return Some(counted);
        }
        let most = (FEW as f64 / total).min(1.0);
        Some(self.pooled(candidate, score).map_or(counted, |p| p.min(most)))
    }

    /// About which share of a candidate's scores are as large, as if they were normal.
    fn guess(&self, candidate: usize, score: f32) -> f64 {
        let value = f64::from((score - self.means[candidate]) / self.deviations[candidate]);
        // The logistic curve that is nearest to the normal distribution (Bowling et al. 2009).
        1.0 / (1.0 + (1.5976 * value + 0.070_56 * value.powi(3)).exp())
    }

    /// The share of scores of all candidates of a like size that are as large in units of their own spread.
    fn pooled(&self, candidate: usize, score: f32) -> Option<f64> {
        let value = (score - self.means[candidate]) / self.deviations[candidate];
        let tail = self.tails.get(usize::from(*self.classes.get(candidate)?))?;
        value.is_finite().then(|| (1 + tail.at_least(value)) as f64 / (1 + tail.count) as f64)
    }

    /// Computes the p-values of all candidates of one query; `scores` are [standardised](super::standardise), one a candidate.
    ///
    /// ```
    /// use l1kdb::stats::{NullTables, standardise};
    ///
    /// // Three candidates, of 1, 4 and 30 signatures, scored by 200 queries that have nothing to do with them.
    /// let mut references: Vec<f32> = (0..600_u32).map(|i| (i * 7919 % 601) as f32).collect();
    /// references.chunks_exact_mut(3).for_each(standardise);
    /// let nulls = NullTables::of(&references, &[None; 200], &[1, 4, 30])?;
    /// let mut scores = [0.9, 0.1, 0.2];
    /// standardise(&mut scores);
    /// let p = nulls.p_values(&scores);
    /// assert!(p[0] < p[1] && p[0] > Some(0.0));
    /// # Ok::<(), l1kdb::SettingError>(())
    /// ```
    pub fn p_values(&self, scores: &[f32]) -> Vec<Option<f64>> {
        scores.iter().enumerate().map(|(candidate, &score)| self.p_value(candidate, score)).collect()
    }

    /// Returns the smallest p-value that a candidate can have.
    pub fn smallest(&self) -> f64 {
        let most = self.tails.iter().map(|tail| tail.count).max().unwrap_or(0);
        1.0 / (1 + most) as f64
    }
}

/// Counts the values of a descending list that are at least `score`, looking about the place `guess` first: a search from the middle reads one
/// value here and one there of a list that lies in no cache.
fn at_least(descending: &[f32], score: f32, guess: f64) -> usize {
    let guess = (guess as usize).min(descending.len());
    let (mut low, mut high, mut step) = (guess, guess, 8);
    while low > 0 && descending[low - 1] < score {
        low = low.saturating_sub(step);
        step *= 2;
    }
    step = 8;
    while high < descending.len() && descending[high] >= score {
        high = (high + step).min(descending.len());
        step *= 2;
    }
    low + descending[low..high].partition_point(|&other| other >= score)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::random::{Purpose, Stream};
    use crate::stats::standardise;

    /// Standard normal scores of queries for candidates that have nothing to do with them.
    fn strangers(queries: usize, candidates: usize) -> Vec<f32> {
        let mut rows = vec![0.0; queries * candidates];
        Stream::new(5, Purpose::Permutation, 0).fill_normal(&mut rows);
        rows.chunks_exact_mut(candidates).for_each(standardise);
        rows
    }

    #[test]
    fn p_values_of_strangers_are_uniform_and_never_zero() {
        let (queries, candidates) = (400, 60);
        let rows = strangers(2 * queries, candidates);
        let (references, asked) = rows.split_at(queries * candidates);
        let sizes: Vec<usize> = (0..candidates).map(|candidate| 1 + candidate % 30).collect();
        let tables = NullTables::of(references, &vec![None; queries], &sizes).unwrap();
        let p: Vec<f64> =
            asked.chunks_exact(candidates).flat_map(|row| tables.p_values(row)).map(Option::unwrap).collect();
        let below = |at: f64| p.iter().filter(|&&p| p < at).count() as f64 / p.len() as f64;
        assert!(p.iter().all(|&p| p > 0.0 && p <= 1.0));
        for (at, slack) in [(0.5, 0.02), (0.05, 0.01), (0.001, 0.0009)] {
            assert!((below(at) - at).abs() < slack, "{} below {at}", below(at));
        }
    }

    #[test]
    fn a_query_of_the_candidate_itself_is_no_stranger() {
        let (queries, candidates) = (50, 4);
        let mut rows = strangers(queries, candidates);
        let own: Vec<Option<usize>> = (0..queries).map(|query| (query % 5 == 0).then_some(2)).collect();
        rows.chunks_exact_mut(candidates).zip(&own).for_each(|(row, own)| {
            if own.is_some() {
                row[2] = 9.0;
            }
        });
        let tables = NullTables::of(&rows, &own, &[1; 4]).unwrap();
        assert_eq!((tables.references(2), tables.references(0)), (40, 50));
        assert!(tables.of_candidate(2)[0] < 9.0);
        assert_eq!((tables.p_value(2, f32::NAN), tables.p_value(9, 1.0)), (None, None));
        assert!(NullTables::of(&rows[1..], &own, &[1; 4]).is_err());
    }

    proptest! {
        #[test]
        fn a_count_does_not_depend_on_where_it_begins(mut values in prop::collection::vec(-50_i8..50, 0..200), score in -60_i8..60, guess in -10.0..300.0_f64) {
            values.sort_by(|a, b| b.cmp(a));
            let values: Vec<f32> = values.into_iter().map(f32::from).collect();
            let expected = values.iter().filter(|&&value| value >= f32::from(score)).count();
            prop_assert_eq!(at_least(&values, f32::from(score), guess), expected);
            prop_assert_eq!(at_least(&values, f32::from(score), f64::NAN), expected);
        }
    }

    proptest! {
        #[test]
        fn a_larger_score_has_no_larger_p_value(a in -6.0f32..6.0, b in -6.0f32..6.0, candidate in 0usize..7) {
            let sizes = [1, 1, 3, 3, 9, 9, 90];
            let tables = NullTables::of(&strangers(120, 7), &[None; 120], &sizes).unwrap();
            let p = |score| tables.p_value(candidate, score).unwrap();
            prop_assert!(p(a.max(b)) <= p(a.min(b)));
            prop_assert!(p(a.max(b)) >= tables.smallest());
        }
    }
}
