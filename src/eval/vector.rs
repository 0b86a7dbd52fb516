//! Loops at the width of the processor's vector registers. The only file that names `pulp`.

use pulp::Arch;
/// A set of vector instructions, and work written for any of them. Its `with_simd` is `#[inline(always)]`, and so
/// must be whatever it calls: only then is that compiled for the instructions too.
pub(crate) use pulp::{Simd, WithSimd as Work};

/// Runs `work` compiled for the widest vectors that this processor has. The loops of a short closure, and of the
/// `#[inline(always)]` functions that it calls, become vector instructions; what is longer is a [`Work`].
#[inline]
pub(crate) fn vectorised<R>(work: impl FnOnce() -> R) -> R {
    Arch::new().dispatch(work)
}

/// Runs `work` with the widest vectors that this processor has.
#[inline]
pub(crate) fn with_vectors<W: Work>(work: W) -> W::Output {
    Arch::new().dispatch(work)
}

/// Runs `work` with every set of vector instructions that this processor has, the plainest first.
#[cfg(test)]
pub(crate) fn with_each<W: Work + Copy>(work: W) -> Vec<W::Output> {
    let mut found = vec![Simd::vectorize(pulp::Scalar, work)];
    #[cfg(target_arch = "x86_64")]
    {
        found.extend(pulp::x86::V3::try_new().map(|simd| Simd::vectorize(simd, work)));
        found.extend(pulp::x86::V4::try_new().map(|simd| Simd::vectorize(simd, work)));
    }
    #[cfg(target_arch = "aarch64")]
    found.extend(pulp::aarch64::Neon::try_new().map(|simd| Simd::vectorize(simd, work)));
    found
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
