//! Held-out sets: read from a file, or made.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, bail};
use l1kdb::split::{HoldOut, KFold, LeakProof, Split};
use l1kdb::study::{Division, Row, SplitBy, Study, Tables};

use super::source::tell;
use crate::cli::args::{DesignArgs, DivisionArgs, SplitArgs, SplitByArg};
use crate::cli::{line, note};

/// Returns the split of the rows of a study, if one was asked for.
pub fn of_study(args: &DivisionArgs, study: &Study, seed: u64) -> anyhow::Result<Option<Split>> {
    match (&args.split, args.split_by) {
        (Some(path), _) => Ok(Some(Split::load(path, &study.ids())?)),
        (None, Some(by)) => {
            let (split, notes) = division(by, args.design)?.of(&study.rows, seed)?;
            tell(&notes);
            Ok(Some(split))
        }
        (None, None) => Ok(None),
    }
}

fn division(by: SplitByArg, design: DesignArgs) -> anyhow::Result<Division> {
    let DesignArgs { folds, hold_out, repeats, at_most } = design;
    let by = match by {
        SplitByArg::LeakProof if hold_out.is_some() => {
            bail!("leak-proof makes folds of its own: leave out --hold-out")
        }
        SplitByArg::LeakProof => {
            return Ok(Division::LeakProof(LeakProof { cells: folds, moas: folds, at_most }));
        }
        SplitByArg::Drug => SplitBy::Drug,
        SplitByArg::Moa => SplitBy::Moa,
        SplitByArg::Cell => SplitBy::Cell,
        SplitByArg::Plate => SplitBy::Plate,
        SplitByArg::Scaffold => SplitBy::Scaffold,
        SplitByArg::Source => SplitBy::Source,
    };
    Ok(match hold_out {
        Some(share) => Division::HoldOut(by, HoldOut { share, repeats }),
        None => Division::KFold(by, KFold { folds, repeats }),
    })
}

/// Runs `l1kdb eval split`.
pub fn run(args: &SplitArgs, out: &mut dyn Write) -> anyhow::Result<bool> {
    let mut tables = Tables::default().sig_info(&args.sig_info).keep_controls(args.keep_controls);
    tables.pert_info.clone_from(&args.pert_info);
    let (rows, notes) = Row::read(&tables)?;
    tell(&notes);
    let (split, notes) = division(args.by, args.design)?.of(&rows, args.seed)?;
    tell(&notes);
    split.save(&args.out)?;
    if let Some(warning) = Row::leak_warning(&rows, &split) {
        note(&format!("warning: {warning}"));
    }
    summary(out, &split, &args.out)?;
    Ok(true)
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
