//! How profiles are read, and what is said about those that were not all there.

use l1kdb::profile::{NonFinite, ReadOptions, ReadReport};

use super::args::{NonFiniteArg, ReadArgs};
use super::note;

impl ReadArgs {
    /// Returns the library's options.
    pub fn options(&self) -> ReadOptions {
        ReadOptions {
            min_coverage: self.min_coverage,
            non_finite: match self.non_finite {
                NonFiniteArg::Refuse => NonFinite::Refuse,
                NonFiniteArg::Zero => NonFinite::Zero,
                NonFiniteArg::Drop => NonFinite::DropSignature,
            },
        }
    }
}

/// Says, beside the output, what was wanting in the profiles; nothing where all was there.
pub fn note_losses(report: &ReadReport) {
    for loss in losses(report) {
        note(&format!("note: {loss}"));
    }
}

/// What was wanting in the profiles, a sentence each.
pub fn losses(report: &ReadReport) -> Vec<String> {
    let mut losses = Vec::new();
    let missing = &report.genes_missing;
    if !missing.is_empty() {
        losses.push(format!(
            "{} of 978 landmark genes are missing and count as 0: {}",
            missing.len(),
            some(missing)
        ));
    }
    if !report.duplicate_genes.is_empty() {
        let genes: Vec<&str> = report.duplicate_genes.iter().map(|(symbol, _)| *symbol).collect();
        losses.push(format!(
            "{} genes have several rows, which were averaged: {}",
            genes.len(),
            some(&genes)
        ));
    }
    if report.zeroed > 0 {
        losses.push(format!("{} values are not finite and count as 0", report.zeroed));
    }
    if !report.dropped.is_empty() {
        let dropped: Vec<&str> = report.dropped.iter().map(String::as_str).collect();
        losses.push(format!(
            "{} signatures were dropped for values that are not finite: {}",
            dropped.len(),
            some(&dropped)
        ));
    }
    losses
}

fn some(names: &[&str]) -> String {
    let shown = names.iter().take(3).copied().collect::<Vec<_>>().join(", ");
    if names.len() > 3 { format!("{shown}, ...") } else { shown }
}
