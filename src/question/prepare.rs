//! Preparing queries for a score in gene space.

use super::{GenesAsked, QuestionError, ScoreBy, ScoredGenes};
use crate::connectivity::{
    ConnectivityError, CosineQuery, GeneSets, PearsonQuery, Reversed, Score, SpearmanQuery, WtcsQuery,
    XCosQuery, XSumQuery, ZhangQuery,
};

/// Genes that [`ScoreBy::XCos`] and [`ScoreBy::XSum`] take from each end of a signature, and scores of gene sets from each end of a
/// query that is a profile.
pub(super) const EXTREMES: usize = 100;

/// A query in gene space.
pub(super) struct Scored {
    pub score: Box<dyn Score>,
    pub genes: GenesAsked,
    /// Its gene sets, where the score is made of their enrichment.
    pub sets: Option<WtcsQuery>,
}

impl Scored {
    /// Prepares a profile, NaN where it has no value. A score of gene sets is that of its ends.
    pub fn of_profile(
        by: ScoreBy,
        query: &str,
        profile: &[f32],
        over: ScoredGenes,
    ) -> Result<Self, QuestionError> {
        check_direction(query, profile)?;
        if by.is_of_profiles() {
            let genes = GenesAsked::of_profile(over, profile);
            return Ok(Self { score: by.prepare(query, profile)?, genes, sets: None });
        }
        Self::of_sets(by, query, &ends(query, profile)?, over)
    }

    /// Prepares gene sets.
    pub fn of_sets(
        by: ScoreBy,
        query: &str,
        sets: &GeneSets,
        over: ScoredGenes,
    ) -> Result<Self, QuestionError> {
        let score = by.prepare_sets(query, sets)?;
        let enrichment = by.weights().map(|weights| WtcsQuery::new(sets, weights));
        Ok(Self { score, genes: GenesAsked::of_sets(over, sets), sets: enrichment })
    }
}

impl ScoreBy {
    /// Checks that it is a score of a kind of question.
    pub(super) fn check(self, of_gene_sets: bool) -> Result<(), QuestionError> {
        match of_gene_sets && !self.is_of_sets() {
            true => Err(QuestionError::OnlyOfProfiles { by: self }),
            false => Ok(()),
        }
    }

    /// Prepares a profile, NaN where it has no value, for [scoring](Score) others of as many genes.
    ///
    /// By a score of gene sets it is that of the 100 genes that rise most and the 100 that fall most. By
    /// [`Embedding`](Self::Embedding) it is the cosine of the profiles.
    ///
    /// # Errors
    /// [`QuestionError::Zero`], and a profile that the score does not take.
    pub fn prepare(self, query: &str, profile: &[f32]) -> Result<Box<dyn Score>, QuestionError> {
        check_direction(query, profile)?;
        match self.is_of_profiles() {
            true => self.of_profile(profile).map_err(|source| unfit(query, source)),
            false => self.prepare_sets(query, &ends(query, profile)?),
        }
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

fn check_direction(query: &str, profile: &[f32]) -> Result<(), QuestionError> {
    match profile.iter().all(|&value| value == 0.0 || value.is_nan()) {
        true => Err(QuestionError::Zero { query: query.to_owned(), genes: profile.len() }),
        false => Ok(()),
    }
}

/// The gene sets that a profile is, where a score is of sets.
pub(super) fn ends(query: &str, profile: &[f32]) -> Result<GeneSets, QuestionError> {
    GeneSets::of_profile(profile, EXTREMES.min(profile.len() / 2)).map_err(|source| unfit(query, source))
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
