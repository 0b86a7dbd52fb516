//! Preparing queries for a score in gene space.

use super::{QuestionError, ScoreBy};
use crate::connectivity::{
    ConnectivityError, CosineQuery, GeneSets, PearsonQuery, Score, SpearmanQuery, WtcsQuery, XCosQuery,
    XSumQuery, ZhangQuery,
};

/// Genes of a signature that [`ScoreBy::XCos`] and [`ScoreBy::XSum`] take from each end.
const EXTREMES: usize = 100;

impl ScoreBy {
    /// Prepares a profile, NaN where it has no value, for [scoring](Score) others of as many genes.
    ///
    /// # Errors
    /// [`QuestionError::OnlyOfSets`], and a profile without a direction. By [`Embedding`](Self::Embedding) it is the cosine of the
    /// profiles.
    pub fn prepare(self, query: &str, profile: &[f32]) -> Result<Box<dyn Score>, QuestionError> {
        if !self.is_of_profiles() {
            return Err(QuestionError::OnlyOfSets { by: self });
        }
        self.of_profile(profile).map_err(|source| unfit(query, source))
    }

    fn of_profile(self, profile: &[f32]) -> Result<Box<dyn Score>, ConnectivityError> {
        Ok(match self {
            Self::Pearson => Box::new(PearsonQuery::new(profile)?),
            Self::Spearman => Box::new(SpearmanQuery::new(profile)?),
            Self::XCos => Box::new(XCosQuery::new(profile, EXTREMES)?),
            Self::Zhang => Box::new(ZhangQuery::of_profile(profile)?),
            _ => Box::new(CosineQuery::new(profile)?),
        })
    }

    /// Prepares gene sets for [scoring](Score) profiles of their universe.
    ///
    /// # Errors
    /// [`QuestionError::OnlyOfProfiles`], and sets that the score does not take.
    pub fn prepare_sets(self, query: &str, sets: &GeneSets) -> Result<Box<dyn Score>, QuestionError> {
        if !self.is_of_sets() {
            return Err(QuestionError::OnlyOfProfiles { by: self });
        }
        self.of_sets(sets).map_err(|source| unfit(query, source))
    }

    fn of_sets(self, sets: &GeneSets) -> Result<Box<dyn Score>, ConnectivityError> {
        if let Some(weights) = self.weights() {
            return Ok(Box::new(WtcsQuery::new(sets, weights)));
        }
        Ok(match self {
            Self::Pearson => Box::new(PearsonQuery::new(&signs(sets))?),
            Self::Zhang => Box::new(ZhangQuery::of_sets(sets)),
            Self::XSum => Box::new(XSumQuery::new(sets, EXTREMES)?),
            _ => Box::new(CosineQuery::new(&signs(sets))?),
        })
    }
}

fn unfit(query: &str, source: ConnectivityError) -> QuestionError {
    QuestionError::Connectivity { query: query.to_owned(), source }
}

/// Returns sets as a profile: 1 for genes that rise, -1 for those that fall, 0 for all others.
pub(super) fn signs(sets: &GeneSets) -> Vec<f32> {
    let mut values = vec![0.0; sets.universe()];
    sets.up().iter().for_each(|&gene| values[gene as usize] = 1.0);
    sets.down().iter().for_each(|&gene| values[gene as usize] = -1.0);
    values
}
