//! Preparing queries for a score in gene space.

use super::{QuestionError, ScoreBy};
use crate::connectivity::{
    ConnectivityError, CosineQuery, GeneSets, PearsonQuery, Reversed, Score, SpearmanQuery, WtcsQuery,
    XCosQuery, XSumQuery, ZhangQuery,
};

/// Genes of a signature that [`ScoreBy::XCos`] and [`ScoreBy::XSum`] take from each end.
const EXTREMES: usize = 100;

impl ScoreBy {
    /// Checks that it is a score of a kind of question.
    pub(super) fn check(self, of_gene_sets: bool) -> Result<(), QuestionError> {
        match of_gene_sets {
            true if !self.is_of_sets() => Err(QuestionError::OnlyOfProfiles { by: self }),
            false if !self.is_of_profiles() => Err(QuestionError::OnlyOfSets { by: self }),
            _ => Ok(()),
        }
    }

    /// Prepares a profile, NaN where it has no value, for [scoring](Score) others of as many genes.
    ///
    /// # Errors
    /// [`QuestionError::OnlyOfSets`], [`QuestionError::Zero`], and a profile that the score does not take. By [`Embedding`](Self::Embedding) it is the cosine of the
    /// profiles.
    pub fn prepare(self, query: &str, profile: &[f32]) -> Result<Box<dyn Score>, QuestionError> {
        self.check(false)?;
        let is_zero = |&value: &f32| value == 0.0 || value.is_nan();
        if profile.iter().all(is_zero) {
            return Err(QuestionError::Zero { query: query.to_owned(), genes: profile.len() });
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
        self.check(true)?;
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

/// A score as it is ranked by.
pub(super) fn turned(score: Box<dyn Score>, reverse: bool) -> Box<dyn Score> {
    if reverse { Box::new(Reversed::new(score)) } else { score }
}

/// Returns sets as a profile: 1 for genes that rise, -1 for those that fall, 0 for all others.
pub(super) fn signs(sets: &GeneSets) -> Vec<f32> {
    let mut values = vec![0.0; sets.universe()];
    sets.up().iter().for_each(|&gene| values[gene as usize] = 1.0);
    sets.down().iter().for_each(|&gene| values[gene as usize] = -1.0);
    values
}
