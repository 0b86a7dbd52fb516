//! The gene space: the 978 landmark genes in the one order that every profile, network and database shares.

use std::collections::HashMap;
use std::fmt;
use std::sync::{LazyLock, OnceLock};

use super::names::{GeneNames, Named, Standing, bare, composite, parse_entrez};
use crate::digest::Digest;

/// Number of landmark genes of the L1000 platform (Subramanian et al. 2017, doi 10.1016/j.cell.2017.10.049).
pub const GENES: usize = 978;

/// Entrez id, symbol and probe set of each landmark, in the row order of the LINCS GCTX files.
const LANDMARKS: &str = include_str!("landmarks.tsv");

static SPACE: LazyLock<GeneSpace> = LazyLock::new(|| GeneSpace::parse(LANDMARKS));

/// How a file names its genes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GeneIdKind {
    /// NCBI Entrez gene ids (`5720`), as in the row ids of LINCS GCTX files.
    Entrez,
    /// Ensembl gene ids (`ENSG00000092010`), with or without a version.
    Ensembl,
    /// HGNC symbols (`PSME1`), as LINCS writes them or as they are today; former symbols and aliases where no other
    /// gene bears them; Ensembl ids among them; and ids of several parts (`PSME1|5720`, `ENSG00000092010|PSME1`,
    /// `PSME1 (5720)`). Case does not matter.
    Symbol,
    /// Affymetrix probe sets (`200814_at`), as in GCT files of the first generation.
    Probe,
}

impl GeneIdKind {
    /// All kinds, in the order in which they are preferred.
    pub const ALL: [Self; 4] = [Self::Entrez, Self::Ensembl, Self::Symbol, Self::Probe];
}

impl fmt::Display for GeneIdKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Entrez => "Entrez id",
            Self::Ensembl => "Ensembl id",
            Self::Symbol => "symbol",
            Self::Probe => "probe",
        })
    }
}

/// The 978 landmark genes in the row order of LINCS GCTX files.
///
/// ```
/// use l1kdb::profile::{GENES, GeneSpace};
///
/// let space = GeneSpace::landmarks();
/// assert_eq!(space.symbols().len(), GENES);
/// assert_eq!((space.entrez()[0], space.symbols()[0], space.probes()[0]), (5720, "PSME1", "200814_at"));
/// ```
#[derive(Debug)]
pub struct GeneSpace {
    entrez: Vec<u32>,
    symbols: Vec<&'static str>,
    probes: Vec<&'static str>,
    by_entrez: HashMap<u32, usize>,
    /// Made when a name is first looked up: most files name their genes by Entrez id.
    names: OnceLock<GeneNames>,
    by_probe: HashMap<&'static str, usize>,
    digest: String,
}

