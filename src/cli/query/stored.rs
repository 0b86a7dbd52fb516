//! Questions by signatures and drugs that the database holds.

use std::io::Write;
use std::slice;

use anyhow::Context;
use l1kdb::connectivity::Score;
use l1kdb::db::Stored;
use l1kdb::profile::GENES;

use super::gene_space::GeneSpaceScore;
use super::printer::{Asked, Left, Printer};
use crate::cli::args::CombineArg;

/// Asks with signatures of the database, each of which is left out of its own answer: whether anything was found.
pub fn ask_signatures(printer: &Printer, out: &mut dyn Write) -> anyhow::Result<bool> {
    let stored = printer.db.stored_signatures(&printer.args.sig)?;
    printer.header(out)?;
    each(printer, &stored, Left::Own, out)
}

/// Asks with drugs of the database, whose signatures are left out of their answers: whether anything was found.
pub fn ask_drugs(printer: &Printer, out: &mut dyn Write) -> anyhow::Result<bool> {
    let drugs = &printer.args.drug;
    let stored: Vec<_> = drugs.iter().map(|drug| printer.db.stored_drug(drug)).collect::<Result<_, _>>()?;
    printer.header(out)?;
    let mut found = false;
    for (drug, stored) in drugs.iter().zip(stored) {
        let left = Left::Drug(drug);
        found |= match printer.args.combine {
            CombineArg::Each => each(printer, &stored, left, out)?,
            CombineArg::Mean => mean(printer, drug, &stored, left, out)?,
        };
    }
    Ok(found)
}

/// Asks with each of some signatures.
fn each(printer: &Printer, stored: &Stored, left: Left<'_>, out: &mut dyn Write) -> anyhow::Result<bool> {
    let Some(score) = printer.gene_space else {
        return printer.answer(&stored.sig_ids, Asked::Embeddings(&stored.embeddings), left, out);
    };
    let scores: Vec<Box<dyn Score>> = profiles(printer, stored)?
        .chunks_exact(GENES)
        .map(|profile| score.prepare(profile))
        .collect::<Result<_, _>>()?;
    printer.answer(&stored.sig_ids, Asked::Scores(&scores), left, out)
}

/// Asks with the mean of a drug's signatures.
fn mean(
    printer: &Printer,
    drug: &String,
    stored: &Stored,
    left: Left<'_>,
    out: &mut dyn Write,
) -> anyhow::Result<bool> {
    let id = slice::from_ref(drug);
    let Some(score) = printer.gene_space else {
        let mean = stored.mean().with_context(|| {
            format!("the signatures of {drug} cancel out: ask with each of them (--combine each)")
        })?;
        return printer.answer(id, Asked::Embeddings(&mean), left, out);
    };
    let score = mean_profile(&profiles(printer, stored)?, score)?;
    printer.answer(id, Asked::Scores(slice::from_ref(&score)), left, out)
}

/// The stored profiles of some signatures, row by row.
fn profiles(printer: &Printer, stored: &Stored) -> anyhow::Result<Vec<f32>> {
    let mut profiles = Vec::with_capacity(stored.sig_ids.len() * GENES);
    for id in &stored.sig_ids {
        let profile = printer.db.profile(id)?;
        profiles.extend(profile.context("the database keeps no profiles: ask by embedding")?);
    }
    Ok(profiles)
}

fn mean_profile(profiles: &[f32], score: GeneSpaceScore) -> anyhow::Result<Box<dyn Score>> {
    let count = (profiles.len() / GENES).max(1) as f32;
    let sum = |gene: usize| profiles.iter().skip(gene).step_by(GENES).sum::<f32>();
    let mean: Vec<f32> = (0..GENES).map(|gene| sum(gene) / count).collect();
    score.prepare(&mean)
}
