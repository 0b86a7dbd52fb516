//! A matrix file as a reference.

use std::collections::HashMap;
use std::path::Path;

use super::described::Described;
use super::places::Places;
use super::question::Source;
use super::{Scan, ScanError, ScanOptions, ScanReport};
use crate::annotate::Drug;
use crate::connectivity::{GeneSets, Score};
use crate::db::{DbError, DescribedRows, Filter, FilterSteps};
use crate::profile::{
    MatrixFile, ProfileError, RowGenes, Signature, Universe, Unmatched, refuse_differential,
};

/// An open matrix file that questions in gene space are asked of.
///
/// ```
/// use l1kdb::connectivity::{CosineQuery, Score};
/// use l1kdb::profile::{GeneIds, Universe};
/// use l1kdb::scan::{ReferenceMatrix, ScanOptions};
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("reference.tsv");
/// # std::fs::write(&path, "gene\ts1\ts2\nATF1\t2\t-1\nTP53\t1\t0.5\nno gene\t0\t3\n")?;
///
/// let mut matrix = ReferenceMatrix::open(&path, &ScanOptions::default())?;
/// assert_eq!((matrix.genes(), matrix.report().genes.genes), (3, 2));
///
/// // A query with values of two genes.
/// let genes = GeneIds::built_in().map(&["TP53", "ATF1"], Universe::All);
/// let mut values = vec![f32::NAN; Universe::All.size()];
/// for (position, value) in genes.positions().iter().flatten().zip([1.0, 3.0]) {
///     values[*position] = value;
/// }
/// let scores: [Box<dyn Score>; 1] = [Box::new(CosineQuery::new(&matrix.profile(&values))?)];
/// let hits = matrix.scan(&scores).signatures()?.remove(0);
/// assert_eq!((hits[0].signature.sig_id.as_str(), hits.len()), ("s1", 2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct ReferenceMatrix {
    file: MatrixFile,
    places: Places,
    described: Described,
    report: ScanReport,
}

impl ReferenceMatrix {
    /// Opens a GCT, GCTX, CSV or TSV file, gzipped or not, whatever its name; finds the genes of its rows, and describes its
    /// columns by the table in the options, else by its own metadata. Values are read when a question is asked. A file of text
    /// is then kept in memory as numbers.
    ///
    /// # Errors
    /// Those of [`MatrixFile::open`]; a file without signatures or names of genes, a result of differential expression, rows of
    /// which less than one in twenty names a gene, genes in place of signatures, a table of signatures that knows none of them,
    /// nothing but controls.
    pub fn open(path: impl AsRef<Path>, options: &ScanOptions) -> Result<Self, ScanError> {
        let mut file = MatrixFile::open(path)?;
        refuse_differential(&mut file)?;
        let (path, rows) = (file.path().to_owned(), file.row_count());
        let Some(ids) = file.row_ids() else {
            return Err(ProfileError::NoGeneIds { path, genes: rows }.into());
        };
        let genes = RowGenes::find(ids, file.row_metadata(), &options.gene_ids);
        if let Some(cause) = genes.fault(file.column_ids(), &options.gene_ids) {
            return Err(ScanError::NoGenes { path, found: genes.report.genes, rows, cause });
        }
        if file.column_ids().is_empty() {
            return Err(ProfileError::NoSignatures { path, genes: rows }.into());
        }
        let (places, described) = (Places::new(&genes.positions), Described::new(&file, options)?);
        let report = report(&file, genes, &places, &described);
        Ok(Self { file, places, described, report })
    }

    /// Returns what was found in the file, and what the last scan left out.
    pub fn report(&self) -> &ScanReport {
        &self.report
    }

    /// Returns the number of values in a profile: the rows of the matrix.
    pub fn genes(&self) -> usize {
        self.places.rows()
    }

    /// Returns the ids of the rows, as the file has them.
    pub fn row_ids(&self) -> &[String] {
        self.file.row_ids().unwrap_or_default()
    }

    /// Returns the row of the gene at a position in [`Universe::All`]; `None` where the matrix does not have it.
    pub fn place(&self, position: usize) -> Option<usize> {
        self.place_in(position, Universe::All)
    }

    /// Returns the row of the gene at a position in a universe.
    pub fn place_in(&self, position: usize, universe: Universe) -> Option<usize> {
        self.places.row(position, universe)
    }

    /// Brings the values of a query, in the order of [`Universe::All`], into the order of the rows: NaN where the query lacks
    /// the gene, or the matrix.
    ///
    /// # Panics
    /// When there are not as many values as genes in the universe.
    pub fn profile(&self, values: &[f32]) -> Vec<f32> {
        self.profile_in(values, Universe::All)
    }

    /// As [`profile`](Self::profile), of values in the order of a universe.
    ///
    /// # Panics
    /// When there are not as many values as genes in the universe.
    pub fn profile_in(&self, values: &[f32], universe: Universe) -> Vec<f32> {
        self.places.profile(values, universe)
    }

