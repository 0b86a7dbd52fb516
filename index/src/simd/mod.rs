//! Loops compiled for the vector instructions that the processor has. The only file that names `pulp`.
//!
//! | file | responsibility |
//! |---|---|
//! | `mod` | which instructions there are, and running work with them |
//! | `product` | the dot product: one definition, every search uses it |
//! | `pairs` | its sums, for rows in sequence and rows anywhere |
//! | `laid_out` | its sums, for rows laid out so that several queries find them quicker |
//! | `lanes` | the sixteen lanes of that definition, as registers of each instruction set |
//! | `on_lanes` | work that is written for any lanes, on those of a kernel |
//! | `quads` | four lanes of several rows in such a register |
//!
//! For the crates of this workspace; nothing here is a promise to others.

mod laid_out;
mod lanes;
mod on_lanes;
mod pairs;
mod product;
mod quads;

use std::sync::OnceLock;

#[cfg(target_arch = "x86_64")]
use pulp::{
    NullaryFnOnce,
    x86::{V3, V4},
};
/// A set of vector instructions, and work written for any of them. Its `with_simd` is `#[inline(always)]`, and so
/// must be whatever it calls: only then is that compiled for the instructions too.
pub use pulp::{Simd, WithSimd as Work};

pub(crate) use laid_out::LaidOut;
pub(crate) use product::{LANES, Query, Rows};

/// The variable of the environment that picks a kernel by [name](Kernel::name), for tests and measurements.
pub const SETTING: &str = "L1KDB_KERNEL";

/// Instructions that loops can be compiled for. Holding one proves that this processor has them.
#[derive(Debug, Clone, Copy)]
pub struct Kernel(Instructions);

#[derive(Debug, Clone, Copy)]
pub(crate) enum Instructions {
    /// Whatever the target guarantees.
    Plain,
    /// AVX2 with fused multiply-add.
    #[cfg(target_arch = "x86_64")]
    Avx2(V3),
    /// AVX-512.
    #[cfg(target_arch = "x86_64")]
    Avx512(V4),
}

impl Kernel {
    /// Returns the kernel that this process uses: the one that [`SETTING`] names if this processor can run it, else the
    /// fastest.
    #[must_use]
    pub fn current() -> Self {
        static CURRENT: OnceLock<Kernel> = OnceLock::new();
        *CURRENT.get_or_init(|| match setting() {
            Some(name) => Self::named(&name).unwrap_or_else(Self::fastest),
            None => Self::fastest(),
        })
    }

    /// Tells what is wrong with [`SETTING`], if anything is.
    ///
    /// # Errors
    /// It names no kernel that this processor can run; the message names those.
    pub fn check_setting() -> Result<(), String> {
        match setting() {
            Some(name) if Self::named(&name).is_none() => {
                let names: Vec<_> = Self::all().iter().map(|kernel| kernel.name()).collect();
                Err(format!("{SETTING} is `{name}`, expected one of {} on this processor", names.join(", ")))
            }
            _ => Ok(()),
        }
    }

    /// Returns every kernel that this processor can run, the fastest first.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let plain = [Self(Instructions::Plain)];
        #[cfg(target_arch = "x86_64")]
        {
            let avx512 = V4::try_new().map(|simd| Self(Instructions::Avx512(simd)));
            let avx2 = V3::try_new().map(|simd| Self(Instructions::Avx2(simd)));
            avx512.into_iter().chain(avx2).chain(plain).collect()
        }
        #[cfg(not(target_arch = "x86_64"))]
        plain.into()
    }

    /// Returns `avx512`, `avx2`, `neon` or `plain`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self.0 {
            Instructions::Plain if cfg!(target_arch = "aarch64") => "neon",
            Instructions::Plain => "plain",
            #[cfg(target_arch = "x86_64")]
            Instructions::Avx2(_) => "avx2",
            #[cfg(target_arch = "x86_64")]
            Instructions::Avx512(_) => "avx512",
        }
    }

    /// Tells whether a multiply-add is one instruction with one rounding. Kernels of which that is true agree bit for bit.
    #[must_use]
    pub fn fuses(self) -> bool {
        !matches!(self.0, Instructions::Plain) || lanes::PLAIN_FUSES
    }

    /// Runs `work` compiled for these instructions.
    #[inline]
    pub fn run<W: Work>(self, work: W) -> W::Output {
        match self.0 {
            Instructions::Plain if cfg!(target_arch = "aarch64") => pulp::Arch::new().dispatch(work),
            Instructions::Plain => work.with_simd(pulp::Scalar::new()),
            #[cfg(target_arch = "x86_64")]
            Instructions::Avx2(simd) => Simd::vectorize(simd, work),
            #[cfg(target_arch = "x86_64")]
            Instructions::Avx512(simd) => Simd::vectorize(simd, work),
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::all().into_iter().find(|kernel| kernel.name() == name)
    }

    fn fastest() -> Self {
        Self::all()[0]
    }
}

fn setting() -> Option<String> {
    std::env::var_os(SETTING).map(|name| name.to_string_lossy().into_owned())
}

/// Runs `work` with the widest vectors that this processor has.
#[inline]
pub fn with_vectors<W: Work>(work: W) -> W::Output {
    Kernel::current().run(work)
}

/// Runs `work` compiled for the widest vectors that this processor has. The loops of a short closure, and of the
/// `#[inline(always)]` functions that it calls, become vector instructions; what is longer is a [`Work`].
#[inline]
pub fn vectorised<R>(work: impl FnOnce() -> R) -> R {
    Kernel::current().run(work)
}
