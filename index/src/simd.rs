//! The dot product: one definition, every search uses it.
//!
//! The product of a row and a query is summed in sixteen lanes (value `i` goes to lane `i % 16`, in ascending
//! order, each step a multiply-add), and the lanes are then added as a tree: 8 + 8, 4 + 4, 2 + 2, 1 + 1. All
//! kernels keep to that order, so the scan, the filtered scan and the graph give the same bits for the same
//! row. Kernels with a fused multiply-add agree with one another bit for bit; the one without it
//! agrees within float rounding.
//!
//! This file and [`map`](crate::map) hold all the `unsafe` of the crate. Here it has two reasons only: a function
//! compiled for an instruction set may be called only where the processor has it, and a vector register
//! is loaded from the sixteen floats behind a reference.

/// Lanes of the sum, and rows of a block.
pub(crate) const LANES: usize = 16;

type Block = [f32; LANES];

/// A query, padded with zeros to a multiple of [`LANES`].
pub(crate) struct Query {
    padded: Vec<Block>,
}

impl Query {
    pub(crate) fn new(values: &[f32]) -> Self {
        let mut padded = vec![[0.0; LANES]; values.len().div_ceil(LANES)];
        padded.as_flattened_mut()[..values.len()].copy_from_slice(values);
        Self { padded }
    }
}

/// Which instructions the processor has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Instructions {
    /// Whatever the target guarantees.
    Baseline,
    /// AVX2 with fused multiply-add.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// AVX-512, foundation only.
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

/// The fastest kernel this processor can run. Only [`Kernel::detect`] makes one in earnest, so holding
/// one proves that its instructions exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kernel(Instructions);

impl Kernel {
    pub(crate) fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            let avx2 = std::is_x86_feature_detected!("avx2") && std::is_x86_feature_detected!("fma");
            if avx2 && std::is_x86_feature_detected!("avx512f") {
                return Self(Instructions::Avx512);
            }
            if avx2 {
                return Self(Instructions::Avx2);
            }
        }
        Self(Instructions::Baseline)
    }

    /// The product of two rows of equal length.
    pub(crate) fn dot(self, a: &[f32], b: &[f32]) -> f32 {
        match self.0 {
            Instructions::Baseline => baseline::dot::<BASELINE_FUSES>(a, b),
            #[cfg(target_arch = "x86_64")]
            #[expect(unsafe_code, reason = "the processor was asked")]
            // SAFETY: `Kernel::detect` found AVX2 and FMA, which it asks for before AVX-512 too.
            Instructions::Avx2 | Instructions::Avx512 => unsafe { avx2::dot(a, b) },
        }
    }

    /// Every kernel this processor can run.
    #[cfg(test)]
    fn all() -> Vec<Self> {
        #[cfg_attr(not(target_arch = "x86_64"), expect(unused_mut))]
        let mut all = vec![Self(Instructions::Baseline)];
        #[cfg(target_arch = "x86_64")]
        {
            if std::is_x86_feature_detected!("avx2") && std::is_x86_feature_detected!("fma") {
                all.push(Self(Instructions::Avx2));
            }
            if std::is_x86_feature_detected!("avx512f") {
                all.push(Self(Instructions::Avx512));
            }
        }
        all
    }
}

/// Rows of `dim` floats, row-major, and the kernel that reads them.
#[derive(Clone, Copy)]
pub(crate) struct Rows<'a> {
    data: &'a [f32],
    dim: usize,
    kernel: Kernel,
}

impl<'a> Rows<'a> {
    /// `data` holds whole rows of `dim`, which is not 0.
    pub(crate) fn new(data: &'a [f32], dim: usize) -> Self {
        debug_assert!(dim > 0 && data.len().is_multiple_of(dim));
        Self { data, dim, kernel: Kernel::detect() }
    }

    pub(crate) fn len(&self) -> usize {
        self.data.len() / self.dim
    }

