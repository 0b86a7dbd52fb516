//! Ids of any kind to the genes of a universe.

use std::path::Path;

use super::landmark_rows::are_row_numbers;
use super::names::{Named, Standing};
use super::own_names::{self, OwnNames};
use super::resolve::{Resolved, kind, resolve};
use super::species::is_title_case;
use super::{GeneIdKind, GeneReport, IdCause, Species, Universe};
use crate::profile::ProfileError;

const UNLIKE: IdCause = IdCause {
    what: "unlike older names of one gene",
    way_out: "name these genes by today's symbol or Entrez id",
};

/// The genes that ids mean: Entrez ids, symbols of today, previous symbols, aliases, Ensembl gene ids, and probe sets of
/// landmarks.
///
/// What most ids are decides what a plain number is; apart from that each id is matched by itself. Case, versions of Ensembl
/// ids, quotes and blanks do not matter. A name that is the symbol of one gene and an older name of another means the first.
/// What may mean several genes means none.
///
/// ```
/// use l1kdb::profile::{GeneIds, Universe};
///
/// let mapping = GeneIds::built_in().map(&["PSME1", "tomm70a", "ENSG00000123268.9", "1-Mar"], Universe::Landmark);
/// let symbols = mapping.positions().iter().flatten().map(|&at| Universe::Landmark.gene(at).unwrap().symbol());
/// assert_eq!(symbols.collect::<Vec<_>>(), ["PSME1", "TOMM70", "ATF1"]);
/// assert_eq!((mapping.report().genes, mapping.report().ambiguous.count), (3, 1));
/// ```
#[derive(Debug, Clone, Default)]
pub struct GeneIds {
    own: OwnNames,
    species: Species,
}

/// The genes of ids, one by one, and a report on all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneMapping {
    positions: Vec<Option<usize>>,
    report: GeneReport,
}

impl GeneMapping {
    /// Returns, for each id, the position of its gene in the universe. Several ids may have the same gene.
    pub fn positions(&self) -> &[Option<usize>] {
        &self.positions
    }

    /// Returns what became of the ids.
    pub fn report(&self) -> &GeneReport {
        &self.report
    }
}

impl GeneIds {
    /// Returns the names that the library knows.
    pub fn built_in() -> Self {
        Self::default()
    }

    /// Reads a table of a user's own names, which go over those that the library knows: two columns, the name and the symbol,
    /// Entrez id or Ensembl id of its gene, or `NA` where it is to name none.
    ///
    /// # Errors
    /// [`ProfileError::Line`] for a gene that the platform does not have, and those of reading a table.
    pub fn with_own_names(path: impl AsRef<Path>) -> Result<Self, ProfileError> {
        Ok(Self { own: own_names::read(path.as_ref())?, ..Self::default() })
    }

    /// Sets the species that symbols are of; human unless set.
    #[must_use]
    pub fn species(self, species: Species) -> Self {
        Self { species, ..self }
    }

    /// Maps ids to the genes of a universe.
    pub fn map<S: AsRef<str>>(&self, ids: &[S], universe: Universe) -> GeneMapping {
        let ids: Vec<&str> = ids.iter().map(AsRef::as_ref).collect();
        let kind = majority(&ids);
        let title_case = title_case(&ids);
        let is_foreign = title_case.is_some() && self.species == Species::Human;
        let resolved: Vec<Resolved> = ids.iter().map(|id| self.resolve(id, kind, is_foreign)).collect();
        let best = Best::of(&ids, &resolved);
        let mut report = GeneReport::new(universe, kind, ids.len());
        let mut seen = vec![false; universe.size()];
        let positions = ids.iter().zip(resolved).map(|(id, resolved)| match resolved {
            Resolved::Gene(named) => count_gene(&mut report, &best, &mut seen, named, id),
            Resolved::Ambiguous(cause) => {
                report.ambiguous.add(id);
                report.add_cause(Some(cause), id);
                None
            }
            Resolved::Unknown(cause) => {
                report.missing.add(id);
                report.add_cause(cause, id);
                None
            }
        });
        let positions = positions.collect();
        report.causes.sort_by_key(|(_, tally)| std::cmp::Reverse(tally.count));
        report.title_case = title_case.filter(|_| !is_foreign);
        GeneMapping { positions, report }
    }