impl GeneSpace {
    /// Returns the gene space of this program.
    pub fn landmarks() -> &'static Self {
        &SPACE
    }

    /// Returns Entrez ids, 978 of them in gene-space order.
    pub fn entrez(&self) -> &[u32] {
        &self.entrez
    }

    /// Returns gene symbols, 978 of them in gene-space order.
    pub fn symbols(&self) -> &[&'static str] {
        &self.symbols
    }

    /// Returns probe sets, 978 of them in gene-space order.
    pub fn probes(&self) -> &[&'static str] {
        &self.probes
    }

    /// Returns `sha256:<hex>` of the 978 Entrez ids in decimal, joined by `\n` without a final one. Model cards and
    /// databases carry it, so that a network never sees genes in another order than it was trained on.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Returns where in the gene space the gene `id` stands, if it is a landmark. Blanks and quotes around it do not matter.
    /// Entrez ids may be written as whole numbers with a fraction of zero (`5720.0`), as spreadsheets and float columns
    /// of GCTX do.
    pub fn position(&self, kind: GeneIdKind, id: &str) -> Option<usize> {
        self.find(kind, id).map(|named| named.position)
    }

    /// [`position`](Self::position), and how surely the gene is meant.
    pub(in crate::profile) fn find(&self, kind: GeneIdKind, id: &str) -> Option<Named> {
        let id = bare(id);
        match kind {
            GeneIdKind::Symbol => {
                let whole = self.whole(kind, id).or_else(|| self.whole(GeneIdKind::Ensembl, id));
                let gene = |part: &str| GeneIdKind::ALL.iter().find_map(|&kind| self.whole(kind, part));
                whole.or_else(|| composite(id, gene))
            }
            _ => self.whole(kind, id),
        }
    }

    /// The gene of an id of one part.
    pub(in crate::profile) fn whole(&self, kind: GeneIdKind, id: &str) -> Option<Named> {
        let own = |position: &usize| Named { position: *position, standing: Standing::Own };
        match kind {
            GeneIdKind::Entrez => self.by_entrez.get(&parse_entrez(id)?).map(own),
            GeneIdKind::Ensembl => self.names().ensembl(id),
            GeneIdKind::Symbol => self.names().symbol(id),
            GeneIdKind::Probe if id.ends_with("_AT") => {
                self.by_probe.get(id.to_ascii_lowercase().as_str()).map(own)
            }
            GeneIdKind::Probe => self.by_probe.get(id).map(own),
        }
    }

    fn names(&self) -> &GeneNames {
        self.names.get_or_init(|| GeneNames::new(&self.symbols))
    }

    fn parse(table: &'static str) -> Self {
        let mut space = Self {
            entrez: Vec::with_capacity(GENES),
            symbols: Vec::with_capacity(GENES),
            probes: Vec::with_capacity(GENES),
            by_entrez: HashMap::with_capacity(GENES),
            names: OnceLock::new(),
            by_probe: HashMap::with_capacity(GENES),
            digest: String::new(),
        };
        for line in table.lines().skip(1) {
            let mut fields = line.split('\t');
            let mut field = || fields.next().expect("the built-in gene table has three columns");
            space.push(field(), field(), field());
        }
        space.digest = digest(&space.entrez);
        space
    }

    fn push(&mut self, entrez: &str, symbol: &'static str, probe: &'static str) {
        let position = self.entrez.len();
        let entrez = entrez.parse().expect("the built-in gene table has whole numbers as Entrez ids");
        self.entrez.push(entrez);
        self.symbols.push(symbol);
        self.probes.push(probe);
        self.by_entrez.insert(entrez, position);
        self.by_probe.insert(probe, position);
    }
}

fn digest(entrez: &[u32]) -> String {
    let text: Vec<String> = entrez.iter().map(u32::to_string).collect();
    Digest::of(text.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_space_holds_978_genes_each_found_by_its_three_ids() {
        let space = GeneSpace::landmarks();
        assert_eq!(space.entrez().len(), GENES);
        for i in 0..GENES {
            assert_eq!(space.position(GeneIdKind::Entrez, &space.entrez()[i].to_string()), Some(i));
            assert_eq!(space.position(GeneIdKind::Symbol, space.symbols()[i]), Some(i));
            assert_eq!(space.position(GeneIdKind::Probe, space.probes()[i]), Some(i));
        }
    }

    #[test]
    fn entrez_ids_written_as_floats_are_understood_and_fractions_are_not() {
        let space = GeneSpace::landmarks();
        assert_eq!(space.position(GeneIdKind::Entrez, "5720.0"), Some(0));
        assert_eq!(space.position(GeneIdKind::Entrez, "5720.5"), None);
        assert_eq!(space.position(GeneIdKind::Entrez, ""), None);
    }

    // Changing this digest orphans every database and network that exists.
    #[test]
    fn the_digest_of_the_gene_space_never_changes() {
        assert_eq!(
            GeneSpace::landmarks().digest(),
            "sha256:5ad472af030c79260c6db4085979c821dcd7a06551d60d402c2be1f0af248622"
        );
    }
}
