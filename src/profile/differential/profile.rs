//! A result of differential expression as one value a gene.

use std::path::{Path, PathBuf};

use super::columns::{ADJUSTED, Columns, MEANS, P_VALUES};
use super::statistic::Statistic;
use super::values::Values;
use super::{DifferentialOptions, contrast, gene_column, recognise};
use crate::profile::text::Source;
use crate::profile::{Gene, GeneMapping, GeneReport, ProfileError, Table, Universe};

/// Tools whose tables come of RNA-seq.
const RNA_SEQ: [&str; 7] = ["DESeq2", "edgeR", "Seurat", "Scanpy", "sleuth", "Cuffdiff", "MAST"];

/// Below this share of the universe, answers get worse.
const COVERAGE: f64 = 0.7;

/// The signature of a table of DESeq2, PyDESeq2, edgeR, limma, Seurat, Scanpy, iLINCS and their like, or of a ranked list.
///
/// Rows are never left out for their p-values: the whole table is the signature. A row whose statistic is missing is a gene
/// that is missing, whatever its adjusted p-value.
///
/// ```
/// use l1kdb::profile::{DifferentialOptions, DifferentialProfile};
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("deseq2.csv");
/// let rows = "PSME1,37.9,0.5,0.2,2.5,0.012,NA\nATF1,465.9,-0.96,0.278,-3.45,0.0005,0.01\n";
/// std::fs::write(&path, format!(",baseMean,log2FoldChange,lfcSE,stat,pvalue,padj\n{rows}"))?;
/// let profile = DifferentialProfile::read(&path, &DifferentialOptions::default())?;
/// assert_eq!(profile.statistic, "Wald statistic (`stat`)");
/// assert_eq!(profile.highest(1), [("PSME1", 2.5)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct DifferentialProfile {
    /// The file.
    pub path: PathBuf,
    /// The genes that `values` are of.
    pub universe: Universe,
    /// A value a gene of the universe, in its order; NaN where the table has none.
    pub values: Vec<f32>,
    /// The tool that writes such tables, where it is known.
    pub tool: Option<&'static str>,
    /// What the values are, in words.
    pub statistic: String,
    /// The column that named the genes; empty where it has no name.
    pub gene_column: String,
    /// What became of the names of its rows.
    pub report: GeneReport,
    /// Genes of several rows.
    pub repeated: usize,
    /// What a user should know, one sentence each.
    pub warnings: Vec<String>,
}

impl DifferentialProfile {
    /// Reads a table.
    ///
    /// # Errors
    /// [`ProfileError::NoStatistic`] where it is not clear which column is the signature, or where no column has signs;
    /// [`ProfileError::Contrast`] for a table of several contrasts of which none was named; [`ProfileError::TableWithoutGenes`],
    /// [`ProfileError::MissingColumn`] for a column that was asked for and is not there, and those of [`Table::read`].
    pub fn read(path: impl AsRef<Path>, options: &DifferentialOptions) -> Result<Self, ProfileError> {
        Self::from_source(path.as_ref(), Source::open(path.as_ref())?, options)
    }

    pub(in crate::profile) fn from_source(
        path: &Path,
        source: Source,
        options: &DifferentialOptions,
    ) -> Result<Self, ProfileError> {
        let mut table = Table::from_source(path, source)?;
        if table.header().len() < 2 {
            let hint = "a result of differential expression has a column of genes and one of values, between tabs, commas or semicolons";
            return Err(ProfileError::UnknownFormat { path: path.to_owned(), hint });
        }
        let mut genes = gene_column::find(&table, &options.ids, options.gene_column.as_deref())?;
        if gene_column::is_without_header(&table, &options.ids, genes) {
            table = table.without_header();
        }
        let table = table.filled()?;
        genes = genes.min(table.header().len() - 1);
        let contrast = options.contrast.as_deref();
        let of_contrast = contrast::rows(&table, contrast)?;
        let is_chosen = of_contrast.is_some();
        let rows = of_contrast.unwrap_or_else(|| (0..table.len()).collect());
        let ids: Vec<&str> = rows.iter().map(|&row| table.cell(row, genes)).collect();
        let mapping = options.ids.map(&ids, options.universe);
        check_genes(&table, genes, mapping.report())?;
        let all = Columns::of(&table, genes);
        let columns = match contrast::columns(&table, &all, contrast.filter(|_| !is_chosen))? {
            Some(columns) => columns,
            None => match contrast.filter(|_| !is_chosen) {
                Some(contrast) => return Err(contrast::none(&table, contrast)),
                None => all,
            },
        };
        let statistic = Statistic::choose(&table, &columns, options.stat_column.as_deref())?;
        let values = Values::read(&table, &columns, statistic, &rows)?;
        Self::of(&table, genes, &columns, values, &rows, &mapping)
    }

    fn of(
        table: &Table,
        genes: usize,
        columns: &Columns,
        read: Values,
        rows: &[usize],
        mapping: &GeneMapping,
    ) -> Result<Self, ProfileError> {
        let report = mapping.report().clone();
        let tool = recognise(table.header()).and_then(|table| table.tool);
        let means = columns.first(&MEANS).map(|column| Ok((column, table.doubles(column)?))).transpose()?;
        let placed = Placed::new(&read.values, means.as_ref().map(|(_, means)| &means[..]), rows, mapping);
        let mut profile = Self {
            path: table.path().to_owned(),
            universe: report.universe,
            values: placed.values,
            tool,
            statistic: read.statistic.in_words(table, tool),
            gene_column: table.header()[genes].clone(),
            report,
            repeated: placed.repeated,
            warnings: read.warnings,
        };
        let mean = means.map(|(column, _)| table.header()[column].as_str());
        profile.warn(mean, only_significant(table, columns, rows));
        Ok(profile)
    }

