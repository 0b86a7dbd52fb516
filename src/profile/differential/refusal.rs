//! Results of differential expression, told from matrices of signatures by the names of their columns.
//!
//! The names are those of the tools' manuals. Such a table holds one signature, in one of its columns; the others are
//! p-values, means and errors, which are none.

use crate::profile::MatrixFile;

/// A tool by the names of the columns that it writes, whatever the case. A name that ends in `*` stands for all that
/// begin as it does.
struct Tool {
    name: &'static str,
    /// Of each list, a column has to be there.
    marks: &'static [&'static [&'static str]],
    /// Columns that are the signature, the best one first.
    signature: &'static [&'static str],
}

const TOOLS: [Tool; 11] = [
    Tool {
        name: "DESeq2",
        marks: &[&["log2FoldChange"], &["baseMean", "lfcSE", "stat", "pvalue", "padj", "svalue"]],
        signature: &["stat", "log2FoldChange"],
    },
    Tool {
        name: "edgeR",
        marks: &[&["logFC", "logFC.*", "unshrunk.logFC"], &["logCPM"]],
        signature: &["logFC", "logFC.*"],
    },
    Tool {
        name: "limma or GEO2R",
        marks: &[&["logFC"], &["AveExpr", "adj.P.Val", "P.Value"]],
        signature: &["t", "logFC"],
    },
    Tool {
        name: "Seurat",
        marks: &[&["p_val", "myAUC"], &["avg_log2FC", "avg_logFC", "avg_diff"]],
        signature: &["avg_log2FC", "avg_logFC", "avg_diff"],
    },
    Tool {
        name: "Scanpy",
        marks: &[&["logfoldchanges", "scores"], &["pvals", "pvals_adj"]],
        signature: &["scores", "logfoldchanges"],
    },
    Tool { name: "sleuth", marks: &[&["se_b", "sigma_sq"], &["qval", "pval"]], signature: &["b"] },
    Tool {
        name: "Cuffdiff",
        marks: &[&["log2(fold_change)"], &["test_stat", "p_value", "q_value"]],
        signature: &["test_stat", "log2(fold_change)"],
    },
    Tool { name: "MAST", marks: &[&["Pr(>Chisq)"], &["coef", "z"]], signature: &["z", "coef"] },
    Tool {
        name: "iLINCS",
        marks: &[&["Value_LogDiffExp"], &["Significance_pvalue"]],
        signature: &["Value_LogDiffExp"],
    },
    Tool {
        name: "the characteristic direction",
        marks: &[&["CD-coefficient"], &["Significance"]],
        signature: &["CD-coefficient"],
    },
    Tool { name: "EBSeq", marks: &[&["PPEE", "PPDE"], &["PostFC", "RealFC"]], signature: &[] },
];

/// Columns of p-values and their like, without regard to case and to what is neither letter nor digit.
const P_VALUES: [&str; 24] = [
    "pvalue",
    "pval",
    "rawp",
    "rawpvalue",
    "rawpval",
    "pvalues",
    "pvals",
    "praw",
    "nominalp",
    "padj",
    "padjusted",
    "padjust",
    "pvaladj",
    "pvalueadj",
    "pvalsadj",
    "adjp",
    "adjpval",
    "adjpvalue",
    "adjustedpvalue",
    "fdr",
    "fdrpvalue",
    "qvalue",
    "qval",
    "fwer",
];

/// Columns of statistics and of differences, likewise, the best signature first.
const EFFECTS: [&str; 24] = [
    "stat",
    "statistic",
    "teststatistic",
    "teststat",
    "wald",
    "waldstat",
    "waldstatistic",
    "t",
    "tstat",
    "tstatistic",
    "tvalue",
    "z",
    "zscore",
    "logfc",
    "log2fc",
    "log2foldchange",
    "avglog2fc",
    "logfoldchange",
    "lfc",
    "log2ratio",
    "logratio",
    "beta",
    "foldchange",
    "fc",
];

/// A table that is the result of a test of differential expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::profile) struct DifferentialTable {
    /// The tool that writes such tables, where it is known.
    pub(in crate::profile) tool: Option<&'static str>,
    /// Columns (of the names given) that may be the signature, the best one first.
    pub(in crate::profile) signature: Vec<usize>,
}

/// Columns of the widest result: some of each of a hundred comparisons. A matrix of more is one of signatures.
const WIDEST: usize = 1000;

/// Recognises a result of differential expression by the names of its columns of numbers.
pub(in crate::profile) fn recognise(values: &[String]) -> Option<DifferentialTable> {
    if values.len() > WIDEST {
        return None;
    }
    let is = |name: &str, column: &str| match name.strip_suffix('*') {
        Some(start) => column.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start)),
        None => column.eq_ignore_ascii_case(name),
    };
    let place = |name: &str| values.iter().position(|column| is(name, column));
    let is_there = |name: &&str| place(name).is_some();
    let known = TOOLS.iter().find(|tool| tool.marks.iter().all(|names| names.iter().any(is_there)));
    if let Some(tool) = known {
        let signature = tool.signature.iter().filter_map(|name| place(name)).collect();
        return Some(DifferentialTable { tool: Some(tool.name), signature });
    }
    let plain: Vec<String> = values.iter().map(|name| plain(name)).collect();
    let has_p = plain.iter().any(|name| P_VALUES.iter().any(|p_value| is_form_of(p_value, name)));
    let signature = |effect: &&str| plain.iter().position(|name| is_form_of(effect, name));
    let signature: Vec<usize> = EFFECTS.iter().filter_map(signature).collect();
    (has_p && !signature.is_empty()).then_some(DifferentialTable { tool: None, signature })
}

