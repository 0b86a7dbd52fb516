//! Four lanes of several rows, held in one register.

use super::lanes::{Block, LANES, Plain};

/// Lanes of a row that lie side by side.
pub(super) const QUAD: usize = 4;

/// What holds sixteen numbers where vectors are shortest.
pub(super) const MAX_REGISTERS: usize = LANES / QUAD;

/// Registers of quads.
pub(super) trait Quads: Copy {
    /// A quad each of some rows.
    type Register: Copy;

    /// Registers that hold sixteen numbers, at most [`MAX_REGISTERS`].
    const REGISTERS: usize;
    /// Whether there are registers for all quads of four blocks of a query beside a sum.
    const HOLDS_FOUR_BLOCKS: bool;

    fn none(self) -> Self::Register;
    /// The register of this number.
    fn part(self, of: &Block, register: usize) -> Self::Register;
    /// The same quad for each row.
    fn same(self, quad: &[f32; QUAD]) -> Self::Register;
    /// `x * y + sum`
    fn multiply_add(self, x: Self::Register, y: Self::Register, sum: Self::Register) -> Self::Register;
    fn plus(self, x: Self::Register, y: Self::Register) -> Self::Register;
    /// The last steps of the tree, 2 + 2 and 1 + 1, of four sums: first those of each sum's first row, then those of the second rows.
    fn ends(self, sums: [Self::Register; QUAD]) -> Self::Register;
    /// Writes the numbers to where a register of this number lies.
    fn put(self, numbers: Self::Register, to: &mut Block, register: usize);
}

impl Quads for Plain {
    type Register = [f32; QUAD];

    const REGISTERS: usize = MAX_REGISTERS;
    const HOLDS_FOUR_BLOCKS: bool = false;

    #[inline(always)]
    fn none(self) -> [f32; QUAD] {
        [0.0; QUAD]
    }

    #[inline(always)]
    fn part(self, of: &Block, register: usize) -> [f32; QUAD] {
        of.as_chunks().0[register]
    }

    #[inline(always)]
    fn same(self, quad: &[f32; QUAD]) -> [f32; QUAD] {
        *quad
    }

    #[inline(always)]
    fn multiply_add(self, x: [f32; QUAD], y: [f32; QUAD], mut sum: [f32; QUAD]) -> [f32; QUAD] {
        for lane in 0..QUAD {
            sum[lane] = Self::fused(x[lane], y[lane], sum[lane]);
        }
        sum
    }

    #[inline(always)]
    fn plus(self, mut x: [f32; QUAD], y: [f32; QUAD]) -> [f32; QUAD] {
        for lane in 0..QUAD {
            x[lane] += y[lane];
        }
        x
    }

    #[inline(always)]
    fn ends(self, sums: [[f32; QUAD]; QUAD]) -> [f32; QUAD] {
        let mut ends = [0.0; QUAD];
        for (end, sum) in ends.iter_mut().zip(&sums) {
            *end = (sum[0] + sum[2]) + (sum[1] + sum[3]);
        }
        ends
    }

    #[inline(always)]
    fn put(self, numbers: [f32; QUAD], to: &mut Block, register: usize) {
        to.as_chunks_mut().0[register] = numbers;
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::{__m256, __m512};

    use super::super::lanes::{Avx2, Avx512};
    use super::{Block, QUAD, Quads};

    impl Quads for Avx2 {
        type Register = __m256;

        const REGISTERS: usize = 2;
        const HOLDS_FOUR_BLOCKS: bool = false;

        #[inline(always)]
        fn none(self) -> __m256 {
            self.0.avx._mm256_setzero_ps()
        }

        #[inline(always)]
        fn part(self, of: &Block, register: usize) -> __m256 {
            bytemuck::cast(of.as_chunks::<8>().0[register])
        }

        #[inline(always)]
        fn same(self, quad: &[f32; QUAD]) -> __m256 {
            bytemuck::cast([*quad; 2])
        }

        #[inline(always)]
        fn multiply_add(self, x: __m256, y: __m256, sum: __m256) -> __m256 {
            self.0.fma._mm256_fmadd_ps(x, y, sum)
        }

        #[inline(always)]
        fn plus(self, x: __m256, y: __m256) -> __m256 {
            self.0.avx._mm256_add_ps(x, y)
        }

        #[inline(always)]
        fn ends(self, sums: [__m256; QUAD]) -> __m256 {
            self.across_parts(sums)
        }

        #[inline(always)]
        fn put(self, numbers: __m256, to: &mut Block, register: usize) {
            to.as_chunks_mut::<8>().0[register] = bytemuck::cast(numbers);
        }
    }

    impl Quads for Avx512 {
        type Register = __m512;

        const REGISTERS: usize = 1;
        const HOLDS_FOUR_BLOCKS: bool = true;

        #[inline(always)]
        fn none(self) -> __m512 {
            self.0.avx512f._mm512_setzero_ps()
        }

        #[inline(always)]
        fn part(self, of: &Block, _: usize) -> __m512 {
            bytemuck::cast(*of)
        }

        #[inline(always)]
        fn same(self, quad: &[f32; QUAD]) -> __m512 {
            bytemuck::cast([*quad; 4])
        }

        #[inline(always)]
        fn multiply_add(self, x: __m512, y: __m512, sum: __m512) -> __m512 {
            self.0.avx512f._mm512_fmadd_ps(x, y, sum)
        }

        #[inline(always)]
        fn plus(self, x: __m512, y: __m512) -> __m512 {
            self.0.avx512f._mm512_add_ps(x, y)
        }

        #[inline(always)]
        fn ends(self, sums: [__m512; QUAD]) -> __m512 {
            self.across_parts(sums)
        }

        #[inline(always)]
        fn put(self, numbers: __m512, to: &mut Block, _: usize) {
            *to = bytemuck::cast(numbers);
        }
    }
}