    pub(crate) fn row(&self, row: usize) -> &'a [f32] {
        &self.data[row * self.dim..(row + 1) * self.dim]
    }

    /// Products of the query with the rows `first ..`, one for each place in `out`.
    ///
    /// Panics if there are fewer rows than that.
    pub(crate) fn dot_range(&self, query: &Query, first: usize, out: &mut [f32]) {
        let data = &self.data[first * self.dim..];
        assert!(data.len() / self.dim >= out.len() && query.padded.len() == self.dim.div_ceil(LANES));
        match self.kernel.0 {
            Instructions::Baseline => baseline::range::<BASELINE_FUSES>(data, self.dim, query, out),
            #[cfg(target_arch = "x86_64")]
            #[expect(unsafe_code, reason = "the processor was asked")]
            // SAFETY: `Kernel::detect` found AVX2 and FMA.
            Instructions::Avx2 => unsafe { avx2::range(data, self.dim, query, out) },
            #[cfg(target_arch = "x86_64")]
            #[expect(unsafe_code, reason = "the processor was asked")]
            // SAFETY: `Kernel::detect` found AVX-512F.
            Instructions::Avx512 => unsafe { avx512::range(data, self.dim, query, out) },
        }
    }

    /// Products of the query with sixteen rows anywhere. Panics if one does not exist.
    pub(crate) fn dot_block(&self, query: &Query, rows: &[u32; LANES]) -> Block {
        assert!(query.padded.len() == self.dim.div_ceil(LANES));
        match self.kernel.0 {
            Instructions::Baseline => baseline::block::<BASELINE_FUSES>(self.data, self.dim, query, rows),
            #[cfg(target_arch = "x86_64")]
            #[expect(unsafe_code, reason = "the processor was asked")]
            // SAFETY: `Kernel::detect` found AVX2 and FMA.
            Instructions::Avx2 => unsafe { avx2::block(self.data, self.dim, query, rows) },
            #[cfg(target_arch = "x86_64")]
            #[expect(unsafe_code, reason = "the processor was asked")]
            // SAFETY: `Kernel::detect` found AVX-512F.
            Instructions::Avx512 => unsafe { avx512::block(self.data, self.dim, query, rows) },
        }
    }
}

/// Whether a multiply-add of plain Rust is one instruction on this target. Where it is not, it would be a
/// call of the C library, fifty times slower than a product and a sum.
const BASELINE_FUSES: bool = cfg!(any(target_arch = "aarch64", target_feature = "fma"));

/// Plain Rust, in shapes that the compiler turns into vector instructions.
mod baseline {
    use super::{Block, LANES, Query};

    #[inline(always)]
    pub(super) fn range<const FUSE: bool>(data: &[f32], dim: usize, query: &Query, out: &mut [f32]) {
        for (row, place) in data.chunks_exact(dim).zip(out) {
            *place = dot::<FUSE>(row, query.padded.as_flattened());
        }
    }

    #[inline(always)]
    pub(super) fn block<const FUSE: bool>(
        data: &[f32],
        dim: usize,
        query: &Query,
        rows: &[u32; LANES],
    ) -> Block {
        rows.map(|row| {
            let start = row as usize * dim;
            dot::<FUSE>(&data[start..start + dim], query.padded.as_flattened())
        })
    }

    /// The second may be longer than the first.
    #[inline(always)]
    pub(super) fn dot<const FUSE: bool>(a: &[f32], b: &[f32]) -> f32 {
        let (full, tail) = a.as_chunks::<LANES>();
        let (other, rest) = b[..a.len()].as_chunks::<LANES>();
        let mut sum = [0.0; LANES];
        for (x, y) in full.iter().zip(other) {
            accumulate::<FUSE>(&mut sum, x, y);
        }
        for (lane, (x, y)) in tail.iter().zip(rest).enumerate() {
            sum[lane] = multiply_add::<FUSE>(*x, *y, sum[lane]);
        }
        add_lanes(&sum)
    }

    #[inline(always)]
    fn accumulate<const FUSE: bool>(sum: &mut Block, x: &Block, q: &Block) {
        for lane in 0..LANES {
            sum[lane] = multiply_add::<FUSE>(x[lane], q[lane], sum[lane]);
        }
    }

    #[inline(always)]
    fn multiply_add<const FUSE: bool>(x: f32, y: f32, sum: f32) -> f32 {
        if FUSE { x.mul_add(y, sum) } else { x * y + sum }
    }

    #[inline(always)]
    fn add_lanes(sum: &Block) -> f32 {
        let eight: [f32; 8] = std::array::from_fn(|i| sum[i] + sum[i + 8]);
        let four: [f32; 4] = std::array::from_fn(|i| eight[i] + eight[i + 4]);
        (four[0] + four[2]) + (four[1] + four[3])
    }
}

/// The plain kernel compiled for AVX2 and FMA.
#[cfg(target_arch = "x86_64")]
mod avx2 {
    use super::{Block, LANES, Query, baseline};

