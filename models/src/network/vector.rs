//! Arithmetic on long rows of numbers, at the width of the processor's vector registers.

/// Runs `work` compiled for the widest vectors that this processor has.
///
/// Loops in `work`, and in the `#[inline(always)]` functions that it calls, are vectorised for it; nothing that it
/// computes changes but the rounding of sums.
pub(crate) use l1kdb::simd::vectorised;

/// `e^x` to the last digit or two of a 32-bit float, in plain arithmetic that a compiler can vectorise; `x` beyond
/// what a float can hold gives its largest or smallest.
#[inline(always)]
pub(crate) fn exp(x: f32) -> f32 {
    const LOG2_E: f32 = std::f32::consts::LOG2_E;
    // ln 2 in two parts, the first of few digits, so that subtracting a multiple of it loses nothing.
    const LN_2_HIGH: f32 = 0.693_359_4;
    const LN_2_LOW: f32 = -2.121_944_4e-4;
    let x = x.clamp(-87.0, 88.0);
    // Adding and taking away 1.5 * 2^23 rounds to a whole number.
    const ROUND: f32 = 12_582_912.0;
    let power = (x * LOG2_E + ROUND) - ROUND;
    let rest = x - power * LN_2_HIGH - power * LN_2_LOW;
    let series = 1.0
        + rest
            * (1.0
                + rest
                    * (0.5
                        + rest
                            * (1.0 / 6.0
                                + rest * (1.0 / 24.0 + rest * (1.0 / 120.0 + rest * (1.0 / 720.0))))));
    series * f32::from_bits(((power as i32 + 127) << 23) as u32)
}

/// The dot product, in lanes that the compiler turns into vector instructions.
#[inline(always)]
pub(crate) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0.0_f32; 16];
    let (a16, a_rest) = a.as_chunks::<16>();
    let (b16, b_rest) = b.as_chunks::<16>();
    for (x, y) in a16.iter().zip(b16) {
        for lane in 0..16 {
            lanes[lane] += x[lane] * y[lane];
        }
    }
    lanes.iter().sum::<f32>() + a_rest.iter().zip(b_rest).map(|(x, y)| x * y).sum::<f32>()
}

/// `target += factor * source`
#[inline(always)]
pub(crate) fn add(target: &mut [f32], source: &[f32], factor: f32) {
    target.iter_mut().zip(source).for_each(|(target, source)| *target += factor * source);
}

/// The scaled exponential linear unit (Klambauer et al. 2017): its two constants.
const SELU_SCALE: f32 = 1.050_701;
const SELU_ALPHA: f32 = 1.673_263_2;

/// SELU of `x`.
#[inline(always)]
pub(crate) fn selu(x: f32) -> f32 {
    let negative = SELU_SCALE * SELU_ALPHA * (exp(x.min(0.0)) - 1.0);
    if x > 0.0 { SELU_SCALE * x } else { negative }
}

/// The slope of SELU where its value is `y`.
#[inline(always)]
pub(crate) fn selu_slope(y: f32) -> f32 {
    if y > 0.0 { SELU_SCALE } else { y + SELU_SCALE * SELU_ALPHA }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exponential_is_right_to_two_units_in_the_last_place() {
        for step in -8_600..8_700 {
            let x = step as f32 * 0.01;
            let (found, expected) = (f64::from(exp(x)), f64::from(x).exp());
            assert!((found / expected - 1.0).abs() < 3e-7, "{x}: {found} instead of {expected}");
        }
        assert!(exp(f32::MAX).is_finite() && exp(f32::MIN) >= 0.0);
    }

    #[test]
    fn selu_is_the_function_of_its_paper_and_its_slope_the_derivative() {
        for (x, expected) in [(-1000.0, -1.758_099_3), (-1.0, -1.111_330_7), (0.0, 0.0), (2.0, 2.101_402)] {
            assert!((selu(x) - expected).abs() < 1e-6, "{x}");
        }
        for x in [-3.0_f32, -0.5, 0.7, 4.0] {
            let rise = (selu(x + 1e-2) - selu(x - 1e-2)) / 2e-2;
            assert!((rise - selu_slope(selu(x))).abs() < 1e-3, "{x}");
        }
    }
}
