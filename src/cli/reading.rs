//! How profiles are read, and what is said about those that were not all there.

use anyhow::bail;
use l1kdb::profile::{NonFinite, ReadOptions, ReadReport};

use super::args::{NonFiniteArg, ReadArgs};
use super::note;

impl ReadArgs {
    /// Returns the library's options.
    pub fn options(&self) -> ReadOptions {
        ReadOptions::default().min_coverage(self.min_coverage).drop_zero(true).non_finite(
            match self.non_finite {
                NonFiniteArg::Refuse => NonFinite::Refuse,
                NonFiniteArg::Zero => NonFinite::Zero,
                NonFiniteArg::Drop => NonFinite::DropSignature,
            },
        )
    }
}

/// Says, beside the output, what was wanting in the profiles, and what makes them doubtful; nothing where all was there.
pub fn note_losses(report: &ReadReport) {
    report.notes().iter().for_each(|loss| note(&format!("note: {loss}")));
    warn(report);
}

/// Says, beside the output, what makes the profiles doubtful.
pub fn warn(report: &ReadReport) {
    report.warnings().iter().for_each(|doubt| note(&format!("warning: {doubt}")));
}

/// Refuses to go on where every signature was left out.
pub fn require_signatures(report: &ReadReport) -> anyhow::Result<()> {
    if report.read == 0 {
        bail!("{}: no signature is left: {}", report.path.display(), report.notes().join("; "));
    }
    Ok(())
}
