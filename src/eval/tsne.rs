//! A map of embeddings in two dimensions, for the eye.
//!
//! t-SNE (van der Maaten and Hinton, J. Mach. Learn. Res. 9, 2579, 2008), with all pairs computed. It starts from the
//! principal components, scaled down, and with a rate that grows with the number of rows, as Kobak and Berens advise
//! (Nat. Commun. 10, 5416, 2019), so nothing is random. Every row is summed by one thread in one order: the map
//! does not depend on the number of threads. Neighbours on the map are neighbours in the embedding; distances between
//! groups, and the sizes of groups, mean little.

use rayon::prelude::*;

use super::EvalError;
use super::prepared_rows::check;
use crate::Rows;
use crate::progress::Progress;
use crate::stats::PrincipalComponents;

/// Rows beyond this are thinned out, since time and memory grow with their square.
const MAX_ROWS: usize = 3_000;
/// The number of neighbours that a row looks at, in effect, where there are enough rows.
const PERPLEXITY: f64 = 30.0;

/// Steps of the descent, and those at the start in which neighbours attract each other more strongly, so that groups
/// gather before they lie in each other's way.
const STEPS: usize = 750;
const EARLY: usize = 250;
const EXAGGERATION: f32 = 12.0;
/// Standard deviation of the start.
const START: f64 = 1e-4;
/// Pairs computed at once.
const LANES: usize = 8;

/// A map of rows.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Tsne {
    /// The rows that are on the map, ascending: all of them up to 3,000, else 3,000 evenly spaced ones.
    pub rows: Vec<usize>,
    /// The place of each of them; the middle of all is the origin. Rows that are equal share one place.
    pub points: Vec<[f32; 2]>,
    /// The perplexity used: 30, or a third of the rows where there are few.
    pub perplexity: f64,
}

impl Tsne {
    /// Lays embeddings out in two dimensions by t-SNE of their cosine distances.
    ///
    /// Rows are normalised here. Fewer than four have no neighbourhoods to keep and are placed by their principal components.
    ///
    /// ```
    /// use l1kdb::Rows;
    /// use l1kdb::eval::Tsne;
    /// use l1kdb::progress::Quiet;
    ///
    /// let embeddings = Rows::new(&[1.0, 0.0, 0.9, 0.1, 0.0, 1.0, 0.1, 0.9, 0.0, 0.8], 2)?;
    /// let layout = Tsne::of(embeddings, &Quiet)?;
    /// assert_eq!(layout.points.len(), 5);
    /// assert_eq!(layout.points[2], layout.points[4], "two vectors of one direction");
    /// # Ok::<(), l1kdb::eval::EvalError>(())
    /// ```
    ///
    /// # Errors
    /// [`EvalError::NotFinite`].
    pub fn of(embeddings: Rows<'_>, progress: &dyn Progress) -> Result<Self, EvalError> {
        check(embeddings)?;
        let rows = evenly_spaced(embeddings.len(), MAX_ROWS);
        let unit = embeddings.select(rows.iter().copied());
        let unit = Rows::whole(&unit, embeddings.dim()).to_unit_lengths();
        let unit = Rows::whole(&unit, embeddings.dim());
        let start = start(unit);
        let perplexity = PERPLEXITY.min((rows.len() as f64 - 1.0) / 3.0).max(0.0);
        // Without any spread, or with hardly a row, there is nothing to improve.
        if rows.len() < 4 || start.iter().all(|place| *place == [0.0; 2]) {
            return Ok(Self { rows, points: start, perplexity });
        }
        let affinities = Affinities::new(unit, perplexity);
        Ok(Self { rows, points: descend(&affinities, &start, progress), perplexity })
    }
}

/// `most` of `0..all`, or all of them. Rows in the order of their names or classes are thinned out alike everywhere.
fn evenly_spaced(all: usize, most: usize) -> Vec<usize> {
    let kept = all.min(most);
    (0..kept).map(|i| i * all / kept).collect()
}

