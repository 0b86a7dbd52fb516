//! From a file to profiles, block by block.

use std::ops::Range;
use std::path::Path;

use super::genes::{FurtherRows, GeneMap};
use super::input::{Format, Input};
use super::read_report::ReadReport;
use super::{GENES, MatrixFile, ProfileError, ProfileMatrix, Table, Universe, differential, genes};
use crate::progress::Progress;

/// What to do with a profile that has a NaN or an infinite value in a gene that is read.
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
#[non_exhaustive]
#[must_use]
pub struct ReadOptions {
    /// Share of the 978 landmark genes that have to be in the file, 0.9 by default. Missing ones become 0.
    pub min_coverage: f32,
    /// What becomes of NaN and infinite values; by default the file is refused.
    pub non_finite: NonFinite,
    /// Leave signatures out, and list them, whose values of landmarks are all 0. Such a profile points nowhere, so that no network
    /// takes it and nothing is similar to it. By default they are read as they are.
    pub drop_zero: bool,
    /// The genes of the profiles, by default the landmarks. Others are found by ids of any kind; missing ones become 0.
    pub universe: Universe,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            min_coverage: 0.9,
            non_finite: NonFinite::Refuse,
            drop_zero: false,
            universe: Universe::Landmark,
        }
    }
}

impl ReadOptions {
    /// Sets the share of landmark genes that have to be in the file.
    pub fn min_coverage(self, min_coverage: f32) -> Self {
        Self { min_coverage, ..self }
    }

    /// Sets what becomes of NaN and infinite values.
    pub fn non_finite(self, non_finite: NonFinite) -> Self {
        Self { non_finite, ..self }
    }

    /// Sets whether signatures of zeros are left out.
    pub fn drop_zero(self, drop_zero: bool) -> Self {
        Self { drop_zero, ..self }
    }

    /// Sets the genes of the profiles; the 978 landmarks if not set. They change nothing about which landmarks are found and
    /// what becomes of them.
    pub fn universe(self, universe: Universe) -> Self {
        Self { universe, ..self }
    }
}

/// Reads profiles of the 978 landmarks, or of a larger universe, from a GCT, GCTX, CSV or TSV file, gzipped or not, whatever
/// its name.
///
/// Rows are matched to the 978 landmarks by Entrez id, Ensembl id, symbol or probe set, whichever finds most, and those left
/// to further genes by ids of any kind ([`GeneIds`](super::GeneIds)). Opening reads ids and metadata; values are read block by
/// block.
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
    further: FurtherRows,
    /// Rows of the file: those of landmarks, then those of further genes.
    rows: Vec<usize>,
    options: ReadOptions,
    selection: Option<Vec<usize>>,
    next: usize,
    report: ReadReport,
}

impl ProfileReader {
    /// Opens a file and finds its genes.
    ///
    /// # Errors
    /// Those of [`MatrixFile::open`]; [`ProfileError::NoSignatures`], [`ProfileError::NoGeneIds`],
    /// [`ProfileError::Differential`] for a result of differential expression, [`ProfileError::Coverage`] when
    /// too few landmarks are there, or none, and [`ProfileError::FewGenes`] when a larger universe has less than a tenth of its
    /// other genes there.
    pub fn open(path: impl AsRef<Path>, options: &ReadOptions) -> Result<Self, ProfileError> {
        Self::from_input(Input::open(path.as_ref())?, options)
    }

    pub(super) fn from_input(input: Input, options: &ReadOptions) -> Result<Self, ProfileError> {
        let mut file = MatrixFile::from_input(input)?;
        refuse_differential(&mut file)?;
        let path = || file.path().to_owned();
        let Some(ids) = file.row_ids() else {
            return Err(ProfileError::NoGeneIds { path: path(), genes: file.row_count() });
        };
        let genes = GeneMap::find(ids, file.row_metadata());
        let found = genes.found();
        if found == 0 || (found as f32) < options.min_coverage * GENES as f32 {
            let (cause, may_do) = genes::explanation(&file, ids, &genes);
            // Rounded down, so that the file has what is proposed.
            let proposed = (found as f64 / GENES as f64 * 1000.0).floor() / 1000.0;
            return Err(ProfileError::Coverage {
                path: path(),
                found,
                expected: GENES,
                matched_by: genes.matched_by,
                min_coverage: options.min_coverage,
                cause,
                proposed: may_do.then_some(proposed),
            });
        }
        if file.column_ids().is_empty() {
            return Err(ProfileError::NoSignatures { path: path(), genes: file.row_count() });
        }
        let further = FurtherRows::find(options.universe, ids, file.row_metadata(), &genes);
        check_further(&file, &further)?;
        let report = ReadReport::new(&file, ids, &genes, &further);
        let rows = [&genes.rows[..], &further.rows].concat();
        let options = options.clone();
        Ok(Self { file, genes, further, rows, options, selection: None, next: 0, report })
    }

    /// Ids of all signatures of the file, each once, whatever was selected.
    pub fn ids(&self) -> &[String] {
        self.file.column_ids()
    }

    /// Returns what the file itself says about its signatures, one row for each of [`ids`](Self::ids), first column `id`;
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

