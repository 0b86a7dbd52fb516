//! Similarities of a few queries with many candidates: a small matrix product, kept in registers.

use crate::eval::PreparedRows;
use crate::simd::Simd;

/// Candidates of a block: whole registers of every processor.
pub(super) const LANES: usize = 32;
/// Queries that go through a tile together.
pub(in crate::eval) const TOGETHER: usize = 12;
/// Blocks of a tile: 4,096 candidates, whose similarities with [`TOGETHER`] queries stay in the cache.
pub(super) const TILE_BLOCKS: usize = 128;
/// Candidates of a tile.
pub(in crate::eval) const TILE: usize = TILE_BLOCKS * LANES;

/// One coordinate of a block of candidates, or their similarities with one query. Aligned, so that no register lies
/// across two lines of the cache.
#[derive(Debug, Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C, align(64))]
pub(in crate::eval) struct Lanes([f32; LANES]);

const ZERO: Lanes = Lanes([0.0; LANES]);

/// Candidates in blocks of [`LANES`], one coordinate of a whole block after another.
pub(in crate::eval) struct Blocks {
    dim: usize,
    count: usize,
    /// `count / LANES` (rounded up) x `dim`.
    values: Vec<Lanes>,
}

impl Blocks {
    /// Takes the candidate forms of `rows`.
    pub(in crate::eval) fn new(prepared: &PreparedRows, rows: &[u32]) -> Self {
        let dim = prepared.dim();
        let mut values = vec![ZERO; rows.len().div_ceil(LANES) * dim];
        for (rows, block) in rows.chunks(LANES).zip(values.chunks_exact_mut(dim)) {
            fill(block, prepared, rows);
        }
        Self { dim, count: rows.len(), values }
    }

    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// Returns the tiles, each with the number of its candidates.
    pub(in crate::eval) fn tiles(&self) -> impl Iterator<Item = (&[Lanes], usize)> {
        let tiles = self.values.chunks(TILE_BLOCKS * self.dim).enumerate();
        tiles.map(|(number, values)| (values, (self.count - number * TILE).min(TILE)))
    }
}

/// Puts the candidate forms of up to [`LANES`] rows in a block.
fn fill(block: &mut [Lanes], prepared: &PreparedRows, rows: &[u32]) {
    for (at, &row) in rows.iter().enumerate() {
        block
            .iter_mut()
            .zip(prepared.candidate(row as usize))
            .for_each(|(lanes, &value)| lanes.0[at] = value);
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
pub(in crate::eval) struct Similarities(Vec<Lanes>);

/// Blocks from the similarities of one query to those of the next: one more than they are, for at distances of a power
/// of two all queries would share the same few places of the cache.
const STRIDE: usize = TILE_BLOCKS + 1;

impl Similarities {
    pub(in crate::eval) fn new() -> Self {
        Self(vec![ZERO; TOGETHER * STRIDE])
    }

    /// Those of every query, [`TILE`] each.
    pub(in crate::eval) fn rows(&self) -> impl Iterator<Item = &[f32]> {
        self.0.chunks_exact(STRIDE).map(|row| bytemuck::cast_slice(&row[..TILE_BLOCKS]))
    }
}

/// Fills `out` with the similarities of `queries` with a tile. Every sum runs through the coordinates in ascending
/// order, by fused multiply-adds where the processor has them, as in [`one`]: both give the same bits.
#[inline(always)]
pub(in crate::eval) fn product<S: Simd>(
    simd: S,
    queries: &Queries,
    tile: &[Lanes],
    dim: usize,
    out: &mut Similarities,
) {
    for (number, block) in tile.chunks_exact(dim).enumerate() {
        // As many sums as leave room in the registers for two of candidates and one of a query.
        if S::IS_SCALAR {
            plain(queries, block, number, out);
        } else if S::REGISTER_COUNT >= 32 {
            strip::<S, TOGETHER, 0>(simd, queries, block, number, out);
        } else {
            strip::<S, HALF, 0>(simd, queries, block, number, out);
            strip::<S, HALF, HALF>(simd, queries, block, number, out);
        }
    }
}

const HALF: usize = TOGETHER / 2;
/// Registers of candidates that are multiplied at once.
const ABREAST: usize = 2;

/// Returns the similarities of the `Q` queries from `FIRST` on with a block of a tile.
#[inline(always)]
fn strip<S: Simd, const Q: usize, const FIRST: usize>(
    simd: S,
    queries: &Queries,
    block: &[Lanes],
    number: usize,
    out: &mut Similarities,
) {
    for first in (0..LANES / S::F32_LANES).step_by(ABREAST) {
        let mut sums = [[simd.splat_f32s(0.0); ABREAST]; Q];
        for (query, lanes) in queries.0.iter().zip(block) {
            let (lanes, _) = S::as_simd_f32s(&lanes.0);
            let (one, other) = (lanes[first], lanes[first + 1]);
            for at in 0..Q {
                let value = simd.splat_f32s(query[FIRST + at]);
                sums[at][0] = simd.mul_add_e_f32s(value, one, sums[at][0]);
                sums[at][1] = simd.mul_add_e_f32s(value, other, sums[at][1]);
            }
        }
        for (at, sums) in sums.iter().enumerate() {
            let (out, _) = S::as_mut_simd_f32s(&mut out.0[(FIRST + at) * STRIDE + number].0);
            (out[first], out[first + 1]) = (sums[0], sums[1]);
        }
    }
}

/// As [`strip`] for all queries, one at a time: what a compiler makes vectors of by itself. It multiplies and adds in two
/// steps, as processors without fused instructions do; a call of a library for each would take fifty times as long.
#[inline(always)]
fn plain(queries: &Queries, block: &[Lanes], number: usize, out: &mut Similarities) {
    for at in 0..TOGETHER {
        let mut sums = ZERO;
        for (query, lanes) in queries.0.iter().zip(block) {
            for lane in 0..LANES {
                sums.0[lane] += query[at] * lanes.0[lane];
            }
        }
        out.0[at * STRIDE + number] = sums;
    }
}

/// Products of `query` with `rows`, appended to `out`, each summed as in [`product`].
#[inline(always)]
pub(super) fn one<S: Simd>(
    simd: S,
    prepared: &PreparedRows,
    query: &[f32],
    rows: &[u32],
    out: &mut Vec<f32>,
) {
    let mut block = vec![ZERO; query.len()];
    for rows in rows.chunks(LANES) {
        fill(&mut block, prepared, rows);
        let mut sums = ZERO;
        for (lanes, &value) in block.iter().zip(query) {
            let ((sums, _), (lanes, _)) = (S::as_mut_simd_f32s(&mut sums.0), S::as_simd_f32s(&lanes.0));
            let value = simd.splat_f32s(value);
            for (sum, &lanes) in sums.iter_mut().zip(lanes) {
                *sum = simd.mul_add_e_f32s(value, lanes, *sum);
            }
        }
        out.extend_from_slice(&sums.0[..rows.len()]);
    }
}

#[cfg(test)]
mod tests;
