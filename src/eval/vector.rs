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
