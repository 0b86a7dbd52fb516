//! A user's own names of genes.

use std::collections::HashMap;
use std::path::Path;

use super::names::{Named, Standing, bare};
use super::platform::{Gene, Platform};
use super::resolve::{Resolved, resolve};
use crate::profile::records::Records;
use crate::profile::table::shown;
use crate::profile::text::Source;
use crate::profile::{ProfileError, is_missing};

/// Names in upper case, and the gene of each; no gene where the name is to mean none.
pub(super) type OwnNames = HashMap<String, Option<Named>>;

/// Reads a table of two columns: a name, and the symbol, Entrez id or Ensembl id of its gene, or nothing or `NA` where it is to
/// name none. A first line whose second field is no gene is its header.
pub(super) fn read(path: &Path) -> Result<OwnNames, ProfileError> {
    let mut records = Records::new(Source::open(path)?)?;
    let (mut names, mut is_first) = (OwnNames::new(), true);
    while let Some(record) = records.next()? {
        let (line, name, gene) = (record.line, record.field(0).into_owned(), record.field(1).into_owned());
        let is_header = std::mem::take(&mut is_first) && record.len() > 1 && gene_of(&gene).is_none();
        if is_header && !is_missing(&gene) {
            continue;
        }
        let found = if is_missing(&gene) && record.len() > 1 { Some(None) } else { gene_of(&gene).map(Some) };
        let Some(found) = found else {
            let path = path.to_owned();
            return Err(ProfileError::Line { path, line, reason: expected(&name, &gene) });
        };
        names.insert(key(&name), found);
    }
    Ok(names)
}

/// A name as it is looked up.
pub(super) fn key(name: &str) -> String {
    bare(name).to_ascii_uppercase()
}

fn gene_of(id: &str) -> Option<Named> {
    match resolve(id, true) {
        Resolved::Gene(named) => Some(Named { standing: Standing::Own, ..named }),
        _ => None,
    }
}

fn expected(name: &str, gene: &str) -> String {
    let example = Platform::get().genes().first().map_or("", Gene::symbol);
    format!(
        "expected a name and its gene (such as {example}, an Entrez id or an Ensembl gene id), found `{}` and `{}`, which is no \
         gene of the platform",
        shown(name),
        shown(gene)
    )
}
