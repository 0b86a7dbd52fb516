//! An evaluation of classes as one object, with a `schema` that names its form.

use std::io::{self, Write};

use super::ClassesReport;
use crate::eval::classification::{
    Baselines, ClassFigures, ClassReport, ClassSize, Clustering, Configuration, Estimate, LeftOut,
    MultiLabel, MultiLabelClass, MultiLabelPermuted, MultiLabelResult, MultiLabelScores, OverRepeats,
    Permuted, Scores, Spread,
};
use crate::report::json::{joined, json, objects, write_object};

const CLASSES: &str = "l1kdb-eval-classes/1";

objects! {
    ClassReport {
        drugs, left_out, classes, validation, folds, repeats, baselines, configurations, multi_label, clusterings, not_shown,
    }
    LeftOut { no_class, several_classes, no_fold, class_too_small, class_not_taken }
    ClassSize { name, drugs }
    Baselines { majority, permuted }
    Scores { accuracy, balanced_accuracy, macro_f1, weighted_f1 }
    Permuted { runs, configuration, accuracy, balanced_accuracy, macro_f1, weighted_f1 }
    Configuration {
        name, accuracy, balanced_accuracy, macro_f1, weighted_f1, classes, confusion, over_repeats, chosen,
    }
    Estimate { value, interval }
    Spread { mean, range }
    OverRepeats { mean, sd }
    ClassFigures { name, support, accuracy, precision, f1 }
    MultiLabel { classes_a_drug, majority_hit_rate, permuted, results }
    MultiLabelScores { hit_rate, macro_auc, macro_average_precision, macro_f1 }
    MultiLabelResult { configuration, hit_rate, scores, classes, chosen }
    MultiLabelClass { name, support, auc, average_precision, f1 }
    MultiLabelPermuted { runs, configuration, hit_rate, macro_auc, macro_average_precision, macro_f1 }
    Clustering { method, sizes, ari, permuted_ari, nmi, permuted_nmi }
}

/// Writes an evaluation of classes: the fields of [`ClassReport`], and `schema`, `repurposing`, `warnings` and
/// `provenance`.
pub(super) fn write(out: &mut dyn Write, classes: &ClassesReport) -> io::Result<()> {
    let ClassesReport { report, repurposing, warnings, provenance, .. } = *classes;
    let beside = json!({
        "schema": CLASSES, "warnings": warnings, "repurposing": repurposing, "provenance": provenance,
    });
    write_object(out, &joined([json!(report), beside]))
}
