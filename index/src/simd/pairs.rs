//! Products of one query with several rows, written for any lanes.

use super::lanes::{Block, LANES, Lanes};

/// Rows and a query whose products can be summed.
pub(super) trait Pairs<L: Lanes<N>, const N: usize> {
    /// The values of a row, and perhaps more after them.
    type Row: ?Sized;

    fn lanes(&self) -> L;

    fn row(&self, row: usize) -> &Self::Row;

    /// `N` rows in sequence.
    #[inline(always)]
    fn sequence(&self, first: usize) -> [&Self::Row; N] {
        let mut rows = [self.row(first); N];
        for (at, row) in rows.iter_mut().enumerate() {
            *row = self.row(first + at);
        }
        rows
    }

    /// The sum of one row, its first steps across done.
    fn sum(&self, row: &Self::Row) -> L::Folded;

    /// Products of `N` rows.
    #[inline(always)]
    fn group(&self, rows: [&Self::Row; N]) -> [f32; N] {
        let lanes = self.lanes();
        let mut sums = [lanes.fold(lanes.zero()); N];
        for slot in 0..N {
            sums[slot] = self.sum(rows[L::SLOTS[slot]]);
        }
        lanes.across(sums)
    }

    /// Products of the chosen rows, or of the first.
    #[inline(always)]
    fn fill(&self, chosen: Option<&[u32]>, out: &mut [f32]) {
        match chosen {
            None => self.range(out),
            Some(rows) => self.each(rows, out),
        }
    }

    /// Products of the first rows.
    #[inline(always)]
    fn range(&self, out: &mut [f32]) {
        let (blocks, rest) = out.as_chunks_mut::<N>();
        let mut first = 0;
        for place in blocks {
            *place = self.group(self.sequence(first));
            first += N;
        }
        if !rest.is_empty() {
            let mut rows = [self.row(first); N];
            for (at, row) in rows.iter_mut().enumerate().take(rest.len()) {
                *row = self.row(first + at);
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
            *place = self.group(self.anywhere(block));
        }
        if !rest.is_empty() {
            last.copy_from_slice(&self.group(self.anywhere(rest))[..last.len()]);
        }
    }

    /// One to `N` rows, the first again for those that are missing.
    #[inline(always)]
    fn anywhere(&self, numbers: &[u32]) -> [&Self::Row; N] {
        let mut rows = [self.row(numbers[0] as usize); N];
        for (row, &number) in rows.iter_mut().zip(numbers) {
            *row = self.row(number as usize);
        }
        rows
    }
}

/// A query of `C` blocks.
#[inline(always)]
fn in_registers<L: Lanes<N>, const N: usize, const C: usize>(lanes: L, query: &[Block]) -> [L::Sixteen; C] {
    let mut registers = [lanes.zero(); C];
    for c in 0..C {
        registers[c] = lanes.load(&query[c]);
    }
    registers
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
        Self { lanes, rows, query: in_registers(lanes, query) }
    }
}

impl<L: Lanes<N>, const N: usize, const C: usize> Pairs<L, N> for Whole<'_, L, N, C> {
    type Row = [Block; C];

    #[inline(always)]
    fn lanes(&self) -> L {
        self.lanes
    }

    #[inline(always)]
    fn row(&self, row: usize) -> &[Block; C] {
        &self.rows[row]
    }

    #[inline(always)]
    fn sequence(&self, first: usize) -> [&[Block; C]; N] {
        let block: &[[Block; C]; N] = self.rows[first..].first_chunk().expect("as many rows as products");
        let mut rows = [&block[0]; N];
        for at in 0..N {
            rows[at] = &block[at];
        }
        rows
    }

    #[inline(always)]
    fn sum(&self, row: &[Block; C]) -> L::Folded {
        let mut sum = self.lanes.zero();
        for (values, query) in row.iter().zip(&self.query) {
            sum = self.lanes.mul_add(self.lanes.load(values), *query, sum);
        }
        self.lanes.fold(sum)
    }
}

