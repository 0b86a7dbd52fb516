//! Everything in a database, for those who look at all of it.

use super::segment::{DrugRecord, SignatureRecord};
use super::{Db, DbError};

/// A database's rows, in its order.
#[derive(Debug, Clone, PartialEq)]
pub struct Export {
    /// Every signature.
    pub signatures: Vec<SignatureRecord>,
    /// Of every signature, the place of its drug in `drugs`.
    pub drug_of: Vec<usize>,
    /// Every drug, with what all segments know of it.
    pub drugs: Vec<DrugRecord>,
    /// Unit vectors, signatures x dimension, row-major.
    pub embeddings: Vec<f32>,
    /// z-scores, signatures x 978, row-major, where they were kept; rounded to half precision.
    pub profiles: Option<Vec<f32>>,
}

impl Db {
    /// Reads all rows. Memory is that of the embeddings and the profiles.
    ///
    /// # Errors
    /// A damaged section.
    pub fn export(&self) -> Result<Export, DbError> {
        let drugs = self.merged_drugs(&(0..self.drugs()?).collect())?;
        let mut export = Export {
            signatures: Vec::with_capacity(self.rows()),
            drug_of: Vec::with_capacity(self.rows()),
            drugs,
            embeddings: Vec::with_capacity(self.rows() * self.dimension()),
            profiles: Some(Vec::new()),
        };
        for place in 0..self.segments.len() {
            self.export_segment(place, &mut export)?;
        }
        Ok(export)
    }

    fn export_segment(&self, place: usize, export: &mut Export) -> Result<(), DbError> {
        let segment = &self.segments[place];
        export.signatures.append(&mut segment.signatures()?.some(0..segment.rows())?);
        for (row, &drug) in segment.drug_of_rows()?.iter().enumerate() {
            export.drug_of.push(self.group_of(place, drug)?);
            let vector = segment.index.vector(row as u32);
            let vector = vector.ok_or_else(|| segment.damaged("VECS", format!("no row {row}")))?;
            export.embeddings.extend_from_slice(vector);
        }
        match (segment.profiles()?, &mut export.profiles) {
            (Some(halves), Some(profiles)) => profiles.extend(halves.iter().map(|half| half.to_f32())),
            _ => export.profiles = None,
        }
        Ok(())
    }
}
