//! Distances from rows to many others, and the nearest of them.

use std::ops::Range;

use rayon::prelude::*;

use super::Metric;
use crate::Rows;
use crate::simd::vectorised;

/// Rows in a tile. Their distances to a query are summed side by side, one vector lane each.
const TILE: usize = 64;

/// Queries that go through the tiles together.
const BLOCK: usize = 32;

/// The nearest rows of one that was asked about, nearest first; of equals, the first by number.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Nearest {
    /// Their numbers.
    pub(crate) rows: Vec<u32>,
    pub(crate) distances: Vec<f64>,
}

impl Nearest {
    #[inline(always)]
    fn offer(&mut self, row: u32, distance: f64, k: usize) {
        if self.rows.len() == k {
            if self.distances.last().is_none_or(|last| distance >= *last) {
                return;
            }
            self.rows.pop();
            self.distances.pop();
        }
        let at = self.distances.partition_point(|other| *other <= distance);
        self.rows.insert(at, row);
        self.distances.insert(at, distance);
    }

    fn is_reached_by(&self, distance: f64, k: usize) -> bool {
        self.rows.len() < k || self.distances.last().is_some_and(|last| distance < *last)
    }
}

/// Rows to be compared with: tiles of them, transposed.
#[derive(Debug)]
pub(crate) struct Points {
    metric: Metric,
    dim: usize,
    rows: Vec<u32>,
    tiles: Vec<f32>,
}

impl Points {
    /// Takes those of `rows` that `members` number; one may be named repeatedly.
    pub(crate) fn new(metric: Metric, rows: Rows<'_>, members: Vec<u32>) -> Self {
        let dim = rows.dim();
        let mut tiles = vec![0.0; members.len().div_ceil(TILE) * TILE * dim];
        for (at, &member) in members.iter().enumerate() {
            let row = metric.prepared(rows.row(member as usize));
            let tile = &mut tiles[at / TILE * TILE * dim..][..TILE * dim];
            row.iter().enumerate().for_each(|(value, number)| tile[value * TILE + at % TILE] = *number);
        }
        Self { metric, dim, rows: members, tiles }
    }

    /// Returns the number of rows that are compared with.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Returns the values in a row.
    pub(crate) fn dim(&self) -> usize {
        self.dim
    }

    /// Returns the `k` nearest of every query; fewer where there are not so many.
    pub(crate) fn nearest(&self, queries: Rows<'_>, k: usize) -> Vec<Nearest> {
        self.nearest_of(queries, k, |_| None)
    }

    /// Returns the `k` nearest of every row, itself left out; `rows` are those that these points were taken from.
    pub(crate) fn nearest_others(&self, rows: Rows<'_>, k: usize) -> Vec<Nearest> {
        self.nearest_of(rows, k, |query| Some(query as u32))
    }

    fn nearest_of(
        &self,
        queries: Rows<'_>,
        k: usize,
        passed_over: impl Fn(usize) -> Option<u32> + Sync,
    ) -> Vec<Nearest> {
        let blocks = (0..queries.len().div_ceil(BLOCK)).into_par_iter();
        let block = |block: usize| block * BLOCK..((block + 1) * BLOCK).min(queries.len());
        let nearest = |at| vectorised(|| self.nearest_of_block(queries, block(at), k, &passed_over));
        blocks.flat_map_iter(nearest).collect()
    }

    #[inline(always)]
    fn nearest_of_block(
        &self,
        queries: Rows<'_>,
        block: Range<usize>,
        k: usize,
        passed_over: impl Fn(usize) -> Option<u32>,
    ) -> Vec<Nearest> {
        let prepared: Vec<Vec<f32>> =
            block.clone().map(|query| self.metric.prepared(queries.row(query))).collect();
        let mut nearest = vec![Nearest::default(); block.len()];
        for (tile, members) in self.tiles.chunks_exact(TILE * self.dim).zip(self.rows.chunks(TILE)) {
            for ((query, query_at), nearest) in prepared.iter().zip(block.clone()).zip(&mut nearest) {
                let distances = distances(self.metric, query, tile);
                let least = distances[..members.len()].iter().fold(f64::INFINITY, |least, &d| least.min(d));
                if !nearest.is_reached_by(least, k) {
                    continue;
                }
                let itself = passed_over(query_at);
                let others = members.iter().zip(&distances).filter(|(member, _)| Some(**member) != itself);
                others.for_each(|(&member, &distance)| nearest.offer(member, distance, k));
            }
        }
        if self.metric == Metric::Euclid {
            nearest.iter_mut().flat_map(|nearest| &mut nearest.distances).for_each(|d| *d = d.sqrt());
        }
        nearest
    }
}