    /// Returns the number of genes that have a value.
    pub fn found(&self) -> usize {
        self.values.iter().filter(|value| !value.is_nan()).count()
    }

    /// Returns symbols and values of the `count` genes of highest value, the highest first.
    pub fn highest(&self, count: usize) -> Vec<(&'static str, f32)> {
        self.ordered(count, |a, b| b.total_cmp(&a))
    }

    /// Returns symbols and values of the `count` genes of lowest value, the lowest first.
    pub fn lowest(&self, count: usize) -> Vec<(&'static str, f32)> {
        self.ordered(count, |a, b| a.total_cmp(&b))
    }

    fn ordered(&self, count: usize, order: fn(f32, f32) -> std::cmp::Ordering) -> Vec<(&'static str, f32)> {
        let values = self.universe.genes().map(Gene::symbol).zip(self.values.iter().copied());
        let mut values: Vec<(&'static str, f32)> = values.filter(|(_, value)| !value.is_nan()).collect();
        values.sort_by(|a, b| order(a.1, b.1));
        values.truncate(count);
        values
    }

    fn warn(&mut self, mean: Option<&str>, is_cut: bool) {
        let (found, size, universe) = (self.found(), self.universe.size(), self.universe.in_words());
        let is_low = (found as f64) < COVERAGE * size as f64;
        let mut warn = |warning: String| self.warnings.push(warning);
        match self.tool {
            Some("Seurat") if is_low => warn(format!(
                "{found} of the {universe} have a value: Seurat leaves out genes below its thresholds of log fold change and \
                 of expressing cells; let it give all (logfc.threshold = 0, min.pct = 0)"
            )),
            _ if is_low => {
                warn(format!("{found} of the {universe} have a value; give all genes that were tested"));
            }
            _ => {}
        }
        if is_cut {
            warn("all p-values are small, so the table was cut by significance; give all genes, since the whole profile is the \
                  signature".to_owned());
        }
        if self.tool.is_some_and(|tool| RNA_SEQ.contains(&tool)) {
            warn("the table comes of RNA-seq, the database's profiles of L1000; answers are less certain across assays".to_owned());
        }
        let of_sign = |is: fn(f32) -> bool| self.values.iter().any(|&value| is(value));
        match (of_sign(|value| value > 0.0), of_sign(|value| value < 0.0)) {
            (true, false) => warn("all values are positive, so that no gene falls".to_owned()),
            (false, true) => warn("all values are negative, so that no gene rises".to_owned()),
            _ => {}
        }
        if self.repeated > 0 {
            let kept = mean.map_or_else(
                || "the median was taken".to_owned(),
                |mean| format!("the row of highest mean expression (`{mean}`) was taken"),
            );
            warn(format!("{} genes have several rows, of which {kept}", self.repeated));
        }
    }
}

fn check_genes(table: &Table, genes: usize, report: &GeneReport) -> Result<(), ProfileError> {
    if report.genes > 0 {
        return Ok(());
    }
    Err(ProfileError::TableWithoutGenes {
        path: table.path().to_owned(),
        rows: report.ids,
        universe: report.universe.in_words(),
        column: table.header()[genes].clone(),
        cause: report.likeness(),
    })
}

/// Whether no p-value of a table is large: among genes that were all tested, most are.
fn only_significant(table: &Table, columns: &Columns, rows: &[usize]) -> bool {
    const LARGEST: f64 = 0.1;
    const MIN_ROWS: usize = 20;
    let Some(column) = columns.first(&P_VALUES).or_else(|| columns.first(&ADJUSTED)) else {
        return false;
    };
    // A column that is not used may hold what it will.
    let Ok(p) = table.doubles(column) else { return false };
    let mut present = rows.iter().map(|&row| p[row]).filter(|p| !p.is_nan()).peekable();
    rows.len() >= MIN_ROWS && present.peek().is_some() && present.all(|p| p <= LARGEST)
}

/// Values by position in the universe.
struct Placed {
    values: Vec<f32>,
    repeated: usize,
}

impl Placed {
    /// Of several rows of a gene, takes the one of highest mean expression, or else the median. The largest statistic would be
    /// biased.
    fn new(values: &[f64], means: Option<&[f64]>, rows: &[usize], mapping: &GeneMapping) -> Self {
        let mut of_gene: Vec<Vec<usize>> = vec![Vec::new(); mapping.report().universe.size()];
        for (&row, position) in rows.iter().zip(mapping.positions()) {
            if let Some(position) = position.filter(|_| !values[row].is_nan()) {
                of_gene[position].push(row);
            }
        }
        let value = |rows: &Vec<usize>| match (&rows[..], means) {
            ([], _) => f32::NAN,
            ([row], _) => values[*row] as f32,
            (rows, Some(means)) => {
                let best = rows.iter().rev().max_by(|&&a, &&b| known(means[a]).total_cmp(&known(means[b])));
                best.map_or(f32::NAN, |&row| values[row] as f32)
            }
            (rows, None) => median(rows.iter().map(|&row| values[row]).collect()) as f32,
        };
        let repeated = of_gene.iter().filter(|rows| rows.len() > 1).count();
        Self { values: of_gene.iter().map(value).collect(), repeated }
    }
}

/// A mean, below all others where it is missing.
fn known(mean: f64) -> f64 {
    if mean.is_nan() { f64::NEG_INFINITY } else { mean }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 { values[middle] } else { f64::midpoint(values[middle - 1], values[middle]) }
}

#[cfg(test)]
mod tests;
