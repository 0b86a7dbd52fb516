//! Which row of a matrix is which landmark gene.

use super::names::{Standing, parse_entrez};
use super::placement::Placement;
use super::species::is_title_case;
use super::{GENES, GeneIdKind, GeneSpace};
use crate::profile::Table;

/// Metadata columns that describe genes, by the names that LINCS and others give them.
const GENE_COLUMNS: [&str; 21] = [
    "pr_gene_id",
    "gene_id",
    "entrez_id",
    "entrez",
    "entrezid",
    "entrezgene_id",
    "pr_gene_symbol",
    "gene_symbol",
    "symbol",
    "hgnc_symbol",
    "gene_name",
    "ensembl_id",
    "ensembl_gene_id",
    "Description",
    "pr_probe_id",
    "Name",
    "pr_gene_title",
    "gene_title",
    "pr_is_lm",
    "pr_is_lmark",
    "pr_is_bing",
];

/// Whether a column of this name describes genes, rather than being a signature.
pub(in crate::profile) fn is_gene_column(name: &str) -> bool {
    name.eq_ignore_ascii_case("feature_space")
        || GENE_COLUMNS.iter().any(|column| name.eq_ignore_ascii_case(column))
}

/// Whether whole numbers in a column of this name may be Entrez ids; lengths and counts would pass for them.
pub(in crate::profile) fn may_hold_numbers(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.contains("entrez") || name.contains("gene") || name.ends_with("id")
}

/// A row whose name is another than that of the LINCS tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::profile) struct OtherName {
    /// As the file writes it.
    pub(in crate::profile) name: String,
    /// The landmark's symbol.
    pub(in crate::profile) symbol: &'static str,
}

/// The rows of a matrix that are landmark genes, and where in the gene space each belongs.
#[derive(Debug, Clone)]
pub(in crate::profile) struct GeneMap {
    /// Rows of the file, ascending.
    pub(in crate::profile) rows: Vec<usize>,
    /// Where each of `rows` belongs.
    placement: Placement,
    pub(in crate::profile) matched_by: GeneIdKind,
    /// The metadata column that named the genes, if it was not the row id.
    pub(in crate::profile) matched_in: Option<String>,
    /// Rows among `rows` that bear another symbol than LINCS gives the gene.
    pub(in crate::profile) renamed: Vec<OtherName>,
    /// Rows that were passed over, since another row names the same gene more surely.
    pub(in crate::profile) outranked: Vec<OtherName>,
    /// Rows that were passed over, since several name the same gene by unlike older names.
    pub(in crate::profile) ambiguous: Vec<OtherName>,
    /// A symbol as mouse and rat have it (`Tp53`), where most are written so.
    pub(in crate::profile) title_case: Option<String>,
}

/// A row that names a landmark gene.
struct Match {
    row: usize,
    position: usize,
    standing: Standing,
    name: String,
}

impl Match {
    fn other_name(self) -> OtherName {
        OtherName { name: self.name, symbol: GeneSpace::landmarks().symbols()[self.position] }
    }
}

impl GeneMap {
    /// Matches by row id, or by the metadata column that finds more genes than the row id does.
    pub(in crate::profile) fn find(ids: &[String], metadata: &Table) -> Self {
        let mut best = Self::best_of_ids(|| ids.iter().map(String::as_str));
        for (column, name) in metadata.header().iter().enumerate().skip(1) {
            if best.found() == GENES {
                break;
            }
            let cells = || (0..metadata.len()).map(|row| metadata.cell(row, column));
            let kinds = if may_hold_numbers(name) { &GeneIdKind::ALL[..] } else { &GeneIdKind::ALL[1..] };
            let next = Self::best_of_kinds(kinds, cells);
            if next.found() > best.found() {
                best = Self { matched_in: Some(name.clone()), ..next };
            }
        }
        best
    }

    /// Matches ids of the kind that finds most genes.
    pub(in crate::profile) fn best_of_ids<'a, I: Iterator<Item = &'a str>>(ids: impl Fn() -> I) -> Self {
        Self::best_of_kinds(&GeneIdKind::ALL, ids)
    }

    fn best_of_kinds<'a, I: Iterator<Item = &'a str>>(kinds: &[GeneIdKind], ids: impl Fn() -> I) -> Self {
        let mut best = Self::settled(Vec::new(), GeneIdKind::Entrez);
        for &kind in kinds {
            if kind == GeneIdKind::Entrez && are_row_numbers(ids()) {
                continue;
            }
            let next = Self::of(ids(), kind);
            if next.found() > best.found() {
                best = next;
            }
            if best.found() == GENES {
                break;
            }
        }
        best
    }