/// Returns the distances of a query to the rows of a tile, squared where Euclidean. Sums run over the values in order,
/// whatever the processor, so they are the same everywhere. Rows of length 1 are compared in single precision; values as
/// they are, of any size, in double, where no square overflows or vanishes.
#[inline(always)]
fn distances(metric: Metric, query: &[f32], tile: &[f32]) -> [f64; TILE] {
    match metric {
        Metric::Cosine | Metric::Correlation => {
            let sums: [f32; TILE] = summed(1.0, query, tile, |sum, a, b| sum - a * b);
            let mut wide = [0.0; TILE];
            wide.iter_mut().zip(sums).for_each(|(wide, sum)| *wide = f64::from(sum));
            wide
        }
        Metric::Euclid => summed(0.0, query, tile, |sum, a, b| {
            let between = f64::from(a) - f64::from(b);
            sum + between * between
        }),
        Metric::Canberra => summed(0.0, query, tile, |sum, a, b| {
            let (a, b) = (f64::from(a), f64::from(b));
            let (above, below) = ((a - b).abs(), a.abs() + b.abs());
            sum + if below > 0.0 { above / below } else { 0.0 }
        }),
    }
}

#[inline(always)]
fn summed<T: Copy>(start: T, query: &[f32], tile: &[f32], add: impl Fn(T, f32, f32) -> T) -> [T; TILE] {
    let mut sums = [start; TILE];
    for (value, column) in query.iter().zip(tile.as_chunks::<TILE>().0) {
        for lane in 0..TILE {
            sums[lane] = add(sums[lane], *value, column[lane]);
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::fixture::scattered;
    use proptest::prelude::*;

    /// The definition, in double precision, one pair at a time.
    fn plainly(metric: Metric, a: &[f32], b: &[f32]) -> f64 {
        let wide = |row: &[f32]| row.iter().map(|&value| f64::from(value)).collect::<Vec<_>>();
        let most = |row: &[f32]| row.iter().fold(0.0_f64, |most, value| most.max(f64::from(value.abs())));
        let (a_most, b_most) = (most(a), most(b));
        let (mut a, mut b) = (wide(a), wide(b));
        if metric == Metric::Correlation {
            for row in [&mut a, &mut b] {
                let mean = row.iter().sum::<f64>() / row.len() as f64;
                row.iter_mut().for_each(|value| *value -= mean);
            }
        }
        let pairs = || a.iter().zip(&b);
        let dot: f64 = pairs().map(|(a, b)| a * b).sum();
        let length = |row: &[f64]| row.iter().map(|value| value * value).sum::<f64>().sqrt();
        match metric {
            Metric::Euclid => pairs().map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt(),
            Metric::Canberra => {
                pairs().map(|(a, b)| if a == b { 0.0 } else { (a - b).abs() / (a.abs() + b.abs()) }).sum()
            }
            _ if length(&a) <= 1e-9 * a_most || length(&b) <= 1e-9 * b_most => 1.0,
            _ => 1.0 - dot / length(&a) / length(&b),
        }
    }

    proptest! {
        #[test]
        fn the_nearest_are_those_of_a_full_sort(
            values in prop::collection::vec(-3_i8..4, 5 * 70..5 * 140), k in 1_usize..9,
        ) {
            let features: Vec<f32> = values.iter().map(|&value| f32::from(value)).collect();
            let rows = Rows::new(&features[..features.len() / 5 * 5], 5).unwrap();
            let all: Vec<u32> = (0..rows.len() as u32).collect();
            let row = |at: u32| rows.row(at as usize);
            for metric in Metric::ALL {
                let points = Points::new(metric, rows, all.clone());
                for (query, found) in all.iter().zip(points.nearest_others(rows, k)) {
                    let mut expected: Vec<f64> = all.iter().filter(|&other| other != query)
                        .map(|&other| plainly(metric, row(*query), row(other))).collect();
                    expected.sort_by(f64::total_cmp);
                    prop_assert_eq!(found.rows.len(), k);
                    prop_assert!(!found.rows.contains(query));
                    for ((other, distance), expected) in found.rows.iter().zip(&found.distances).zip(&expected) {
                        prop_assert!((distance - expected).abs() < 2e-3, "{metric}: {distance} {expected}");
                        let own = plainly(metric, row(*query), row(*other));
                        prop_assert!((distance - own).abs() < 2e-3, "{metric}");
                    }
                }
            }
        }
    }

    /// Normal numbers times something between the smallest and the largest, the same for all rows or not.
    fn of_any_size(factor: impl Fn(usize) -> f32) -> Vec<f32> {
        let rows = scattered(60 * 4, 12);
        rows.iter().enumerate().map(|(at, value)| value * factor(at / 4)).collect()
    }

    #[test]
    fn rows_of_any_size_have_the_neighbours_of_exact_arithmetic() {
        let all: Vec<u32> = (0..60).collect();
        let sizes: [&dyn Fn(usize) -> f32; 7] = [
            &|_| 1e19,
            &|_| 3e38,
            &|_| 1e-25,
            &|_| 2e-44,
            &|row| [1.0, 1e25][row % 2],
            &|row| [3e38, 1e-44][row % 2],
            &|row| [1e-30, 1.0, 1e30][row % 3],
        ];
        for (number, size) in sizes.iter().enumerate() {
            let features = of_any_size(size);
            let rows = Rows::new(&features, 4).unwrap();
            let row = |at: u32| rows.row(at as usize);
            for metric in Metric::ALL {
                let points = Points::new(metric, rows, all.clone());
                for (query, found) in all.iter().zip(points.nearest_others(rows, 5)) {
                    let mut expected: Vec<(f64, u32)> = all
                        .iter()
                        .filter(|&other| other != query)
                        .map(|&other| (plainly(metric, row(*query), row(other)), other))
                        .collect();
                    expected.sort_by(|a, b| a.0.total_cmp(&b.0));
                    for (at, (distance, other)) in found.distances.iter().zip(&found.rows).enumerate() {
                        let own = plainly(metric, row(*query), row(*other));
                        assert!(
                            (distance - own).abs()
                                <= 1e-6 * own.abs().max(f64::from(u8::from(metric != Metric::Euclid))),
                            "{number} {metric}: {distance} {own}"
                        );
                        assert!(
                            (own - expected[at].0).abs()
                                <= 1e-6 * own.abs().max(f64::from(u8::from(metric != Metric::Euclid))),
                            "{number} {metric}"
                        );
                        assert!((0.0..=1.0 + 1e-6).contains(&metric.similarity(*distance).abs()));
                    }
                }
            }
        }
    }

    #[test]
    fn canberra_takes_nothing_over_nothing_as_nothing_and_ties_go_by_order() {
        let features = [0.0, 1.0, 0.0, 2.0, 0.0, 2.0, 0.0, 0.0];
        let rows = Rows::new(&features, 2).unwrap();
        let nearest = Points::new(Metric::Canberra, rows, vec![0, 1, 2, 3]).nearest_others(rows, 3);
        assert_eq!(nearest[0].rows, [1, 2, 3]);
        assert!((nearest[0].distances[0] - 1.0 / 3.0).abs() < 1e-6);
        assert_eq!(nearest[0].distances[2], 1.0);
    }

    #[test]
    fn a_constant_row_correlates_with_nothing() {
        let features = [0.1, 0.1, 0.1, 1.0, 2.0, 4.0, 0.0, 0.0, 0.0];
        let rows = Rows::new(&features, 3).unwrap();
        let nearest = Points::new(Metric::Correlation, rows, vec![1, 2]).nearest(rows, 2);
        assert_eq!(nearest[0].distances, [1.0, 1.0]);
    }
}
