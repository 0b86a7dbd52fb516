//! The 12,328 genes that the L1000 platform measures or infers, and their names.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::Path;
use std::sync::LazyLock;

use super::names::{Named, Standing};
use crate::profile::text::Source;

/// `README.md` beside it says what is in it and where from.
const TABLE: &[u8] = include_bytes!("platform.tsv.gz");

static PLATFORM: LazyLock<Platform> = LazyLock::new(|| Platform::parse(text()));

/// A gene of the L1000 platform, and its names in other tables.
///
/// ```
/// use l1kdb::profile::Universe;
///
/// let gene = Universe::Landmark.genes().next().unwrap();
/// assert_eq!((gene.entrez(), gene.symbol(), gene.is_landmark()), (5720, "PSME1", true));
/// assert_eq!(gene.ensembl_ids().next().as_deref(), Some("ENSG00000092010"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gene {
    entrez: u32,
    space: &'static str,
    symbol: &'static str,
    other_symbols: &'static str,
    previous_symbols: &'static str,
    aliases: &'static str,
    ensembl: &'static str,
}

impl Gene {
    /// Returns the NCBI Entrez gene id.
    pub fn entrez(&self) -> u32 {
        self.entrez
    }

    /// Returns the symbol that it bears today.
    pub fn symbol(&self) -> &'static str {
        self.symbol
    }

    /// Returns the symbols that LINCS tables give it, where they are others than that of today.
    pub fn other_symbols(&self) -> impl Iterator<Item = &'static str> + use<> {
        parts(self.other_symbols)
    }

    /// Returns symbols that it bore once and that name no other gene more surely.
    pub fn previous_symbols(&self) -> impl Iterator<Item = &'static str> + use<> {
        parts(self.previous_symbols)
    }

    /// Returns other names that name no other gene more surely.
    pub fn aliases(&self) -> impl Iterator<Item = &'static str> + use<> {
        parts(self.aliases)
    }

    /// Returns Ensembl gene ids, without versions. Genes of regions with alternate sequences have several.
    pub fn ensembl_ids(&self) -> impl Iterator<Item = String> + use<> {
        parts(self.ensembl).map(|number| format!("ENSG{number:0>11}"))
    }

    /// Tells whether it is one of the 978 that are measured.
    pub fn is_landmark(&self) -> bool {
        self.space == "L"
    }

    /// Tells whether it is one of the 10,174 that are measured or inferred well (BING).
    pub fn is_bing(&self) -> bool {
        !self.space.is_empty()
    }
}

fn parts(field: &'static str) -> impl Iterator<Item = &'static str> + use<> {
    field.split('|').filter(|part| !part.is_empty())
}

/// Who bears a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bearer {
    One(Named),
    /// Several genes, none more surely than the others.
    Several(Standing),
}

/// All genes, and who bears which id. Positions are those of the LINCS tables.
#[derive(Debug)]
pub(super) struct Platform {
    genes: Vec<Gene>,
    by_entrez: HashMap<u32, usize>,
    /// In upper case.
    by_name: HashMap<String, Bearer>,
    /// By the number after `ENSG`.
    by_ensembl: HashMap<u64, Bearer>,
}

impl Platform {
    pub(super) fn get() -> &'static Self {
        &PLATFORM
    }

    pub(super) fn genes(&self) -> &[Gene] {
        &self.genes
    }

    pub(super) fn entrez(&self, id: u32) -> Option<usize> {
        self.by_entrez.get(&id).copied()
    }

    /// Who bears a symbol or another name, whatever the case.
    pub(super) fn name(&self, name: &str) -> Option<Bearer> {
        self.by_name.get(&name.to_ascii_uppercase()).copied()
    }

    /// Who bears the Ensembl gene id of this number.
    pub(super) fn ensembl(&self, number: u64) -> Option<Bearer> {
        self.by_ensembl.get(&number).copied()
    }

    fn parse(text: &'static str) -> Self {
        let genes: Vec<Gene> = text.lines().filter(|line| !line.starts_with('#')).skip(1).map(gene).collect();
        let by_entrez = genes.iter().enumerate().map(|(position, gene)| (gene.entrez, position)).collect();
        let mut platform = Self { genes, by_entrez, by_name: HashMap::new(), by_ensembl: HashMap::new() };
        for position in 0..platform.genes.len() {
            platform.add_names(position);
        }
        platform
    }

    fn add_names(&mut self, position: usize) {
        let gene = self.genes[position].clone();
        let named = |standing| Named { position, standing };
        // LINCS and today's symbol are alike sure; where one symbol has come to name two genes, the one without another keeps it.
        let own = if gene.other_symbols.is_empty() { Standing::Own } else { Standing::Present };
        add(&mut self.by_name, gene.symbol.to_ascii_uppercase(), named(own));
        let others = gene.other_symbols().map(|name| (name, Standing::Present));
        let previous = gene.previous_symbols().map(|name| (name, Standing::Former));
        let aliases = gene.aliases().map(|name| (name, Standing::Alias));
        for (name, standing) in others.chain(previous).chain(aliases) {
            add(&mut self.by_name, name.to_ascii_uppercase(), named(standing));
        }
        for number in parts(gene.ensembl) {
            let number = number.parse().expect("the built-in table has numbers of Ensembl ids");
            add(&mut self.by_ensembl, number, named(Standing::Own));
        }
    }
}

