//! Numbers of times that a row is among the nearest of the others.

use rayon::prelude::*;

use crate::eval::PreparedRows;
use crate::eval::ranker::tile::{self, Blocks, Queries, Similarities, TILE, TOGETHER};
use crate::progress::Progress;
use crate::simd::{Simd, Work, with_vectors};

/// Nearest neighbours of every row, where there are so many other rows.
const NEIGHBOURS: usize = 10;

/// The unevenness of neighbours: in many dimensions a few *hubs* come to be among the nearest of nearly all rows, and
/// many rows of none (Radovanović et al., J. Mach. Learn. Res. 11, 2487, 2010).
///
/// Rows that tie for the last places share them, so the order of rows says nothing; an occurrence may be a fraction.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Hubness {
    /// The k of the k nearest by cosine, a row itself left out: 10, or all other rows where there are fewer.
    pub neighbours: usize,
    /// Skewness of the k-occurrences, the numbers of rows that a row is a neighbour of: 0 when as many lie above the mean
    /// as below, some tenths without hubs, beyond 1 with. `None` when all are equal.
    pub skewness: Option<f64>,
    /// The largest k-occurrence; the mean is k.
    pub largest: f64,
    /// The row that has it, the first of several.
    pub largest_row: usize,
    /// Share of rows that are nobody's neighbour: they can never be found.
    pub antihubs: f64,
}

/// One neighbour among the nearest, in whole numbers, so that threads may add in any order.
const WHOLE: u64 = 1 << 32;
/// Queries that go through the candidates together.
const GROUP: usize = 4 * TOGETHER;

impl Hubness {
    /// Of the rows of `prepared`, which are known outside by the numbers `rows`. There must be two.
    pub(super) fn of(prepared: &PreparedRows, rows: &[usize], progress: &dyn Progress) -> Self {
        let neighbours = NEIGHBOURS.min(prepared.rows() - 1);
        progress.begin("looking at neighbours", prepared.rows() as u64);
        let occurrences = occurrences(prepared, neighbours, progress);
        progress.end();
        let largest = occurrences.iter().copied().max().unwrap_or(0);
        let row = occurrences.iter().position(|&count| count == largest).map_or(0, |at| rows[at]);
        let never = occurrences.iter().filter(|&&count| count == 0).count();
        Self {
            neighbours,
            skewness: skewness(&occurrences),
            largest: largest as f64 / WHOLE as f64,
            largest_row: row,
            antihubs: never as f64 / prepared.rows() as f64,
        }
    }
}

/// Returns the third central moment over the cube of the standard deviation.
fn skewness(occurrences: &[u64]) -> Option<f64> {
    let first = occurrences.first()?;
    if occurrences.iter().all(|count| count == first) {
        return None;
    }
    let number = occurrences.len() as f64;
    let mean = occurrences.iter().map(|&count| count as f64).sum::<f64>() / number;
    let moment =
        |power| occurrences.iter().map(|&count| (count as f64 - mean).powi(power)).sum::<f64>() / number;
    Some(moment(3) / moment(2).powf(1.5))
}

/// Of every row how often it is among the `k` nearest of another, in parts of [`WHOLE`].
fn occurrences(prepared: &PreparedRows, k: usize, progress: &dyn Progress) -> Vec<u64> {
    let rows: Vec<u32> = (0..prepared.rows() as u32).collect();
    let blocks = Blocks::new(prepared, &rows);
    let counted = rows.par_chunks(GROUP).fold(
        || (Bench::new(rows.len()), vec![0; rows.len()]),
        |(mut bench, mut occurrences), queries| {
            let (bench_of, occurrences_of) = (&mut bench, &mut occurrences);
            with_vectors(Group {
                prepared,
                blocks: &blocks,
                queries,
                k,
                bench: bench_of,
                occurrences: occurrences_of,
            });
            progress.advance(queries.len() as u64);
            (bench, occurrences)
        },
    );
    counted.map(|(_, occurrences)| occurrences).reduce(
        || vec![0; rows.len()],
        |mut sums, more| {
            sums.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
            sums
        },
    )
}

/// Buffers that one thread keeps from group to group.
struct Bench {
    products: Similarities,
    /// Of every query of a group the similarities of all rows.
    similarities: Vec<Vec<f32>>,
    /// The largest so far, ascending.
    largest: Vec<f32>,
    above: Vec<usize>,
    tied: Vec<usize>,
}

impl Bench {
    fn new(rows: usize) -> Self {
        let similarities = vec![vec![0.0; rows]; GROUP];
        let (largest, above, tied) = (Vec::new(), Vec::new(), Vec::new());
        Self { products: Similarities::new(), similarities, largest, above, tied }
    }
}

/// A few queries and the bench that they are worked on.
struct Group<'a> {
    prepared: &'a PreparedRows,
    blocks: &'a Blocks,
    queries: &'a [u32],
    k: usize,
    bench: &'a mut Bench,
    occurrences: &'a mut [u64],
}

