//! `GENE`: the profiles themselves, a z-score for each gene that the database keeps, in half precision.

use half::f16;
use half::slice::HalfFloatSliceExt;

use super::section::{Fault, Section};
use crate::profile::Universe;

const SECTION: Section = Section::Profiles;

/// Rounds to half precision, which keeps three digits of a z-score; what would overflow is clipped to the largest half.
pub(super) fn encode(values: &[f32]) -> Vec<f16> {
    // Many at a time: the processor's instruction for it is looked for in each call.
    const PART: usize = 1024;
    let limit = f16::MAX.to_f32();
    let (mut halves, mut clipped) = (vec![f16::ZERO; values.len()], [0.0; PART]);
    for (values, halves) in values.chunks(PART).zip(halves.chunks_mut(PART)) {
        let clipped = &mut clipped[..values.len()];
        clipped.iter_mut().zip(values).for_each(|(clipped, value)| *clipped = value.clamp(-limit, limit));
        halves.convert_from_f32_slice(clipped);
    }
    halves
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_rounded_one_by_one_and_clipped() {
        let some = (0..3000).map(|at| (at as f32 - 1500.0).powi(3) * 1e-5);
        let edges = [0.0, -0.0, 1e-7, -6e-8, 65_504.0, 65_519.0, 65_520.0, -1e9, f32::MIN_POSITIVE];
        let values: Vec<f32> = some.chain(edges).collect();
        let one_by_one: Vec<f16> =
            values.iter().map(|value| f16::from_f32(value.clamp(-65_504.0, 65_504.0))).collect();
        assert_eq!(encode(&values), one_by_one);
        assert_eq!(
            encode(&[1e9, -1e9]).iter().map(|half| half.to_f32()).collect::<Vec<_>>(),
            [65_504.0, -65_504.0]
        );
    }
}
