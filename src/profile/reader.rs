//! From a file to landmark profiles, block by block.

use std::ops::Range;
use std::path::{Path, PathBuf};

use super::gene_map::GeneMap;
use super::input::{Format, Input};
use super::{GENES, GeneIdKind, GeneSpace, MatrixFile, ProfileError, ProfileMatrix, Table};
use crate::progress::Progress;

/// What to do with a profile that has a NaN or an infinite value in a landmark gene.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NonFinite {
    /// Refuse the file, naming gene and signature.
    #[default]
    Refuse,
    /// Take 0 for the value, and count it.
    Zero,
    /// Leave the signature out, and list it.
    DropSignature,
}

/// How strictly profiles are read.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadOptions {
    /// Share of the 978 landmark genes that have to be in the file, 0.9 by default. Missing ones become 0.
    pub min_coverage: f32,
    /// What becomes of NaN and infinite values; by default the file is refused.
    pub non_finite: NonFinite,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self { min_coverage: 0.9, non_finite: NonFinite::Refuse }
    }
}

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
    /// Symbols of genes with several rows, with the number of rows; their values are averages.
    pub duplicate_genes: Vec<(&'static str, usize)>,
    /// How the file names its genes.
    pub matched_by: GeneIdKind,
    /// The metadata column that names the genes, where it is not the row id.
    pub matched_in: Option<String>,
    /// Values read so far that were not finite and became 0.
    pub zeroed: u64,
    /// Signatures read so far that were left out because a value was not finite.
    pub dropped: Vec<String>,
}

impl ReadReport {
    /// What a user should know about, one sentence each: missing and repeated genes, values that were not finite.
    /// Nothing for a file that was read as it is.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if let [first, ..] = self.genes_missing[..] {
            let count = self.genes_missing.len();
            notes.push(format!(
                "{count} of {GENES} landmark genes are missing and were set to 0 (such as {first})"
            ));
        }
        if let [(first, rows), ..] = self.duplicate_genes[..] {
            let count = self.duplicate_genes.len();
            notes.push(format!(
                "{count} genes have several rows, which were averaged (such as {first}: {rows})"
            ));
        }
        if self.zeroed > 0 {
            notes.push(format!("{} values were not finite and were set to 0", self.zeroed));
        }
        if let [first, ..] = &self.dropped[..] {
            let count = self.dropped.len();
            notes.push(format!(
                "{count} signatures were left out for values that are not finite (such as {first})"
            ));
        }
        notes
    }
}

/// Reads landmark profiles from a GCT, GCTX, CSV or TSV file, gzipped or not, whatever its name.
///
/// Rows are matched to the 978 landmarks by Entrez id, symbol or probe set, whichever finds most. Opening reads ids
/// and metadata; values are read block by block.
///
/// ```no_run
/// use l1kdb::profile::{ProfileReader, ReadOptions};
///
/// let mut reader = ProfileReader::open("level5.gctx", &ReadOptions::default())?;
/// println!("{} signatures", reader.ids().len());
/// while let Some(block) = reader.next_block(4096)? {
///     for (id, profile) in block.ids().iter().zip(block.values().chunks_exact(978)) {
///         println!("{id} {}", profile[0]);
///     }
/// }
/// # Ok::<(), l1kdb::profile::ProfileError>(())
/// ```
pub struct ProfileReader {
    file: MatrixFile,
    genes: GeneMap,
    non_finite: NonFinite,
    selection: Option<Vec<usize>>,
    next: usize,
    report: ReadReport,
}

impl ProfileReader {
    /// Opens a file and finds its landmark genes.
    ///
    /// # Errors
    /// Those of [`MatrixFile::open`], [`ProfileError::NoGeneIds`], and [`ProfileError::Coverage`] when too few
    /// landmarks are there.
    pub fn open(path: impl AsRef<Path>, options: &ReadOptions) -> Result<Self, ProfileError> {
        Self::from_input(Input::open(path.as_ref())?, options)
    }

    pub(super) fn from_input(input: Input, options: &ReadOptions) -> Result<Self, ProfileError> {
        let file = MatrixFile::from_input(input)?;
        let Some(ids) = file.row_ids() else {
            return Err(ProfileError::NoGeneIds { path: file.path().to_owned(), genes: file.row_count() });
        };
        let genes = GeneMap::find(ids, file.row_metadata());
        genes.check(file.path(), ids, options.min_coverage)?;
        let report = ReadReport {
            path: file.path().to_owned(),
            format: file.format(),
            signatures: file.column_ids().len(),
            genes_found: genes.found(),
            genes_missing: genes.missing(),
            duplicate_genes: genes.duplicates(),
            matched_by: genes.matched_by,
            matched_in: genes.matched_in.clone(),
            zeroed: 0,
            dropped: Vec::new(),
        };
        Ok(Self { file, genes, non_finite: options.non_finite, selection: None, next: 0, report })
    }

    /// Ids of all signatures of the file, each once, whatever was selected.
    pub fn ids(&self) -> &[String] {
        self.file.column_ids()
    }

    /// What the file itself says about its signatures, one row for each of [`ids`](Self::ids), first column `id`;
    /// `None` when it holds only ids.
    pub fn metadata(&self) -> Option<&Table> {
        let table = self.file.column_metadata();
        (table.header().len() > 1).then_some(table)
    }

