//! Profiles in memory.

use super::{GENES, ProfileError};

/// Profiles of `n` signatures: `n` ids and `n` x 978 values, row-major, one row per signature, in the order of
/// [`GeneSpace::landmarks`](super::GeneSpace::landmarks). Values are z-scores, and always finite.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ProfileMatrix {
    ids: Vec<String>,
    values: Vec<f32>,
}

impl ProfileMatrix {
    /// Joins ids with their values.
    ///
    /// # Errors
    /// [`ProfileError::ValueCount`] when `values` does not hold 978 numbers per id, and
    /// [`ProfileError::NotFinite`] when one of them is NaN or infinite.
    pub fn new(ids: Vec<String>, values: Vec<f32>) -> Result<Self, ProfileError> {
        if ids.len().checked_mul(GENES) != Some(values.len()) {
            return Err(ProfileError::ValueCount { signatures: ids.len(), found: values.len() });
        }
        if let Some(at) = values.iter().position(|v| !v.is_finite()) {
            return Err(ProfileError::NotFinite { row: at / GENES, gene: at % GENES, value: values[at] });
        }
        Ok(Self { ids, values })
    }

    /// Joins ids and values of which is known that they fit and are finite.
    pub(super) fn from_checked(ids: Vec<String>, values: Vec<f32>) -> Self {
        debug_assert_eq!(ids.len() * GENES, values.len());
        Self { ids, values }
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

    /// Returns all `n` x 978 values, row-major by signature.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// Returns the 978 values of signature `i`.
    ///
    /// # Panics
    /// When `i` is not below [`len`](Self::len), as indexing a slice does.
    pub fn profile(&self, i: usize) -> &[f32] {
        &self.values[i * GENES..(i + 1) * GENES]
    }

    /// Gives back the ids and the values.
    pub fn into_parts(self) -> (Vec<String>, Vec<f32>) {
        (self.ids, self.values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matrix_of_the_wrong_size_or_with_a_nan_is_refused() {
        let short = ProfileMatrix::new(vec!["a".into()], vec![0.0; 977]);
        assert!(matches!(short, Err(ProfileError::ValueCount { signatures: 1, found: 977 })));

        let mut values = vec![0.0; 2 * GENES];
        values[GENES + 3] = f32::NAN;
        let nan = ProfileMatrix::new(vec!["a".into(), "b".into()], values);
        assert!(matches!(nan, Err(ProfileError::NotFinite { row: 1, gene: 3, .. })));
    }
}
