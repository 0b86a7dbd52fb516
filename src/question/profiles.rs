//! Profiles to ask with, of which values may be missing.

use crate::profile::{DifferentialProfile, Gene, ProfileError, ProfileMatrix, Universe};

/// Profiles that are asked with: an id each, and a value a gene of a universe, NaN where there is none.
///
/// By embedding a missing value counts as 0, as of an unchanged gene; scores in gene space are over the genes that are there.
///
/// ```
/// use l1kdb::profile::Universe;
/// use l1kdb::question::QueryProfiles;
///
/// let mut values = vec![f32::NAN; 978];
/// values[..3].copy_from_slice(&[2.0, -1.0, 0.5]);
/// let profiles = QueryProfiles::new(vec!["mine".into()], Universe::Landmark, values)?;
/// assert_eq!(profiles.known(0), 3);
/// # Ok::<(), l1kdb::profile::ProfileError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct QueryProfiles {
    ids: Vec<String>,
    universe: Universe,
    values: Vec<f32>,
    /// Of each, or empty.
    cell_lines: Vec<Option<String>>,
    /// How well the replicates of each correlate, where it is said.
    replicates: Vec<Option<f32>>,
}

impl QueryProfiles {
    /// Joins ids with values, queries x genes of the universe, row-major, in the order of the universe.
    ///
    /// # Errors
    /// [`ProfileError::ValueCount`] when `values` does not hold a number a gene and id; [`ProfileError::NotFinite`] for an infinite
    /// one.
    pub fn new(ids: Vec<String>, universe: Universe, values: Vec<f32>) -> Result<Self, ProfileError> {
        let genes = universe.size();
        if ids.len().checked_mul(genes) != Some(values.len()) {
            return Err(ProfileError::ValueCount { signatures: ids.len(), genes, found: values.len() });
        }
        if let Some(at) = values.iter().position(|value| value.is_infinite()) {
            let (row, gene, value) = (at / genes, at % genes, values[at]);
            let symbol = universe.gene(gene).map_or("", Gene::symbol);
            return Err(ProfileError::NotFinite { row, gene, symbol, value });
        }
        Ok(Self { ids, universe, values, cell_lines: Vec::new(), replicates: Vec::new() })
    }

    /// Says which cell line each query is of, in the order of the ids; `None` where it is not known.
    #[must_use]
    pub fn in_cell_lines(self, cell_lines: Vec<Option<String>>) -> Self {
        Self { cell_lines, ..self }
    }

    /// Says how well the replicates of each query correlate, in the order of the ids: the 75 % quantile of their Spearman correlations, `cc_q75`
    /// of LINCS.
    #[must_use]
    pub fn with_replicates(self, correlations: Vec<Option<f32>>) -> Self {
        Self { replicates: correlations, ..self }
    }

    /// Returns how well the replicates of a query correlate, where it is known.
    pub(super) fn replicates(&self, query: usize) -> Option<f32> {
        self.replicates.get(query).copied().flatten()
    }

    /// Returns the cell line that is said of a query.
    pub(super) fn cell_line(&self, query: usize) -> Option<&str> {
        self.cell_lines.get(query)?.as_deref().filter(|name| !name.is_empty())
    }

    /// Takes the values of genes at these positions away, which a file lacks and its reader made 0: those of
    /// [`ReadReport::positions_missing`](crate::profile::ReadReport::positions_missing).
    #[must_use]
    pub fn without_genes(mut self, positions: &[usize]) -> Self {
        let genes = self.universe.size();
        for profile in self.values.chunks_exact_mut(genes) {
            positions.iter().filter(|&&at| at < genes).for_each(|&at| profile[at] = f32::NAN);
        }
        self
    }

    /// Returns some of the queries.
    #[must_use]
    pub fn some(&self, queries: &[usize]) -> Self {
        let values = queries.iter().flat_map(|&query| self.profile(query)).copied().collect();
        let cell_line = |&query: &usize| self.cell_line(query).map(str::to_owned);
        Self {
            ids: queries.iter().map(|&query| self.ids[query].clone()).collect(),
            universe: self.universe,
            values,
            cell_lines: queries.iter().map(cell_line).collect(),
            replicates: queries.iter().map(|&query| self.replicates(query)).collect(),
        }
    }

    /// Returns the number of queries.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Tells whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Returns the ids.
    pub fn ids(&self) -> &[String] {
        &self.ids
    }

    /// Returns the genes that values are of.
    pub fn universe(&self) -> Universe {
        self.universe
    }

    /// Returns how many values a query has.
    ///
    /// # Panics
    /// When `query` is not below [`len`](Self::len), as indexing a slice does.
    pub fn known(&self, query: usize) -> usize {
        self.profile(query).iter().filter(|value| !value.is_nan()).count()
    }

    /// Returns the values of a query, NaN where there is none.
    pub(super) fn profile(&self, query: usize) -> &[f32] {
        &self.values[query * self.universe.size()..][..self.universe.size()]
    }

    /// Returns the values of a query over the genes of a universe.
    pub(super) fn values_in(&self, query: usize, universe: Universe) -> Vec<f32> {
        let profile = self.profile(query);
        if universe == self.universe {
            return profile.to_vec();
        }
        let value = |gene| universe.position_in(gene, self.universe).map_or(f32::NAN, |at| profile[at]);
        (0..universe.size()).map(value).collect()
    }

    /// Returns the landmarks of a query, NaN where there is none.
    pub(super) fn landmarks(&self, query: usize) -> Vec<f32> {
        self.values_in(query, Universe::Landmark)
    }

    /// Returns a query as the network takes it: landmarks, and 0 for what is missing, which finds as much as any estimate.
    pub(super) fn filled(&self, query: usize) -> Vec<f32> {
        let filled = |value: f32| if value.is_nan() { 0.0 } else { value };
        self.values_in(query, Universe::Landmark).into_iter().map(filled).collect()
    }
}

impl From<ProfileMatrix> for QueryProfiles {
    fn from(profiles: ProfileMatrix) -> Self {
        let universe = profiles.universe();
        let (ids, values) = profiles.into_parts();
        Self { ids, universe, values, cell_lines: Vec::new(), replicates: Vec::new() }
    }
}

impl From<&DifferentialProfile> for QueryProfiles {
    /// The query is named like the file, without its ending.
    fn from(read: &DifferentialProfile) -> Self {
        let name = read.path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let (universe, values) = (read.universe, read.values.clone());
        Self { ids: vec![name], universe, values, cell_lines: Vec::new(), replicates: Vec::new() }
    }
}
