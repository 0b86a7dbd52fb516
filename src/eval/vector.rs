//! Loops at the width of the processor's vector registers.

/// Runs `work` compiled for the widest vectors that this processor has.
///
/// Loops in `work`, and in the `#[inline(always)]` functions that it calls, are vectorised for it.
#[inline]
pub(crate) fn vectorised<R>(work: impl FnOnce() -> R) -> R {
    pulp::Arch::new().dispatch(work)
}
