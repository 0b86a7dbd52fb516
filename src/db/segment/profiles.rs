//! `GENE`: the profiles themselves, a z-score for each gene that the database keeps, in half precision.

use half::f16;
use half::slice::HalfFloatSliceExt;

use super::section::{Fault, Section};
use crate::profile::Universe;

const SECTION: Section = Section::Profiles;

/// Rounds to half precision, which keeps three digits of a z-score; what would overflow is clipped to the largest half.
pub(super) fn encode(values: &[f32]) -> Vec<f16> {
    let limit = f16::MAX.to_f32();
    values.iter().map(|value| f16::from_f32(value.clamp(-limit, limit))).collect()
}

/// The section, open.
#[derive(Debug, Clone, Copy)]
pub(in crate::db) struct Profiles<'a> {
    universe: Universe,
    halves: &'a [f16],
}

impl<'a> Profiles<'a> {
    /// Takes the bytes of a section of so many rows of a universe.
    pub(super) fn open(bytes: &'a [u8], rows: usize, universe: Universe) -> Result<Self, Fault> {
        let halves: &[f16] = bytemuck::try_cast_slice(bytes).map_err(|e| SECTION.fault(e.to_string()))?;
        SECTION.expect("values", rows * universe.size(), halves.len())?;
        Ok(Self { universe, halves })
    }

    /// Returns the genes that are kept.
    pub fn universe(&self) -> Universe {
        self.universe
    }

    /// Writes the z-scores of a row, in the order of the universe; false where there is no such row.
    pub fn read(&self, row: u32, values: &mut [f32]) -> bool {
        let Some(halves) = self.row(row) else { return false };
        halves.convert_to_f32_slice(values);
        true
    }

    /// Writes the 978 z-scores of the landmarks of a row; false where there is no such row.
    pub fn read_landmarks(&self, row: u32, values: &mut [f32]) -> bool {
        if self.universe == Universe::Landmark {
            return self.read(row, values);
        }
        let Some(halves) = self.row(row) else { return false };
        let places = self.universe.landmark_positions();
        values.iter_mut().zip(places).for_each(|(value, &place)| *value = halves[place].to_f32());
        true
    }

    fn row(&self, row: u32) -> Option<&'a [f16]> {
        let genes = self.universe.size();
        let start = row as usize * genes;
        self.halves.get(start..start + genes)
    }

    /// Checks that every value is finite.
    pub(super) fn verify(&self) -> Result<(), Fault> {
        match self.halves.iter().position(|value| !value.is_finite()) {
            Some(at) => Err(SECTION.fault(format!("value {at} is not finite"))),
            None => Ok(()),
        }
    }
}
