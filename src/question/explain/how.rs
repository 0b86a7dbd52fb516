//! The explanation that goes with a score.

use super::with::ToExplain;
use super::{Explained, ExplainedHit};
use crate::db::Db;
use crate::embed::Model;
use crate::explain::{
    ExplainError, Explanation, NetworkExplainer, Side, cosine_terms, leading_edge, pearson_terms,
};
use crate::profile::Universe;
use crate::question::stored_profile::stored_profile;
use crate::question::{QuestionError, ScoreBy};

/// Explains scores of one kind.
pub(super) struct Explainer<'a> {
    db: &'a Db,
    by: ScoreBy,
    side: Side,
    /// Where the score is of embeddings.
    network: Option<NetworkExplainer<'a>>,
}

impl<'a> Explainer<'a> {
    /// Takes the network that embeddings are of; `None` for a score in gene space.
    pub fn new(db: &'a Db, by: ScoreBy, side: Side, model: Option<&'a Model>) -> Result<Self, QuestionError> {
        match by {
            ScoreBy::Embedding | ScoreBy::Cosine | ScoreBy::Pearson | ScoreBy::Wtcs | ScoreBy::Cs => (),
            by => return Err(QuestionError::NotExplained { by }),
        }
        let network = model.map(NetworkExplainer::new).transpose();
        let network = network.map_err(|source| QuestionError::Explain {
            query: by.name().to_owned(),
            source: source.into(),
        })?;
        Ok(Self { db, by, side, network })
    }

    /// Explains the score of a hit.
    pub fn explain(
        &self,
        query: &str,
        with: &ToExplain,
        hit: ExplainedHit,
    ) -> Result<Explained, QuestionError> {
        let universe = if self.network.is_some() { Universe::Landmark } else { self.db.universe() };
        let profile = stored_profile(self.db, &hit.signature.sig_id, universe)?;
        let explanation = self
            .explanation(with, &profile)
            .map_err(|source| QuestionError::Explain { query: query.to_owned(), source: source.into() })?;
        Ok(Explained { query: query.to_owned(), hit, by: self.by, side: self.side, universe, explanation })
    }

    fn explanation(&self, with: &ToExplain, hit: &[f32]) -> Result<Explanation, ExplainError> {
        match (with, &self.network) {
            (ToExplain::Sets(sets, weights), _) => leading_edge(sets, *weights, hit),
            (ToExplain::Profiles(queries), Some(network)) => {
                let queries: Vec<&[f32]> = queries.iter().map(Vec::as_slice).collect();
                network.explain_mean(&queries, hit, self.side)
            }
            (ToExplain::Profiles(queries), None) => {
                let query = queries.first().map_or(&[][..], Vec::as_slice);
                if self.by == ScoreBy::Pearson { pearson_terms(query, hit) } else { cosine_terms(query, hit) }
            }
        }
    }
}