/// Letters and digits of a name, in lower case.
pub(super) fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// Whether a column bears a name, perhaps with that of a comparison before or behind it (`A_vs_B_padj`). Short names
/// are parts of too many words.
fn is_form_of(name: &str, column: &str) -> bool {
    column == name || name.len() >= 5 && (column.starts_with(name) || column.ends_with(name))
}

impl DifferentialTable {
    /// What such a table is, and how to give its signature. Of its columns the first is taken that has both signs:
    /// the statistic of a likelihood ratio test has none, and some write p-values under that name.
    pub(in crate::profile) fn explanation(&self, file: &mut MatrixFile) -> String {
        let rows: Vec<usize> = (0..file.row_count()).collect();
        let has_both_signs = |column: &&usize| {
            let values = file.read(&rows, &[**column]).unwrap_or_default();
            values.iter().any(|&value| value < 0.0) && values.iter().any(|&value| value > 0.0)
        };
        let signed = self.signature.iter().find(has_both_signs).or(self.signature.first()).copied();
        let tool = self.tool.map(|tool| format!(" of {tool}")).unwrap_or_default();
        let what = format!("a result of differential expression{tool}, not a matrix of signatures");
        match signed.map(|column| &file.column_ids()[column]) {
            Some(column) => format!(
                "{what}: its signature is the column `{column}`; give a table of two columns, the genes and `{column}`"
            ),
            None => {
                format!("{what}: give a table of two columns, the genes and their statistic or log ratio")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recognised(columns: &[&str]) -> Option<(Option<&'static str>, Option<String>)> {
        let values: Vec<String> = columns.iter().map(|name| (*name).to_owned()).collect();
        let found = recognise(&values)?;
        Some((found.tool, found.signature.first().map(|&column| values[column].clone())))
    }

    #[test]
    fn results_of_the_usual_tools_are_known_by_their_columns() {
        for (columns, tool, signature) in [
            ("baseMean log2FoldChange lfcSE stat pvalue padj", "DESeq2", "stat"),
            ("baseMean log2FoldChange lfcSE pvalue padj", "DESeq2", "log2FoldChange"),
            ("stat log2FoldChange", "DESeq2", "stat"),
            ("padj pvalue lfcSE stat log2FoldChange baseMean", "DESeq2", "stat"),
            ("logFC logCPM F PValue FDR", "edgeR", "logFC"),
            ("logFC logCPM LR PValue FDR", "edgeR", "logFC"),
            ("logFC.A logFC.B logCPM F PValue FDR", "edgeR", "logFC.A"),
            ("logFC unshrunk.logFC logCPM PValue FWER", "edgeR", "logFC"),
            ("logFC AveExpr t P.Value adj.P.Val B", "limma or GEO2R", "t"),
            ("adj.P.Val P.Value t B logFC", "limma or GEO2R", "t"),
            ("p_val avg_log2FC pct.1 pct.2 p_val_adj", "Seurat", "avg_log2FC"),
            ("p_val avg_logFC pct.1 pct.2 p_val_adj cluster gene", "Seurat", "avg_logFC"),
            ("scores logfoldchanges pvals pvals_adj", "Scanpy", "scores"),
            ("pval qval b se_b mean_obs var_obs tech_var sigma_sq", "sleuth", "b"),
            ("value_1 value_2 log2(fold_change) test_stat p_value q_value", "Cuffdiff", "test_stat"),
            ("Value_LogDiffExp Significance_pvalue", "iLINCS", "Value_LogDiffExp"),
            ("CD-coefficient Significance", "the characteristic direction", "CD-coefficient"),
        ] {
            let columns: Vec<&str> = columns.split(' ').collect();
            let expected = Some((Some(tool), Some(signature.to_owned())));
            assert_eq!(recognised(&columns), expected, "{columns:?}");
        }
        for (columns, signature) in [
            (&["log2FC", "P-value", "FDR"][..], "log2FC"),
            (&["Fold Change", "p.value"], "Fold Change"),
            (&["A_vs_B_log2FC", "A_vs_B_pvalue", "C_vs_B_log2FC", "C_vs_B_pvalue"], "A_vs_B_log2FC"),
            (&["ctrl_1", "ctrl_2", "trt_1", "logFC", "adj. p-value"], "logFC"),
        ] {
            assert_eq!(recognised(columns), Some((None, Some(signature.to_owned()))), "{columns:?}");
        }
    }

    #[test]
    fn samples_that_happen_to_bear_such_names_are_signatures() {
        for columns in [
            &["stat"][..],
            &["logFC"],
            &["t"],
            &["log2FoldChange"],
            &["t", "B", "z"],
            &["stat", "p"],
            &["FDR", "FDR2"],
            &["logFC_6h", "logFC_24h"],
            &["S1", "S2", "stat3_kd"],
            &["pvalue"],
            &[],
        ] {
            assert_eq!(recognised(columns), None, "{columns:?}");
        }
    }
}