/// Returns the first two principal components of the rows, scaled so that the first one has the standard deviation
/// [`START`].
fn start(unit: Rows<'_>) -> Vec<[f32; 2]> {
    let places = PrincipalComponents::of(unit).places;
    let spread = (places.iter().map(|[x, _]| x * x).sum::<f64>() / places.len() as f64).sqrt();
    let scale = if spread > 1e-9 { START / spread } else { 0.0 };
    places.into_iter().map(|[x, y]| [(x * scale) as f32, (y * scale) as f32]).collect()
}

/// Attractions of every row to every other: symmetric, positive, of sum 1.
struct Affinities {
    rows: usize,
    /// Values from row to row: `rows` filled up with zeros to whole lanes.
    stride: usize,
    values: Vec<f32>,
}

impl Affinities {
    fn new(unit: Rows<'_>, perplexity: f64) -> Self {
        let rows = unit.len();
        let directed: Vec<Vec<f64>> =
            (0..rows).into_par_iter().map(|row| neighbourhood(unit, row, perplexity)).collect();
        let stride = rows.next_multiple_of(LANES);
        let mut values = vec![0.0; rows * stride];
        values.par_chunks_exact_mut(stride).enumerate().for_each(|(row, out)| {
            for (other, out) in out.iter_mut().enumerate().take(rows).filter(|(other, _)| *other != row) {
                *out = ((directed[row][other] + directed[other][row]) / (2.0 * rows as f64)) as f32;
            }
        });
        Self { rows, stride, values }
    }
}

/// Returns the probability of every row to be chosen as a neighbour of `row`: a normal distribution of the distance, as
/// wide as the perplexity asks for, found by bisection.
fn neighbourhood(unit: Rows<'_>, row: usize, perplexity: f64) -> Vec<f64> {
    let own = unit.row(row);
    // Squared distances of unit vectors are 2 (1 - cosine).
    let distance = |other: &[f32]| own.iter().zip(other).map(|(a, b)| f64::from(a - b).powi(2)).sum::<f64>();
    let distances: Vec<f64> = unit.iter().map(distance).collect();
    let others = distances.iter().enumerate().filter(|(other, _)| *other != row).map(|(_, d)| *d);
    let nearest = others.fold(f64::INFINITY, f64::min);
    let (mut low, mut high, mut precision) = (0.0, f64::INFINITY, 1.0);
    for _ in 0..60 {
        let (entropy, _) = entropy(&distances, row, nearest, precision);
        if entropy > perplexity.ln() {
            low = precision;
        } else {
            high = precision;
        }
        precision = if high.is_finite() { (low + high) / 2.0 } else { precision * 2.0 };
    }
    let (_, sum) = entropy(&distances, row, nearest, precision);
    let share = |(other, distance): (usize, &f64)| {
        if other == row { 0.0 } else { (-(distance - nearest) * precision).exp() / sum }
    };
    distances.iter().enumerate().map(share).collect()
}

/// Returns the entropy of a neighbourhood in nats, and the sum that its weights are divided by, which is at least 1.
fn entropy(distances: &[f64], row: usize, nearest: f64, precision: f64) -> (f64, f64) {
    let (mut sum, mut weighted) = (0.0, 0.0);
    for (_, distance) in distances.iter().enumerate().filter(|(other, _)| *other != row) {
        let beyond = (distance - nearest) * precision;
        let weight = (-beyond).exp();
        sum += weight;
        // Where a weight vanishes, so does its product with an exponent that may be infinite.
        weighted += if weight > 0.0 { beyond * weight } else { 0.0 };
    }
    (sum.ln() + weighted / sum, sum)
}

