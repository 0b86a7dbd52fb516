//! The sixteen lanes of a sum, held in registers.
//!
//! Sums of several rows are added across together, in a tree that shuffles two sums at once, so that a row costs two
//! shuffles instead of a dozen.

#[cfg(target_arch = "x86_64")]
pub(super) use x86::{Avx2, Avx512};

/// Lanes of a sum, and rows of a block.
pub(crate) const LANES: usize = 16;

pub(super) type Block = [f32; LANES];

/// Whether a multiply-add of plain Rust is one instruction on this target. Where it is not, it would be a
/// call of the C library, fifty times slower than a product and a sum.
pub(super) const PLAIN_FUSES: bool = cfg!(any(target_arch = "aarch64", target_feature = "fma"));

/// Sixteen lanes, and `N` sums of them that are added across together.
pub(super) trait Lanes<const N: usize>: Copy {
    /// Sixteen numbers.
    type Sixteen: Copy;
    /// A sum of which the first steps of the tree are done.
    type Folded: Copy;

    /// Which row's sum goes to which place of the tree, so that the results come out in row order.
    const SLOTS: [usize; N];

    fn zero(self) -> Self::Sixteen;
    fn load(self, from: &Block) -> Self::Sixteen;
    /// `x * y + sum`
    fn mul_add(self, x: Self::Sixteen, y: Self::Sixteen, sum: Self::Sixteen) -> Self::Sixteen;
    fn fold(self, sum: Self::Sixteen) -> Self::Folded;
    /// Finishes the tree: 8 + 8, 4 + 4, 2 + 2, 1 + 1.
    fn across(self, sums: [Self::Folded; N]) -> [f32; N];
}

/// Plain Rust, in shapes that the compiler turns into vector instructions.
#[derive(Clone, Copy)]
pub(super) struct Plain;

impl Plain {
    /// `x * y + sum`, with one rounding where that is one instruction.
    #[inline(always)]
    pub(super) fn fused(x: f32, y: f32, sum: f32) -> f32 {
        if PLAIN_FUSES { x.mul_add(y, sum) } else { x * y + sum }
    }
}

impl Lanes<1> for Plain {
    type Sixteen = Block;
    type Folded = f32;

    const SLOTS: [usize; 1] = [0];

    #[inline(always)]
    fn zero(self) -> Block {
        [0.0; LANES]
    }

    #[inline(always)]
    fn load(self, from: &Block) -> Block {
        *from
    }

    #[inline(always)]
    fn mul_add(self, x: Block, y: Block, mut sum: Block) -> Block {
        for lane in 0..LANES {
            sum[lane] = Self::fused(x[lane], y[lane], sum[lane]);
        }
        sum
    }

    #[inline(always)]
    fn fold(self, mut sum: Block) -> f32 {
        for half in [8, 4, 2] {
            for lane in 0..half {
                sum[lane] += sum[lane + half];
            }
        }
        sum[0] + sum[1]
    }

