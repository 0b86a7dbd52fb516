//! Scores in gene space, as they were typed.

use anyhow::bail;
use l1kdb::connectivity::{
    ConnectivityError, CosineQuery, PearsonQuery, Reversed, Score, SpearmanQuery, XCosQuery, ZhangQuery,
};
use l1kdb::profile::{GeneIdKind, GeneSpace};

use crate::cli::args::{QueryArgs, ScoreByArg};

/// Genes of a signature that `xcos` takes from each end.
const EXTREMES: usize = 100;

/// A score in gene space.
#[derive(Debug, Clone, Copy)]
pub struct GeneSpaceScore {
    by: ScoreByArg,
    /// Whether the most negative comes first.
    pub reverse: bool,
}

impl GeneSpaceScore {
    /// Returns the score that was asked for; `None` for that of embeddings.
    pub fn of(args: &QueryArgs) -> anyhow::Result<Option<Self>> {
        let by = match (args.score_by, args.reverse) {
            (Some(ScoreByArg::Embedding), true) => bail!(
                "--reverse is asked in gene space, since the opposite of an embedding is no opposite profile: leave out \
                 --score-by embedding, or name another score"
            ),
            (None | Some(ScoreByArg::Embedding), false) => return Ok(None),
            (by, _) => by.unwrap_or(ScoreByArg::Cosine),
        };
        Ok(Some(Self { by, reverse: args.reverse }))
    }

    /// Prepares a profile of 978 values, NaN where it has none.
    pub fn prepare(self, profile: &[f32]) -> Result<Box<dyn Score>, ConnectivityError> {
        let score: Box<dyn Score> = match self.by {
            ScoreByArg::Embedding | ScoreByArg::Cosine => Box::new(CosineQuery::new(profile)?),
            ScoreByArg::Pearson => Box::new(PearsonQuery::new(profile)?),
            ScoreByArg::Spearman => Box::new(SpearmanQuery::new(profile)?),
            ScoreByArg::Xcos => Box::new(XCosQuery::new(profile, EXTREMES)?),
            ScoreByArg::Zhang => Box::new(ZhangQuery::of_profile(profile)?),
        };
        Ok(if self.reverse { Box::new(Reversed::new(score)) } else { score })
    }

    /// Returns what was done, for the title of an answer; `genes` is the number that the query has.
    pub fn title(self, genes: usize) -> String {
        let name = match self.by {
            ScoreByArg::Embedding | ScoreByArg::Cosine => "cosine",
            ScoreByArg::Pearson => "Pearson correlation",
            ScoreByArg::Spearman => "Spearman correlation",
            ScoreByArg::Xcos => "XCos",
            ScoreByArg::Zhang => "Zhang's score",
        };
        let first = if self.reverse { ", the most negative first" } else { "" };
        format!("{name} in gene space, {genes} of 978 genes{first}")
    }
}

/// Makes the values of genes that a file lacks NaN, which its reader made 0.
pub fn without_missing(profile: &[f32], missing: &[&str]) -> Vec<f32> {
    let mut values = profile.to_vec();
    let genes = GeneSpace::landmarks();
    let places = missing.iter().filter_map(|symbol| genes.position(GeneIdKind::Symbol, symbol));
    places.for_each(|place| values[place] = f32::NAN);
    values
}
