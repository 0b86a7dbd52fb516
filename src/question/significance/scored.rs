//! Scores of all drugs for the queries of a question.

use crate::question::prepare::turned;
use crate::question::prepared::{Prepared, Sound};
use crate::question::{Ask, Question, QuestionError};

/// Scores of all drugs.
pub(super) struct AllDrugs {
    /// The places of the queries that could be asked.
    pub places: Vec<usize>,
    /// Of each of them the score of every drug by its number.
    pub scores: Vec<Vec<f32>>,
    /// Their embeddings; none in gene space.
    pub embeddings: Vec<f32>,
}

impl Ask<'_> {
    /// Scores every drug for each query that can be asked. In reverse, scores are negated: the larger, the more opposite.
    pub(super) fn all_drugs(&self, question: &Question) -> Result<AllDrugs, QuestionError> {
        // A reference may be a signature of the database: by itself it scores as nothing else does.
        let prepared = Prepared::new(self.db, question, true)?;
        if !self.by().is_in_gene_space() {
            let sound = prepared.to_embed();
            let places = sound.places().to_vec();
            let Sound { ids, with, .. } = sound;
            let embeddings = self.embed(&ids, with)?;
            let queries = self.narrowed(self.db.queries(&embeddings), &ids, &prepared.without).top(0);
            let scores = queries.run_with_scores()?.scores;
            return Ok(AllDrugs { places, scores, embeddings });
        }
        let sound = prepared.scored(self.by());
        let places = sound.places().to_vec();
        let Sound { ids, with, .. } = sound;
        let asked: Vec<_> = with.into_iter().map(|scored| turned(scored.score, self.reverse)).collect();
        let queries = self.narrowed(self.db.queries_by(&asked), &ids, &prepared.without).top(0);
        let scores = queries.run_with_scores()?.scores;
        Ok(AllDrugs { places, scores, embeddings: Vec::new() })
    }
}