    /// Brings sets of genes, as positions in [`Universe::All`], to sets of rows. Genes that the matrix lacks are left out;
    /// [`place`](Self::place) tells which.
    ///
    /// # Errors
    /// A set with genes of which the matrix has none, two empty sets, a gene of both, more than half of the rows, a number that
    /// is no position.
    pub fn gene_sets(&self, up: &[usize], down: &[usize]) -> Result<GeneSets, ScanError> {
        self.gene_sets_in(up, down, Universe::All)
    }

    /// As [`gene_sets`](Self::gene_sets), of positions in a universe.
    ///
    /// # Errors
    /// As [`gene_sets`](Self::gene_sets).
    pub fn gene_sets_in(
        &self,
        up: &[usize],
        down: &[usize],
        universe: Universe,
    ) -> Result<GeneSets, ScanError> {
        self.places.gene_sets(up, down, universe, self.file.path())
    }

    /// Returns the signatures that take part, in the order of the file.
    pub fn signatures(&self) -> &[Signature] {
        &self.described.signatures
    }

    /// Returns the drugs of the signatures, in the order of their keys.
    ///
    /// # Errors
    /// [`ScanError::NoDrugs`] where nothing tells the drug of any signature.
    pub fn drugs(&self) -> Result<&[Drug], ScanError> {
        self.described.drugs(self.file.path())
    }

    /// Returns the keys that a [`Filter`] can name here, sorted: those of a database, and the columns of the file's own
    /// metadata.
    pub fn filter_keys(&self) -> Vec<String> {
        self.rows().known_keys()
    }

    /// Returns the filter that a text means here, as [`Db::parse_filter`](crate::db::Db::parse_filter) does.
    ///
    /// # Errors
    /// A key or value that no signature has, with those that look like it; a text that is no filter.
    pub fn parse_filter(&self, text: &str) -> Result<Filter, DbError> {
        self.rows().parse(text)
    }

    /// Returns the values that a text such as `MCF7,PC3` means here, as [`Db::filter_values`](crate::db::Db::filter_values)
    /// does.
    ///
    /// # Errors
    /// A key or value that no signature has, with those that look like it; an empty value.
    pub fn filter_values(&self, key: &str, text: &str) -> Result<Vec<String>, DbError> {
        self.rows().values_meant(key, text)
    }

    /// Counts the signatures that a filter leaves, part by part: why nothing is left.
    ///
    /// # Errors
    /// A key or value that no signature has.
    pub fn filter_steps(&self, filter: &Filter) -> Result<FilterSteps, DbError> {
        self.rows().steps(filter)
    }

    /// Reads the profiles of some signatures, in the order of their ids: signatures x [`genes`](Self::genes), row-major.
    ///
    /// # Errors
    /// An id that takes no part; a file that cannot be read.
    pub fn profiles_of(&mut self, sig_ids: &[&str]) -> Result<Vec<f32>, ScanError> {
        let ids = self.described.signatures.iter().map(|signature| signature.sig_id.as_str());
        let places: HashMap<&str, usize> = ids.zip(self.described.columns.iter().copied()).collect();
        let unknown =
            |id: &str| ScanError::NoSignature { path: self.file.path().to_owned(), id: id.to_owned() };
        let column = |id: &&str| places.get(id).copied().ok_or_else(|| unknown(id));
        let columns = sig_ids.iter().map(column).collect::<Result<Vec<_>, _>>()?;
        let rows: Vec<usize> = (0..self.genes()).collect();
        Ok(self.file.read(&rows, &columns)?)
    }

    /// Asks by scores of the signatures' profiles, one question each: any [`Score`] of [`genes`](Self::genes) values.
    pub fn scan<'a>(&'a mut self, scores: &'a [Box<dyn Score>]) -> Scan<'a> {
        let without_score = &mut self.report.without_score;
        Scan::new(Source { file: &mut self.file, described: &self.described, without_score }, scores)
    }

    /// The signatures, as a filter asks of them.
    fn rows(&self) -> DescribedRows<'_> {
        self.described.rows(self.file.column_metadata())
    }
}

fn report(file: &MatrixFile, genes: RowGenes, places: &Places, described: &Described) -> ScanReport {
    let drugs = described.drugs(file.path()).unwrap_or_default();
    ScanReport {
        path: file.path().to_owned(),
        format: file.format(),
        rows: places.rows(),
        genes: genes.report,
        matched_in: genes.matched_in,
        landmarks: places.found(Universe::Landmark),
        bing: places.found(Universe::Bing),
        columns: file.column_ids().len(),
        signatures: described.signatures.len(),
        controls: described.controls,
        described_by: described.by,
        undescribed: described.undescribed.clone(),
        drugs: drugs.len(),
        drugs_with_atc: drugs.iter().filter(|drug| !drug.atc.is_empty()).count(),
        drugs_with_moa: drugs.iter().filter(|drug| !drug.moa.is_empty()).count(),
        identity: described.identity.clone(),
        warnings: described.warnings.clone(),
        without_score: Unmatched::default(),
    }
}
