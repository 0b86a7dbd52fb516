//! The sets of genes in which scores are computed.

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use super::GeneSpace;
use super::platform::{Gene, Platform};
use crate::profile::ProfileError;

/// The genes that a question is asked in: scores of different universes cannot be compared.
///
/// ```
/// use l1kdb::profile::Universe;
///
/// let sizes = Universe::ALL.map(|universe| (universe.name(), universe.size()));
/// assert_eq!(sizes, [("landmark", 978), ("bing", 10_174), ("all", 12_328)]);
/// assert_eq!("bing".parse::<Universe>()?, Universe::Bing);
/// # Ok::<(), l1kdb::profile::ProfileError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Universe {
    /// The 978 landmark genes, which are measured, in the order of [`GeneSpace`].
    #[default]
    Landmark,
    /// The 10,174 genes that are measured or inferred well ("best inferred genes"), in the order of the LINCS tables.
    Bing,
    /// All 12,328 genes that are measured or inferred, in the order of the LINCS tables.
    All,
}

/// Genes of a universe by their position in it, and the other way round.
struct Positions {
    genes: Vec<usize>,
    of_gene: Vec<Option<usize>>,
    of_landmarks: Vec<usize>,
}

static POSITIONS: LazyLock<[Positions; 3]> = LazyLock::new(|| Universe::ALL.map(Positions::new));

impl Universe {
    /// All universes, the smallest first.
    pub const ALL: [Self; 3] = [Self::Landmark, Self::Bing, Self::All];

    /// Returns its name: `landmark`, `bing` or `all`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Landmark => "landmark",
            Self::Bing => "bing",
            Self::All => "all",
        }
    }

    /// Returns how many genes it has.
    pub fn size(self) -> usize {
        match self {
            Self::Landmark => super::GENES,
            Self::Bing => 10_174,
            Self::All => 12_328,
        }
    }

    /// Returns how many of its profiles are read together: 32 MB of values at most.
    pub(crate) fn block(self) -> usize {
        const ROWS: usize = 4096;
        const VALUES: usize = 1 << 23;
        ROWS.min(VALUES / self.size())
    }

    /// Returns its genes in words, with their number: `10,174 BING genes`.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Landmark => "978 landmark genes",
            Self::Bing => "10,174 BING genes",
            Self::All => "12,328 genes of the platform",
        }
    }

    /// Returns its genes in its order.
    pub fn genes(self) -> impl ExactSizeIterator<Item = &'static Gene> {
        self.positions().genes.iter().map(|&gene| &Platform::get().genes()[gene])
    }

    /// Returns the gene at a position, if the universe has so many.
    pub fn gene(self, position: usize) -> Option<&'static Gene> {
        self.positions().genes.get(position).map(|&gene| &Platform::get().genes()[gene])
    }

    /// The symbol of the gene at a position: of landmarks as LINCS writes it, of others as it is today.
    pub(crate) fn symbol(self, position: usize) -> Option<&'static str> {
        match self {
            Self::Landmark => GeneSpace::landmarks().symbols().get(position).copied(),
            Self::Bing | Self::All => self.gene(position).map(Gene::symbol),
        }
    }

    /// Returns where the 978 landmarks stand in it, in the order of [`GeneSpace`].
    pub(crate) fn landmark_positions(self) -> &'static [usize] {
        &self.positions().of_landmarks
    }

    /// Returns where the gene at a position stands in another universe; `None` where that does not have the gene.
    ///
    /// ```
    /// use l1kdb::profile::Universe;
    ///
    /// let there = Universe::Landmark.position_in(0, Universe::All).unwrap();
    /// assert_eq!(Universe::All.gene(there), Universe::Landmark.gene(0));
    /// assert_eq!(Universe::All.position_in(there, Universe::Landmark), Some(0));
    /// ```
    pub fn position_in(self, position: usize, other: Self) -> Option<usize> {
        other.position(*self.positions().genes.get(position)?)
    }

    /// Where a gene of the platform stands in it.
    pub(super) fn position(self, gene: usize) -> Option<usize> {
        self.positions().of_gene[gene]
    }

    fn positions(self) -> &'static Positions {
        &POSITIONS[self as usize]
    }
}

impl Positions {
    fn new(universe: Universe) -> Self {
        let platform = Platform::get();
        let all = 0..platform.genes().len();
        let genes: Vec<usize> = match universe {
            Universe::Landmark => {
                GeneSpace::landmarks().entrez().iter().filter_map(|&id| platform.entrez(id)).collect()
            }
            Universe::Bing => all.filter(|&gene| platform.genes()[gene].is_bing()).collect(),
            Universe::All => all.collect(),
        };
        let mut of_gene = vec![None; platform.genes().len()];
        genes.iter().enumerate().for_each(|(position, &gene)| of_gene[gene] = Some(position));
        let landmarks = GeneSpace::landmarks().entrez().iter().filter_map(|&id| platform.entrez(id));
        let of_landmarks = landmarks.filter_map(|gene| of_gene[gene]).collect();
        Self { genes, of_gene, of_landmarks }
    }
}

impl fmt::Display for Universe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Landmark => "landmark genes",
            Self::Bing => "BING genes",
            Self::All => "genes of the platform",
        })
    }
}

impl FromStr for Universe {
    type Err = ProfileError;

    fn from_str(name: &str) -> Result<Self, ProfileError> {
        let is = |universe: &Self| universe.name().eq_ignore_ascii_case(name.trim());
        Self::ALL.into_iter().find(is).ok_or_else(|| ProfileError::Universe { found: name.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn universes_hold_one_another_and_landmarks_stand_as_in_the_gene_space() {
        for universe in Universe::ALL {
            assert_eq!(universe.genes().len(), universe.size());
            let places = universe.landmark_positions().iter();
            let landmarks: Vec<u32> = places.map(|&place| universe.gene(place).unwrap().entrez()).collect();
            assert_eq!(landmarks, GeneSpace::landmarks().entrez());
        }
        let landmarks: Vec<u32> = Universe::Landmark.genes().map(Gene::entrez).collect();
        assert_eq!(landmarks, GeneSpace::landmarks().entrez());
        assert!(Universe::Landmark.genes().all(Gene::is_bing));
        assert!(Universe::Bing.genes().all(Gene::is_bing));
        assert!("genome".parse::<Universe>().unwrap_err().to_string().contains("landmark, bing, all"));
    }
}