    #[inline(always)]
    fn across(self, sums: [f32; 1]) -> [f32; 1] {
        sums
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::{__m256, __m512};

    use super::super::{V3, V4};
    use super::{Block, Lanes};

    /// Two registers of eight lanes; eight rows at once.
    #[derive(Clone, Copy)]
    pub(in crate::simd) struct Avx2(pub(in crate::simd) V3);

    impl Lanes<8> for Avx2 {
        type Sixteen = [__m256; 2];
        type Folded = __m256;

        const SLOTS: [usize; 8] = [0, 4, 1, 5, 2, 6, 3, 7];

        #[inline(always)]
        fn zero(self) -> [__m256; 2] {
            [self.0.avx._mm256_setzero_ps(); 2]
        }

        #[inline(always)]
        fn load(self, from: &Block) -> [__m256; 2] {
            bytemuck::cast(*from)
        }

        #[inline(always)]
        fn mul_add(self, x: [__m256; 2], y: [__m256; 2], sum: [__m256; 2]) -> [__m256; 2] {
            let fma = self.0.fma;
            [fma._mm256_fmadd_ps(x[0], y[0], sum[0]), fma._mm256_fmadd_ps(x[1], y[1], sum[1])]
        }

        #[inline(always)]
        fn fold(self, sum: [__m256; 2]) -> __m256 {
            self.0.avx._mm256_add_ps(sum[0], sum[1])
        }

        #[inline(always)]
        fn across(self, s: [__m256; 8]) -> [f32; 8] {
            let mut four = [s[0]; 4];
            for (i, sum) in four.iter_mut().enumerate() {
                *sum = self.halved(s[2 * i], s[2 * i + 1]);
            }
            bytemuck::cast(self.across_parts(four))
        }
    }

    impl Avx2 {
        /// Adds the four numbers of each part of 128 bits: 2 + 2, 1 + 1.
        #[inline(always)]
        pub(in crate::simd) fn across_parts(self, [a, b, c, d]: [__m256; 4]) -> __m256 {
            let simd = self.0.avx;
            let ab = simd._mm256_add_ps(simd._mm256_unpacklo_ps(a, b), simd._mm256_unpackhi_ps(a, b));
            let cd = simd._mm256_add_ps(simd._mm256_unpacklo_ps(c, d), simd._mm256_unpackhi_ps(c, d));
            simd._mm256_add_ps(simd._mm256_shuffle_ps::<0x44>(ab, cd), simd._mm256_shuffle_ps::<0xEE>(ab, cd))
        }

        /// From eight lanes of two sums to four of each.
        #[inline(always)]
        fn halved(self, a: __m256, b: __m256) -> __m256 {
            let avx = self.0.avx;
            let (low, high) =
                (avx._mm256_permute2f128_ps::<0x20>(a, b), avx._mm256_permute2f128_ps::<0x31>(a, b));
            avx._mm256_add_ps(low, high)
        }
    }

    /// One register of sixteen lanes; sixteen rows at once.
    #[derive(Clone, Copy)]
    pub(in crate::simd) struct Avx512(pub(in crate::simd) V4);

    impl Lanes<16> for Avx512 {
        type Sixteen = __m512;
        type Folded = __m512;

        const SLOTS: [usize; 16] = [0, 2, 1, 3, 8, 10, 9, 11, 4, 6, 5, 7, 12, 14, 13, 15];

        #[inline(always)]
        fn zero(self) -> __m512 {
            self.0.avx512f._mm512_setzero_ps()
        }

        #[inline(always)]
        fn load(self, from: &Block) -> __m512 {
            bytemuck::cast(*from)
        }

        #[inline(always)]
        fn mul_add(self, x: __m512, y: __m512, sum: __m512) -> __m512 {
            self.0.avx512f._mm512_fmadd_ps(x, y, sum)
        }

        #[inline(always)]
        fn fold(self, sum: __m512) -> __m512 {
            sum
        }

        #[inline(always)]
        fn across(self, s: [__m512; 16]) -> [f32; 16] {
            let (mut eight, mut four) = ([s[0]; 8], [s[0]; 4]);
            for (i, sum) in eight.iter_mut().enumerate() {
                *sum = self.by_parts::<0x44, 0xEE>(s[i], s[i + 8]);
            }
            for (i, sum) in four.iter_mut().enumerate() {
                *sum = self.by_parts::<0x88, 0xDD>(eight[i], eight[i + 4]);
            }
            bytemuck::cast(self.across_parts([four[0], four[2], four[1], four[3]]))
        }
    }

    impl Avx512 {
        /// Adds the four numbers of each part of 128 bits: 2 + 2, 1 + 1.
        #[inline(always)]
        pub(in crate::simd) fn across_parts(self, [a, b, c, d]: [__m512; 4]) -> __m512 {
            let simd = self.0.avx512f;
            let ab = simd._mm512_add_ps(simd._mm512_unpacklo_ps(a, b), simd._mm512_unpackhi_ps(a, b));
            let cd = simd._mm512_add_ps(simd._mm512_unpacklo_ps(c, d), simd._mm512_unpackhi_ps(c, d));
            simd._mm512_add_ps(simd._mm512_shuffle_ps::<0x44>(ab, cd), simd._mm512_shuffle_ps::<0xEE>(ab, cd))
        }

        /// Adds those of the eight parts of 128 bits that the first pattern takes to those that the other takes.
        #[inline(always)]
        fn by_parts<const A: i32, const B: i32>(self, a: __m512, b: __m512) -> __m512 {
            let simd = self.0.avx512f;
            simd._mm512_add_ps(simd._mm512_shuffle_f32x4::<A>(a, b), simd._mm512_shuffle_f32x4::<B>(a, b))
        }
    }
}
