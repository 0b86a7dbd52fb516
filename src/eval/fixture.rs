//! Data for tests.

use crate::Rows;

/// Values that are whole rows.
pub(crate) fn matrix(values: &[f32], dim: usize) -> Rows<'_> {
    Rows::new(values, dim).expect("whole rows")
}

/// Numbers in [-1, 1) that look random and are always the same.
pub(crate) fn scattered(count: usize, mut state: u64) -> Vec<f32> {
    let next = |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / (1_u64 << 23) as f32 - 1.0
    };
    (0..count).map(next).collect()
}
