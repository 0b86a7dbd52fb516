//! What was found in a file of profiles, for messages and records.

use std::path::PathBuf;

use super::genes::{FurtherRows, GeneMap, OtherName};
use super::input::Format;
use super::levels::{Doubts, Signatures};
use super::{GENES, GeneIdKind, GeneSpace, MatrixFile, ProfileError, Universe};

/// What was found in a file, for messages and records.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReadReport {
    /// The file.
    pub path: PathBuf,
    /// What it was found to be.
    pub format: Format,
    /// Signatures of the file, before any selection.
    pub signatures: usize,
    /// Landmark genes that are in the file, of 978.
    pub genes_found: usize,
    /// Symbols of those that are not; their values are 0.
    pub genes_missing: Vec<&'static str>,
    /// The genes that are read.
    pub universe: Universe,
    /// Genes of the universe that are in the file, the landmarks among them.
    pub universe_found: usize,
    /// Positions in the universe of those that are not; their values are 0.
    pub positions_missing: Vec<usize>,
    /// Symbols of genes with several rows, with the number of rows; their values are averages.
    pub duplicate_genes: Vec<(&'static str, usize)>,
    /// Names of genes as the file writes them, with the symbols that LINCS gives these genes.
    pub renamed_genes: Vec<(String, &'static str)>,
    /// Rows that were passed over, since another row names the same gene (beside it) more surely, or several name it by
    /// unlike older names.
    pub passed_over: Vec<(String, &'static str)>,
    /// A symbol as mouse and rat have it, where most of the file are written so.
    pub title_case: Option<String>,
    /// Names that were dates, with the missing landmarks that they may have been.
    pub dates: Vec<(String, &'static str)>,
    /// How the file names its genes.
    pub matched_by: GeneIdKind,
    /// The metadata column that names the genes, where it is not the row id.
    pub matched_in: Option<String>,
    /// Values read so far that were not finite and became 0.
    pub zeroed: u64,
    /// Signatures read so far that were left out because a value was not finite.
    pub dropped: Vec<String>,
    /// Signatures read so far that were left out because all of their values are 0.
    pub zero: Signatures,
    /// Signatures read so far, without those that were left out.
    pub read: usize,
    /// Those of them that are unlikely to be z-scores.
    pub(super) doubts: Doubts,
}

impl ReadReport {
    pub(super) fn new(file: &MatrixFile, ids: &[String], genes: &GeneMap, further: &FurtherRows) -> Self {
        let pairs =
            |names: &[OtherName]| names.iter().map(|other| (other.name.clone(), other.symbol)).collect();
        let dates = match genes.matched_by {
            GeneIdKind::Symbol => ids.iter().filter_map(|id| lost_to_a_date(id, genes)).collect(),
            _ => Vec::new(),
        };
        Self {
            path: file.path().to_owned(),
            format: file.format(),
            signatures: file.column_ids().len(),
            genes_found: genes.found(),
            genes_missing: genes.missing(),
            universe: further.universe(),
            universe_found: genes.found() + further.found(),
            positions_missing: further.missing(genes),
            duplicate_genes: [genes.duplicates(), further.duplicates()].concat(),
            renamed_genes: pairs(&genes.renamed),
            passed_over: pairs(&[&genes.outranked[..], &genes.ambiguous].concat()),
            title_case: genes.title_case.clone(),
            dates,
            matched_by: genes.matched_by,
            matched_in: genes.matched_in.clone(),
            zeroed: 0,
            dropped: Vec::new(),
            zero: Signatures::default(),
            read: 0,
            doubts: Doubts::default(),
        }
    }

    /// Returns what a user should know about, one sentence each: genes that are missing, repeated or under other names, and
    /// signatures that were left out or changed. Nothing for a file that was read as it is.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = self.notes_on_genes();
        if self.zeroed > 0 {
            notes.push(format!("{} values were not finite and were set to 0", self.zeroed));
        }
        if let [first, ..] = &self.dropped[..] {
            let count = self.dropped.len();
            notes.push(format!(
                "{count} signatures were left out for values that are not finite (such as {first})"
            ));
        }
        if self.zero.count > 0 {
            let (count, example) = (self.zero.count, self.zero.example());
            notes
                .push(format!("{count} signatures were left out because all of their values are 0{example}"));
        }
        notes
    }

    fn notes_on_genes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if let [first, ..] = self.genes_missing[..] {
            let count = self.genes_missing.len();
            notes.push(format!(
                "{count} of {GENES} landmark genes are missing and were set to 0 (such as {first})"
            ));
        }
        if self.universe != Universe::Landmark && self.universe_found < self.universe.size() {
            let (found, of) = (self.universe_found, self.universe.in_words());
            notes.push(format!("{found} of the {of} are there; those missing count as 0"));
        }
        if let [(name, symbol), ..] = &self.dates[..] {
            notes.push(format!(
                "`{name}` is a date: a spreadsheet may have made it of a name of {symbol}, which is missing"
            ));
        }
        if let [(first, rows), ..] = self.duplicate_genes[..] {
            let count = self.duplicate_genes.len();
            notes.push(format!(
                "{count} genes have several rows, which were averaged (such as {first}: {rows})"
            ));
        }
        if let [(name, symbol), ..] = &self.renamed_genes[..] {
            let count = self.renamed_genes.len();
            notes.push(format!("{count} genes were recognised under other names than LINCS gives them (such as {name} for {symbol})"));
        }
        if let [(name, symbol), ..] = &self.passed_over[..] {
            let count = self.passed_over.len();
            notes.push(format!(
                "{count} rows were passed over, since other rows name the same genes as surely or better (such as {name} for {symbol})"
            ));
        }
        if let Some(symbol) = &self.title_case {
            notes.push(format!(
                "gene symbols are written as those of mouse and rat (such as {symbol}); they were taken for the human genes \
                 of the same name"
            ));
        }
        notes
    }

    /// Returns what makes it doubtful that the signatures read so far are z-scores, one sentence each.
    pub fn warnings(&self) -> Vec<String> {
        self.doubts.warnings(self.read)
    }

    /// Refuses signatures that are levels, counts or p-values, all of them: nothing may be built on these.
    ///
    /// # Errors
    /// [`ProfileError::NotDifferences`] when signatures were read, and every one of them is of one sign.
    pub fn check_signs(&self) -> Result<(), ProfileError> {
        if self.read == 0 || self.doubts.of_one_sign() < self.read {
            return Ok(());
        }
        let (likeness, way_out) = self.doubts.likeness();
        Err(ProfileError::NotDifferences { path: self.path.clone(), read: self.read, likeness, way_out })
    }
}

/// A landmark that is missing and has a name of which spreadsheets make the date `id` (`1-May`, `May-01`).
fn lost_to_a_date(id: &str, genes: &GeneMap) -> Option<(String, &'static str)> {
    const MONTHS: [&str; 14] =
        ["Jan", "Feb", "Mar", "March", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Sept", "Oct", "Nov", "Dec"];
    let (first, last) = id.trim().split_once('-')?;
    let (month, day) =
        if first.starts_with(|c: char| c.is_ascii_digit()) { (last, first) } else { (first, last) };
    let day: u8 = day.parse().ok().filter(|day| (1..=31).contains(day))?;
    let space = GeneSpace::landmarks();
    let months = MONTHS.iter().filter(|name| name.get(..3) == month.get(..3));
    let mut names = months.filter_map(|month| space.position(GeneIdKind::Symbol, &format!("{month}{day}")));
    let position = names.find(|&position| !genes.has(position))?;
    Some((id.to_owned(), space.symbols()[position]))
}
