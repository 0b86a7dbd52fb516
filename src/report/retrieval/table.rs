//! A retrieval in a terminal.

use std::io::{self, Write};

use super::words::{
    ACROSS_SOURCES, COMPARED, Method, RECALLS, beside, kind, methods, negatives, question, recall_name, split,
};
use crate::page::thousands;
use crate::report::words::{Verdict, figure, optional, signed, with_interval, wrapped};
use crate::report::{Align, Columns, visible};
use crate::stats::MIN_DRAWN;
use crate::study::{Retrieval, Stratum};

/// Writes a retrieval for a terminal of `width` columns, from 80 on: what was asked, the embedding beside its baselines,
/// what their differences allow to say, parts of the pairs, and warnings.
pub(super) fn write(out: &mut dyn Write, found: &Retrieval, width: usize) -> io::Result<()> {
    writeln!(out, "{}\n", wrapped(&asked(found), width))?;
    writeln!(out, "{}\n", wrapped(&legend(found), width))?;
    means(found).write(out, width)?;
    writeln!(out)?;
    ranks(found).write(out, width)?;
    writeln!(out, "{}", wrapped(&legend_of_top(found), width))?;
    write_differences(out, found, width)?;
    if !found.outcome.strata.is_empty() {
        writeln!(out)?;
        strata(found).write(out, width)?;
    }
    if let Some(sources) = sources(found) {
        writeln!(out)?;
        sources.write(out, width)?;
    }
    if !found.warnings.is_empty() {
        writeln!(out)?;
    }
    found
        .warnings
        .iter()
        .try_for_each(|text| writeln!(out, "{}", wrapped(&format!("warning: {text}"), width)))
}

fn asked(found: &Retrieval) -> String {
    let outcome = &found.outcome;
    let unlabelled = match found.rows_without_label {
        0 => String::new(),
        rows => format!(" ({} more have no label)", thousands(rows as u64)),
    };
    let candidates = found
        .candidates
        .map(|count| format!(" Ranks are estimated on {} candidates.", thousands(count as u64)));
    format!(
        "{} ({} dimensions, {}): {} {} rows{unlabelled}; {} drugs with {} queries and {} positives, each among N = {} \
         negatives on average; {}.{}",
        found.embedding,
        found.dim,
        found.similarity,
        question(found),
        thousands(found.rows as u64),
        thousands(outcome.drugs as u64),
        thousands(outcome.queries),
        thousands(outcome.positives),
        negatives(outcome),
        split(found),
        candidates.unwrap_or_default()
    )
}

fn legend(found: &Retrieval) -> String {
    let (level, kind) = (found.level, kind(&found.label));
    let left_out = match found.excluded.as_slice() {
        [] => String::new(),
        names => format!(" Pairs of {} are left out.", names.join(", ")),
    };
    let among = if found.across_sources { ACROSS_SOURCES } else { "" };
    format!(
        "Positives of a query are the other {level}s of its {kind}, negatives all the rest.{left_out}{among} The quantile q of a \
         positive is the share of negatives that are more similar to the query: 0 is best, 0.5 is chance. AUC is 1 - \
         mean q: 1 is best, 0.5 is chance. In the macro AUC every {kind} weighs alike, in the other every pair. \
         Per query: the mean of the queries' own median q. In brackets: 95 % intervals over drugs; fewer \
         than {MIN_DRAWN} have none."
    )
}

fn legend_of_top(found: &Retrieval) -> String {
    let finer = match found.outcome.finer_than_one_negative.is_empty() {
        true => "",
        false => " (* finer than one negative, where it means little)",
    };
    format!(
        "Recall at x: the share of positives with q below x{finer}; by chance x. AUC ROC and MCC: one threshold of \
         similarity for all queries; by chance 0.5 and 0. hits@10: the share of queries with a positive among their \
         first 10. MRR: the mean of 1 / rank of a query's first positive."
    )
}

/// The figures that are read first.
fn means(found: &Retrieval) -> Columns {
    let mut columns = Columns::new(&[
        ("", Align::Left),
        ("AUC", Align::Right),
        ("macro AUC", Align::Right),
        ("median q", Align::Right),
        ("per query", Align::Right),
    ]);
    for Method { name, outcome } in methods(found) {
        columns.row([
            name.to_owned(),
            with_interval(outcome.micro.auc_quantile, outcome.interval("micro.auc_quantile")),
            with_interval(outcome.per_label.auc_quantile, outcome.interval("macro.auc_quantile")),
            figure(outcome.micro.median_q),
            figure(outcome.mean_query_median_q),
        ]);
    }
    columns
}