    fn of<'a>(ids: impl Iterator<Item = &'a str>, kind: GeneIdKind) -> Self {
        let space = GeneSpace::landmarks();
        let (mut matches, mut in_title_case, mut title_case) = (Vec::new(), 0, None);
        for (row, id) in ids.enumerate() {
            let Some(named) = space.find(kind, id) else { continue };
            if kind == GeneIdKind::Symbol && is_title_case(id) {
                in_title_case += 1;
                title_case.get_or_insert_with(|| id.trim().to_owned());
            }
            let name = if named.standing == Standing::Own { String::new() } else { id.trim().to_owned() };
            matches.push(Match { row, position: named.position, standing: named.standing, name });
        }
        title_case = title_case.filter(|_| 2 * in_title_case > matches.len());
        Self { title_case, ..Self::settled(matches, kind) }
    }

    /// Where several rows name a gene, keeps those that do so most surely; none where they use unlike older names.
    fn settled(matches: Vec<Match>, kind: GeneIdKind) -> Self {
        let mut surest: Vec<Option<(Standing, &str)>> = vec![None; GENES];
        let mut unlike = vec![false; GENES];
        for found in &matches {
            let place = &mut surest[found.position];
            match *place {
                Some((standing, _)) if standing < found.standing => {}
                Some((standing, name)) if standing == found.standing => {
                    unlike[found.position] |=
                        standing > Standing::Present && !name.eq_ignore_ascii_case(&found.name);
                }
                _ => {
                    *place = Some((found.standing, &found.name));
                    unlike[found.position] = false;
                }
            }
        }
        let surest: Vec<Option<Standing>> =
            surest.iter().map(|best| best.map(|(standing, _)| standing)).collect();
        let mut map = Self::empty(kind);
        for found in matches {
            if surest[found.position] != Some(found.standing) {
                map.outranked.push(found.other_name());
            } else if unlike[found.position] {
                map.ambiguous.push(found.other_name());
            } else {
                map.take(found);
            }
        }
        map
    }

    fn empty(kind: GeneIdKind) -> Self {
        Self {
            rows: Vec::new(),
            placement: Placement::new(GENES),
            matched_by: kind,
            matched_in: None,
            renamed: Vec::new(),
            outranked: Vec::new(),
            ambiguous: Vec::new(),
            title_case: None,
        }
    }

    fn take(&mut self, found: Match) {
        self.rows.push(found.row);
        self.placement.push(found.position);
        if found.standing != Standing::Own {
            self.renamed.push(found.other_name());
        }
    }

    /// Number of landmark genes that are there.
    pub(in crate::profile) fn found(&self) -> usize {
        self.placement.found()
    }

    /// Whether the gene at `position` is there.
    pub(in crate::profile) fn has(&self, position: usize) -> bool {
        self.placement.counts()[position] > 0
    }

    /// Symbols of the landmark genes that are not there.
    pub(in crate::profile) fn missing(&self) -> Vec<&'static str> {
        let symbols = GeneSpace::landmarks().symbols().iter().zip(self.placement.counts());
        symbols.filter(|(_, count)| **count == 0).map(|(symbol, _)| *symbol).collect()
    }

    /// Genes with several rows, with their number.
    pub(in crate::profile) fn duplicates(&self) -> Vec<(&'static str, usize)> {
        let symbols = GeneSpace::landmarks().symbols().iter().zip(self.placement.counts());
        symbols.filter(|(_, count)| **count > 1).map(|(symbol, &count)| (*symbol, count as usize)).collect()
    }

    /// Brings one signature's values of `rows` into gene-space order: several rows of a gene are averaged, genes
    /// without a row become 0.
    pub(in crate::profile) fn place(&self, values: &[f32], profile: &mut [f32]) {
        self.placement.place(values, profile);
    }
}

/// Whether the ids merely count rows. Most landmarks have Entrez ids below 60,000, so such numbers would pass for
/// them; but no list of genes fills half of the numbers up to its largest.
pub(in crate::profile) fn are_row_numbers<'a>(ids: impl Iterator<Item = &'a str>) -> bool {
    const MIN_NUMBERS: usize = 10;
    let (mut count, mut numbers, mut largest) = (0, 0, 0);
    for id in ids {
        count += 1;
        if let Some(number) = parse_entrez(id.trim()) {
            numbers += 1;
            largest = largest.max(number as usize);
        }
    }
    numbers >= MIN_NUMBERS && 10 * numbers >= 9 * count && 2 * numbers > largest
}
