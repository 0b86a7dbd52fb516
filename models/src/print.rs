//! What the program says: figures on standard output, notes and progress on standard error.

use std::io::{self, Write};
use std::path::Path;
use std::sync::Mutex;

use indicatif::{ProgressBar, ProgressStyle};
use l1kdb::eval::SameLabel;
use l1kdb::progress::Progress;
use l1kdb_models::{Dataset, Figures, Outcome, Protocol, Recipe, Shape, Start};

/// Below this many signatures the published presets learn their training drugs by heart.
const FEW_SIGNATURES: usize = 10_000;

/// A progress bar on standard error, silent when that is no terminal.
#[derive(Default)]
pub(crate) struct Bar(Mutex<Option<ProgressBar>>);

impl Bar {
    fn current(&self) -> std::sync::MutexGuard<'_, Option<ProgressBar>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Progress for Bar {
    fn begin(&self, task: &str, total: u64) {
        let template = if total == 0 {
            "{msg} {spinner} {human_pos}"
        } else {
            "{msg} {wide_bar} {human_pos}/{human_len} {per_sec} eta {eta}"
        };
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = ProgressBar::new(total).with_style(style).with_message(task.to_owned());
        *self.current() = Some(bar);
    }

    fn advance(&self, done: u64) {
        if let Some(bar) = &*self.current() {
            bar.inc(done);
        }
    }

    fn end(&self) {
        if let Some(bar) = self.current().take() {
            bar.finish_and_clear();
        }
    }
}

/// One line on standard error; if even that cannot be written, nobody is there to hear of it.
pub(crate) fn note(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

pub(crate) fn plan(dataset: &Dataset, shape: Shape, recipe: &Recipe) -> io::Result<()> {
    if dataset.len() < FEW_SIGNATURES && recipe.start == Start::Random {
        note(&format!(
            "note: with {} signatures, preset `{}` is likely to learn its training drugs by heart; \
             `--preset small-data` is made for so few",
            dataset.len(),
            recipe.preset
        ));
    }
    let sizes = dataset.drug_sizes();
    writeln!(
        io::stdout(),
        "{} signatures of {} drugs, {} of them with two or more\n\
         densenet of depth {}, growth {}, dimension {}: {} parameters; preset {}",
        dataset.len(),
        sizes.len(),
        sizes.iter().filter(|&&size| size > 1).count(),
        shape.depth,
        shape.growth,
        shape.dimension,
        shape.parameters(),
        recipe.preset,
    )
}

pub(crate) fn report(outcome: &Outcome, protocol: Protocol) -> io::Result<()> {
    let mut out = io::stdout();
    writeln!(
        out,
        "trained on {} signatures of {} drugs, final loss {:.3}",
        outcome.train_rows.len(),
        outcome.trained.classes,
        outcome.trained.loss
    )?;
    match &outcome.figures {
        None => writeln!(out, "no drug was held out: nothing is known of unseen drugs"),
        Some(figures) => table(&mut out, figures, outcome, protocol),
    }
}

fn table(out: &mut impl Write, figures: &Figures, outcome: &Outcome, protocol: Protocol) -> io::Result<()> {
    let report = &figures.embedding;
    match protocol {
        Protocol::HoldOut { .. } => writeln!(out, "\non {} drugs it has not seen", outcome.held_out_drugs)?,
        Protocol::CrossValidation { folds, repeats } => writeln!(
            out,
            "\non unseen drugs, {repeats} x {folds}-fold by drug (networks of this recipe; the written one saw all)"
        )?,
    }
    writeln!(
        out,
        "{} queries, {} same-drug pairs, {:.0} candidates of other drugs a query\n",
        report.queries, report.positives, report.negatives_mean
    )?;
    write!(out, "{:<24}{:>8}{:>11}{:>10}", "", "AUC", "macro AUC", "median q")?;
    report.recall.iter().try_for_each(|(x, _)| write!(out, "{:>8}", format!("r({x})")))?;
    writeln!(out)?;
    line(out, "this recipe", report)?;
    line(out, "cosine of z-scores", &figures.raw_cosine)?;
    line(out, "labels permuted", &figures.permuted)?;
    for (name, stratum) in
        [("in the same cell line", figures.same_cell), ("in other cell lines", figures.other_cell)]
    {
        if let Some(stratum) = stratum {
            writeln!(out, "{name:<24}{:>8.3}   ({} pairs)", stratum.auc_quantile, stratum.positives)?;
        }
    }
    if outcome.auc_by_repeat.len() > 1 {
        let aucs: Vec<String> = outcome.auc_by_repeat.iter().map(|auc| format!("{auc:.3}")).collect();
        writeln!(out, "AUC by repeat: {}", aucs.join(" "))?;
    }
    Ok(())
}

fn line(out: &mut impl Write, name: &str, report: &SameLabel) -> io::Result<()> {
    let SameLabel { auc_quantile, macro_auc, median_q, .. } = report;
    write!(out, "{name:<24}{auc_quantile:>8.3}{macro_auc:>11.3}{median_q:>10.3}")?;
    report.recall.iter().try_for_each(|(_, recall)| write!(out, "{recall:>8.3}"))?;
    writeln!(out)
}

pub(crate) fn written(folder: &Path, bytes: usize, difference: f32, engine: &str) -> io::Result<()> {
    writeln!(
        io::stdout(),
        "\nwrote {} (model.onnx of {bytes} bytes and card.toml); {engine} and the trainer agree to {difference:.0e}",
        folder.display()
    )
}
