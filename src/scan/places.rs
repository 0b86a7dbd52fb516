//! Genes of a universe as rows of a matrix: profiles and gene sets of queries.

use std::collections::HashSet;
use std::path::Path;

use super::ScanError;
use crate::connectivity::{GeneSets, Side};
use crate::profile::{Gene, Universe};

/// Symbols that a message shows.
const EXAMPLES: usize = 3;

/// The row of each gene of the platform that a matrix has.
#[derive(Debug, Clone)]
pub(super) struct Places {
    rows: usize,
    /// By position in [`Universe::All`].
    of_gene: Vec<Option<u32>>,
}

impl Places {
    /// Takes for each row the position of its gene in [`Universe::All`]. Of several rows of a gene, the first counts.
    pub fn new(positions: &[Option<usize>]) -> Self {
        let mut of_gene = vec![None; Universe::All.size()];
        for (position, row) in positions.iter().zip(0..) {
            if let Some(position) = position {
                of_gene[*position].get_or_insert(row);
            }
        }
        Self { rows: positions.len(), of_gene }
    }

    /// Returns the number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Returns the row of a gene.
    pub fn row(&self, position: usize, universe: Universe) -> Option<usize> {
        let position = universe.position_in(position, Universe::All)?;
        self.of_gene[position].map(|row| row as usize)
    }

    /// Returns how many genes of a universe have a row.
    pub fn found(&self, universe: Universe) -> usize {
        (0..universe.size()).filter(|&position| self.row(position, universe).is_some()).count()
    }

    /// Returns the values of a universe row by row, NaN where the matrix has another gene or none.
    pub fn profile(&self, values: &[f32], universe: Universe) -> Vec<f32> {
        assert_eq!(values.len(), universe.size(), "values of {universe}");
        let mut profile = vec![f32::NAN; self.rows];
        for (position, &value) in values.iter().enumerate() {
            if let Some(row) = self.row(position, universe) {
                profile[row] = value;
            }
        }
        profile
    }

    /// Returns sets of genes as sets of rows. Genes without a row are left out. `path` is the file that messages name.
    pub fn gene_sets(
        &self,
        up: &[usize],
        down: &[usize],
        universe: Universe,
        path: &Path,
    ) -> Result<GeneSets, ScanError> {
        let rising: HashSet<usize> = up.iter().copied().collect();
        let both = down.iter().find(|gene| rising.contains(gene)).and_then(|&gene| universe.gene(gene));
        if let Some(gene) = both {
            return Err(ScanError::GeneInBothSets { symbol: gene.symbol() });
        }
        let rows = |side, genes| self.set(side, genes, universe, path);
        Ok(GeneSets::new(&rows(Side::Up, up)?, &rows(Side::Down, down)?, self.rows)?)
    }

    fn set(
        &self,
        side: Side,
        genes: &[usize],
        universe: Universe,
        path: &Path,
    ) -> Result<Vec<u32>, ScanError> {
        let size = universe.size();
        if let Some(&position) = genes.iter().find(|&&position| position >= size) {
            return Err(ScanError::NoSuchGene { side, position, size, universe: universe.to_string() });
        }
        let rows: Vec<u32> =
            genes.iter().filter_map(|&gene| Some(self.row(gene, universe)? as u32)).collect();
        if rows.is_empty() && !genes.is_empty() {
            let symbols = genes.iter().filter_map(|&gene| universe.gene(gene)).map(Gene::symbol);
            let examples = symbols.take(EXAMPLES).map(str::to_owned).collect();
            return Err(ScanError::SetWithoutGenes {
                path: path.to_owned(),
                side,
                genes: genes.len(),
                examples,
            });
        }
        Ok(rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of the genes at positions 5, none, 7, 5 and 9 of all.
    fn places() -> Places {
        Places::new(&[Some(5), None, Some(7), Some(5), Some(9), None])
    }

    fn sets(up: &[usize], down: &[usize]) -> Result<GeneSets, ScanError> {
        places().gene_sets(up, down, Universe::All, Path::new("x.gct"))
    }

    #[test]
    fn the_first_row_of_a_gene_counts_and_all_rows_are_there() {
        let places = places();
        assert_eq!(
            (places.rows(), places.row(5, Universe::All), places.row(6, Universe::All)),
            (6, Some(0), None)
        );
        assert_eq!(places.row(12_328, Universe::All), None);
        let mut values = vec![0.5; Universe::All.size()];
        (values[5], values[7], values[9]) = (1.0, 2.0, f32::NAN);
        let profile = places.profile(&values, Universe::All);
        assert_eq!(profile[..1], [1.0]);
        assert_eq!((profile[2], profile.iter().filter(|value| value.is_nan()).count()), (2.0, 4));
    }

    #[test]
    fn sets_become_rows_and_those_that_cannot_are_refused_with_the_reason() {
        let both = sets(&[5, 100], &[9]).unwrap();
        assert_eq!((both.up(), both.down(), both.universe()), (&[0][..], &[4][..], 6));
        let said = |up: &[usize], down: &[usize]| sets(up, down).unwrap_err().to_string();
        let symbol = |position| Universe::All.gene(position).unwrap().symbol();
        let none = said(&[5], &[100, 101]);
        assert!(
            none.starts_with("x.gct: none of the 2 genes of the down set is in it (")
                && none.contains(symbol(100)),
            "{none}"
        );
        assert_eq!(
            said(&[7], &[9, 7]),
            format!("{} is in the up set and in the down set: leave it out of one of them", symbol(7))
        );
        assert_eq!(
            said(&[12_328], &[]),
            "the up set has position 12328, expected one below 12328, the number of genes of the platform"
        );
        assert_eq!(said(&[], &[]), "neither set has a gene of the profiles, expected one at least");
        let large = Places::new(&[Some(5), Some(7), Some(9)]);
        let refused = large.gene_sets(&[5, 7], &[], Universe::All, Path::new("x")).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "the up set has 2 of 3 genes, expected at most half of them: use a smaller set"
        );
    }

    #[test]
    fn positions_of_another_universe_mean_the_same_genes() {
        let landmark = Universe::Landmark.position_in(3, Universe::All).unwrap();
        let places = Places::new(&[None, Some(landmark)]);
        assert_eq!((places.row(3, Universe::Landmark), places.found(Universe::Landmark)), (Some(1), 1));
        let mut values = vec![0.0; Universe::Landmark.size()];
        values[3] = -2.0;
        let profile = places.profile(&values, Universe::Landmark);
        assert!(profile[0].is_nan() && profile[1] == -2.0);
    }
}