    /// Keeps only the signatures `rows` (indexes into [`ids`](Self::ids)), in this order, and starts over. Of a GCTX
    /// the others are not read.
    ///
    /// # Errors
    /// [`ProfileError::Selection`] for an index that the file does not have.
    pub fn select(&mut self, rows: &[usize]) -> Result<(), ProfileError> {
        let there = self.ids().len();
        if let Some(&index) = rows.iter().find(|&&row| row >= there) {
            let (path, what) = (self.report.path.clone(), "signature");
            return Err(ProfileError::Selection { path, what, index, there });
        }
        self.selection = Some(rows.to_vec());
        self.next = 0;
        Ok(())
    }

    /// How many profiles are still to be read, including any that will be dropped.
    pub fn remaining(&self) -> usize {
        self.selection.as_ref().map_or(self.ids().len(), Vec::len) - self.next
    }

    /// A number of signatures that is good to ask [`next_block`](Self::next_block) for: some megabytes, and of a
    /// compressed GCTX as many as are unpacked together.
    pub fn preferred_block(&self) -> usize {
        self.file.preferred_block()
    }

    /// Reads the next `rows` profiles, fewer at the end or when signatures are dropped, and `None` after the last.
    ///
    /// # Errors
    /// [`ProfileError::NonFinite`] unless the options say otherwise, and what the file's bytes deserve.
    pub fn next_block(&mut self, rows: usize) -> Result<Option<ProfileMatrix>, ProfileError> {
        let count = rows.max(1).min(self.remaining());
        if count == 0 {
            return Ok(None);
        }
        let (mut ids, mut values) = (Vec::with_capacity(count), Vec::with_capacity(count * GENES));
        self.read_into(count, &mut ids, &mut values)?;
        Ok(Some(ProfileMatrix::from_checked(ids, values)))
    }

    /// Reads all profiles that are left.
    ///
    /// # Errors
    /// As [`next_block`](Self::next_block).
    pub fn read_all(mut self, progress: &dyn Progress) -> Result<(ProfileMatrix, ReadReport), ProfileError> {
        let count = self.remaining();
        progress.begin("reading profiles", count as u64);
        let (mut ids, mut values) = (Vec::with_capacity(count), Vec::with_capacity(count * GENES));
        while self.remaining() > 0 {
            let block = self.file.preferred_block().min(self.remaining());
            self.read_into(block, &mut ids, &mut values)?;
            progress.advance(block as u64);
        }
        progress.end();
        Ok((ProfileMatrix::from_checked(ids, values), self.report))
    }

    /// What was found so far.
    pub fn report(&self) -> &ReadReport {
        &self.report
    }

    fn read_into(
        &mut self,
        count: usize,
        ids: &mut Vec<String>,
        values: &mut Vec<f32>,
    ) -> Result<(), ProfileError> {
        let columns = self.columns(self.next..self.next + count);
        let block = self.file.read(&self.genes.rows, &columns)?;
        let width = self.genes.rows.len();
        for (i, &column) in columns.iter().enumerate() {
            let start = values.len();
            values.resize(start + GENES, 0.0);
            self.genes.place(&block[i * width..][..width], &mut values[start..]);
            match self.settle(column, &mut values[start..])? {
                true => ids.push(self.ids()[column].clone()),
                false => values.truncate(start),
            }
        }
        self.next += count;
        Ok(())
    }

    fn columns(&self, range: Range<usize>) -> Vec<usize> {
        match &self.selection {
            Some(selection) => selection[range].to_vec(),
            None => range.collect(),
        }
    }

    /// Deals with values that are not finite. `false` leaves the signature out.
    fn settle(&mut self, column: usize, profile: &mut [f32]) -> Result<bool, ProfileError> {
        let Some(gene) = profile.iter().position(|value| !value.is_finite()) else { return Ok(true) };
        match self.non_finite {
            NonFinite::Refuse => Err(ProfileError::NonFinite {
                path: self.report.path.clone(),
                gene: GeneSpace::landmarks().symbols()[gene],
                signature: self.ids()[column].clone(),
                value: profile[gene],
            }),
            NonFinite::Zero => {
                for value in profile.iter_mut().filter(|value| !value.is_finite()) {
                    *value = 0.0;
                    self.report.zeroed += 1;
                }
                Ok(true)
            }
            NonFinite::DropSignature => {
                self.report.dropped.push(self.file.column_ids()[column].clone());
                Ok(false)
            }
        }
    }
}

/// Reads all landmark profiles of a file.
///
/// ```no_run
/// use l1kdb::profile::{ReadOptions, read_profiles};
/// use l1kdb::progress::Quiet;
///
/// let (profiles, report) = read_profiles("level5.gctx", &ReadOptions::default(), &Quiet)?;
/// assert_eq!(profiles.len(), report.signatures);
/// # Ok::<(), l1kdb::profile::ProfileError>(())
/// ```
///
/// # Errors
/// Those of [`ProfileReader::open`] and [`ProfileReader::next_block`].
pub fn read_profiles(
    path: impl AsRef<Path>,
    options: &ReadOptions,
    progress: &dyn Progress,
) -> Result<(ProfileMatrix, ReadReport), ProfileError> {
    ProfileReader::open(path, options)?.read_all(progress)
}
