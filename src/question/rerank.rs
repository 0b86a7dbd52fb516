//! Candidates by embedding, looked at again in gene space.

use super::hit::{Hit, numbered};
use super::{QuestionError, ScoreBy};
use crate::connectivity::Score;
use crate::db::{Db, FurtherScore, Queries};

/// How the nearest by embedding are ordered anew, by a score in gene space.
///
/// On real signatures the answer gets worse, the more candidates are ordered anew: it is there to confirm, not to find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rerank {
    /// The score.
    pub by: ScoreBy,
    /// How many of the nearest by embedding are ordered anew.
    pub candidates: usize,
}

impl Rerank {
    /// Orders 100 candidates by a score in gene space.
    pub fn new(by: ScoreBy) -> Self {
        Self { by, candidates: 100 }
    }

    /// Sets how many of the nearest by embedding are ordered anew.
    #[must_use]
    pub fn candidates(self, candidates: usize) -> Self {
        Self { candidates, ..self }
    }

    /// Returns the name of the column of its score.
    pub(super) fn column(self) -> &'static str {
        match self.by {
            ScoreBy::Wtcs => "raw_cs",
            by => by.name(),
        }
    }

    /// Orders the candidates of a query by their scores in gene space, and keeps the first `top`. In reverse, where the score is turned,
    /// the most negative come first, and others than negative ones are dropped: they do not act against the query.
    pub(super) fn order<H: Hit>(
        self,
        (db, queries, score): (&Db, &Queries<'_>, &dyn Score),
        hits: Vec<H>,
        top: usize,
        reverse: bool,
    ) -> Result<Vec<H>, QuestionError> {
        let scores = H::in_gene_space(db, queries, score, &hits)?;
        let mut scored: Vec<(H, Option<f64>)> = hits.into_iter().zip(scores).collect();
        if reverse {
            scored.retain(|(_, score)| score.is_some_and(|score| score > 0.0));
        }
        // What has no score comes last; those that tie stay in the order of their embeddings.
        let key = |score: &Option<f64>| score.unwrap_or(f64::NEG_INFINITY);
        scored.sort_by(|(_, a), (_, b)| key(b).total_cmp(&key(a)));
        let with_score = scored.into_iter().map(|(mut hit, score)| {
            let own = score.map(|score| if reverse { -score } else { score });
            hit.further().push(FurtherScore::new(self.column(), own));
            hit
        });
        Ok(numbered(with_score.collect(), top))
    }
}
