//! Runs work that is written for any lanes on those of a kernel.

use super::lanes::{Lanes, Plain};
use super::quads::Quads;
use super::{Instructions, Kernel};

/// Work on lanes, `N` sums of which are added across together.
///
/// All of it is inlined into a function compiled for the lanes. It has loops instead of closures, since a closure may stay
/// a function of its own, without the instructions.
pub(super) trait OnLanes: Sized {
    fn run<const N: usize>(self, lanes: impl Lanes<N> + Quads);
}

impl Kernel {
    /// Runs `work` on the lanes of these instructions.
    pub(super) fn run_on_lanes(self, work: impl OnLanes) {
        match self.0 {
            Instructions::Plain => work.run::<1>(Plain),
            #[cfg(target_arch = "x86_64")]
            Instructions::Avx2(simd) => simd.vectorize(x86::On { work, lanes: x86::Avx2(simd) }),
            #[cfg(target_arch = "x86_64")]
            Instructions::Avx512(simd) => simd.vectorize(x86::On { work, lanes: x86::Avx512(simd) }),
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::super::NullaryFnOnce;
    pub(super) use super::super::lanes::{Avx2, Avx512};
    use super::OnLanes;

    pub(super) struct On<W, L> {
        pub(super) work: W,
        pub(super) lanes: L,
    }

    macro_rules! inlined {
        ($lanes:ident, $n:literal) => {
            impl<W: OnLanes> NullaryFnOnce for On<W, $lanes> {
                type Output = ();

                #[inline(always)]
                fn call(self) {
                    self.work.run::<$n>(self.lanes);
                }
            }
        };
    }
    inlined!(Avx2, 8);
    inlined!(Avx512, 16);
}
