//! Products of queries with rows that are laid out for them.
//!
//! Where a row lies in one piece, eight or sixteen of its values fill a register, and all of the tree has to be gone across registers.
//! In a tile a register holds four values of several rows: the first two steps of the tree are sums of whole registers, and
//! two thirds of the shuffles fall away. To lay rows out pays from some thirty queries on.

use super::Kernel;
use super::lanes::{Block, LANES, Lanes};
use super::on_lanes::OnLanes;
use super::product::Query;
use super::quads::{MAX_REGISTERS, QUAD, Quads};

/// Four values of four rows, at an address that no load across two lines of the cache starts from.
#[derive(Clone, Copy)]
#[repr(align(64))]
struct Line(Block);

/// Rows laid out for several queries.
#[derive(Default)]
pub(crate) struct LaidOut {
    rows: usize,
    /// Lines that hold all values of four rows: four for each sixteen values, the last filled up with zeros.
    lines: usize,
    /// Of sixteen rows after sixteen: the lines of rows 0, 4, 8 and 12, of rows 1, 5, 9 and 13, and so on.
    values: Vec<Line>,
    /// Four numbers of each row, which a query leaves halfway.
    sums: Vec<Line>,
}

impl LaidOut {
    /// Takes `rows` rows of `dim` values in place of what was there.
    pub(crate) fn set<'r>(&mut self, rows: usize, dim: usize, row: impl Fn(usize) -> &'r [f32]) {
        (self.rows, self.lines) = (rows, dim.div_ceil(LANES) * QUAD);
        let fours = rows.div_ceil(LANES) * QUAD;
        self.sums.resize(fours, Line([0.0; LANES]));
        // Where nothing has to be filled up, all that was there is written over.
        if !(rows.is_multiple_of(LANES) && dim.is_multiple_of(LANES)) {
            self.values.clear();
        }
        self.values.resize(fours * self.lines, Line([0.0; LANES]));
        // Row by row, as they lie in memory: that is what this waits for.
        for number in 0..rows {
            let (sixteen, place) = (number / LANES, number % LANES);
            let lines = &mut self.values[(sixteen * QUAD + place % QUAD) * self.lines..][..self.lines];
            lay(row(number), lines, place / QUAD);
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.rows
    }

    /// Products of the query with all rows, found by this kernel.
    pub(crate) fn dot(&mut self, kernel: Kernel, query: &Query<'_>, out: &mut [f32]) {
        assert!(out.len() == self.rows && query.0.len() * QUAD == self.lines);
        kernel.run_on_lanes(Products { values: &self.values, sums: &mut self.sums, query: &query.0, out });
    }
}

/// Puts the values of one of four rows to its places.
#[inline]
fn lay(row: &[f32], lines: &mut [Line], at: usize) {
    let (quads, rest) = row.as_chunks::<QUAD>();
    for (line, quad) in lines.iter_mut().zip(quads) {
        line.0.as_chunks_mut().0[at] = *quad;
    }
    if !rest.is_empty() {
        lines[quads.len()].0[QUAD * at..][..rest.len()].copy_from_slice(rest);
    }
}

struct Products<'a> {
    values: &'a [Line],
    sums: &'a mut [Line],
    query: &'a [Block],
    out: &'a mut [f32],
}

impl OnLanes for Products<'_> {
    #[inline(always)]
    fn run<const N: usize>(self, lanes: impl Lanes<N> + Quads) {
        self.fill(lanes);
    }
}

impl Products<'_> {
    /// Two loops, since a compiler that sees all steps at once holds more sums than there are registers.
    #[inline(always)]
    fn fill<Q: Quads>(self, quads: Q) {
        let Self { values, sums, query, out } = self;
        match query.len() {
            1 => sum_held::<_, 1, QUAD>(quads, values, query, sums),
            2 => sum_held::<_, 2, QUAD>(quads, values, query, sums),
            3 if Q::HOLDS_FOUR_BLOCKS => sum_held::<_, 3, QUAD>(quads, values, query, sums),
            4 if Q::HOLDS_FOUR_BLOCKS => sum_held::<_, 4, QUAD>(quads, values, query, sums),
            3 => sum_held::<_, 3, 2>(quads, values, query, sums),
            4 => sum_held::<_, 4, 2>(quads, values, query, sums),
            _ => sum_any(quads, values, query, sums),
        }
        add_across(quads, sums, out);
    }
}

