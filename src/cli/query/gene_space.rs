//! Scores in gene space, as they were typed.

use anyhow::{anyhow, bail};
use l1kdb::connectivity::{
    CosineQuery, GeneSets, GeneWeights, PearsonQuery, Reversed, Score, SpearmanQuery, WtcsQuery, XCosQuery,
    XSumQuery, ZhangQuery,
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
        let score = Self { by, reverse: args.reverse };
        let of_sets =
            args.up.is_some() || args.down.is_some() || args.up_genes.len() + args.down_genes.len() > 0;
        match by {
            // Before anything is read or printed.
            ScoreByArg::Xsum | ScoreByArg::Wtcs | ScoreByArg::Cs if !of_sets => Err(score.only_of_sets()),
            ScoreByArg::Spearman | ScoreByArg::Xcos if of_sets => Err(score.only_of_profiles()),
            _ => Ok(Some(score)),
        }
    }

    /// Prepares a profile of 978 values, NaN where it has none.
    pub fn prepare(self, profile: &[f32]) -> anyhow::Result<Box<dyn Score>> {
        let score: Box<dyn Score> = match self.by {
            ScoreByArg::Embedding | ScoreByArg::Cosine => Box::new(CosineQuery::new(profile)?),
            ScoreByArg::Pearson => Box::new(PearsonQuery::new(profile)?),
            ScoreByArg::Spearman => Box::new(SpearmanQuery::new(profile)?),
            ScoreByArg::Xcos => Box::new(XCosQuery::new(profile, EXTREMES)?),
            ScoreByArg::Zhang => Box::new(ZhangQuery::of_profile(profile)?),
            ScoreByArg::Xsum | ScoreByArg::Wtcs | ScoreByArg::Cs => return Err(self.only_of_sets()),
        };
        Ok(self.turned(score))
    }

    /// Prepares gene sets.
    pub fn prepare_sets(self, sets: &GeneSets) -> anyhow::Result<Box<dyn Score>> {
        let score: Box<dyn Score> = match self.by {
            ScoreByArg::Embedding | ScoreByArg::Cosine => Box::new(CosineQuery::new(&signs(sets))?),
            ScoreByArg::Pearson => Box::new(PearsonQuery::new(&signs(sets))?),
            ScoreByArg::Zhang => Box::new(ZhangQuery::of_sets(sets)),
            ScoreByArg::Xsum => Box::new(XSumQuery::new(sets, EXTREMES)?),
            ScoreByArg::Wtcs => Box::new(WtcsQuery::new(sets, GeneWeights::Magnitude)),
            ScoreByArg::Cs => Box::new(WtcsQuery::new(sets, GeneWeights::Equal)),
            ScoreByArg::Spearman | ScoreByArg::Xcos => return Err(self.only_of_profiles()),
        };
        Ok(self.turned(score))
    }

    fn only_of_sets(self) -> anyhow::Error {
        anyhow!(
            "{} is a score of gene sets: ask with --up and --down, or take --score-by cosine",
            self.name()
        )
    }

    fn only_of_profiles(self) -> anyhow::Error {
        anyhow!("{} is a score of profiles: take --score-by wtcs for gene sets", self.name())
    }

    fn turned(self, score: Box<dyn Score>) -> Box<dyn Score> {
        if self.reverse { Box::new(Reversed::new(score)) } else { score }
    }

    /// Returns what was done, for the title of an answer; `genes` is the number that the query has.
    pub fn title(self, genes: usize) -> String {
        let (name, first) = (self.name(), if self.reverse { ", the most negative first" } else { "" });
        format!("{name} in gene space, {genes} of 978 genes{first}")
    }

    fn name(self) -> &'static str {
        match self.by {
            ScoreByArg::Embedding | ScoreByArg::Cosine => "cosine",
            ScoreByArg::Pearson => "Pearson correlation",
            ScoreByArg::Spearman => "Spearman correlation",
            ScoreByArg::Xcos => "XCos",
            ScoreByArg::Zhang => "Zhang's score",
            ScoreByArg::Xsum => "XSum",
            ScoreByArg::Wtcs => "weighted connectivity (WTCS)",
            ScoreByArg::Cs => "unweighted connectivity",
        }
    }
}

/// Returns sets as a profile: 1 for genes that rise, -1 for those that fall, 0 for all others.
pub fn signs(sets: &GeneSets) -> Vec<f32> {
    let mut values = vec![0.0; sets.universe()];
    sets.up().iter().for_each(|&gene| values[gene as usize] = 1.0);
    sets.down().iter().for_each(|&gene| values[gene as usize] = -1.0);
    values
}

/// Makes the values of genes that a file lacks NaN, which its reader made 0.
pub fn without_missing(profile: &[f32], missing: &[&str]) -> Vec<f32> {
    let mut values = profile.to_vec();
    let genes = GeneSpace::landmarks();
    let places = missing.iter().filter_map(|symbol| genes.position(GeneIdKind::Symbol, symbol));
    places.for_each(|place| values[place] = f32::NAN);
    values
}
