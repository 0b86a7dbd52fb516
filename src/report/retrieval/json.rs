//! A retrieval as one object, with a `schema` that names its form.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::RetrievalReport;
use crate::eval::{Geometry, Hubness, Replicates, Replicating};
use crate::report::json::{Value, joined, json, members, objects, write_object};
use crate::stats::Interval;
use crate::study::{Baseline, DrugFigures, Means, Outcome, Retrieval, SplitNote, Stratum};

/// The form of a retrieval's JSON. A reader may rely on every field that stands in a version.
pub(super) const RETRIEVAL: &str = "l1kdb-eval-retrieval/1";

objects! {
    SplitNote { by, design, seed, digest, sets, sets_without_pair, rows_outside }
    Means { recall, median_q, auc_quantile }
    Stratum { of, part, positives, drugs, auc_quantile, interval, auc_per_drug, interval_per_drug, recall }
    DrugFigures { drug, queries, positives, auc_quantile, median_q, recall }
    Geometry {
        rows, sampled, effective_rank, participation_ratio, mean_cosine, duplicate_rows, tied_pairs, hubness,
    }
    Hubness { neighbours, skewness, largest, largest_row, antihubs }
    Replicating { labels, percent, mean_median, null_median, threshold, by_label }
    Replicates { label, rows, looked_at, median, null_median, threshold }
    Interval { value, low, high }
}

/// Writes a retrieval: the fields of [`Retrieval`] and of its [`Outcome`], and `schema`, `provenance`, `geometry` and
/// `replicates` (by name of what replicates share). A number that does not exist is null.
pub(super) fn write(out: &mut dyn Write, report: &RetrievalReport) -> io::Result<()> {
    let RetrievalReport { retrieval, shape, provenance, .. } = *report;
    let baselines: Vec<Value> = retrieval.baselines.iter().map(baseline).collect();
    let replicates: BTreeMap<&String, &Replicating> =
        shape.iter().flat_map(|shape| &shape.replicates).map(|(of, found)| (of, found)).collect();
    let asked = members!(
        Retrieval = retrieval;
        embedding, dim, label, level, similarity, candidates, excluded, across_sources, split, rows, rows_without_label, warnings, per_drug;
        outcome, baselines
    );
    let beside = json!({
        "schema": RETRIEVAL,
        "baselines": baselines,
        "geometry": shape.map(|shape| &shape.geometry),
        "replicates": replicates,
        "provenance": provenance,
    });
    write_object(out, &joined([asked, beside, outcome(&retrieval.outcome)]))
}

fn baseline(baseline: &Baseline) -> Value {
    let object = members!(Baseline = baseline; name, is_embedding, candidates, difference; outcome);
    joined([object, outcome(&baseline.outcome)])
}

/// The figures of the embedding or of a baseline.
fn outcome(outcome: &Outcome) -> Value {
    let micro = &outcome.micro;
    let pooled = json!({
        "recall": micro.recall,
        "median_q": micro.median_q,
        "auc_quantile": micro.auc_quantile,
        "auc_roc": outcome.auc_roc,
        "auc_roc_error": outcome.auc_roc_error,
        "mcc": outcome.mcc,
    });
    let others = members!(
        Outcome = outcome;
        queries, positives, negatives_mean, drugs, labels, mean_query_median_q, mrr, hits, finer_than_one_negative,
        intervals, roc, histogram, strata;
        curve, micro, per_label, auc_roc, auc_roc_error, mcc
    );
    let point = |(x, recall): &(f64, Interval)| {
        let Interval { value, low, high } = recall;
        json!({ "x": x, "recall": value, "low": low, "high": high })
    };
    let curve: Vec<Value> = outcome.curve.iter().map(point).collect();
    joined([others, json!({ "curve": curve, "micro": pooled, "macro": outcome.per_label })])
}