    /// The gene of an id; a symbol as mouse has it names none where most `is_foreign`.
    fn resolve(&self, id: &str, kind: GeneIdKind, is_foreign: bool) -> Resolved {
        let own = if self.own.is_empty() { None } else { self.own.get(&own_names::key(id)) };
        match own {
            Some(Some(named)) => Resolved::Gene(*named),
            Some(None) => Resolved::Unknown(None),
            None if is_foreign && is_title_case(id) => Resolved::Unknown(Some(IdCause::OF_MOUSE)),
            None => resolve(id, kind == GeneIdKind::Entrez),
        }
    }
}

/// Counts an id that names a gene of the platform, and returns the gene's position in the universe where the id stands for it.
fn count_gene(
    report: &mut GeneReport,
    best: &Best,
    seen: &mut [bool],
    named: Named,
    id: &str,
) -> Option<usize> {
    let Some(position) = report.universe.position(named.position) else {
        report.outside.add(id);
        return None;
    };
    if best.standing[named.position] != Some(named.standing) {
        report.passed_over.add(id);
        return None;
    }
    if best.unlike[named.position] {
        report.ambiguous.add(id);
        report.add_cause(Some(UNLIKE), id);
        return None;
    }
    match named.standing {
        Standing::Former => report.previous.add(id),
        Standing::Alias => report.alias.add(id),
        Standing::Own | Standing::Present => {}
    }
    if std::mem::replace(&mut seen[position], true) {
        report.duplicate.add(id);
    } else {
        report.genes += 1;
    }
    Some(position)
}

/// Of each gene of the platform, how surely the surest id names it, and whether unlike older names do so alike.
struct Best {
    standing: Vec<Option<Standing>>,
    unlike: Vec<bool>,
}

impl Best {
    fn of(ids: &[&str], resolved: &[Resolved]) -> Self {
        let genes = Universe::All.size();
        let mut first: Vec<Option<(Standing, &str)>> = vec![None; genes];
        let mut unlike = vec![false; genes];
        for (id, resolved) in ids.iter().zip(resolved) {
            let Resolved::Gene(Named { position, standing }) = *resolved else { continue };
            match first[position] {
                Some((better, _)) if better < standing => {}
                Some((same, name)) if same == standing => {
                    unlike[position] |=
                        standing > Standing::Present && own_names::key(name) != own_names::key(id);
                }
                _ => {
                    first[position] = Some((standing, id));
                    unlike[position] = false;
                }
            }
        }
        Self { standing: first.iter().map(|first| first.map(|(standing, _)| standing)).collect(), unlike }
    }
}

/// What most of the ids are that the platform knows.
fn majority(ids: &[&str]) -> GeneIdKind {
    let mut counts = [0_usize; GeneIdKind::ALL.len()];
    for kind in ids.iter().filter_map(|id| kind(id)) {
        counts[kind as usize] += 1;
    }
    if are_row_numbers(ids.iter().copied()) {
        counts[GeneIdKind::Entrez as usize] = 0;
    }
    let most = counts.iter().copied().max().filter(|&most| most > 0);
    let kind = GeneIdKind::ALL.into_iter().find(|&kind| Some(counts[kind as usize]) == most);
    kind.unwrap_or(GeneIdKind::Symbol)
}

/// The first symbol as mouse and rat have it, where most ids are written so.
fn title_case(ids: &[&str]) -> Option<String> {
    let mut written = ids.iter().filter(|id| is_title_case(id));
    let first = written.next()?;
    (2 * (written.count() + 1) > ids.len()).then(|| first.trim().to_owned())
}

#[cfg(test)]
mod tests;
