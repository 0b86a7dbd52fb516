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
    report.notes().iter().for_each(|loss| note(&format!("note: {loss}")));
}
