//! A support vector machine for two classes.
//!
//! Sequential minimal optimisation: the two multipliers that violate the optimum most are moved, the second chosen by
//! second-order information (Fan, Chen and Lin, "Working set selection using second order information for training
//! support vector machines", JMLR 6, 2005), until no pair violates it by more than [`TOLERANCE`].
//!
//! It is written out here since the crates at hand do not keep what a report needs: an end that is certain, the same
//! answer every time, and rows that are used whole.

/// By how much the optimum may be violated; that of LIBSVM.
const TOLERANCE: f64 = 1e-3;

/// A curvature for pairs that have none.
const MIN_CURVATURE: f64 = 1e-12;

/// Steps per row after which the search ends wherever it is. LIBSVM needs a few dozen.
const MAX_STEPS: usize = 1_000;

/// The weight of each training row in the decision (`multiplier x sign`), and the threshold.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Machine {
    /// In the order of the rows; 0 for all but the support vectors.
    pub(super) weights: Vec<f64>,
    /// Subtracted from the weighted sum of inner products.
    pub(super) threshold: f64,
}

impl Machine {
    /// Solves the dual problem.
    ///
    /// `gram` holds the inner products of all rows, row-major and symmetric; `positive` says on which side each stands;
    /// `c` bounds the multipliers.
    pub(super) fn fit(gram: &[f32], positive: &[bool], c: f64) -> Self {
        let mut search = Search::new(gram, positive, c);
        for _ in 0..MAX_STEPS * positive.len() {
            let Some((i, j)) = search.most_violating() else { break };
            search.step(i, j);
        }
        search.machine()
    }

    /// Returns the decision about a row, by its inner products with the training rows: positive for the positive side.
    pub(super) fn decide(&self, products: impl Iterator<Item = f32>) -> f64 {
        let terms = self.weights.iter().zip(products);
        terms.map(|(weight, product)| weight * f64::from(product)).sum::<f64>() - self.threshold
    }
}

struct Search<'a> {
    gram: &'a [f32],
    signs: Vec<f64>,
    c: f64,
    multipliers: Vec<f64>,
    /// Of the objective, by multiplier.
    gradient: Vec<f64>,
}

impl<'a> Search<'a> {
    fn new(gram: &'a [f32], positive: &[bool], c: f64) -> Self {
        let rows = positive.len();
        let signs = positive.iter().map(|&positive| if positive { 1.0 } else { -1.0 }).collect();
        Self { gram, signs, c, multipliers: vec![0.0; rows], gradient: vec![-1.0; rows] }
    }

    fn product(&self, i: usize, j: usize) -> f64 {
        f64::from(self.gram[i * self.signs.len() + j])
    }

    /// Tells whether a multiplier can move so that the decision about its row rises.
    fn can_rise(&self, i: usize) -> bool {
        if self.signs[i] > 0.0 { self.multipliers[i] < self.c } else { self.multipliers[i] > 0.0 }
    }

    fn can_fall(&self, i: usize) -> bool {
        if self.signs[i] > 0.0 { self.multipliers[i] > 0.0 } else { self.multipliers[i] < self.c }
    }

    fn slope(&self, i: usize) -> f64 {
        -self.signs[i] * self.gradient[i]
    }

    fn curvature(&self, i: usize, j: usize) -> f64 {
        (self.product(i, i) + self.product(j, j) - 2.0 * self.product(i, j)).max(MIN_CURVATURE)
    }

    /// Returns the pair to move next, or nothing at the optimum.
    fn most_violating(&self) -> Option<(usize, usize)> {
        let rows = 0..self.signs.len();
        let steepest = |best: Option<usize>, i: usize| match best {
            Some(best) if self.slope(best) >= self.slope(i) => Some(best),
            _ => Some(i),
        };
        let i = rows.clone().filter(|&i| self.can_rise(i)).fold(None, steepest)?;
        let (mut best, mut gain, mut widest) = (None, 0.0, 0.0_f64);
        for j in rows.filter(|&j| self.can_fall(j)) {
            let gap = self.slope(i) - self.slope(j);
            widest = widest.max(gap);
            let gained = gap * gap / self.curvature(i, j);
            if gap > 0.0 && gained > gain {
                (best, gain) = (Some(j), gained);
            }
        }
        best.filter(|_| widest >= TOLERANCE).map(|j| (i, j))
    }

