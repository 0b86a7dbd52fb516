//! What the columns of numbers hold, by the names that tools give them.

use super::refusal::plain;
use crate::profile::Table;
use crate::profile::genes::{are_row_numbers, is_gene_column};

/// Statistics with a sign, the best first. Names are compared by letters and digits alone, whatever the case.
pub(super) const SIGNED: [&str; 15] = [
    "stat",
    "t",
    "scores",
    "teststat",
    "wald",
    "waldstat",
    "waldstatistic",
    "tstat",
    "tstatistic",
    "tvalue",
    "statistic",
    "teststatistic",
    "z",
    "zscore",
    "cdcoefficient",
];

/// Statistics that are never negative.
pub(super) const UNSIGNED: [&str; 7] = ["lr", "f", "chisq", "chi2", "fstat", "fvalue", "fstatistic"];

/// Log fold changes.
pub(super) const LOG_FC: [&str; 12] = [
    "log2foldchange",
    "logfc",
    "avglog2fc",
    "avglogfc",
    "avgdiff",
    "logfoldchanges",
    "logfoldchange",
    "log2fc",
    "lfc",
    "valuelogdiffexp",
    "log2ratio",
    "logratio",
];

/// Standard errors of log fold changes.
pub(super) const ERRORS: [&str; 2] = ["lfcse", "logfcse"];

/// p-values of one test.
pub(super) const P_VALUES: [&str; 13] = [
    "pvalue",
    "pval",
    "pvals",
    "pvalues",
    "p",
    "rawp",
    "praw",
    "rawpvalue",
    "rawpval",
    "pvalueraw",
    "nominalp",
    "significancepvalue",
    "prchisq",
];

/// p-values that allow for many tests.
pub(super) const ADJUSTED: [&str; 13] = [
    "padj",
    "adjpval",
    "adjpvalue",
    "pvaladj",
    "pvalsadj",
    "padjust",
    "padjusted",
    "adjustedpvalue",
    "fdr",
    "fwer",
    "qvalue",
    "qval",
    "svalue",
];

/// Mean expression over samples.
pub(super) const MEANS: [&str; 6] =
    ["basemean", "logcpm", "aveexpr", "meanobs", "averageexpression", "meanexpression"];

/// Columns of numbers under the names that they are known by.
#[derive(Debug, Clone, Default)]
pub(super) struct Columns {
    /// Letters and digits of the name, in lower case, and where the column stands.
    named: Vec<(String, usize)>,
}

impl Columns {
    /// Columns of numbers but for those that name genes or count rows.
    pub(super) fn of(table: &Table, genes: usize) -> Self {
        let names_genes = |column: usize| {
            is_gene_column(&table.header()[column]) || plain(&table.header()[column]).contains("entrez")
        };
        let others = (0..table.header().len()).filter(|&column| column != genes && !names_genes(column));
        let hold_numbers =
            others.filter(|&column| table.holds_numbers(column) && !counts_rows(table, column));
        let named: Vec<_> = hold_numbers.map(|column| (plain(&table.header()[column]), column)).collect();
        let has_names = named.iter().any(|&(_, column)| !table.header()[column].is_empty());
        let is_kept = |column: usize| !has_names || !table.header()[column].is_empty();
        Self { named: named.into_iter().filter(|&(_, column)| is_kept(column)).collect() }
    }

    /// The same columns under other names; those without are left out.
    pub(super) fn renamed(&self, name: impl Fn(usize) -> Option<String>) -> Self {
        let named = self.named.iter().filter_map(|&(_, column)| Some((plain(&name(column)?), column)));
        Self { named: named.collect() }
    }

    /// The column of the first of these names that is there.
    pub(super) fn first(&self, names: &[&str]) -> Option<usize> {
        names
            .iter()
            .find_map(|name| self.named.iter().find(|(found, _)| found == name))
            .map(|(_, column)| *column)
    }

    /// Whether a column bears one of these names.
    pub(super) fn is(&self, column: usize, names: &[&str]) -> bool {
        self.named.iter().any(|(name, other)| *other == column && names.contains(&name.as_str()))
    }

    /// Where the columns stand.
    pub(super) fn places(&self) -> impl Iterator<Item = usize> {
        self.named.iter().map(|&(_, column)| column)
    }
}

fn counts_rows(table: &Table, column: usize) -> bool {
    are_row_numbers((0..table.len()).map(|row| table.cell(row, column)))
}
