//! Similarities of a few queries with many candidates: a small matrix product, kept in registers.

use crate::eval::Space;
use crate::eval::vector::Simd;

/// Candidates that one step of the product takes side by side.
pub(super) const LANES: usize = 32;
/// Queries that one step takes side by side: with [`LANES`] candidates their sums fill sixteen wide registers.
pub(in crate::eval) const TOGETHER: usize = 8;
/// Blocks of a tile: 4,096 candidates, whose similarities with [`TOGETHER`] queries stay in the cache.
pub(super) const TILE_BLOCKS: usize = 128;
/// Candidates of a tile.
pub(in crate::eval) const TILE: usize = TILE_BLOCKS * LANES;

/// Candidates in blocks of [`LANES`], one coordinate of a whole block after another.
pub(in crate::eval) struct Blocks {
    dim: usize,
    count: usize,
    /// `count / LANES` (rounded up) x `dim`.
    values: Vec<[f32; LANES]>,
}

impl Blocks {
    /// Takes the candidate forms of `rows`.
    pub(in crate::eval) fn new(space: &Space, rows: &[u32]) -> Self {
        let dim = space.dim();
        let mut values = vec![[0.0; LANES]; rows.len().div_ceil(LANES) * dim];
        for (at, &row) in rows.iter().enumerate() {
            let block = &mut values[at / LANES * dim..][..dim];
            for (lanes, &value) in block.iter_mut().zip(space.candidate(row as usize)) {
                lanes[at % LANES] = value;
            }
        }
        Self { dim, count: rows.len(), values }
    }

    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// The tiles, each with the number of its candidates.
    pub(in crate::eval) fn tiles(&self) -> impl Iterator<Item = (&[[f32; LANES]], usize)> {
        let tiles = self.values.chunks(TILE_BLOCKS * self.dim).enumerate();
        tiles.map(|(number, values)| (values, (self.count - number * TILE).min(TILE)))
    }
}

/// Up to [`TOGETHER`] queries, one coordinate of all after another.
pub(in crate::eval) struct Queries(Vec<[f32; TOGETHER]>);

impl Queries {
    pub(in crate::eval) fn new<'a>(dim: usize, rows: impl Iterator<Item = &'a [f32]>) -> Self {
        let mut values = vec![[0.0; TOGETHER]; dim];
        for (at, row) in rows.take(TOGETHER).enumerate() {
            values.iter_mut().zip(row).for_each(|(together, &value)| together[at] = value);
        }
        Self(values)
    }
}

/// The similarities of one tile with up to [`TOGETHER`] queries.
pub(in crate::eval) type Similarities = [Vec<f32>; TOGETHER];

pub(in crate::eval) fn similarities() -> Similarities {
    std::array::from_fn(|_| vec![0.0; TILE])
}

/// Fills `out` with the similarities of `queries` with a tile. Every sum runs through the coordinates in ascending
/// order by fused multiply-adds, as in [`one`], so that both give the same bits.
#[inline(always)]
pub(in crate::eval) fn product<S: Simd>(
    simd: S,
    queries: &Queries,
    tile: &[[f32; LANES]],
    dim: usize,
    out: &mut Similarities,
) {
    let mut sums = [[0.0; LANES]; TOGETHER];
    for (number, block) in tile.chunks_exact(dim).enumerate() {
        let (registers, _) = S::as_simd_f32s(block.as_flattened());
        let a_block = LANES / S::F32_LANES;
        for first in (0..a_block).step_by(ABREAST) {
            block_product(simd, &queries.0, &registers[first..], a_block, first, &mut sums);
        }
        for (out, sums) in out.iter_mut().zip(&sums) {
            out[number * LANES..][..LANES].copy_from_slice(sums);
        }
    }
}

/// Registers of candidates that are multiplied at once: with [`TOGETHER`] queries, sixteen sums.
const ABREAST: usize = 2;

/// The sums of [`ABREAST`] registers of a block; those of the next coordinate lie `stride` further.
#[inline(always)]
fn block_product<S: Simd>(
    simd: S,
    queries: &[[f32; TOGETHER]],
    registers: &[S::f32s],
    stride: usize,
    first: usize,
    out: &mut [[f32; LANES]; TOGETHER],
) {
    let mut sums = [[simd.splat_f32s(0.0); ABREAST]; TOGETHER];
    for (query, lanes) in queries.iter().zip(registers.chunks(stride)) {
        let (one, other) = (lanes[0], lanes[1]);
        for at in 0..TOGETHER {
            let value = simd.splat_f32s(query[at]);
            sums[at][0] = simd.mul_add_f32s(value, one, sums[at][0]);
            sums[at][1] = simd.mul_add_f32s(value, other, sums[at][1]);
        }
    }
    for at in 0..TOGETHER {
        let (out, _) = S::as_mut_simd_f32s(&mut out[at]);
        out[first] = sums[at][0];
        out[first + 1] = sums[at][1];
    }
}

/// Products of `query` with `rows`, appended to `out`, each summed as in [`product`].
#[inline(always)]
pub(super) fn one(space: &Space, query: &[f32], rows: &[u32], out: &mut Vec<f32>) {
    const SIDE_BY_SIDE: usize = 8;
    let (chunks, rest) = rows.as_chunks::<SIDE_BY_SIDE>();
    for chunk in chunks {
        let candidates = chunk.map(|row| &space.candidate(row as usize)[..query.len()]);
        let mut sums = [0.0_f32; SIDE_BY_SIDE];
        for (at, &value) in query.iter().enumerate() {
            for side in 0..SIDE_BY_SIDE {
                sums[side] = value.mul_add(candidates[side][at], sums[side]);
            }
        }
        out.extend_from_slice(&sums);
    }
    for &row in rest {
        let mut sum = 0.0_f32;
        for (a, &b) in query.iter().zip(space.candidate(row as usize)) {
            sum = a.mul_add(b, sum);
        }
        out.push(sum);
    }
}
