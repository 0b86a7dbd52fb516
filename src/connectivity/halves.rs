//! Half floats made wider, many at once.

use crate::simd::vectorised;

/// What brings the exponent of a half float to that of single precision: 2^112.
const SCALE: f32 = f32::from_bits((127 + 112) << 23);

/// The least magnitude that no finite half float has.
const INFINITE: f32 = 65_536.0;

/// Writes half floats, given as bits, as single precision. What is not finite becomes NaN.
///
/// ```
/// let mut values = [0.0; 3];
/// l1kdb::connectivity::widen_halves(&[0x3c00, 0xc100, 0x7c00], &mut values);
/// assert_eq!(values[..2], [1.0, -2.5]);
/// assert!(values[2].is_nan());
/// ```
///
/// # Panics
/// When there are not as many of both.
pub fn widen_halves(halves: &[u16], values: &mut [f32]) {
    assert_eq!(halves.len(), values.len(), "values and half floats");
    vectorised(|| {
        for (value, &half) in values.iter_mut().zip(halves) {
            *value = widened(half);
        }
    });
}

#[inline(always)]
fn widened(half: u16) -> f32 {
    let bits = u32::from(half);
    let magnitude = f32::from_bits((bits & 0x7fff) << 13) * SCALE;
    let magnitude = if magnitude < INFINITE { magnitude } else { f32::NAN };
    f32::from_bits(magnitude.to_bits() | (bits & 0x8000) << 16)
}

#[cfg(test)]
mod tests {
    use super::*;
    use half::f16;

    #[test]
    fn every_half_float_keeps_its_value() {
        let halves: Vec<u16> = (0..=u16::MAX).collect();
        let mut values = vec![0.0; halves.len()];
        widen_halves(&halves, &mut values);
        for (half, value) in halves.into_iter().zip(values) {
            let expected = f16::from_bits(half).to_f32();
            assert!(
                value.to_bits() == expected.to_bits() || value.is_nan() && !expected.is_finite(),
                "{half:x}"
            );
        }
    }
}
