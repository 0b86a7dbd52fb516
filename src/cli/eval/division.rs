//! Held-out sets: read from a file, or made.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, bail};
use l1kdb::profile::{Signature, SignatureTable};
use l1kdb::split::{Crossed, Grouping, HoldOut, KFold, LeakProof, Split, by_scaffold};
use l1kdb::study::{Row, leak_warning};

use super::source;
use crate::cli::args::{DesignArgs, DivisionArgs, SplitArgs, SplitByArg};
use crate::cli::{line, note};

/// The division of the rows of an evaluation, if one was asked for.
pub fn of_rows(args: &DivisionArgs, rows: &[Row], seed: u64) -> anyhow::Result<Option<Split>> {
    let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
    if let Some(path) = &args.split {
        return Ok(Some(Split::load(path, &ids)?));
    }
    args.split_by.map(|by| divide(by, args.design, seed, &ids, rows)).transpose()
}

fn divide(
    by: SplitByArg,
    design: DesignArgs,
    seed: u64,
    ids: &[String],
    rows: &[Row],
) -> anyhow::Result<Split> {
    let (name, grouping) = grouping(by, rows)?;
    let DesignArgs { folds, hold_out, repeats, at_most } = design;
    Ok(match (by, hold_out) {
        (SplitByArg::LeakProof, Some(_)) => bail!("leak-proof makes folds of its own: leave out --hold-out"),
        (SplitByArg::LeakProof, None) => {
            let (_, cells) = self::grouping(SplitByArg::Cell, rows)?;
            let (_, drugs) = self::grouping(SplitByArg::Drug, rows)?;
            let crossed = Crossed { cells: &cells, moas: &grouping, drugs: &drugs };
            Split::leak_proof(ids, crossed, LeakProof { cells: folds, moas: folds, at_most }, seed)?
        }
        (_, Some(share)) => Split::hold_out(ids, name, &grouping, HoldOut { share, repeats }, seed)?,
        (_, None) => Split::k_fold(ids, name, &grouping, KFold { folds, repeats }, seed)?,
    })
}

/// What is never divided, and what it is called in a file.
fn grouping(by: SplitByArg, rows: &[Row]) -> anyhow::Result<(&'static str, Grouping)> {
    let (name, grouping, source) = match by {
        SplitByArg::Drug => {
            ("drug", Grouping::by_one(rows.iter().map(|row| row.drug.as_deref())), "pert_iname of --sig-info")
        }
        SplitByArg::Moa | SplitByArg::LeakProof => {
            let moas: Vec<Vec<String>> = rows.iter().map(|row| row.moa.clone()).collect();
            ("moa", Grouping::by_any(&moas), "moa of --pert-info")
        }
        SplitByArg::Cell => {
            ("cell", Grouping::by_one(rows.iter().map(|row| row.cell.as_deref())), "cell_id of --sig-info")
        }
        SplitByArg::Plate => {
            let plates = rows.iter().map(|row| row.plate.as_deref());
            ("plate", Grouping::by_one(plates), "a sig_id such as PLATE:WELL")
        }
        SplitByArg::Scaffold => ("scaffold", scaffolds(rows), "canonical_smiles of --pert-info"),
    };
    if grouping.names().is_empty() {
        bail!("no row has a {name}: expected {source}");
    }
    let share = grouping.largest_share();
    if share > 0.3 {
        note(&format!(
            "note: the largest {name} holds {:.0} % of the rows; the fold that has it is larger",
            100.0 * share
        ));
    }
    Ok((name, grouping))
}

/// Groups rows by scaffold, and says what has none.
fn scaffolds(rows: &[Row]) -> Grouping {
    let found = by_scaffold(rows.iter().map(|row| (row.drug.as_deref(), row.smiles.as_deref())));
    if let Some((row, error)) = found.unreadable.first() {
        let count = found.unreadable.len();
        note(&format!("note: {count} SMILES cannot be read, the first of {}: {error}", rows[*row].name));
    }
    found.grouping
}

/// `l1kdb eval split`.
pub fn run(args: &SplitArgs, out: &mut dyn Write) -> anyhow::Result<bool> {
    let rows = described(args)?;
    let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
    let split = divide(args.by, args.design, args.seed, &ids, &rows)?;
    split.save(&args.out)?;
    if let Some(warning) = leak_warning(&rows, &split) {
        note(&format!("warning: {warning}"));
    }
    summary(out, &split, &args.out)?;
    Ok(true)
}

fn described(args: &SplitArgs) -> anyhow::Result<Vec<Row>> {
    let table = SignatureTable::read(&args.sig_info)?;
    let kept = table.rows().iter().filter(|signature| args.keep_controls || !signature.is_control());
    let signatures: Vec<&Signature> = kept.collect();
    if signatures.is_empty() {
        bail!("{}: all {} signatures are controls", args.sig_info.display(), table.rows().len());
    }
    source::rows(&table, &signatures, args.pert_info.as_deref(), None)
}

fn summary(out: &mut dyn Write, split: &Split, path: &Path) -> anyhow::Result<()> {
    let sizes: Vec<usize> = split.folds().map(|fold| fold.held_out.len()).collect();
    let (least, most) = sizes.iter().min().zip(sizes.iter().max()).context("a split has a fold")?;
    let (by, design, seed) = (split.by().join(" x "), split.design(), split.seed());
    line(out, &format!("wrote {}: {design} by {by}, seed {seed}", path.display()))?;
    writeln!(
        out,
        "  {} signatures in {} held-out sets of {least} to {most}; {} in none",
        split.ids().len(),
        sizes.len(),
        split.outside()
    )?;
    writeln!(out, "  {}", split.digest())?;
    Ok(())
}
