//! Profiles in memory.

use std::borrow::Cow;

use super::{ProfileError, Universe};

/// Profiles of `n` signatures: `n` ids and `n` x genes values, row-major, one row per signature, in the order of a
/// [`Universe`]: the 978 landmarks in the order of [`GeneSpace::landmarks`](super::GeneSpace::landmarks), unless it was
/// made of another one. Values are z-scores, and always finite.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ProfileMatrix {
    universe: Universe,
    ids: Vec<String>,
    values: Vec<f32>,
}

impl ProfileMatrix {
    /// Joins ids with their values of the 978 landmarks.
    ///
    /// # Errors
    /// [`ProfileError::ValueCount`] when `values` does not hold 978 numbers per id, and
    /// [`ProfileError::NotFinite`] when one of them is NaN or infinite.
    pub fn new(ids: Vec<String>, values: Vec<f32>) -> Result<Self, ProfileError> {
        Self::of_universe(Universe::Landmark, ids, values)
    }

    /// Joins ids with their values of all genes of a universe, in its order.
    ///
    /// ```
    /// use l1kdb::profile::{ProfileMatrix, Universe};
    ///
    /// let values: Vec<f32> = (0..10_174).map(|at| at as f32).collect();
    /// let profiles = ProfileMatrix::of_universe(Universe::Bing, vec!["S1".into()], values)?;
    /// assert_eq!((profiles.genes(), profiles.landmarks().len()), (10_174, 978));
    /// let first = Universe::Bing.genes().position(|gene| gene.symbol() == "PSME1").unwrap();
    /// assert_eq!(profiles.landmarks()[0], first as f32);
    /// # Ok::<(), l1kdb::profile::ProfileError>(())
    /// ```
    ///
    /// # Errors
    /// [`ProfileError::ValueCount`] when `values` does not hold as many numbers per id as the universe has genes, and
    /// [`ProfileError::NotFinite`] when one of them is NaN or infinite.
    pub fn of_universe(universe: Universe, ids: Vec<String>, values: Vec<f32>) -> Result<Self, ProfileError> {
        let genes = universe.size();
        if ids.len().checked_mul(genes) != Some(values.len()) {
            return Err(ProfileError::ValueCount { genes, signatures: ids.len(), found: values.len() });
        }
        if let Some(at) = values.iter().position(|v| !v.is_finite()) {
            let (row, gene, value) = (at / genes, at % genes, values[at]);
            let symbol = universe.symbol(gene).unwrap_or_default();
            return Err(ProfileError::NotFinite { row, gene, symbol, value });
        }
        Ok(Self { universe, ids, values })
    }

    /// Joins ids and values of which is known that they fit and are finite.
    pub(super) fn from_checked(universe: Universe, ids: Vec<String>, values: Vec<f32>) -> Self {
        debug_assert_eq!(ids.len() * universe.size(), values.len());
        Self { universe, ids, values }
    }

    /// Returns the genes that it has values of.
    pub fn universe(&self) -> Universe {
        self.universe
    }

    /// Returns the number of values in a row: genes of the universe.
    pub fn genes(&self) -> usize {
        self.universe.size()
    }

    /// Returns the number of signatures.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Tells whether there is no signature at all.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Returns the `n` signature ids.
    pub fn ids(&self) -> &[String] {
        &self.ids
    }

    /// Returns all `n` x [`genes`](Self::genes) values, row-major by signature.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// Returns the `n` x 978 values of the landmarks, row-major by signature, in the order of
    /// [`GeneSpace::landmarks`](super::GeneSpace::landmarks): what networks take. They are copied where there are other genes
    /// beside them.
    pub fn landmarks(&self) -> Cow<'_, [f32]> {
        if self.universe == Universe::Landmark {
            return Cow::Borrowed(&self.values);
        }
        let places = self.universe.landmark_positions();
        let rows = self.values.chunks_exact(self.genes());
        rows.flat_map(|row| places.iter().map(|&place| row[place])).collect()
    }

    /// Returns the [`genes`](Self::genes) values of signature `i`.
    ///
    /// # Panics
    /// When `i` is not below [`len`](Self::len), as indexing a slice does.
    pub fn profile(&self, i: usize) -> &[f32] {
        &self.values[i * self.genes()..(i + 1) * self.genes()]
    }

    /// Gives back the ids and the values.
    pub fn into_parts(self) -> (Vec<String>, Vec<f32>) {
        (self.ids, self.values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::GENES;

    #[test]
    fn a_matrix_of_the_wrong_size_or_with_a_nan_is_refused() {
        let short = ProfileMatrix::new(vec!["a".into()], vec![0.0; 977]);
        assert!(matches!(short, Err(ProfileError::ValueCount { genes: 978, signatures: 1, found: 977 })));

        let mut values = vec![0.0; 2 * GENES];
        values[GENES + 3] = f32::NAN;
        let nan = ProfileMatrix::new(vec!["a".into(), "b".into()], values);
        assert!(matches!(nan, Err(ProfileError::NotFinite { row: 1, gene: 3, .. })));
    }

    #[test]
    fn a_matrix_of_more_genes_names_them_and_gives_its_landmarks() {
        for universe in [Universe::Bing, Universe::All] {
            let of = |values| ProfileMatrix::of_universe(universe, vec!["a".into(), "b".into()], values);
            let said = of(vec![0.0; 2 * GENES]).unwrap_err().to_string();
            assert!(said.contains(&format!("expected {} values", universe.size())), "{said}");
            let entrez: Vec<f32> = universe.genes().map(|gene| gene.entrez() as f32).collect();
            let mut values = entrez.repeat(2);
            let matrix = of(values.clone()).unwrap();
            assert_eq!((matrix.universe(), matrix.profile(1)), (universe, &entrez[..]));
            let landmarks: Vec<f32> = Universe::Landmark.genes().map(|gene| gene.entrez() as f32).collect();
            assert_eq!(*matrix.landmarks(), landmarks.repeat(2));
            let at = universe.genes().position(|gene| !gene.is_landmark()).unwrap();
            values[universe.size() + at] = f32::INFINITY;
            let said = of(values).unwrap_err().to_string();
            assert!(
                said.contains(universe.gene(at).unwrap().symbol()) && said.contains("signature 2"),
                "{said}"
            );
        }
    }
}
