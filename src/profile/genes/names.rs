//! Names of landmark genes beside those of the LINCS tables: today's and former symbols, aliases, Ensembl ids.
//!
//! `landmark_names.tsv` was made of NCBI Gene, HGNC and Ensembl as of 2022-09 and 2026-10. It holds what names one gene
//! only among the 12,328 genes of the platform: a former symbol that is the symbol of another gene is not in it, nor
//! an alias that is a symbol or former symbol of another, nor whatever two genes share. Symbols of genes that the platform
//! does not measure were taken out as far as they came to light in tables of whole genomes (POLK, an alias of TENT4A, and
//! eleven more).

use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// Row by row as `landmarks.tsv`: Entrez id, present symbols where they differ, former ones, aliases, Ensembl ids.
const NAMES: &str = include_str!("landmark_names.tsv");

/// How surely a name is meant for a landmark gene. The surest stands first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::profile) enum Standing {
    /// As the LINCS tables name it, or by an id that never changes.
    Own,
    /// A symbol that it bears today, or bore when the platform's table was last written.
    Present,
    /// A symbol that it bore before.
    Former,
    /// Another name.
    Alias,
}

/// A gene that was recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::profile) struct Named {
    /// Where it stands in the gene space.
    pub(in crate::profile) position: usize,
    pub(in crate::profile) standing: Standing,
}

/// Symbols in upper case and Ensembl ids, with the gene of each.
#[derive(Debug, Default)]
pub(in crate::profile) struct GeneNames {
    by_symbol: HashMap<String, Named>,
    by_ensembl: HashMap<&'static str, usize>,
}

