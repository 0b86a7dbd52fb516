//! Loops compiled for the processor's vector instructions, for the crates of this workspace and its program.

pub use l1kdb_index::simd::*;

/// Runs `work` with every set of vector instructions that this processor has, the plainest first.
#[cfg(test)]
pub(crate) fn with_each<W: Work + Copy>(work: W) -> Vec<W::Output> {
    let mut kernels = Kernel::all();
    kernels.reverse();
    kernels.into_iter().map(|kernel| kernel.run(work)).collect()
}

/// Numbers that [`sum_over`] adds side by side.
const LANES: usize = 8;

/// The sum of `term` over pairs of numbers, in lanes that are added up in one order whatever the processor.
#[inline(always)]
pub(crate) fn sum_over(a: &[f64], b: &[f64], term: impl Fn(f64, f64) -> f64) -> f64 {
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
    let mut lanes = [0.0; LANES];
    for (a, b) in a.iter().zip(b) {
        for lane in 0..LANES {
            lanes[lane] += term(a[lane], b[lane]);
        }
    }
    let mut rest = 0.0;
    for (a, b) in a_rest.iter().zip(b_rest) {
        rest += term(*a, *b);
    }
    lanes.iter().sum::<f64>() + rest
}
