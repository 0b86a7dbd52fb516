//! Loops at the width of the processor's vector registers. The only file that names `pulp`.

use pulp::Arch;
/// A set of vector instructions, and work written for any of them. Its `with_simd` is `#[inline(always)]`, and so
/// must be whatever it calls: only then is that compiled for the instructions too.
pub(crate) use pulp::{Simd, WithSimd as Work};

/// Runs `work` with the widest vectors that this processor has.
#[inline]
pub(crate) fn vectorised<W: Work>(work: W) -> W::Output {
    Arch::new().dispatch(work)
}
