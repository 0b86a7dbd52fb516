//! Reading everything, once, to know that it is whole.

use std::collections::HashMap;

use super::segment::Section;
use super::{Db, DbError};
use crate::embed::EngineOptions;
use crate::progress::Progress;

/// What [`Db::verify`] has read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct VerifyReport {
    /// Segments.
    pub segments: usize,
    /// Signatures.
    pub signatures: usize,
    /// Drugs.
    pub drugs: usize,
    /// Calibrations.
    pub calibrations: usize,
    /// Segments with a graph.
    pub graphs: usize,
    /// Whether checksums cover the manifest and the network's card too. They do from format 2 on.
    pub sealed: bool,
}

impl Db {
    /// Reads the whole database: checksums, links, records, filters, profiles, and the network.
    ///
    /// # Errors
    /// The first thing that is damaged, with the file and the section.
    pub fn verify(&self, engine: &EngineOptions, progress: &dyn Progress) -> Result<VerifyReport, DbError> {
        self.model(engine)?.prepare()?;
        let segments = self.snapshot.segments();
        progress.begin("verifying", segments.len() as u64);
        for live in segments {
            live.segment().verify()?;
            progress.advance(1);
        }
        self.verify_unique()?;
        let calibrations = self.verify_calibrations()?;
        progress.end();
        Ok(VerifyReport {
            segments: segments.len(),
            signatures: self.signatures(),
            drugs: self.drugs()?,
            calibrations,
            graphs: segments.iter().filter(|live| live.index().has_graph()).count(),
            sealed: self.snapshot.manifest().is_sealed(),
        })
    }

    /// Checks that no signature is live in two segments. Within one, its own table of ids was verified.
    fn verify_unique(&self) -> Result<(), DbError> {
        let segments = self.snapshot.segments();
        let mut seen = HashMap::new();
        for live in segments.iter().filter(|_| segments.len() > 1) {
            for signature in live.signatures(live.live_rows())? {
                if let Some(first) = seen.insert(signature.sig_id.clone(), live.segment().path()) {
                    let (id, first) = (signature.sig_id, first.display());
                    let what = format!("the signature {id} stands in {first} too");
                    return Err(live.segment().damaged(Section::Signatures.fault(what)));
                }
            }
        }
        Ok(())
    }
}