    #[target_feature(enable = "avx2,fma")]
    pub(super) fn dot(a: &[f32], b: &[f32]) -> f32 {
        baseline::dot::<true>(a, b)
    }

    #[target_feature(enable = "avx2,fma")]
    pub(super) fn range(data: &[f32], dim: usize, query: &Query, out: &mut [f32]) {
        baseline::range::<true>(data, dim, query, out);
    }

    #[target_feature(enable = "avx2,fma")]
    pub(super) fn block(data: &[f32], dim: usize, query: &Query, rows: &[u32; LANES]) -> Block {
        baseline::block::<true>(data, dim, query, rows)
    }
}

/// Sixteen rows at once: sixteen sums in registers, added across by a transposing tree, so that a row costs
/// two shuffles instead of a dozen.
#[cfg(target_arch = "x86_64")]
mod avx512 {
    use std::arch::x86_64::{
        __m512, _mm512_add_ps, _mm512_fmadd_ps, _mm512_maskz_mov_ps, _mm512_setzero_ps, _mm512_shuffle_f32x4,
        _mm512_shuffle_ps, _mm512_storeu_ps,
    };

    use super::{Block, LANES, Query};

    /// Which sum goes to which place of the tree, so that the results come out in row order. Its own inverse.
    const SLOT: [usize; LANES] = [0, 2, 1, 3, 8, 10, 9, 11, 4, 6, 5, 7, 12, 14, 13, 15];

    #[target_feature(enable = "avx512f")]
    pub(super) fn range(data: &[f32], dim: usize, query: &Query, out: &mut [f32]) {
        let (blocks, rest) = out.as_chunks_mut::<LANES>();
        let done = blocks.len() * LANES;
        match dim {
            16 => whole::<1>(data, query, blocks),
            32 => whole::<2>(data, query, blocks),
            48 => whole::<3>(data, query, blocks),
            64 => whole::<4>(data, query, blocks),
            _ => {
                for (i, block) in blocks.iter_mut().enumerate() {
                    let starts = std::array::from_fn(|r| (i * LANES + r) * dim);
                    store(block, sixteen(data, dim, query, &starts));
                }
            }
        }
        if !rest.is_empty() {
            let starts = std::array::from_fn(|r| (done + r.min(rest.len() - 1)) * dim);
            let mut block = [0.0; LANES];
            store(&mut block, sixteen(data, dim, query, &starts));
            rest.copy_from_slice(&block[..rest.len()]);
        }
    }

    #[target_feature(enable = "avx512f")]
    pub(super) fn block(data: &[f32], dim: usize, query: &Query, rows: &[u32; LANES]) -> Block {
        let mut out = [0.0; LANES];
        store(&mut out, sixteen(data, dim, query, &rows.map(|row| row as usize * dim)));
        out
    }

    /// Consecutive rows of `16 * C` values.
    #[target_feature(enable = "avx512f")]
    fn whole<const C: usize>(data: &[f32], query: &Query, out: &mut [Block]) {
        let Some(query) = query.padded.first_chunk::<C>() else { return };
        let rows = data.as_chunks::<LANES>().0.as_chunks::<C>().0.as_chunks::<LANES>().0;
        for (rows, place) in rows.iter().zip(out) {
            let mut sums = [_mm512_setzero_ps(); LANES];
            for slot in 0..LANES {
                for c in 0..C {
                    sums[slot] = _mm512_fmadd_ps(load(&rows[SLOT[slot]][c]), load(&query[c]), sums[slot]);
                }
            }
            store(place, add_across(sums));
        }
    }

    /// Sixteen rows of any dimension, starting at these places of `data`.
    #[target_feature(enable = "avx512f")]
    fn sixteen(data: &[f32], dim: usize, query: &Query, starts: &[usize; LANES]) -> __m512 {
        let mut sums = [_mm512_setzero_ps(); LANES];
        for slot in 0..LANES {
            let start = starts[SLOT[slot]];
            let (full, tail) = data[start..start + dim].as_chunks::<LANES>();
            let mut sum = _mm512_setzero_ps();
            for (x, q) in full.iter().zip(&query.padded) {
                sum = _mm512_fmadd_ps(load(x), load(q), sum);
            }
            if let (false, Some(q)) = (tail.is_empty(), query.padded.last()) {
                let x = load_tail(&data[start + dim - tail.len()..], tail.len());
                sum = _mm512_fmadd_ps(x, load(q), sum);
            }
            sums[slot] = sum;
        }
        add_across(sums)
    }

