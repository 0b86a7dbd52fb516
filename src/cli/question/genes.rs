//! Names of genes, and gene sets beside the question.

use l1kdb::profile::{GeneIds, GeneSet, ProfileError, SetFile, SetPairs, Universe};

use std::path::Path;

use crate::cli::args::QuestionArgs;

/// Reads the reference queries of tau.
pub fn of_tau(file: Option<&Path>, args: &QuestionArgs, universe: Universe) -> anyhow::Result<Vec<GeneSet>> {
    let Some(file) = file else { return Ok(Vec::new()) };
    let (ids, pairs) = (gene_ids(args)?, SetPairs::of_file(SetFile::read(file)?)?);
    Ok(pairs.pairs.iter().map(|pair| pair.map(&ids, universe)).collect::<Result<_, _>>()?)
}

/// Returns the names of genes, the user's own before those built in.
pub fn gene_ids(args: &QuestionArgs) -> Result<GeneIds, ProfileError> {
    let names = args.gene_aliases.as_ref().map_or_else(|| Ok(GeneIds::built_in()), GeneIds::with_own_names);
    Ok(names?.species(args.species.into()))
}
