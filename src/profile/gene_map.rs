//! Which row of a matrix is which landmark gene.

use std::path::Path;

use super::{GENES, GeneIdKind, GeneSpace, ProfileError, Table};

/// Metadata columns that may name genes, with what they hold, where row ids say nothing.
const ID_COLUMNS: [(&str, GeneIdKind); 10] = [
    ("pr_gene_id", GeneIdKind::Entrez),
    ("gene_id", GeneIdKind::Entrez),
    ("entrez_id", GeneIdKind::Entrez),
    ("entrez", GeneIdKind::Entrez),
    ("pr_gene_symbol", GeneIdKind::Symbol),
    ("gene_symbol", GeneIdKind::Symbol),
    ("symbol", GeneIdKind::Symbol),
    ("Description", GeneIdKind::Symbol),
    ("pr_probe_id", GeneIdKind::Probe),
    ("Name", GeneIdKind::Probe),
];

/// Whether a column of this name describes genes, rather than being a signature.
pub(super) fn is_gene_column(name: &str) -> bool {
    const OTHERS: [&str; 7] = [
        "pr_gene_title",
        "gene_title",
        "pr_is_lm",
        "pr_is_lmark",
        "pr_is_bing",
        "feature_space",
        "ensembl_id",
    ];
    let named = |column: &str| name.eq_ignore_ascii_case(column);
    ID_COLUMNS.iter().any(|(column, _)| named(column)) || OTHERS.iter().any(|column| named(column))
}

/// The rows of a matrix that are landmark genes, and where in the gene space each belongs.
#[derive(Debug, Clone)]
pub(super) struct GeneMap {
    /// Rows of the file, ascending.
    pub(super) rows: Vec<usize>,
    /// For each of `rows`, the position of its gene.
    positions: Vec<usize>,
    /// How many of `rows` are the gene at each position.
    counts: Vec<u32>,
    pub(super) matched_by: GeneIdKind,
    /// The metadata column that named the genes, if it was not the row id.
    pub(super) matched_in: Option<String>,
}

impl GeneMap {
    /// Matches by row id, or by the metadata column that finds more genes than the row id does.
    pub(super) fn find(ids: &[String], metadata: &Table) -> Self {
        let by_id = Self::best_of_ids(|| ids.iter().map(String::as_str));
        if by_id.found() == GENES {
            return by_id;
        }
        let by_column = ID_COLUMNS.iter().filter_map(|&(name, kind)| {
            let column = metadata.column(&[name])?;
            let ids = (0..metadata.len()).map(|row| metadata.cell(row, column));
            Some(Self { matched_in: Some(name.to_owned()), ..Self::of(ids, kind) })
        });
        by_column.fold(by_id, |best, next| if next.found() > best.found() { next } else { best })
    }

    /// Matches ids of the kind that finds most genes.
    pub(super) fn best_of_ids<'a, I: Iterator<Item = &'a str>>(ids: impl Fn() -> I) -> Self {
        let [entrez, symbol, probe] = GeneIdKind::ALL.map(|kind| Self::of(ids(), kind));
        let better = |best: Self, next: Self| if next.found() > best.found() { next } else { best };
        better(better(entrez, symbol), probe)
    }

    fn of<'a>(ids: impl Iterator<Item = &'a str>, kind: GeneIdKind) -> Self {
        let space = GeneSpace::landmarks();
        let (mut rows, mut positions, mut counts) = (Vec::new(), Vec::new(), vec![0; GENES]);
        for (row, id) in ids.enumerate() {
            if let Some(position) = space.position(kind, id) {
                rows.push(row);
                positions.push(position);
                counts[position] += 1;
            }
        }
        Self { rows, positions, counts, matched_by: kind, matched_in: None }
    }

    /// Number of landmark genes that are there.
    pub(super) fn found(&self) -> usize {
        self.counts.iter().filter(|&&count| count > 0).count()
    }

    /// Symbols of the landmark genes that are not there.
    pub(super) fn missing(&self) -> Vec<&'static str> {
        let symbols = GeneSpace::landmarks().symbols().iter().zip(&self.counts);
        symbols.filter(|(_, count)| **count == 0).map(|(symbol, _)| *symbol).collect()
    }

    /// Genes with several rows, with their number.
    pub(super) fn duplicates(&self) -> Vec<(&'static str, usize)> {
        let symbols = GeneSpace::landmarks().symbols().iter().zip(&self.counts);
        symbols.filter(|(_, count)| **count > 1).map(|(symbol, &count)| (*symbol, count as usize)).collect()
    }

    /// Refuses a file that has less than the share `min_coverage` of the landmark genes.
    pub(super) fn check(&self, path: &Path, ids: &[String], min_coverage: f32) -> Result<(), ProfileError> {
        let found = self.found();
        if found as f32 >= min_coverage * GENES as f32 {
            return Ok(());
        }
        let examples = match ids.iter().take(3).map(|id| format!("`{id}`")).collect::<Vec<_>>() {
            ids if found > 0 || ids.is_empty() => String::new(),
            ids => format!("; its genes are named {}", ids.join(", ")),
        };
        Err(ProfileError::Coverage {
            path: path.to_owned(),
            found,
            expected: GENES,
            matched_by: self.matched_by,
            min_coverage,
            examples,
        })
    }

    /// Brings one signature's values of `rows` into gene-space order: several rows of a gene are averaged, genes
    /// without a row become 0.
    pub(super) fn place(&self, values: &[f32], profile: &mut [f32]) {
        profile.fill(0.0);
        for (&value, &position) in values.iter().zip(&self.positions) {
            profile[position] += value;
        }
        for (value, &count) in profile.iter_mut().zip(&self.counts) {
            if count > 1 {
                *value /= count as f32;
            }
        }
    }
}
