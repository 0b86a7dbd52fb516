//! `GENE`: the profiles themselves, 978 z-scores a row, in half precision.

use half::f16;
use half::slice::HalfFloatSliceExt;

use super::section::{Fault, Section};
use crate::profile::GENES;

const SECTION: Section = Section::Profiles;

/// Rounds to half precision, which keeps three digits of a z-score; what would overflow is clipped to the largest half.
pub(super) fn encode(values: &[f32]) -> Vec<f16> {
    let limit = f16::MAX.to_f32();
    values.iter().map(|value| f16::from_f32(value.clamp(-limit, limit))).collect()
}

/// The section, open.
#[derive(Debug, Clone, Copy)]
pub(in crate::db) struct Profiles<'a>(&'a [f16]);

impl<'a> Profiles<'a> {
    /// Takes the bytes of a section of so many rows.
    pub(super) fn open(bytes: &'a [u8], rows: usize) -> Result<Self, Fault> {
        let halves: &[f16] = bytemuck::try_cast_slice(bytes).map_err(|e| SECTION.fault(e.to_string()))?;
        SECTION.expect("values", rows * GENES, halves.len())?;
        Ok(Self(halves))
    }

    /// Writes the 978 z-scores of a row; false where there is no such row.
    pub fn read(&self, row: u32, values: &mut [f32]) -> bool {
        let start = row as usize * GENES;
        let Some(halves) = self.0.get(start..start + GENES) else { return false };
        halves.convert_to_f32_slice(values);
        true
    }

    /// Checks that every value is finite.
    pub(super) fn verify(&self) -> Result<(), Fault> {
        match self.0.iter().position(|value| !value.is_finite()) {
            Some(at) => Err(SECTION.fault(format!("value {at} is not finite"))),
            None => Ok(()),
        }
    }
}
