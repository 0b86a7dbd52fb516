//! Everything in a database, for those who look at all of it.

use super::segment::{DrugRecord, SignatureRecord};
use super::snapshot::{LiveSegment, RowAt};
use super::{Db, DbError};
use crate::profile::GENES;

/// A database's rows, in its order.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Contents {
    /// Every signature.
    pub signatures: Vec<SignatureRecord>,
    /// Of every signature the name of its source; empty where the database is of one without a name.
    pub sources: Vec<String>,
    /// Of every signature, the place of its drug in `drugs`.
    pub drug_of: Vec<usize>,
    /// Every drug, with what all segments know of it.
    pub drugs: Vec<DrugRecord>,
    /// Unit vectors, signatures x dim, row-major.
    pub embeddings: Vec<f32>,
    /// z-scores of the landmarks, signatures x 978, row-major, where profiles were kept, of whatever genes; rounded to half
    /// precision. [`Db::profile`] has all genes.
    pub profiles: Option<Vec<f32>>,
}

impl Db {
    /// Reads all rows. Memory is that of the embeddings and the profiles.
    ///
    /// # Errors
    /// A damaged section.
    pub fn export(&self) -> Result<Contents, DbError> {
        let drugs = self.snapshot.merged_drugs(&(0..self.drugs()?).collect())?;
        let mut export = Contents {
            signatures: Vec::with_capacity(self.signatures()),
            sources: Vec::with_capacity(self.signatures()),
            drug_of: Vec::with_capacity(self.signatures()),
            drugs,
            embeddings: Vec::with_capacity(self.signatures() * self.dim()),
            profiles: Some(Vec::new()),
        };
        for (segment, live) in self.snapshot.segments().iter().enumerate() {
            export.signatures.append(&mut live.signatures(live.live_rows())?);
            export.sources.resize(export.signatures.len(), live.source().unwrap_or_default().to_owned());
            self.export_rows(segment, live, &mut export)?;
        }
        Ok(export)
    }

    fn export_rows(&self, segment: usize, live: &LiveSegment, export: &mut Contents) -> Result<(), DbError> {
        let profiles = live.profiles()?;
        if profiles.is_none() {
            export.profiles = None;
        }
        for row in live.live_rows() {
            export.drug_of.push(self.snapshot.group_of_row(RowAt { segment, row })?);
            export.embeddings.extend_from_slice(live.vector(row)?);
            if let (Some(stored), Some(profiles)) = (&profiles, &mut export.profiles) {
                let start = profiles.len();
                profiles.resize(start + GENES, 0.0);
                if !stored.read_landmarks(row, &mut profiles[start..]) {
                    return Err(live.no_profile(row));
                }
            }
        }
        Ok(())
    }
}
