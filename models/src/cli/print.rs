//! What the program says: figures on standard output, notes on standard error.

use std::io::{self, Write};
use std::path::Path;

use l1kdb_models::{Dataset, Figures, Fold, Outcome, Protocol, Recipe, Standing, Start, architecture};

use super::args::FormatArg;

/// Below this many signatures the published presets learn their training drugs by heart.
const FEW_SIGNATURES: usize = 10_000;

/// One line on standard error; if even that cannot be written, nobody is there to hear of it.
pub fn note(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// Which drugs that may be one stand on both sides of the folds.
pub fn leak(dataset: &Dataset, folds: &[Fold]) {
    if let Some(warning) = dataset.leak_warning(folds.iter().map(|fold| &fold.split)) {
        note(&format!("warning: {warning}"));
    }
}

/// Text on standard output.
pub fn text(text: &str) -> io::Result<()> {
    io::stdout().write_all(text.as_bytes())
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
    writeln!(
        io::stdout(),
        "{} signatures of {} drugs, {single} of them with a single one\n\
         {} of {} parameters, {} of them in hidden layers; embeddings of {}; preset {}",
        dataset.len(),
        sizes.len(),
        architecture(network),
        network.parameters(),
        network.hidden_weights(),
        network.dimension(),
        recipe.preset,
    )?;
    Ok(())
}

pub fn report(outcome: &Outcome, protocol: Protocol) -> io::Result<()> {
    let mut out = io::stdout();
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
        (true, _) => return writeln!(out, "no drug was held out: nothing is known of unseen drugs"),
        (_, Protocol::HoldOut { .. }) => {
            writeln!(out, "\non {} drugs it has not seen", outcome.held_out_drugs)?;
        }
        (_, Protocol::CrossValidation { folds, repeats }) => writeln!(
            out,
            "\non unseen drugs, {repeats} x {folds}-fold by drug (networks of this recipe; the written one saw all)"
        )?,
    }
    table(&mut out, &outcome.standings)
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
    let mut out = io::stdout();
    if format == FormatArg::Tsv {
        return tsv(&mut out, standings);
    }
    writeln!(out, "{held_out}")?;
    table(&mut out, standings)
}

fn table(out: &mut impl Write, standings: &[Standing]) -> io::Result<()> {
    let Some(first) = standings.first() else { return Ok(()) };
    let all = &first.pooled.all;
    writeln!(
        out,
        "{} queries, {} same-drug pairs of {} drugs, {:.0} candidates of other drugs a query\n",
        all.queries, all.positives, all.labels, all.negatives_mean
    )?;
    let width = standings.iter().map(|standing| standing.name.chars().count()).max().unwrap_or(0).max(18);
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
        standing.name, all.auc_quantile, all.macro_auc, all.median_q
    )?;
    all.recall.iter().try_for_each(|(_, recall)| write!(out, "{recall:>11.3}"))?;
    let auc = |stratum: &Option<l1kdb_models::Stratum>| {
        stratum.map_or_else(|| "-".to_owned(), |stratum| format!("{:.3}", stratum.auc_quantile))
    };
    writeln!(out, "{:>12}{:>12}", auc(same_cell), auc(other_cell))
}

fn tsv(out: &mut impl Write, standings: &[Standing]) -> io::Result<()> {
    let Some(first) = standings.first() else { return Ok(()) };
    write!(out, "model\trepeat\tauc_quantile\tmacro_auc\tmedian_q\tmean_query_median_q")?;
    first.pooled.all.recall.iter().try_for_each(|(x, _)| write!(out, "\tr({x})"))?;
    writeln!(out, "\tauc_same_cell\tauc_other_cell\tqueries\tpositives\tdrugs\tnegatives_mean")?;
    for standing in standings {
        let repeats = standing.by_repeat.iter().zip(1..).map(|(figures, at)| (at.to_string(), figures));
        for (repeat, figures) in [("all".to_owned(), &standing.pooled)].into_iter().chain(repeats) {
            tsv_line(out, &standing.name, &repeat, figures, first)?;
        }
    }
    Ok(())
}

fn tsv_line(
    out: &mut impl Write,
    name: &str,
    repeat: &str,
    figures: &Figures,
    first: &Standing,
) -> io::Result<()> {
    let all = &figures.all;
    write!(out, "{name}\t{repeat}\t{:.6}\t{:.6}", all.auc_quantile, all.macro_auc)?;
    write!(out, "\t{:.6}\t{:.6}", all.median_q, all.mean_query_median_q)?;
    for (x, _) in &first.pooled.all.recall {
        let recall = all.recall.iter().find(|(at, _)| at == x);
        write!(out, "\t{}", recall.map_or_else(|| "-".to_owned(), |(_, recall)| format!("{recall:.6}")))?;
    }
    for stratum in [figures.same_cell, figures.other_cell] {
        let auc = stratum.map_or_else(|| "-".to_owned(), |stratum| format!("{:.6}", stratum.auc_quantile));
        write!(out, "\t{auc}")?;
    }
    writeln!(out, "\t{}\t{}\t{}\t{:.1}", all.queries, all.positives, all.labels, all.negatives_mean)
}

pub fn written(folder: &Path, bytes: usize, difference: f32, engine: &str) -> io::Result<()> {
    writeln!(
        io::stdout(),
        "\nwrote {} (model.onnx of {bytes} bytes, card.toml, log); {engine} and the trainer agree to {difference:.0e}",
        folder.display()
    )
}
