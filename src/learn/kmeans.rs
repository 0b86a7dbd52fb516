//! Groups around means.

use rayon::prelude::*;

use crate::Rows;
use crate::random::{Purpose, Stream};

/// Starts, of which the best end counts.
const STARTS: u64 = 10;
/// Rounds after which a start ends wherever it is.
const ROUNDS: usize = 300;

/// Returns the cluster of every row by Lloyd's algorithm, from ten starts by k-means++ (Arthur and Vassilvitskii, 2007):
/// the end with the least sum of squared distances to the means, the first of equals.
///
/// `clusters` is from 1 to the number of rows.
pub(crate) fn k_means(rows: Rows<'_>, clusters: usize, seed: u64) -> Vec<u32> {
    let rows: Vec<&[f32]> = rows.iter().collect();
    let end = |start| {
        let mut stream = Stream::new(seed, Purpose::ClassClusters, start);
        Groups::spread(&rows, clusters, &mut stream).settle(&rows)
    };
    let ends: Vec<(f64, Vec<u32>)> = (0..STARTS).into_par_iter().map(end).collect();
    let best = ends.into_iter().reduce(|best, other| if other.0 < best.0 { other } else { best });
    best.map(|(_, cluster_of)| cluster_of).unwrap_or_default()
}

struct Groups {
    means: Vec<Vec<f64>>,
}

impl Groups {
    /// Chooses the first means: one is any row; each other is a row drawn with the square of its distance to the means before it.
    fn spread(rows: &[&[f32]], clusters: usize, stream: &mut Stream) -> Self {
        let mut means = vec![wide(rows[stream.below(rows.len() as u64) as usize])];
        let mut squares: Vec<f64> = rows.iter().map(|row| square(row, &means[0])).collect();
        while means.len() < clusters {
            let mut left = stream.unit() * squares.iter().sum::<f64>();
            let drawn = squares.iter().position(|square| {
                left -= square;
                left < 0.0
            });
            // Where all rows lie on the means, any will do.
            let row = drawn.unwrap_or_else(|| stream.below(rows.len() as u64) as usize);
            let mean = wide(rows[row]);
            squares.iter_mut().zip(rows).for_each(|(least, row)| *least = least.min(square(row, &mean)));
            means.push(mean);
        }
        Self { means }
    }

    /// Moves rows to the nearest mean and means to the middle of their rows until nothing moves.
    fn settle(mut self, rows: &[&[f32]]) -> (f64, Vec<u32>) {
        let mut assigned = self.assign(rows);
        for _ in 0..ROUNDS {
            self.centre(rows, &assigned);
            let next = self.assign(rows);
            let settled = next == assigned;
            assigned = next;
            if settled {
                break;
            }
        }
        let squares = assigned.iter().map(|(square, _)| square).sum();
        (squares, assigned.into_iter().map(|(_, cluster)| cluster).collect())
    }

    fn assign(&self, rows: &[&[f32]]) -> Vec<(f64, u32)> {
        let nearest = |row: &&[f32]| {
            let squares = self.means.iter().map(|mean| square(row, mean)).zip(0_u32..);
            squares.fold((f64::INFINITY, 0), |best, other| if other.0 < best.0 { other } else { best })
        };
        rows.iter().map(nearest).collect()
    }

    /// Moves every mean to the middle of its rows; one that lost all of them goes to the row that lies farthest from its own.
    fn centre(&mut self, rows: &[&[f32]], assigned: &[(f64, u32)]) {
        let mut counts = vec![0_usize; self.means.len()];
        self.means.iter_mut().for_each(|mean| mean.fill(0.0));
        for (row, &(_, cluster)) in rows.iter().zip(assigned) {
            counts[cluster as usize] += 1;
            let mean = &mut self.means[cluster as usize];
            mean.iter_mut().zip(*row).for_each(|(sum, &value)| *sum += f64::from(value));
        }
        let mut far = farthest(assigned, counts.iter().filter(|&&count| count == 0).count()).into_iter();
        for (mean, count) in self.means.iter_mut().zip(counts) {
            match count {
                0 => *mean = far.next().map_or_else(|| mean.clone(), |row| wide(rows[row])),
                _ => mean.iter_mut().for_each(|sum| *sum /= count as f64),
            }
        }
    }
}

/// Returns the rows that lie farthest from their means, farthest first.
fn farthest(assigned: &[(f64, u32)], wanted: usize) -> Vec<usize> {
    let mut rows: Vec<usize> = if wanted == 0 { Vec::new() } else { (0..assigned.len()).collect() };
    rows.sort_by(|&a, &b| assigned[b].0.total_cmp(&assigned[a].0));
    rows.truncate(wanted);
    rows
}

fn wide(row: &[f32]) -> Vec<f64> {
    row.iter().map(|&value| f64::from(value)).collect()
}

fn square(row: &[f32], mean: &[f64]) -> f64 {
    row.iter().zip(mean).map(|(&value, mean)| (f64::from(value) - mean).powi(2)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learn::fixture::clouds;

    #[test]
    fn clouds_that_lie_apart_are_found() {
        let (values, classes) = clouds(90, 4, 3, 0.1, 5);
        let clusters = k_means(Rows::new(&values, 4).unwrap(), 3, 1);
        let mut pairs: Vec<_> = clusters.iter().zip(&classes).collect();
        pairs.sort_unstable();
        pairs.dedup();
        assert_eq!(pairs.len(), 3, "each cluster is a class: {pairs:?}");
    }

    #[test]
    fn rows_that_are_all_alike_make_one_cluster_and_no_nan() {
        assert_eq!(k_means(Rows::new(&[1.0; 12], 2).unwrap(), 3, 1), [0; 6]);
    }

    #[test]
    fn as_many_clusters_as_rows_leave_each_row_alone() {
        let mut clusters = k_means(Rows::new(&[0.0, 1.0, 2.0, 4.0, 8.0], 1).unwrap(), 5, 1);
        clusters.sort_unstable();
        assert_eq!(clusters, [0, 1, 2, 3, 4]);
    }
}
