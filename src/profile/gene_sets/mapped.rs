//! Pairs of sets as genes of a universe.

use std::collections::HashSet;

use super::{NamedSet, SetPair};
use crate::profile::{Gene, GeneIds, GeneReport, ProfileError, Universe};

/// A set may hold as much of the universe as a half; beyond a quarter it is warned of.
const LARGEST: usize = 2;
const LARGE: usize = 4;

/// The genes of a universe that rise and those that fall. At least one side has genes, and none is in both.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct GeneSet {
    /// The name of the pair.
    pub name: String,
    /// The genes that positions count in.
    pub universe: Universe,
    /// Genes that rise.
    pub up: Option<SetSide>,
    /// Genes that fall.
    pub down: Option<SetSide>,
    /// What a user should know about its size, one sentence each.
    pub warnings: Vec<String>,
}

/// One side of a gene set.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SetSide {
    /// Positions of its genes in the universe, each once, in the order of the file.
    pub genes: Vec<usize>,
    /// What became of its ids.
    pub report: GeneReport,
}

impl SetPair {
    /// Finds the genes of a universe that the ids of both sets name.
    ///
    /// # Errors
    /// [`ProfileError::SetWithoutGenes`] for a set without any gene of the universe, [`ProfileError::SetsOverlap`] for genes in
    /// both sets, and [`ProfileError::SetTooLarge`] for a set of more than half of the universe.
    pub fn map(&self, ids: &GeneIds, universe: Universe) -> Result<GeneSet, ProfileError> {
        let mut warnings = Vec::new();
        let mut side = |set: &Option<NamedSet>| match set {
            Some(set) => side(set, ids, universe, &mut warnings).map(Some),
            None => Ok(None),
        };
        let (up, down) = (side(&self.up)?, side(&self.down)?);
        if let (Some(up), Some(down), Some(set)) = (&up, &down, &self.up) {
            check_overlap(&self.name, set, up, down)?;
        }
        Ok(GeneSet { name: self.name.clone(), universe, up, down, warnings })
    }
}

fn side(
    set: &NamedSet,
    ids: &GeneIds,
    universe: Universe,
    warnings: &mut Vec<String>,
) -> Result<SetSide, ProfileError> {
    let mapping = ids.map(&set.ids, universe);
    let report = mapping.report().clone();
    let mut seen = HashSet::new();
    let genes: Vec<usize> =
        mapping.positions().iter().flatten().copied().filter(|&gene| seen.insert(gene)).collect();
    let (path, name, expected) = (set.path.clone(), set.name.clone(), universe.size());
    if genes.is_empty() {
        let (ids, universe, cause) = (set.ids.len(), universe.in_words(), report.likeness());
        return Err(ProfileError::SetWithoutGenes { path, set: name, ids, universe, cause });
    }
    let found = genes.len();
    if LARGEST * found > expected {
        return Err(ProfileError::SetTooLarge { path, set: name, found, universe: universe.in_words() });
    }
    if LARGE * found > expected {
        warnings.push(format!(
            "the set `{name}` holds {found} of the {}, more than a quarter; smaller sets tell more",
            universe.in_words()
        ));
    }
    Ok(SetSide { genes, report })
}

fn check_overlap(name: &str, set: &NamedSet, up: &SetSide, down: &SetSide) -> Result<(), ProfileError> {
    const EXAMPLES: usize = 3;
    let falling: HashSet<usize> = down.genes.iter().copied().collect();
    let both: Vec<usize> = up.genes.iter().copied().filter(|gene| falling.contains(gene)).collect();
    if both.is_empty() {
        return Ok(());
    }
    let symbol = |&gene: &usize| up.report.universe.gene(gene).map(Gene::symbol);
    let examples = both.iter().take(EXAMPLES).filter_map(symbol).map(str::to_owned).collect();
    Err(ProfileError::SetsOverlap {
        path: set.path.clone(),
        set: name.to_owned(),
        count: both.len(),
        examples,
    })
}
