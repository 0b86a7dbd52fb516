//! What the program says: figures on standard output, notes on standard error.

use std::io::{self, Write};
use std::path::Path;

use l1kdb::report::{visible, write_cells};
use l1kdb::split::{Design, HoldOut, KFold, Split};
use l1kdb::study::{MethodOutcome, Outcome, Row, Stratum};
use l1kdb_models::{Dataset, Fitted, Recipe, Start, architecture};

use super::args::FormatArg;

/// Below this many signatures the published presets learn their training drugs by heart.
const FEW_SIGNATURES: usize = 10_000;

/// Writes one line on standard error, whatever names are in it; if even that cannot be written, nobody is there to hear of
/// it.
pub fn note(line: &str) {
    let _ = writeln!(io::stderr(), "{}", visible(line));
}

/// Notes which drugs that may be one stand on both sides of a split.
pub fn leak(dataset: &Dataset, split: &Split) {
    if let Some(warning) = Row::leak_warning(&dataset.study.rows, split) {
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
        network.dim(),
        visible(&recipe.preset),
    );
    Ok(text(plan.as_bytes())?)
}

pub fn report(fitted: &Fitted, split: Option<&Split>) -> io::Result<()> {
    let mut out = Vec::new();
    let history = &fitted.trained.history;
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
    match split.map(Split::design) {
        None => writeln!(out, "no drug was held out: nothing is known of unseen drugs")?,
        Some(Design::KFold(KFold { folds, repeats })) => writeln!(
            out,
            "\non unseen drugs, {repeats} x {folds}-fold by drug (networks of this recipe; the written one saw all)"
        )?,
        Some(_) => writeln!(out, "\non {} drugs it has not seen", fitted.held_out_drugs)?,
    }
    table(&mut out, &fitted.methods)?;
    text(&out)
}

/// Returns in words which drugs figures are of.
pub fn held_out(split: &Split) -> String {
    match split.design() {
        Design::HoldOut(HoldOut { share, .. }) => {
            format!("on a share of {share} of the drugs, held out of training")
        }
        Design::KFold(KFold { folds, repeats }) => {
            format!("on drugs held out of training, {repeats} x {folds}-fold by drug")
        }
        design => format!("on drugs held out of training, {design}"),
    }
}

/// Writes the answer of `evaluate`. `held_out` says what the figures are of.
pub fn methods(methods: &[MethodOutcome], held_out: &str, format: FormatArg) -> io::Result<()> {
    let mut out = Vec::new();
    if format == FormatArg::Tsv {
        tsv(&mut out, methods)?;
    } else {
        writeln!(out, "{}", visible(held_out))?;
        table(&mut out, methods)?;
    }
    text(&out)
}

fn table(out: &mut impl Write, methods: &[MethodOutcome]) -> io::Result<()> {
    let Some(first) = methods.first() else { return Ok(()) };
    let all = &first.pooled;
    writeln!(
        out,
        "{} queries, {} same-drug pairs of {} drugs, {:.0} candidates of other drugs a query\n",
        all.queries, all.positives, all.labels, all.negatives_mean
    )?;
    let width = methods.iter().map(|method| visible(&method.name).chars().count()).max().unwrap_or(0).max(18);
    write!(out, "{:<width$}{:>8}{:>8}{:>10}{:>10}", "", "AUC", "sd", "macro AUC", "median q")?;
    all.resolved_recall().try_for_each(|(x, _)| write!(out, "{:>11}", format!("r({x})")))?;
    writeln!(out, "{:>12}{:>12}", "same cell", "other cell")?;
    for method in methods {
        line(out, method, width)?;
    }
    if let [Some(same), Some(other)] = all.by_cell_line() {
        writeln!(out, "\n{} pairs in one cell line, {} across", same.positives, other.positives)?;
    }
    if first.by_repeat.len() > 1 {
        writeln!(out, "AUC: all pairs pooled; sd: of the AUC over {} repeats", first.by_repeat.len())?;
    }
    Ok(())
}

fn line(out: &mut impl Write, method: &MethodOutcome, width: usize) -> io::Result<()> {
    let all = &method.pooled;
    let sd = method.sd_over_repeats(|outcome| outcome.micro.auc_quantile);
    let sd = sd.map_or_else(|| "-".to_owned(), |sd| format!("{sd:.3}"));
    write!(
        out,
        "{:<width$}{:>8.3}{sd:>8}{:>10.3}{:>10.3}",
        visible(&method.name),
        all.micro.auc_quantile,
        all.per_label.auc_quantile,
        all.micro.median_q
    )?;
    all.resolved_recall().try_for_each(|(_, recall)| write!(out, "{recall:>11.3}"))?;
    let auc = |stratum: Option<&Stratum>| {
        stratum.map_or_else(|| "-".to_owned(), |stratum| format!("{:.3}", stratum.auc_quantile))
    };
    let [same, other] = all.by_cell_line().map(auc);
    writeln!(out, "{same:>12}{other:>12}")
}

fn tsv(out: &mut Vec<u8>, methods: &[MethodOutcome]) -> io::Result<()> {
    let Some(first) = methods.first() else { return Ok(()) };
    let recall = first.pooled.resolved_recall().map(|(x, _)| format!("r({x})"));
    let header = ["model", "repeat", "auc_quantile", "macro_auc", "median_q", "mean_query_median_q"];
    let rest = ["auc_same_cell", "auc_other_cell", "queries", "positives", "drugs", "negatives_mean"];
    write_cells(out, header.map(str::to_owned).into_iter().chain(recall).chain(rest.map(str::to_owned)))?;
    for method in methods {
        let repeats = method.by_repeat.iter().zip(1..).map(|(outcome, at)| (at.to_string(), outcome));
        for (repeat, outcome) in [("all".to_owned(), &method.pooled)].into_iter().chain(repeats) {
            write_cells(out, cells(&method.name, repeat, outcome, &first.pooled))?;
        }
    }
    Ok(())
}

/// A line of figures, with the recalls that `first` has.
fn cells(name: &str, repeat: String, outcome: &Outcome, first: &Outcome) -> Vec<String> {
    let number = |number: f64| format!("{number:.6}");
    let optional = |found: Option<f64>| found.map_or_else(|| "-".to_owned(), number);
    let mut cells = vec![name.to_owned(), repeat];
    let (micro, per_label) = (&outcome.micro, &outcome.per_label);
    cells.extend(
        [micro.auc_quantile, per_label.auc_quantile, micro.median_q, outcome.mean_query_median_q].map(number),
    );
    let recall = |x| outcome.resolved_recall().find(|(at, _)| *at == x).map(|(_, recall)| recall);
    cells.extend(first.resolved_recall().map(|(x, _)| optional(recall(x))));
    cells.extend(outcome.by_cell_line().map(|stratum| optional(stratum.map(|stratum| stratum.auc_quantile))));
    cells.extend([outcome.queries, outcome.positives, outcome.labels as u64].map(|count| count.to_string()));
    cells.push(format!("{:.1}", outcome.negatives_mean));
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