impl Work for Group<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let dim = self.prepared.dim();
        let pack =
            |rows: &[u32]| Queries::new(dim, rows.iter().map(|&row| self.prepared.query(row as usize)));
        let packed: Vec<Queries> = self.queries.chunks(TOGETHER).map(pack).collect();
        for (number, (tile, count)) in self.blocks.tiles().enumerate() {
            for (queries, rows) in packed.iter().zip(self.bench.similarities.chunks_mut(TOGETHER)) {
                tile::product(simd, queries, tile, dim, &mut self.bench.products);
                for (row, products) in rows.iter_mut().zip(self.bench.products.rows()) {
                    row[number * TILE..][..count].copy_from_slice(&products[..count]);
                }
            }
        }
        for (at, &query) in self.queries.iter().enumerate() {
            self.bench.similarities[at][query as usize] = f32::NEG_INFINITY;
            self.bench.name_nearest(at, self.k, self.occurrences);
        }
    }
}

/// Similarities that are looked at together: nearly always none of them matters.
const STEP: usize = 64;

impl Bench {
    /// Counts the `k` nearest of a query; those that tie for the last places share them.
    #[inline(always)]
    fn name_nearest(&mut self, query: usize, k: usize, occurrences: &mut [u64]) {
        let similarities = &self.similarities[query];
        let last = kth_largest(similarities, k, &mut self.largest);
        self.above.clear();
        self.tied.clear();
        for (number, step) in similarities.chunks(STEP).enumerate() {
            if !step.iter().fold(false, |any, &similarity| any | (similarity >= last)) {
                continue;
            }
            for (at, &similarity) in step.iter().enumerate().filter(|(_, similarity)| **similarity >= last) {
                let side = if similarity > last { &mut self.above } else { &mut self.tied };
                side.push(number * STEP + at);
            }
        }
        let share = (k - self.above.len()) as u64 * WHOLE / self.tied.len().max(1) as u64;
        self.above.iter().for_each(|&row| occurrences[row] += WHOLE);
        self.tied.iter().for_each(|&row| occurrences[row] += share);
    }
}

/// Returns the `k`-th largest number, equal ones counted each.
#[inline(always)]
fn kth_largest(numbers: &[f32], k: usize, largest: &mut Vec<f32>) -> f32 {
    largest.clear();
    largest.resize(k, f32::NEG_INFINITY);
    for step in numbers.chunks(STEP) {
        let least = largest[0];
        if !step.iter().fold(false, |any, &number| any | (number > least)) {
            continue;
        }
        for &number in step.iter().filter(|number| **number > least) {
            let place = largest.partition_point(|&other| other < number);
            if place > 0 {
                largest.copy_within(1..place, 0);
                largest[place - 1] = number;
            }
        }
    }
    largest[0]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::Similarity;
    use crate::eval::fixture::matrix;
    use crate::progress::Quiet;
    use proptest::prelude::*;

    /// Sorts all others of every row.
    fn by_sorting(prepared: &PreparedRows, k: usize) -> Vec<f64> {
        let mut occurrences = vec![0.0; prepared.rows()];
        for query in 0..prepared.rows() {
            let similarity = |row: usize| -> f32 {
                let pairs = prepared.query(query).iter().zip(prepared.candidate(row));
                pairs.fold(0.0, |sum, (a, b)| a.mul_add(*b, sum))
            };
            let mut others: Vec<(f32, usize)> =
                (0..prepared.rows()).filter(|&row| row != query).map(|row| (similarity(row), row)).collect();
            others.sort_by(|a, b| b.0.total_cmp(&a.0));
            let last = others[k - 1].0;
            let above = others.iter().filter(|other| other.0 > last).count();
            let tied = others.iter().filter(|other| other.0 == last).count();
            for (similarity, row) in others {
                let share = (k - above) as f64 / tied as f64;
                occurrences[row] +=
                    if similarity > last { 1.0 } else { f64::from(similarity == last) * share };
            }
        }
        occurrences
    }

    proptest! {
        #[test]
        fn neighbours_are_those_of_sorting_with_many_ties(
            values in prop::collection::vec((-3i8..4).prop_map(f32::from), 3 * 90), rows in 2_usize..90, k in 1_usize..12,
        ) {
            let (prepared, k) = (PreparedRows::new(matrix(&values[..3 * rows], 3), Similarity::Dot).unwrap(), k.min(rows - 1));
            let found = occurrences(&prepared, k, &Quiet);
            for (found, expected) in found.iter().zip(by_sorting(&prepared, k)) {
                prop_assert!((*found as f64 / WHOLE as f64 - expected).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn skewness_is_that_worked_out_by_hand() {
        // Deviations -1, -1, -1, 3: moments 3 and 6.
        assert!((skewness(&[0, 0, 0, 4]).unwrap() - 6.0 / 3.0_f64.powf(1.5)).abs() < 1e-12);
        assert_eq!((skewness(&[2, 2]), skewness(&[])), (None, None));
    }
}