/// The quads of a block in the order in which the tree adds them: 8 + 8, then 4 + 4.
const ORDER: [usize; QUAD] = [0, 2, 1, 3];

/// Sums of four rows each, with the first two steps of the tree done. The query, of `C` blocks, stays in registers: all quads of a block
/// at once, or `K` = 2 of them while the rows go by, and then the others.
#[inline(always)]
fn sum_held<Q: Quads, const C: usize, const K: usize>(
    quads: Q,
    values: &[Line],
    query: &[Block],
    sums: &mut [Line],
) {
    let query: &[Block; C] = query.try_into().expect("C blocks");
    let fours = values.as_chunks::<QUAD>().0.as_chunks::<C>().0;
    for sweep in 0..QUAD / K {
        let mut held = [[quads.none(); K]; C];
        for c in 0..C {
            for k in 0..K {
                held[c][k] = quads.same(&query[c].as_chunks().0[ORDER[sweep * K + k]]);
            }
        }
        for (sum, lines) in sums.iter_mut().zip(fours) {
            for register in 0..Q::REGISTERS {
                let mut parts = [quads.none(); K];
                for c in 0..C {
                    for k in 0..K {
                        let values = quads.part(&lines[c][ORDER[sweep * K + k]].0, register);
                        parts[k] = quads.multiply_add(values, held[c][k], parts[k]);
                    }
                }
                let mut total = in_pairs(quads, &parts);
                if sweep > 0 {
                    total = quads.plus(quads.part(&sum.0, register), total);
                }
                quads.put(total, &mut sum.0, register);
            }
        }
    }
}

/// The same for a query of any length.
#[inline(always)]
fn sum_any<Q: Quads>(quads: Q, values: &[Line], query: &[Block], sums: &mut [Line]) {
    for (sum, lines) in sums.iter_mut().zip(values.chunks_exact(query.len() * QUAD)) {
        let mut parts = [[quads.none(); QUAD]; MAX_REGISTERS];
        for (lines, query) in lines.as_chunks::<QUAD>().0.iter().zip(query) {
            for k in 0..QUAD {
                // One read for all registers.
                let query = quads.same(&query.as_chunks().0[ORDER[k]]);
                for (register, parts) in parts.iter_mut().enumerate().take(Q::REGISTERS) {
                    let values = quads.part(&lines[ORDER[k]].0, register);
                    parts[k] = quads.multiply_add(values, query, parts[k]);
                }
            }
        }
        for (register, parts) in parts.iter().enumerate().take(Q::REGISTERS) {
            quads.put(in_pairs(quads, parts), &mut sum.0, register);
        }
    }
}

/// Adds two or four parts as a tree.
#[inline(always)]
fn in_pairs<Q: Quads>(quads: Q, parts: &[Q::Register]) -> Q::Register {
    let half = |pair: &[Q::Register]| quads.plus(pair[0], pair[1]);
    if parts.len() == 2 { half(parts) } else { quads.plus(half(&parts[..2]), half(&parts[2..])) }
}

/// Goes the last two steps of the tree.
#[inline(always)]
fn add_across<Q: Quads>(quads: Q, sums: &[Line], out: &mut [f32]) {
    let ((blocks, rest), sums) = (out.as_chunks_mut::<LANES>(), sums.as_chunks::<QUAD>().0);
    for (place, sums) in blocks.iter_mut().zip(sums) {
        *place = sixteen(quads, sums);
    }
    if !rest.is_empty() {
        rest.copy_from_slice(&sixteen(quads, &sums[sums.len() - 1])[..rest.len()]);
    }
}

/// The products of sixteen rows.
#[inline(always)]
fn sixteen<Q: Quads>(quads: Q, sums: &[Line; QUAD]) -> Block {
    let mut products = [0.0; LANES];
    for register in 0..Q::REGISTERS {
        let mut parts = [quads.none(); QUAD];
        for (part, sum) in parts.iter_mut().zip(sums) {
            *part = quads.part(&sum.0, register);
        }
        quads.put(quads.ends(parts), &mut products, register);
    }
    products
}
