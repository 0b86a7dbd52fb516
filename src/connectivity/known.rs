//! Which genes a query has, and their values.

use super::error::ConnectivityError;

/// The genes of which a query has a value.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Known {
    universe: usize,
    /// `None` where the query has all.
    genes: Option<Vec<u32>>,
}

impl Known {
    /// Returns the genes of a query, and its values of them. NaN is a missing value.
    pub fn of(query: &[f32]) -> Result<(Self, Vec<f32>), ConnectivityError> {
        if let Some((gene, &value)) = query.iter().enumerate().find(|(_, value)| value.is_infinite()) {
            return Err(ConnectivityError::Infinite { gene, value });
        }
        let known = query.iter().zip(0_u32..).filter(|(value, _)| !value.is_nan());
        let (values, genes): (Vec<f32>, Vec<u32>) = known.unzip();
        let universe = query.len();
        if genes.is_empty() {
            return Err(ConnectivityError::NoValues { universe });
        }
        Ok((Self { universe, genes: (genes.len() < universe).then_some(genes) }, values))
    }

    /// Returns the number of values in a profile.
    pub fn universe(&self) -> usize {
        self.universe
    }

    /// Returns the values of a profile for these genes, copied to `room` where some are left out.
    pub fn matched<'a>(&self, profile: &'a [f32], room: &'a mut Vec<f32>) -> &'a [f32] {
        assert_eq!(profile.len(), self.universe, "values of a profile");
        let Some(genes) = &self.genes else { return profile };
        room.clear();
        room.extend(genes.iter().map(|&gene| profile[gene as usize]));
        room
    }

    /// Goes through the genes.
    pub fn genes(&self) -> impl Iterator<Item = usize> {
        let all = if self.genes.is_none() { self.universe } else { 0 };
        self.genes.iter().flatten().map(|&gene| gene as usize).chain(0..all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_values_of_a_query_are_left_out_of_the_profile_too() {
        let (known, values) = Known::of(&[1.0, f32::NAN, 3.0]).unwrap();
        assert_eq!(values, [1.0, 3.0]);
        assert_eq!(known.matched(&[4.0, 5.0, 6.0], &mut vec![9.0; 7]), [4.0, 6.0]);
        assert_eq!((known.universe(), known.genes().collect::<Vec<_>>()), (3, vec![0, 2]));
        let (all, _) = Known::of(&[1.0, 2.0]).unwrap();
        assert_eq!(all.matched(&[4.0, 5.0], &mut Vec::new()), [4.0, 5.0]);
        assert_eq!(all.genes().collect::<Vec<_>>(), [0, 1]);
    }

    #[test]
    fn queries_without_values_and_with_infinite_ones_are_refused() {
        let refused = |query: &[f32]| Known::of(query).unwrap_err().to_string();
        assert_eq!(
            refused(&[f32::NAN; 2]),
            "the query has no value for any of 2 genes, expected one at least"
        );
        assert_eq!(
            refused(&[0.0, f32::NEG_INFINITY]),
            "gene 1 of the query is -inf, expected a finite value, or NaN for a missing one"
        );
        assert!(Known::of(&[]).is_err());
    }
}
