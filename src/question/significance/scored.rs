//! Scores of all drugs for the queries of a question.

use crate::question::prepare::turned;
use crate::question::prepared::{Prepared, Sound};
use crate::question::{Ask, Broken, GenesAsked, QuestionError};

/// Scores of all drugs.
pub(in crate::question) struct AllDrugs {
    /// The queries that could be asked.
    pub ids: Vec<String>,
    /// Their places among all queries.
    pub places: Vec<usize>,
    /// Of each of them the genes that scores are over; `None` by embedding.
    pub genes: Vec<Option<GenesAsked>>,
    /// Of each of them the score of every drug by its number.
    pub scores: Vec<Vec<f32>>,
    /// Their embeddings; none in gene space.
    pub embeddings: Vec<f32>,
    /// The other queries.
    pub broken: Vec<Broken>,
}

impl Ask<'_> {
    /// Scores every drug for each query that can be asked. In reverse, scores are negated: the larger, the more opposite.
    pub(in crate::question) fn all_drugs(&self, prepared: &Prepared<'_>) -> Result<AllDrugs, QuestionError> {
        if !self.by().is_in_gene_space() {
            let Sound { ids, with, broken, places } = prepared.to_embed();
            let embeddings = self.embed(&ids, with)?;
            let queries = self.narrowed(self.queries(&embeddings)?, &ids, &prepared.without).top(0);
            let scores = queries.run_with_scores()?.scores;
            return Ok(AllDrugs { genes: vec![None; ids.len()], ids, places, scores, embeddings, broken });
        }
        let Sound { ids, with, broken, places } = prepared.scored(self.by());
        let genes = with.iter().map(|scored| Some(scored.genes)).collect();
        let asked: Vec<_> = with.into_iter().map(|scored| turned(scored.score, self.reverse)).collect();
        let queries = self.narrowed(self.db.queries_by(&asked), &ids, &prepared.without).top(0);
        let scores = queries.run_with_scores()?.scores;
        Ok(AllDrugs { ids, places, genes, scores, embeddings: Vec::new(), broken })
    }
}
