//! Products of one query with several rows, written for any lanes.

use super::lanes::{Block, LANES, Lanes};

/// Rows and a query whose products can be summed.
pub(super) trait Pairs<L: Lanes<N>, const N: usize> {
    fn lanes(&self) -> L;

    fn len(&self) -> usize;

    /// The sum of one row, its first steps across done.
    fn sum(&self, row: usize) -> L::Folded;

    /// Products of `N` rows.
    #[inline(always)]
    fn group(&self, rows: [usize; N]) -> [f32; N] {
        let lanes = self.lanes();
        let mut sums = [lanes.fold(lanes.zero()); N];
        for slot in 0..N {
            sums[slot] = self.sum(rows[L::SLOTS[slot]]);
        }
        lanes.across(sums)
    }

    /// Products of the first rows.
    #[inline(always)]
    fn range(&self, out: &mut [f32]) {
        assert!(out.len() <= self.len());
        let (blocks, rest) = out.as_chunks_mut::<N>();
        let mut rows = [0; N];
        for row in 0..N {
            rows[row] = row;
        }
        for place in blocks {
            *place = self.group(rows);
            for row in &mut rows {
                *row += N;
            }
        }
        if !rest.is_empty() {
            for row in &mut rows {
                *row = (*row).min(self.len() - 1);
            }
            rest.copy_from_slice(&self.group(rows)[..rest.len()]);
        }
    }

    /// Products of rows anywhere.
    #[inline(always)]
    fn each(&self, rows: &[u32], out: &mut [f32]) {
        assert!(rows.len() == out.len());
        let ((blocks, rest), (places, last)) = (rows.as_chunks::<N>(), out.as_chunks_mut::<N>());
        for (block, place) in blocks.iter().zip(places) {
            *place = self.group(places_of(block, 0));
        }
        if let Some(&filler) = rest.last() {
            last.copy_from_slice(&self.group(places_of(rest, filler))[..last.len()]);
        }
    }
}

/// The numbers of `N` rows, with `filler` for those that are missing.
#[inline(always)]
fn places_of<const N: usize>(rows: &[u32], filler: u32) -> [usize; N] {
    let mut places = [filler as usize; N];
    for (place, &row) in places.iter_mut().zip(rows) {
        *place = row as usize;
    }
    places
}

/// Rows of `16 * C` values, with the query in registers.
pub(super) struct Whole<'a, L: Lanes<N>, const N: usize, const C: usize> {
    lanes: L,
    rows: &'a [[Block; C]],
    query: [L::Sixteen; C],
}

impl<'a, L: Lanes<N>, const N: usize, const C: usize> Whole<'a, L, N, C> {
    #[inline(always)]
    pub(super) fn new(lanes: L, data: &'a [f32], query: &[Block]) -> Self {
        let rows = data.as_chunks::<LANES>().0.as_chunks::<C>().0;
        let mut registers = [lanes.zero(); C];
        for c in 0..C {
            registers[c] = lanes.load(&query[c]);
        }
        Self { lanes, rows, query: registers }
    }
}

impl<L: Lanes<N>, const N: usize, const C: usize> Pairs<L, N> for Whole<'_, L, N, C> {
    #[inline(always)]
    fn lanes(&self) -> L {
        self.lanes
    }

    #[inline(always)]
    fn len(&self) -> usize {
        self.rows.len()
    }

    #[inline(always)]
    fn sum(&self, row: usize) -> L::Folded {
        let row = &self.rows[row];
        let mut sum = self.lanes.zero();
        for c in 0..C {
            sum = self.lanes.mul_add(self.lanes.load(&row[c]), self.query[c], sum);
        }
        self.lanes.fold(sum)
    }
}

/// Rows of any length.
pub(super) struct Any<'a, L> {
    lanes: L,
    data: &'a [f32],
    dim: usize,
    query: &'a [Block],
    /// All bits for the lanes of the last, incomplete sixteen values.
    mask: [u32; LANES],
}

impl<'a, L> Any<'a, L> {
    #[inline(always)]
    pub(super) fn new(lanes: L, data: &'a [f32], dim: usize, query: &'a [Block]) -> Self {
        assert!(query.len() == dim.div_ceil(LANES));
        let mut mask = [0; LANES];
        mask[..dim % LANES].fill(u32::MAX);
        Self { lanes, data, dim, query, mask }
    }

    /// The tail of a row that begins at `from`, and zeros; reads on into the next row where there is one, and masks
    /// that off.
    #[inline(always)]
    fn tail(&self, from: &[f32]) -> Block {
        let mut tail = [0.0; LANES];
        if let Some(sixteen) = from.first_chunk::<LANES>() {
            for lane in 0..LANES {
                tail[lane] = f32::from_bits(sixteen[lane].to_bits() & self.mask[lane]);
            }
        } else {
            tail[..self.dim % LANES].copy_from_slice(&from[..self.dim % LANES]);
        }
        tail
    }
}

impl<L: Lanes<N>, const N: usize> Pairs<L, N> for Any<'_, L> {
    #[inline(always)]
    fn lanes(&self) -> L {
        self.lanes
    }

    #[inline(always)]
    fn len(&self) -> usize {
        self.data.len() / self.dim
    }

    #[inline(always)]
    fn sum(&self, row: usize) -> L::Folded {
        let from = &self.data[row * self.dim..];
        let (full, tail) = from[..self.dim].as_chunks::<LANES>();
        let mut sum = self.lanes.zero();
        for (x, y) in full.iter().zip(self.query) {
            sum = self.lanes.mul_add(self.lanes.load(x), self.lanes.load(y), sum);
        }
        if !tail.is_empty() {
            let tail = self.tail(&from[self.dim - tail.len()..]);
            sum = self.lanes.mul_add(self.lanes.load(&tail), self.lanes.load(&self.query[full.len()]), sum);
        }
        self.lanes.fold(sum)
    }
}
