//! Scores by rank, and what reference queries have there.

use crate::enrichment::ClassNulls;

/// Standardised scores of all drugs by rank, beside those of reference queries at the same ranks.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct RankCurve {
    /// Ranks, from 1, ascending: the first ones, and then fewer and fewer.
    pub ranks: Vec<usize>,
    /// The score at each rank, in standard deviations over all drugs.
    pub scores: Vec<f64>,
    /// The 5 % and 95 % quantile of what reference queries have at each rank; empty where the database is not calibrated for such a query.
    pub chance: Vec<[f64; 2]>,
    /// Drugs that have a score.
    pub drugs: usize,
}

/// What reference queries have at ranks.
pub(super) struct Chance {
    ranks: Vec<usize>,
    band: Vec<[f64; 2]>,
}

impl Chance {
    /// Looks at every reference query, at ranks of so many drugs.
    pub fn of(nulls: &ClassNulls<'_>, drugs: usize) -> Self {
        let ranks = ranks(drugs);
        let mut at: Vec<Vec<f32>> = vec![Vec::new(); ranks.len()];
        for scores in nulls.scores.chunks_exact(drugs.max(1)) {
            let sorted = sorted(scores);
            for (at, rank) in at.iter_mut().zip(&ranks) {
                at.extend(sorted.get(rank - 1));
            }
        }
        let band = at.into_iter().map(|mut values| {
            values.sort_by(f32::total_cmp);
            [0.05, 0.95].map(|share| {
                let place = (share * values.len().saturating_sub(1) as f64).round() as usize;
                values.get(place).map_or(f64::NAN, |&value| f64::from(value))
            })
        });
        Self { band: band.collect(), ranks }
    }
}

impl RankCurve {
    /// Takes standardised scores, NaN for drugs that take no part.
    pub(super) fn of(scores: &[f32], chance: Option<&Chance>) -> Self {
        let sorted = sorted(scores);
        let ranks = chance.map_or_else(|| ranks(sorted.len()), |chance| chance.ranks.clone());
        let there: Vec<usize> = ranks.into_iter().filter(|&rank| rank <= sorted.len()).collect();
        let chance = chance.map_or_else(Vec::new, |chance| chance.band[..there.len()].to_vec());
        let scores = there.iter().map(|&rank| f64::from(sorted[rank - 1])).collect();
        Self { ranks: there, scores, chance, drugs: sorted.len() }
    }
}

/// Scores that are numbers, the highest first.
fn sorted(scores: &[f32]) -> Vec<f32> {
    let mut scores: Vec<f32> = scores.iter().copied().filter(|score| !score.is_nan()).collect();
    scores.sort_by(|a, b| b.total_cmp(a));
    scores
}

/// The first ten ranks, and from there on steps of a tenth.
fn ranks(drugs: usize) -> Vec<usize> {
    let next = |&rank: &usize| Some(rank + (rank / 10).max(1));
    std::iter::successors(Some(1), next).take_while(|&rank| rank <= drugs).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_told_by_rank_with_what_is_usual_there() {
        let curve = RankCurve::of(&[0.5, f32::NAN, 2.0, -1.0], None);
        assert_eq!((curve.ranks, curve.scores, curve.chance.len()), (vec![1, 2, 3], vec![2.0, 0.5, -1.0], 0));
        assert_eq!(
            ranks(40),
            [
                1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 22, 24, 26, 28, 30,
                33, 36, 39
            ]
        );
    }
}