    /// Returns how many profiles are still to be read, including any that will be dropped.
    pub fn remaining(&self) -> usize {
        self.selection.as_ref().map_or(self.ids().len(), Vec::len) - self.next
    }

    /// Returns a number of signatures that is good to ask [`next_block`](Self::next_block) for: some megabytes, and of a
    /// compressed GCTX as many as are unpacked together.
    pub fn preferred_block(&self) -> usize {
        self.file.preferred_block().min(self.options.universe.block())
    }

    /// Returns the genes of the profiles.
    pub fn universe(&self) -> Universe {
        self.options.universe
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
        let (mut ids, mut values) = self.room(count);
        self.read_into(count, &mut ids, &mut values)?;
        Ok(Some(ProfileMatrix::from_checked(self.universe(), ids, values)))
    }

    /// Reads all profiles that are left.
    ///
    /// # Errors
    /// As [`next_block`](Self::next_block).
    pub fn read_all(mut self, progress: &dyn Progress) -> Result<(ProfileMatrix, ReadReport), ProfileError> {
        let count = self.remaining();
        progress.begin("reading profiles", count as u64);
        let (mut ids, mut values) = self.room(count);
        while self.remaining() > 0 {
            let block = self.preferred_block().min(self.remaining());
            self.read_into(block, &mut ids, &mut values)?;
            progress.advance(block as u64);
        }
        progress.end();
        Ok((ProfileMatrix::from_checked(self.universe(), ids, values), self.report))
    }

    /// Empty lists of ids and values, with room for so many profiles.
    fn room(&self, profiles: usize) -> (Vec<String>, Vec<f32>) {
        (Vec::with_capacity(profiles), Vec::with_capacity(profiles * self.universe().size()))
    }

    /// Returns what was found so far.
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
        let block = self.file.read(&self.rows, &columns)?;
        let (width, genes) = (self.rows.len(), self.universe().size());
        let mut landmarks = [0.0; GENES];
        for (i, &column) in columns.iter().enumerate() {
            let start = values.len();
            values.resize(start + genes, 0.0);
            let (of_landmarks, of_further) = block[i * width..][..width].split_at(self.genes.rows.len());
            self.genes.place(of_landmarks, &mut landmarks);
            self.further.place(of_further, &mut values[start..]);
            if self.settle(column, &mut landmarks, &mut values[start..])? {
                let id = &self.file.column_ids()[column];
                self.report.read += 1;
                self.report.doubts.look(&landmarks, &self.genes, id, column + 1);
                self.further.add_landmarks(&landmarks, &mut values[start..]);
                ids.push(id.clone());
            } else {
                values.truncate(start);
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

    /// Deals with values that are not finite, of landmarks and of further genes, and with profiles of zeros. `false` leaves the
    /// signature out.
    fn settle(
        &mut self,
        column: usize,
        landmarks: &mut [f32],
        further: &mut [f32],
    ) -> Result<bool, ProfileError> {
        let not_finite = |universe: Universe, values: &[f32]| {
            let gene = values.iter().position(|value| !value.is_finite())?;
            Some((universe.symbol(gene)?, values[gene]))
        };
        let of_further = || not_finite(self.universe(), further);
        if let Some((gene, value)) = not_finite(Universe::Landmark, landmarks).or_else(of_further) {
            match self.options.non_finite {
                NonFinite::Refuse => return Err(self.not_finite(column, gene, value)),
                NonFinite::Zero => {
                    let values = landmarks.iter_mut().chain(further);
                    for value in values.filter(|value| !value.is_finite()) {
                        *value = 0.0;
                        self.report.zeroed += 1;
                    }
                }
                NonFinite::DropSignature => {
                    self.report.dropped.push(self.file.column_ids()[column].clone());
                    return Ok(false);
                }
            }
        }
        if self.options.drop_zero && landmarks.iter().all(|&value| value == 0.0) {
            self.report.zero.add(&self.file.column_ids()[column], column + 1);
            return Ok(false);
        }
        Ok(true)
    }

    fn not_finite(&self, column: usize, gene: &'static str, value: f32) -> ProfileError {
        ProfileError::NonFinite {
            path: self.report.path.clone(),
            gene,
            signature: self.ids()[column].clone(),
            number: column + 1,
            value,
        }
    }
}

/// Refuses a larger universe of which the file has hardly any gene beyond the landmarks.
fn check_further(file: &MatrixFile, further: &FurtherRows) -> Result<(), ProfileError> {
    if !further.are_few() {
        return Ok(());
    }
    Err(ProfileError::FewGenes {
        path: file.path().to_owned(),
        universe: further.universe().in_words(),
        expected: further.expected(),
        found: further.found(),
        cause: further.why_few(),
    })
}

/// Refuses a result of differential expression, which is one signature among columns that are none.
pub(crate) fn refuse_differential(file: &mut MatrixFile) -> Result<(), ProfileError> {
    if file.format() == Format::SignaturesByLine {
        return Ok(());
    }
    match differential::recognise(file.column_ids()) {
        None => Ok(()),
        Some(table) => {
            let explanation = table.explanation(file);
            Err(ProfileError::Differential { path: file.path().to_owned(), explanation })
        }
    }
}

/// Reads all profiles of a file.
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