    /// Moves the decision up at `i` and down at `j` as far as it pays and the bounds allow.
    fn step(&mut self, i: usize, j: usize) {
        let wanted = (self.slope(i) - self.slope(j)) / self.curvature(i, j);
        let room = |at: usize, rises: bool| {
            if rises { self.c - self.multipliers[at] } else { self.multipliers[at] }
        };
        let room_i = room(i, self.signs[i] > 0.0);
        let room_j = room(j, self.signs[j] < 0.0);
        let moved = wanted.min(room_i).min(room_j);
        self.shift(i, self.signs[i] * moved, moved == room_i);
        self.shift(j, -self.signs[j] * moved, moved == room_j);
        let rows = self.signs.len();
        let (row_i, row_j) = (&self.gram[i * rows..][..rows], &self.gram[j * rows..][..rows]);
        for (((gradient, sign), &at_i), &at_j) in
            self.gradient.iter_mut().zip(&self.signs).zip(row_i).zip(row_j)
        {
            *gradient += sign * moved * f64::from(at_i - at_j);
        }
    }

    /// Adds to a multiplier; one that reaches its bound is put there exactly, lest rounding keep it from the set it
    /// belongs to.
    fn shift(&mut self, at: usize, change: f64, to_bound: bool) {
        self.multipliers[at] = match (to_bound, change > 0.0) {
            (true, true) => self.c,
            (true, false) => 0.0,
            (false, _) => self.multipliers[at] + change,
        };
    }

    /// Makes the machine; its threshold is the mean over multipliers between the bounds, or else the middle of what all allow.
    fn machine(self) -> Machine {
        let rows = 0..self.signs.len();
        let free: Vec<f64> =
            rows.clone().filter(|&i| self.can_rise(i) && self.can_fall(i)).map(|i| -self.slope(i)).collect();
        let threshold = if free.is_empty() {
            let least = rows.clone().filter(|&i| self.can_rise(i)).map(|i| -self.slope(i));
            let most = rows.filter(|&i| self.can_fall(i)).map(|i| -self.slope(i));
            let (least, most) = (least.fold(f64::INFINITY, f64::min), most.fold(f64::NEG_INFINITY, f64::max));
            if least.is_finite() && most.is_finite() { f64::midpoint(least, most) } else { 0.0 }
        } else {
            free.iter().sum::<f64>() / free.len() as f64
        };
        let weights = self.multipliers.iter().zip(&self.signs).map(|(multiplier, sign)| multiplier * sign);
        Machine { weights: weights.collect(), threshold }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::fixture::scattered;
    use proptest::prelude::*;

    fn linear_gram(rows: &[f32], dim: usize) -> Vec<f32> {
        let rows: Vec<&[f32]> = rows.chunks_exact(dim).collect();
        let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
        rows.iter().flat_map(|a| rows.iter().map(|b| dot(a, b)).collect::<Vec<_>>()).collect()
    }

    #[test]
    fn two_points_are_parted_in_the_middle() {
        let machine = Machine::fit(&linear_gram(&[3.0, 1.0], 1), &[true, false], 100.0);
        // The widest margin is w = 1, b = -2: decisions +1 and -1 at the points themselves.
        for (at, decision) in [(3.0, 1.0), (1.0, -1.0), (2.0, 0.0)] {
            let found = machine.decide([3.0 * at, at].into_iter());
            assert!((found - decision).abs() < 1e-6, "{at}: {found}");
        }
    }

    proptest! {
        /// The conditions of Karush, Kuhn and Tucker, which hold at the optimum and nowhere else.
        #[test]
        fn the_answer_is_the_optimum(seed: u64, c in 0.01_f64..50.0, rows in 4_usize..40) {
            let features = scattered(rows * 3, seed);
            let positive: Vec<bool> = (0..rows).map(|row| row % 3 == 0).collect();
            let gram = linear_gram(&features, 3);
            let machine = Machine::fit(&gram, &positive, c);
            prop_assert!(machine.weights.iter().sum::<f64>().abs() < 1e-6 * c * rows as f64);
            for (row, &positive) in positive.iter().enumerate() {
                let sign = if positive { 1.0 } else { -1.0 };
                let margin = sign * machine.decide(gram[row * rows..][..rows].iter().copied());
                let multiplier = sign * machine.weights[row];
                prop_assert!((0.0..=c).contains(&multiplier));
                prop_assert!(multiplier == c || margin > 1.0 - 5e-3, "inside the margin below the bound: {margin}");
                prop_assert!(multiplier == 0.0 || margin < 1.0 + 5e-3, "used outside of the margin: {margin}");
            }
        }
    }

    #[test]
    fn rows_that_are_all_alike_come_to_an_end() {
        let machine = Machine::fit(&[1.0; 16], &[true, false, true, false], 10.0);
        assert!(machine.decide([1.0; 4].into_iter()).is_finite());
    }
}