impl GeneNames {
    /// The names of the genes whose LINCS symbols are `symbols`, in gene-space order.
    pub(in crate::profile) fn new(symbols: &[&'static str]) -> Self {
        let mut names = Self::default();
        for (position, symbol) in symbols.iter().enumerate() {
            names.add(symbol, Named { position, standing: Standing::Own });
        }
        for (position, line) in NAMES.lines().skip(1).enumerate() {
            let mut fields = line.split('\t').skip(1);
            for standing in [Standing::Present, Standing::Former, Standing::Alias] {
                let symbols = fields.next().unwrap_or_default().split('|').filter(|name| !name.is_empty());
                symbols.for_each(|symbol| names.add(symbol, Named { position, standing }));
            }
            let ensembl = fields.next().unwrap_or_default().split('|').filter(|id| !id.is_empty());
            names.by_ensembl.extend(ensembl.map(|id| (id, position)));
        }
        names
    }

    fn add(&mut self, symbol: &str, named: Named) {
        match self.by_symbol.entry(symbol.to_ascii_uppercase()) {
            Entry::Occupied(mut entry) if entry.get().standing > named.standing => *entry.get_mut() = named,
            Entry::Occupied(_) => {}
            Entry::Vacant(entry) => drop(entry.insert(named)),
        }
    }

    /// The gene of this symbol, whatever the case. R writes `HLA.DRA` for `HLA-DRA` where it makes names.
    pub(in crate::profile) fn symbol(&self, symbol: &str) -> Option<Named> {
        let upper = symbol.to_ascii_uppercase();
        let dashed = || upper.contains('.').then(|| upper.replace('.', "-"));
        self.by_symbol.get(&upper).or_else(|| self.by_symbol.get(&dashed()?)).copied()
    }

    /// The gene of this Ensembl id, with its version or without. The copy of a gene on the Y chromosome (`_PAR_Y`) is
    /// none of it: where both are listed the copy is usually 0.
    pub(in crate::profile) fn ensembl(&self, id: &str) -> Option<Named> {
        let id = id.split_once('.').map_or(id, |(id, version)| if is_digits(version) { id } else { "" });
        let position = self.by_ensembl.get(id).or_else(|| self.by_ensembl.get(&*id.to_ascii_uppercase()));
        position.map(|&position| Named { position, standing: Standing::Own })
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The id without what spreadsheets, R and other programs set around it: blanks, quotes, `="..."`, the `X` before a
/// number that becomes a name, and the name of the collection (`entrez:780`).
pub(in crate::profile) fn bare(id: &str) -> &str {
    let id = id.trim();
    let id = id.strip_prefix('=').unwrap_or(id).trim_matches(['"', '\'', '`']).trim();
    let id = match id.strip_prefix('X') {
        Some(number) if number.starts_with(|c: char| c.is_ascii_digit()) => number,
        _ => id,
    };
    match id.split_once(':') {
        Some((collection, rest)) if COLLECTIONS.iter().any(|name| collection.eq_ignore_ascii_case(name)) => {
            rest.trim()
        }
        _ => id,
    }
}

const COLLECTIONS: [&str; 11] = [
    "entrez",
    "entrezid",
    "entrez_id",
    "entrezgene",
    "geneid",
    "ncbi",
    "ncbigene",
    "hsa",
    "ensembl",
    "symbol",
    "hgnc.symbol",
];

/// An Entrez id, which may be written as a float (`780.0`, as spreadsheets and float columns of GCTX do) or with
/// thousands separators.
pub(in crate::profile) fn parse_entrez(id: &str) -> Option<u32> {
    let whole = match id.split_once('.') {
        Some((whole, fraction)) if fraction.bytes().all(|b| b == b'0') => whole,
        Some(_) => return None,
        None => id,
    };
    if let Ok(number) = whole.parse() {
        return whole.bytes().all(|byte| byte.is_ascii_digit()).then_some(number);
    }
    let groups: Vec<&str> = whole.split(',').collect();
    let grouped = groups.len() > 1
        && groups.iter().all(|group| is_digits(group))
        && groups[0].len() <= 3
        && groups[1..].iter().all(|group| group.len() == 3);
    if grouped { groups.concat().parse().ok() } else { None }
}

/// The gene that all parts of an id of several name: `SYMBOL|ENTREZ`, `ENSG|SYMBOL`, `SYMBOL (ENTREZ)`, `ENSG_SYMBOL`.
/// None where parts name unlike genes, or where beside a former symbol or an alias stands the id of no landmark.
/// `gene` finds that of a part.
pub(in crate::profile) fn composite(id: &str, gene: impl Fn(&str) -> Option<Named>) -> Option<Named> {
    let parts = parts(id)?;
    let named: Vec<Named> = parts.iter().filter_map(|part| gene(part)).collect();
    let best = *named.iter().min_by_key(|named| named.standing)?;
    let contradicts = |part: &&str| (is_ensembl(part) || is_digits(part)) && gene(part).is_none();
    let is_sure = best.standing <= Standing::Present || !parts.iter().any(contradicts);
    (is_sure && named.iter().all(|named| named.position == best.position)).then_some(best)
}

/// The parts of an id that is made of several.
fn parts(id: &str) -> Option<Vec<&str>> {
    if id.contains('|') {
        let parts: Vec<&str> = id.split('|').map(str::trim).collect();
        // Of longer ids, as GENCODE writes them, a number is the length of a transcript.
        let is_short = parts.len() <= 3;
        return Some(parts.into_iter().filter(|part| is_short || !is_digits(part)).collect());
    }
    if let Some((symbol, id)) = id.strip_suffix(')').and_then(|id| id.split_once('(')) {
        return Some(vec![symbol.trim(), id.trim()]);
    }
    let separators = ['_', ':', ' ', ';'];
    let (first, last) = match is_ensembl(id) {
        true => id.split_once(separators)?,
        false => id.rsplit_once(separators).filter(|(_, last)| is_ensembl(last))?,
    };
    (last != "PAR_Y").then(|| vec![first, last.trim()])
}

fn is_ensembl(id: &str) -> bool {
    id.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("ENSG"))
}

#[cfg(test)]
mod tests {
    use crate::profile::{GeneIdKind, GeneSpace};

    fn symbol(kind: GeneIdKind, id: &str) -> Option<&'static str> {
        let space = GeneSpace::landmarks();
        space.position(kind, id).map(|position| space.symbols()[position])
    }

    #[test]
    fn symbols_of_today_former_ones_aliases_and_ensembl_ids_name_the_same_gene() {
        for name in [
            "TOMM70A",
            "TOMM70",
            "tomm70",
            " TOMM70 ",
            "\"TOMM70\"",
            "ENSG00000154174",
            "ENSG00000154174.8",
            "ENSG00000154174|TOMM70",
            "TOMM70|9868",
            "TOMM70 (9868)",
            "ENSG00000154174.8_TOMM70",
            "TOMM70_ENSG00000154174",
            "?|9868",
            "ENST00000284320.6|ENSG00000154174.8|OTTHUMG1|-|TOMM70-201|TOMM70|466|protein_coding|",
            "symbol:TOMM70",
        ] {
            assert_eq!(symbol(GeneIdKind::Symbol, name), Some("TOMM70A"), "{name}");
        }
        for id in ["9868", "9868.0", "9868.", "9,868", "X9868", "entrez:9868", "=\"9868\"", "'9868"] {
            assert_eq!(symbol(GeneIdKind::Entrez, id), Some("TOMM70A"), "{id}");
        }
        assert_eq!(symbol(GeneIdKind::Symbol, "HLA.DRA"), Some("HLA-DRA"));
        assert_eq!(symbol(GeneIdKind::Ensembl, "ENSG00000154174.8"), Some("TOMM70A"));
    }

    #[test]
    fn what_is_the_symbol_of_another_gene_or_of_two_names_no_landmark() {
        // CCN1 was a symbol of CCNA2 and is that of CYR61 now; QARS was one of EPRS and is a gene of its own.
        for name in
            ["CCN1", "QARS", "STRA13", "ENSG00000154174_PAR_Y", "ENSG00000154174.x", "1-Mar", "A|B", ""]
        {
            assert_eq!(symbol(GeneIdKind::Symbol, name), None, "{name}");
        }
        for name in
            ["TOMM70|466", "ATF1|9868", "TREB36|999999999", "ENSG00000000001|TREB36", "ATF1 /// PSME1"]
        {
            assert_eq!(symbol(GeneIdKind::Symbol, name), None, "{name}");
        }
        for id in ["9868.5", "98,68", "+9868", "-9868", "9868 466", ""] {
            assert_eq!(symbol(GeneIdKind::Entrez, id), None, "{id}");
        }
    }
}
