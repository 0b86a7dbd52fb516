//! Gene sets of a query, checked.

use super::error::{ConnectivityError, Side};

/// Genes that rise and genes that fall, as numbers of values in a profile.
///
/// One set may be empty. A gene that is listed twice in a set counts once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneSets {
    up: Vec<u32>,
    down: Vec<u32>,
    universe: usize,
}

impl GeneSets {
    /// Checks sets of genes of profiles with `universe` values.
    ///
    /// Genes that the profiles lack are the caller's to leave out and to count: they change no score.
    ///
    /// # Errors
    /// A gene in both sets, a number that is no gene's, a set of more than half of the genes, two empty sets.
    pub fn new(up: &[u32], down: &[u32], universe: usize) -> Result<Self, ConnectivityError> {
        let (up, down) = (checked(Side::Up, up, universe)?, checked(Side::Down, down, universe)?);
        if let Some(&gene) = up.iter().find(|gene| down.binary_search(gene).is_ok()) {
            return Err(ConnectivityError::GeneInBothSets { gene });
        }
        if up.is_empty() && down.is_empty() {
            return Err(ConnectivityError::NoGenes);
        }
        Ok(Self { up, down, universe })
    }

    /// Takes of a profile, NaN where it has no value, the `n` genes that rise most and the `n` that fall most. Fewer rise or fall of
    /// a profile with fewer values of that sign. Of equal values those of the first genes are taken.
    ///
    /// # Errors
    /// A profile without a value but 0, and `n` of more than half of the genes.
    pub fn of_profile(profile: &[f32], n: usize) -> Result<Self, ConnectivityError> {
        let most = |sign: f32| -> Vec<u32> {
            let mut genes: Vec<u32> = (0..profile.len() as u32).collect();
            genes.retain(|&gene| sign * profile[gene as usize] > 0.0);
            genes.sort_by(|&a, &b| (sign * profile[b as usize]).total_cmp(&(sign * profile[a as usize])));
            genes.truncate(n);
            genes
        };
        Self::new(&most(1.0), &most(-1.0), profile.len())
    }

    /// Returns the genes that rise, in ascending order.
    pub fn up(&self) -> &[u32] {
        &self.up
    }

    /// Returns the genes that fall, in ascending order.
    pub fn down(&self) -> &[u32] {
        &self.down
    }

    /// Returns the number of genes in a profile.
    pub fn universe(&self) -> usize {
        self.universe
    }

    /// Returns 1 for each gene that rises, -1 for each that falls, 0 for the others.
    pub(super) fn signs(&self) -> Vec<f64> {
        let mut signs = vec![0.0; self.universe];
        for (genes, sign) in [(&self.up, 1.0), (&self.down, -1.0)] {
            genes.iter().for_each(|&gene| signs[gene as usize] = sign);
        }
        signs
    }
}

/// Returns the genes in ascending order, each once.
fn checked(side: Side, genes: &[u32], universe: usize) -> Result<Vec<u32>, ConnectivityError> {
    let mut genes = genes.to_vec();
    genes.sort_unstable();
    genes.dedup();
    match genes.last() {
        Some(&gene) if gene as usize >= universe => {
            Err(ConnectivityError::UnknownGene { side, gene, universe })
        }
        _ if genes.len() > universe / 2 => {
            Err(ConnectivityError::LargeSet { side, genes: genes.len(), universe })
        }
        _ => Ok(genes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sets_of_a_profile_are_its_ends_and_hold_no_gene_of_the_other_sign() {
        let sets = GeneSets::of_profile(&[3.0, -1.0, f32::NAN, 3.0, 1.0, 0.0, 2.0, f32::NAN], 2).unwrap();
        assert_eq!((sets.up(), sets.down()), (&[0, 3][..], &[1][..]));
        let nothing = GeneSets::of_profile(&[0.0, f32::NAN], 1);
        assert!(matches!(nothing, Err(ConnectivityError::NoGenes)));
    }

    #[test]
    fn sets_that_cannot_be_scored_are_refused_with_the_reason() {
        let refused = |up: &[u32], down: &[u32]| GeneSets::new(up, down, 4).unwrap_err().to_string();
        assert_eq!(
            refused(&[0, 1], &[1]),
            "gene 1 is in the up set and in the down set: leave it out of one of them"
        );
        assert_eq!(refused(&[0], &[9]), "the down set has gene 9, expected a number below 4");
        assert_eq!(
            refused(&[0, 1, 2], &[]),
            "the up set has 3 of 4 genes, expected at most half of them: use a smaller set"
        );
        assert_eq!(refused(&[], &[]), "neither set has a gene of the profiles, expected one at least");
        assert!(GeneSets::new(&[], &[], 0).is_err() && GeneSets::new(&[0], &[], 0).is_err());
    }

    #[test]
    fn a_gene_that_is_listed_twice_counts_once_and_one_set_may_be_empty() {
        let sets = GeneSets::new(&[2, 0, 2, 0], &[], 4).unwrap();
        assert_eq!((sets.up(), sets.down(), sets.universe()), (&[0, 2][..], &[][..], 4));
        assert_eq!(GeneSets::new(&[0], &[3], 4).unwrap().signs(), [1.0, 0.0, 0.0, -1.0]);
    }
}
