//! What of a query its score is explained with.

use crate::connectivity::{GeneSets, GeneWeights};
use crate::profile::Universe;
use crate::question::prepare::{ends, signs};
use crate::question::prepared::{Content, Prepared, Sound};
use crate::question::stored_profile::stored_profile;
use crate::question::{QuestionError, ScoreBy};

/// What of a query its score is explained with.
pub(super) enum ToExplain {
    /// Its profile; by embedding those whose embeddings it is the mean of.
    Profiles(Vec<Vec<f32>>),
    /// Its gene sets, and how genes weigh.
    Sets(GeneSets, GeneWeights),
}

impl Prepared<'_> {
    /// Returns what scores are explained with.
    pub(super) fn to_explain(&self, by: ScoreBy) -> Sound<ToExplain> {
        self.sound(|query, number| match by.weights() {
            Some(weights) => Ok(ToExplain::Sets(self.sets_of(query, number)?, weights)),
            None if by.is_in_gene_space() => Ok(ToExplain::Profiles(vec![self.profile(query, number)?])),
            None => Ok(ToExplain::Profiles(self.embedded(query, number)?)),
        })
    }

    /// The gene sets of a query: of a profile those that it is where a score is of sets.
    fn sets_of(&self, query: usize, number: usize) -> Result<GeneSets, QuestionError> {
        match self.content() {
            Content::Sets(sets) => self.sets(&sets[number], query, self.universe()),
            _ => ends(&self.ids()[query], &self.profile(query, number)?),
        }
    }

    /// The profiles of landmarks that the network makes a query's embedding of.
    fn embedded(&self, query: usize, number: usize) -> Result<Vec<Vec<f32>>, QuestionError> {
        let stored = |id: &String| stored_profile(self.db(), id, Universe::Landmark);
        match self.content() {
            Content::Profiles(profiles) => Ok(vec![profiles.values_in(number, Universe::Landmark)]),
            Content::Sets(sets) => Ok(vec![signs(&self.sets(&sets[number], query, Universe::Landmark)?)]),
            Content::Stored(queries) => Ok(vec![stored(&queries.sig_ids[number])?]),
            Content::Mean(queries) => queries.sig_ids.iter().map(stored).collect(),
        }
    }
}