/// Notes who bears a name: the surest, or several.
fn add<K: std::hash::Hash + Eq>(bearers: &mut HashMap<K, Bearer>, name: K, named: Named) {
    match bearers.entry(name) {
        Entry::Vacant(entry) => {
            entry.insert(Bearer::One(named));
        }
        Entry::Occupied(mut entry) => {
            let bearer = entry.get_mut();
            let standing = match *bearer {
                Bearer::One(other) if other.position == named.position => return,
                Bearer::One(other) => other.standing,
                Bearer::Several(standing) => standing,
            };
            if named.standing < standing {
                *bearer = Bearer::One(named);
            } else if named.standing == standing {
                *bearer = Bearer::Several(standing);
            }
        }
    }
}

fn gene(line: &'static str) -> Gene {
    let mut fields = line.split('\t');
    let mut field = || fields.next().expect("the built-in table has seven columns");
    Gene {
        entrez: field().parse().expect("the built-in table has whole numbers as Entrez ids"),
        space: field(),
        symbol: field(),
        other_symbols: field(),
        previous_symbols: field(),
        aliases: field(),
        ensembl: field(),
    }
}

/// The built-in table, unpacked once and kept.
fn text() -> &'static str {
    let sound = "the built-in table is sound";
    let mut lines =
        Source::from_bytes(Path::new("platform.tsv.gz"), TABLE).and_then(Source::lines).expect(sound);
    let mut text = Vec::new();
    while lines.read(&mut text).expect(sound) {
        text.push(b'\n');
    }
    String::from_utf8(text).expect(sound).leak()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::{GeneIdKind, GeneSpace};

    #[test]
    fn every_gene_is_found_by_its_entrez_id_and_its_symbol() {
        let platform = Platform::get();
        assert_eq!(platform.genes().len(), 12_328);
        for (position, gene) in platform.genes().iter().enumerate() {
            assert_eq!(platform.entrez(gene.entrez()), Some(position));
            // CTAGE5 (4253) is called MIA2 today, as 117153 is: the LINCS symbols tell them apart.
            let name = if gene.entrez() == 4253 { "CTAGE5" } else { gene.symbol() };
            let Some(Bearer::One(named)) = platform.name(name) else { panic!("{name}") };
            assert_eq!(named.position, position, "{name}");
        }
    }

    // Two tables that disagreed would put one row of a file into two genes.
    #[test]
    fn what_names_a_landmark_names_the_same_gene_of_the_platform() {
        let (space, platform) = (GeneSpace::landmarks(), Platform::get());
        for gene in platform.genes().iter().filter(|gene| gene.is_landmark()) {
            let names =
                [gene.symbol()].into_iter().chain(gene.other_symbols()).chain(gene.previous_symbols());
            // Quotes at the end of an id are taken for quotes.
            for name in names.chain(gene.aliases()).filter(|name| !name.ends_with('\'')) {
                let Some(Bearer::One(named)) = platform.name(name) else { continue };
                let landmark = space.position(GeneIdKind::Symbol, name).map(|at| space.entrez()[at]);
                assert_eq!(landmark, Some(platform.genes()[named.position].entrez()), "{name}");
            }
            for id in gene.ensembl_ids() {
                let position = space.position(GeneIdKind::Ensembl, &id);
                assert!(position.is_none_or(|at| space.entrez()[at] == gene.entrez()), "{id}");
            }
        }
    }
}