/// The figures about the top of the ranking, and those of one threshold for all queries.
fn ranks(found: &Retrieval) -> Columns {
    let recalls = RECALLS.map(|recall| recall_name(found, recall));
    let first = format!("recall {}", recalls[0]);
    let mut columns = Columns::new(&[
        ("", Align::Left),
        (first.as_str(), Align::Right),
        (recalls[1].as_str(), Align::Right),
        (recalls[2].as_str(), Align::Right),
        ("AUC ROC", Align::Right),
        ("MCC", Align::Right),
        ("hits@10", Align::Right),
        ("MRR", Align::Right),
    ]);
    for Method { name, outcome } in methods(found) {
        let recalls = RECALLS.map(|(x, _)| optional(outcome.micro.recall.get(x).copied()));
        let threshold = [optional(outcome.auc_roc), optional(outcome.mcc)];
        let top = [optional(outcome.hits.get("10").copied()), figure(outcome.mrr)];
        columns.row([name.to_owned()].into_iter().chain(recalls).chain(threshold).chain(top));
    }
    columns
}

fn write_differences(out: &mut dyn Write, found: &Retrieval, width: usize) -> io::Result<()> {
    if found.baselines.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    differences(found).write(out, width)?;
    let meaning = "Better: the whole interval lies above 0; worse: below 0; not distinguishable: it holds 0.";
    writeln!(out, "{}", wrapped(meaning, width))?;
    let unpaired =
        found.baselines.iter().filter(|baseline| baseline.difference.is_empty() && !baseline.is_embedding);
    for baseline in unpaired {
        writeln!(out, "Not compared with {}: it leaves other drugs with a query.", visible(&baseline.name))?;
    }
    Ok(())
}

/// Each baseline under its name.
fn differences(found: &Retrieval) -> Columns {
    let mut columns = Columns::new(&[
        ("embedding minus", Align::Left),
        ("difference", Align::Right),
        ("so the embedding is", Align::Left),
    ]);
    for baseline in found.baselines.iter().filter(|baseline| !baseline.difference.is_empty()) {
        columns.row([baseline.name.as_str(), "", ""]);
        for (figure, name) in COMPARED {
            let Some(&difference) = baseline.difference.get(figure) else { continue };
            let verdict = Verdict::of(difference).than(&baseline.name);
            columns.row([format!("  {name}"), signed(difference), verdict]);
        }
    }
    columns
}

/// Divisions by source once more, with every drug weighing alike; none where there is one source.
fn sources(found: &Retrieval) -> Option<Columns> {
    let mut parts = found.outcome.strata.iter().filter(|stratum| stratum.is_by_source()).peekable();
    parts.peek()?;
    let beside = beside(found);
    let other = beside.map_or_else(String::new, |baseline| format!("macro AUC, {}", baseline.name));
    let mut columns = Columns::new(&[
        ("part of the pairs, every drug alike", Align::Left),
        ("drugs", Align::Right),
        ("macro AUC, embedding", Align::Right),
        (other.as_str(), Align::Right),
    ]);
    let auc = |stratum: &Stratum| with_interval(stratum.auc_per_drug, Some(stratum.interval_per_drug));
    for stratum in parts {
        let other = beside.and_then(|baseline| baseline.outcome.part_like(stratum)).map(auc);
        let name = format!("{}: {}", stratum.of, stratum.part);
        columns.row([name, thousands(stratum.drugs as u64), auc(stratum), other.unwrap_or_default()]);
    }
    Some(columns)
}

/// Each division under its name, the embedding beside one baseline.
fn strata(found: &Retrieval) -> Columns {
    let beside = beside(found);
    let other = beside.map_or_else(String::new, |baseline| format!("AUC, {}", baseline.name));
    let mut columns = Columns::new(&[
        ("part of the pairs", Align::Left),
        ("pairs", Align::Right),
        ("AUC, embedding", Align::Right),
        (other.as_str(), Align::Right),
    ]);
    let auc = |stratum: &Stratum| with_interval(stratum.auc_quantile, Some(stratum.interval));
    let mut division = "";
    for stratum in &found.outcome.strata {
        if stratum.of != division {
            division = &stratum.of;
            columns.row([division, "", "", ""]);
        }
        let other = beside.and_then(|baseline| baseline.outcome.part_like(stratum));
        let (own, other) = (auc(stratum), other.map(auc).unwrap_or_default());
        columns.row([format!("  {}", stratum.part), thousands(stratum.positives), own, other]);
    }
    columns
}
