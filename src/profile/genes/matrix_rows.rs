//! Which row of a matrix is which gene of the platform.

use super::landmark_rows::may_hold_numbers;
use super::{GeneIds, GeneMapping, GeneReport, Universe};
use crate::profile::Table;

/// Of so many rows, one at least has to name a gene.
const LEAST: usize = 20;

/// More columns than genes, of whatever kind, are not looked at for genes.
const MOST_GENES: usize = 100_000;

/// The genes that the rows of a matrix are.
#[derive(Debug, Clone)]
pub(crate) struct RowGenes {
    /// For each row, the position of its gene in [`Universe::All`]. Several rows may have the same.
    pub positions: Vec<Option<usize>>,
    /// What became of the names of the rows.
    pub report: GeneReport,
    /// The metadata column that names the genes, where it is not the row id.
    pub matched_in: Option<String>,
}

impl RowGenes {
    /// Finds the genes by row id, or by the metadata column that names more genes than the row id does.
    pub fn find(ids: &[String], metadata: &Table, names: &GeneIds) -> Self {
        let mut best = Self::new(&names.map(ids, Universe::All), None);
        for (column, name) in metadata.header().iter().enumerate().skip(1) {
            if best.report.genes == ids.len() {
                break;
            }
            if metadata.holds_numbers(column) && !may_hold_numbers(name) {
                continue;
            }
            let cells: Vec<&str> = (0..metadata.len()).map(|row| metadata.cell(row, column)).collect();
            let next = names.map(&cells, Universe::All);
            if next.report().genes > best.report.genes {
                best = Self::new(&next, Some(name.clone()));
            }
        }
        best
    }

    fn new(mapping: &GeneMapping, matched_in: Option<String>) -> Self {
        let (positions, report) = (mapping.positions().to_vec(), mapping.report().clone());
        Self { positions, report, matched_in }
    }

    /// Says why the rows are no genes, and the way out; `None` where they may be. Too few of them may name a gene, for names of
    /// something else are aliases of genes by chance; or more genes may stand in the columns, where signatures belong.
    pub fn fault(&self, column_ids: &[String], names: &GeneIds) -> Option<String> {
        let found = self.report.genes;
        let are_too_few = found == 0 || found * LEAST < self.positions.len();
        let may_be_genes = are_too_few || column_ids.len() <= MOST_GENES;
        let across = if may_be_genes { names.map(column_ids, Universe::All).report().genes } else { 0 };
        if across > found && 2 * across > column_ids.len() {
            return Some(format!(
                "{across} genes stand in its columns, where signatures belong: transpose the matrix, so that genes are its rows"
            ));
        }
        are_too_few.then(|| self.report.likeness())
    }
}