/// Descends with momentum, and a rate of its own for every coordinate.
fn descend(affinities: &Affinities, start: &[[f32; 2]], progress: &dyn Progress) -> Vec<[f32; 2]> {
    let rate = (affinities.rows as f32 / EXAGGERATION / 4.0).max(50.0);
    let mut points = start.to_vec();
    let mut speed = vec![[0.0_f32; 2]; points.len()];
    let mut gain = vec![[1.0_f32; 2]; points.len()];
    progress.begin("laying out the map", STEPS as u64);
    for step in 0..STEPS {
        let (exaggeration, momentum) = if step < EARLY { (EXAGGERATION, 0.5) } else { (1.0, 0.8) };
        let slopes = slopes(affinities, &points, exaggeration);
        for (i, axis) in (0..points.len()).flat_map(|i| [(i, 0), (i, 1)]) {
            let turned = (slopes[i][axis] > 0.0) != (speed[i][axis] > 0.0);
            gain[i][axis] = if turned { gain[i][axis] + 0.2 } else { (gain[i][axis] * 0.8).max(0.01) };
            speed[i][axis] = momentum * speed[i][axis] - rate * gain[i][axis] * slopes[i][axis];
            points[i][axis] += speed[i][axis];
        }
        centre(&mut points);
        progress.advance(1);
    }
    progress.end();
    points
}

fn centre(points: &mut [[f32; 2]]) {
    for axis in 0..2 {
        let mean = points.iter().map(|point| f64::from(point[axis])).sum::<f64>() / points.len() as f64;
        points.iter_mut().for_each(|point| point[axis] -= mean as f32);
    }
}

/// Returns the slope of the divergence between affinities and map at every point (equation 5 of the paper).
fn slopes(affinities: &Affinities, points: &[[f32; 2]], exaggeration: f32) -> Vec<[f32; 2]> {
    // Beyond the last row, lanes are filled with points so far away that they neither push nor weigh.
    let axis = |axis: usize| -> Vec<f32> {
        let filled = points.iter().map(|point| point[axis]);
        filled.chain(std::iter::repeat_n(1e15, affinities.stride - affinities.rows)).collect()
    };
    let (xs, ys) = (axis(0), axis(1));
    let wanted = affinities.values.par_chunks_exact(affinities.stride);
    let forces: Vec<Forces> =
        wanted.zip(points).map(|(wanted, point)| Forces::on(*point, wanted, &xs, &ys)).collect();
    // A point is no neighbour of its own, but was counted with weight 1.
    let total: f64 = forces.iter().map(|force| f64::from(force.weight) - 1.0).sum();
    let push = 1.0 / total.max(f64::MIN_POSITIVE) as f32;
    let slope =
        |force: &Forces| [0, 1].map(|axis| 4.0 * (exaggeration * force.pull[axis] - push * force.push[axis]));
    forces.iter().map(slope).collect()
}

/// Forces of all other points on one.
struct Forces {
    pull: [f32; 2],
    push: [f32; 2],
    weight: f32,
}

impl Forces {
    /// Sums in lanes, which the compiler turns into vector instructions; the order is the same every time.
    fn on(point: [f32; 2], wanted: &[f32], xs: &[f32], ys: &[f32]) -> Self {
        let mut sums = [[0.0_f32; LANES]; 5];
        let (wanted, xs, ys) =
            (wanted.as_chunks::<LANES>().0, xs.as_chunks::<LANES>().0, ys.as_chunks::<LANES>().0);
        for ((wanted, xs), ys) in wanted.iter().zip(xs).zip(ys) {
            for lane in 0..LANES {
                let (dx, dy) = (point[0] - xs[lane], point[1] - ys[lane]);
                let near = 1.0 / (1.0 + dx * dx + dy * dy);
                let (pull, push) = (wanted[lane] * near, near * near);
                sums[0][lane] += pull * dx;
                sums[1][lane] += pull * dy;
                sums[2][lane] += push * dx;
                sums[3][lane] += push * dy;
                sums[4][lane] += near;
            }
        }
        let [pull_x, pull_y, push_x, push_y, weight] = sums.map(|lanes| lanes.iter().sum::<f32>());
        Self { pull: [pull_x, pull_y], push: [push_x, push_y], weight }
    }
}

#[cfg(test)]
mod tests;