    /// The first `n` of `from` and zeros; reads on into the next row where there is one, and masks that off.
    #[target_feature(enable = "avx512f")]
    fn load_tail(from: &[f32], n: usize) -> __m512 {
        if let Some(sixteen) = from.first_chunk() {
            return _mm512_maskz_mov_ps((1 << n) - 1, load(sixteen));
        }
        let mut padded = [0.0; LANES];
        padded[..n].copy_from_slice(&from[..n]);
        load(&padded)
    }

    /// Adds the lanes of each of sixteen sums: halves by 128-bit parts twice, then within them twice.
    #[target_feature(enable = "avx512f")]
    fn add_across(s: [__m512; LANES]) -> __m512 {
        let zero = _mm512_setzero_ps();
        let (mut eight, mut four, mut two) = ([zero; 8], [zero; 4], [zero; 2]);
        for (i, sum) in eight.iter_mut().enumerate() {
            let (a, b) = (s[i], s[i + 8]);
            *sum = _mm512_add_ps(_mm512_shuffle_f32x4::<0x44>(a, b), _mm512_shuffle_f32x4::<0xEE>(a, b));
        }
        for (i, sum) in four.iter_mut().enumerate() {
            let (a, b) = (eight[i], eight[i + 4]);
            *sum = _mm512_add_ps(_mm512_shuffle_f32x4::<0x88>(a, b), _mm512_shuffle_f32x4::<0xDD>(a, b));
        }
        for (i, sum) in two.iter_mut().enumerate() {
            let (a, b) = (four[i], four[i + 2]);
            *sum = _mm512_add_ps(_mm512_shuffle_ps::<0x44>(a, b), _mm512_shuffle_ps::<0xEE>(a, b));
        }
        let [a, b] = two;
        _mm512_add_ps(_mm512_shuffle_ps::<0x88>(a, b), _mm512_shuffle_ps::<0xDD>(a, b))
    }

    #[target_feature(enable = "avx512f")]
    #[expect(unsafe_code, reason = "there is no safe load")]
    fn load(from: &Block) -> __m512 {
        // SAFETY: the reference covers the sixteen floats that are read; no alignment is asked for.
        unsafe { std::arch::x86_64::_mm512_loadu_ps(from.as_ptr()) }
    }

    #[target_feature(enable = "avx512f")]
    #[expect(unsafe_code, reason = "there is no safe store")]
    fn store(to: &mut Block, values: __m512) {
        // SAFETY: the reference covers the sixteen floats that are written; no alignment is asked for.
        unsafe { _mm512_storeu_ps(to.as_mut_ptr(), values) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn f64_dot(a: &[f32], b: &[f32]) -> f64 {
        a.iter().zip(b).map(|(&x, &y)| f64::from(x) * f64::from(y)).sum()
    }

    fn data() -> impl Strategy<Value = (usize, Vec<f32>, Vec<f32>)> {
        (1usize..70, 1usize..40).prop_flat_map(|(dim, rows)| {
            let values = prop::collection::vec(-1.0f32..1.0, dim * rows);
            (Just(dim), values, prop::collection::vec(-1.0f32..1.0, dim))
        })
    }

    proptest! {
        #[test]
        fn every_kernel_and_every_path_gives_the_same_product((dim, values, query) in data()) {
            let q = Query::new(&query);
            let n = values.len() / dim;
            let mut fused: Option<Vec<f32>> = None;
            for kernel in Kernel::all() {
                let rows = Rows { data: &values, dim, kernel };
                let mut scan = vec![0.0; n];
                rows.dot_range(&q, 0, &mut scan);
                for (row, &found) in scan.iter().enumerate() {
                    prop_assert!((f64::from(found) - f64_dot(rows.row(row), &query)).abs() < 1e-5);
                    let somewhere = std::array::from_fn(|i| ((row + i) % n) as u32);
                    prop_assert_eq!(rows.dot_block(&q, &somewhere)[0].to_bits(), found.to_bits());
                    prop_assert_eq!(rows.dot_block(&q, &somewhere)[15].to_bits(), scan[(row + 15) % n].to_bits());
                }
                if BASELINE_FUSES || kernel.0 != Instructions::Baseline {
                    prop_assert_eq!(fused.get_or_insert(scan.clone()), &scan);
                }
            }
        }
    }
}
