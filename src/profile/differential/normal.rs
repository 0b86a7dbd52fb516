//! The upper quantile of the normal distribution.

/// Returns the z above which a standard normal variable lies with probability `tail`, 0 < `tail` < 1.
///
/// Algorithm AS 241 (Wichura 1988, Applied Statistics 37, 477-484), PPND16: relative error below 1e-15, for tails down to the
/// smallest doubles.
pub(super) fn upper_quantile(tail: f64) -> f64 {
    let distance = 0.5 - tail;
    if distance.abs() <= 0.425 {
        return distance * ratio(0.180_625 - distance * distance, &CENTRE);
    }
    let r = (-tail.min(1.0 - tail).ln()).sqrt();
    let z = if r <= 5.0 { ratio(r - 1.6, &MIDDLE) } else { ratio(r - 5.0, &TAIL) };
    if distance < 0.0 { -z } else { z }
}

/// A ratio of two polynomials, coefficients of the lowest power first.
fn ratio(x: f64, [above, below]: &[[f64; 8]; 2]) -> f64 {
    let polynomial = |coefficients: &[f64; 8]| coefficients.iter().rev().fold(0.0, |sum, &c| sum * x + c);
    polynomial(above) / polynomial(below)
}

const CENTRE: [[f64; 8]; 2] = [
    [
        3.387_132_872_796_366_5,
        133.141_667_891_784_38,
        1_971.590_950_306_551_3,
        13_731.693_765_509_46,
        45_921.953_931_549_87,
        67_265.770_927_008_7,
        33_430.575_583_588_13,
        2_509.080_928_730_122_7,
    ],
    [
        1.0,
        42.313_330_701_600_91,
        687.187_007_492_057_9,
        5_394.196_021_424_751,
        21_213.794_301_586_597,
        39_307.895_800_092_71,
        28_729.085_735_721_943,
        5_226.495_278_852_854,
    ],
];

const MIDDLE: [[f64; 8]; 2] = [
    [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        0.241_780_725_177_450_6,
        0.022_723_844_989_269_184,
        7.745_450_142_783_414e-4,
    ],
    [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        0.689_767_334_985_1,
        0.148_103_976_427_480_08,
        0.015_198_666_563_616_457,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ],
];

const TAIL: [[f64; 8]; 2] = [
    [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        0.296_560_571_828_504_87,
        0.026_532_189_526_576_124,
        1.242_660_947_388_078_4e-3,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288_1e-7,
    ],
    [
        1.0,
        0.599_832_206_555_888,
        0.136_929_880_922_735_8,
        0.014_875_361_290_850_615,
        7.868_691_311_456_133e-4,
        1.846_318_317_510_054_7e-5,
        1.421_511_758_316_446e-7,
        2.044_263_103_389_939_8e-15,
    ],
];

#[cfg(test)]
mod tests {
    use super::upper_quantile;

    // The values of Python's `statistics.NormalDist`, and of R for the smallest.
    #[test]
    fn quantiles_are_those_of_other_programs() {
        for (tail, expected) in [
            (0.5, 0.0),
            (0.025, 1.959_963_984_540_054),
            (0.1, 1.281_551_565_544_600_8),
            (0.9, -1.281_551_565_544_600_8),
            (1e-5, 4.264_890_793_922_825),
            (1e-10, 6.361_340_902_404_056),
            (1e-300, 37.047_096_299_361_2),
        ] {
            let found = upper_quantile(tail);
            assert!((found - expected).abs() <= 1e-12 * expected.abs().max(1.0), "{tail}: {found}");
        }
        assert!(upper_quantile(f64::from_bits(1)).is_finite());
    }
}