/// Rows of up to `16 * C` values, with the query in registers.
pub(super) struct Masked<'a, L: Lanes<N>, const N: usize, const C: usize> {
    lanes: L,
    data: &'a [f32],
    dim: usize,
    query: [L::Sixteen; C],
    mask: Mask,
}

impl<'a, L: Lanes<N>, const N: usize, const C: usize> Masked<'a, L, N, C> {
    #[inline(always)]
    pub(super) fn new(lanes: L, data: &'a [f32], dim: usize, query: &[Block]) -> Self {
        Self { lanes, data, dim, query: in_registers(lanes, query), mask: Mask::of(dim) }
    }

    /// The last rows, after which too little follows to read whole blocks.
    #[cold]
    fn padded(&self, from: &[f32]) -> [Block; C] {
        let mut blocks = [[0.0; LANES]; C];
        blocks.as_flattened_mut()[..self.dim].copy_from_slice(&from[..self.dim]);
        blocks
    }
}

impl<L: Lanes<N>, const N: usize, const C: usize> Pairs<L, N> for Masked<'_, L, N, C> {
    type Row = [f32];

    #[inline(always)]
    fn lanes(&self) -> L {
        self.lanes
    }

    #[inline(always)]
    fn row(&self, row: usize) -> &[f32] {
        &self.data[row * self.dim..]
    }

    #[inline(always)]
    fn sum(&self, from: &[f32]) -> L::Folded {
        let padded;
        let blocks: &[Block; C] = if let Some(blocks) = from.as_chunks().0.first_chunk() {
            blocks
        } else {
            padded = self.padded(from);
            &padded
        };
        let mut sum = self.lanes.zero();
        for (c, (block, query)) in blocks.iter().zip(&self.query).enumerate() {
            let values = if c + 1 == C { self.mask.on(block) } else { *block };
            sum = self.lanes.mul_add(self.lanes.load(&values), *query, sum);
        }
        self.lanes.fold(sum)
    }
}

/// All bits for the lanes of the last, incomplete sixteen values.
struct Mask([u32; LANES]);

impl Mask {
    #[inline(always)]
    fn of(dim: usize) -> Self {
        let mut mask = [0; LANES];
        mask[..dim % LANES].fill(u32::MAX);
        Self(mask)
    }

    #[inline(always)]
    fn on(&self, block: &Block) -> Block {
        let mut masked = [0.0; LANES];
        for lane in 0..LANES {
            masked[lane] = f32::from_bits(block[lane].to_bits() & self.0[lane]);
        }
        masked
    }
}

/// Rows of any length.
pub(super) struct Any<'a, L> {
    lanes: L,
    data: &'a [f32],
    dim: usize,
    query: &'a [Block],
    mask: Mask,
}

impl<'a, L> Any<'a, L> {
    #[inline(always)]
    pub(super) fn new(lanes: L, data: &'a [f32], dim: usize, query: &'a [Block]) -> Self {
        assert!(query.len() == dim.div_ceil(LANES));
        Self { lanes, data, dim, query, mask: Mask::of(dim) }
    }

    /// The tail of a row that begins at `from`, and zeros; reads on into the next row where there is one, and masks
    /// that off.
    #[inline(always)]
    fn tail(&self, from: &[f32]) -> Block {
        if let Some(sixteen) = from.first_chunk::<LANES>() {
            return self.mask.on(sixteen);
        }
        let mut tail = [0.0; LANES];
        tail[..self.dim % LANES].copy_from_slice(&from[..self.dim % LANES]);
        tail
    }
}

impl<L: Lanes<N>, const N: usize> Pairs<L, N> for Any<'_, L> {
    type Row = [f32];

    #[inline(always)]
    fn lanes(&self) -> L {
        self.lanes
    }

    #[inline(always)]
    fn row(&self, row: usize) -> &[f32] {
        &self.data[row * self.dim..]
    }

    #[inline(always)]
    fn sum(&self, from: &[f32]) -> L::Folded {
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
