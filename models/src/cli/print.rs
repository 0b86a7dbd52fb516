//! What the program says: figures on standard output, notes on standard error.

use std::io::{self, Write};
use std::path::Path;

use l1kdb::report::{visible, write_cells};
use l1kdb_models::{Dataset, Figures, Fold, Outcome, Protocol, Recipe, Standing, Start, architecture};

use super::args::FormatArg;

/// Below this many signatures the published presets learn their training drugs by heart.
const FEW_SIGNATURES: usize = 10_000;

/// One line on standard error, whatever names are in it; if even that cannot be written, nobody is there to hear of it.
pub fn note(line: &str) {
    let _ = writeln!(io::stderr(), "{}", visible(line));
}

/// Which drugs that may be one stand on both sides of the folds.
pub fn leak(dataset: &Dataset, folds: &[Fold]) {
    if let Some(warning) = dataset.leak_warning(folds.iter().map(|fold| &fold.split)) {
        note(&format!("warning: {warning}"));
    }
}

/// Text on standard output. Whoever reads it may have seen enough (`l1kdb-train ... | head`): the work goes on.
pub fn text(text: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(io::Error::new(error.kind(), format!("cannot write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}

pub fn plan(dataset: &Dataset, recipe: &Recipe) -> anyhow::Result<()> {
    if dataset.len() < FEW_SIGNATURES && recipe.start == Start::Random {
        note(&format!(
            "note: with {} signatures, preset `{}` is likely to learn its training drugs by heart; \
             `--preset small-data` is made for so few",
            dataset.len(),
            recipe.preset
        ));
    }
    let sizes = dataset.drug_sizes();
    let network = recipe.architecture()?;
    let single = sizes.iter().filter(|&&size| size == 1).count();
    let plan = format!(
        "{} signatures of {} drugs, {single} of them with a single one\n\
         {} of {} parameters, {} of them in hidden layers; embeddings of {}; preset {}\n",
        dataset.len(),
        sizes.len(),
        architecture(network),
        network.parameters(),
        network.hidden_weights(),
        network.dimension(),
        visible(&recipe.preset),
    );
    Ok(text(plan.as_bytes())?)
}

pub fn report(outcome: &Outcome, protocol: Protocol) -> io::Result<()> {
    let mut out = Vec::new();
    let history = &outcome.trained.history;
    let loss = history.looks.last().map_or(String::new(), |look| format!(", final loss {:.3}", look.loss));
    writeln!(
        out,
        "trained on {} signatures of {} drugs, {} steps{loss}",
        history.signatures, history.drugs, history.steps
    )?;
    if let Some((best, seen)) = history.best.and_then(|best| Some((best, best.validation?))) {
        writeln!(
            out,
            "the weights are those after step {}, where AUC on the validation drugs ({} queries) was best: {:.3}",
            best.step, seen.queries, seen.auc
        )?;
    }
    match (outcome.standings.is_empty(), protocol) {
        (true, _) => writeln!(out, "no drug was held out: nothing is known of unseen drugs")?,
        (_, Protocol::HoldOut { .. }) => {
            writeln!(out, "\non {} drugs it has not seen", outcome.held_out_drugs)?;
        }
        (_, Protocol::CrossValidation { folds, repeats }) => writeln!(
            out,
            "\non unseen drugs, {repeats} x {folds}-fold by drug (networks of this recipe; the written one saw all)"
        )?,
    }
    table(&mut out, &outcome.standings)?;
    text(&out)
}

/// Which drugs figures are of.
pub fn held_out(protocol: Protocol) -> String {
    match protocol {
        Protocol::HoldOut { share } => format!("on a share of {share} of the drugs, held out of training"),
        Protocol::CrossValidation { folds, repeats } => {
            format!("on drugs held out of training, {repeats} x {folds}-fold by drug")
        }
    }
}

/// The answer of `evaluate`. `held_out` says what the figures are of.
pub fn standings(standings: &[Standing], held_out: &str, format: FormatArg) -> io::Result<()> {
    let mut out = Vec::new();
    if format == FormatArg::Tsv {
        tsv(&mut out, standings)?;
    } else {
        writeln!(out, "{}", visible(held_out))?;
        table(&mut out, standings)?;
    }
    text(&out)
}

fn table(out: &mut impl Write, standings: &[Standing]) -> io::Result<()> {
    let Some(first) = standings.first() else { return Ok(()) };
    let all = &first.pooled.all;
    writeln!(
        out,
        "{} queries, {} same-drug pairs of {} drugs, {:.0} candidates of other drugs a query\n",
        all.queries, all.positives, all.labels, all.negatives_mean
    )?;
    let width =
        standings.iter().map(|standing| visible(&standing.name).chars().count()).max().unwrap_or(0).max(18);
    write!(out, "{:<width$}{:>8}{:>8}{:>10}{:>10}", "", "AUC", "sd", "macro AUC", "median q")?;
    all.recall.iter().try_for_each(|(x, _)| write!(out, "{:>11}", format!("r({x})")))?;
    writeln!(out, "{:>12}{:>12}", "same cell", "other cell")?;
    for standing in standings {
        line(out, standing, width)?;
    }
    if let Some(pairs) = first.pooled.same_cell.zip(first.pooled.other_cell) {
        writeln!(out, "\n{} pairs in one cell line, {} across", pairs.0.positives, pairs.1.positives)?;
    }
    if first.by_repeat.len() > 1 {
        writeln!(out, "AUC: all pairs pooled; sd: of the AUC over {} repeats", first.by_repeat.len())?;
    }
    Ok(())
}

fn line(out: &mut impl Write, standing: &Standing, width: usize) -> io::Result<()> {
    let Figures { all, same_cell, other_cell } = &standing.pooled;
    let (_, sd) = standing.over_repeats(|figures| figures.all.auc_quantile);
    let sd = sd.map_or_else(|| "-".to_owned(), |sd| format!("{sd:.3}"));
    write!(
        out,
        "{:<width$}{:>8.3}{sd:>8}{:>10.3}{:>10.3}",
        visible(&standing.name),
        all.auc_quantile,
        all.macro_auc,
        all.median_q
    )?;
    all.recall.iter().try_for_each(|(_, recall)| write!(out, "{recall:>11.3}"))?;
    let auc = |stratum: &Option<l1kdb_models::Stratum>| {
        stratum.map_or_else(|| "-".to_owned(), |stratum| format!("{:.3}", stratum.auc_quantile))
    };
    writeln!(out, "{:>12}{:>12}", auc(same_cell), auc(other_cell))
}

fn tsv(out: &mut Vec<u8>, standings: &[Standing]) -> io::Result<()> {
    let Some(first) = standings.first() else { return Ok(()) };
    let recalls = first.pooled.all.recall.iter().map(|(x, _)| format!("r({x})"));
    let header = ["model", "repeat", "auc_quantile", "macro_auc", "median_q", "mean_query_median_q"];
    let rest = ["auc_same_cell", "auc_other_cell", "queries", "positives", "drugs", "negatives_mean"];
    write_cells(out, header.map(str::to_owned).into_iter().chain(recalls).chain(rest.map(str::to_owned)))?;
    for standing in standings {
        let repeats = standing.by_repeat.iter().zip(1..).map(|(figures, at)| (at.to_string(), figures));
        for (repeat, figures) in [("all".to_owned(), &standing.pooled)].into_iter().chain(repeats) {
            write_cells(out, cells(&standing.name, repeat, figures, first))?;
        }
    }
    Ok(())
}

fn cells(name: &str, repeat: String, figures: &Figures, first: &Standing) -> Vec<String> {
    let all = &figures.all;
    let number = |number: f64| format!("{number:.6}");
    let optional = |found: Option<f64>| found.map_or_else(|| "-".to_owned(), number);
    let mut cells = vec![name.to_owned(), repeat];
    cells.extend([all.auc_quantile, all.macro_auc, all.median_q, all.mean_query_median_q].map(number));
    let recall = |x| all.recall.iter().find(|(at, _)| *at == x).map(|&(_, recall)| recall);
    cells.extend(first.pooled.all.recall.iter().map(|&(x, _)| optional(recall(x))));
    let strata = [figures.same_cell, figures.other_cell];
    cells.extend(strata.map(|stratum| optional(stratum.map(|stratum| stratum.auc_quantile))));
    cells.extend([all.queries, all.positives, all.labels].map(|count| count.to_string()));
    cells.push(format!("{:.1}", all.negatives_mean));
    cells
}

pub fn written(folder: &Path, bytes: usize, difference: f32, engine: &str) -> io::Result<()> {
    let folder = folder.display().to_string();
    let written = format!(
        "\nwrote {} (model.onnx of {bytes} bytes, card.toml, log); {engine} and the trainer agree to {difference:.0e}\n",
        visible(&folder)
    );
    text(written.as_bytes())
}
