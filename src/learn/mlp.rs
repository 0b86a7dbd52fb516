//! A small network: one hidden layer of rectified units, and a softmax over classes.

use super::standardizer::Standardizer;
use super::stratified::stratified;
use super::{Classifier, Fitted, Labels, LearnError, Predictions, Training};
use crate::random::{Purpose, Stream};
use crate::simd::vectorised;
use crate::{Rows, SettingError};

/// One row in so many of the training side is kept from the descent, to tell when to stop.
const HELD_OUT: usize = 7;
/// Epochs without a better loss on the rows that are held out, after which it stops.
const PATIENCE: usize = 20;
/// Rows in a batch.
const BATCH: usize = 32;
/// Adam (Kingma and Ba, 2015) with its usual decays.
const RATE: f32 = 5e-3;
const DECAYS: [f32; 2] = [0.9, 0.999];
/// Multiplies half the square of the weights in the loss.
const SHRINKAGE: f32 = 1e-4;

/// A multi-layer perceptron of one hidden layer, with a softmax over classes. It is trained by Adam on standardised
/// features, and stopped when its loss on a seventh of the training rows stops to fall. A row of several classes asks for
/// equal shares of them. A class scores its probability.
#[derive(Debug, Clone)]
pub struct Mlp {
    hidden: usize,
    epochs: usize,
}

impl Mlp {
    /// Takes the number of hidden units, 1 to 65,536, and the most passes over the training rows.
    ///
    /// # Errors
    /// [`SettingError`] for one that is out of its range.
    pub fn new(hidden: usize, epochs: usize) -> Result<Self, SettingError> {
        SettingError::check("hidden units", hidden, "1 to 65536", (1..=65_536).contains(&hidden))?;
        SettingError::check("epochs", epochs, "at least 1", epochs >= 1)?;
        Ok(Self { hidden, epochs })
    }
}

impl Classifier for Mlp {
    fn configurations(&self) -> Vec<String> {
        vec![format!("ann, hidden={}", self.hidden)]
    }

    fn fit<'a>(
        &'a self,
        _configuration: usize,
        training: &Training<'a>,
    ) -> Result<Box<dyn Fitted + 'a>, LearnError> {
        let (rows, labels) = (training.rows(), training.labels());
        let all: Vec<u32> = (0..rows.len() as u32).collect();
        let mut stream = training.stream(Purpose::ClassNetwork);
        let mut parts = stratified(labels, &all, HELD_OUT, &mut stream);
        let held_out = parts.pop().unwrap_or_default();
        let mut learning: Vec<u32> = parts.concat();
        learning.sort_unstable();
        let learning = training.sample_of(&learning);
        let standardizer = Standardizer::fit(rows, &learning);
        let set = |sample: &[u32]| {
            Ok::<_, LearnError>(Set::new(standardizer.training(rows, sample)?, labels, sample))
        };
        let (known, held_out) = (set(&learning)?, set(&held_out)?);
        let layout = Layout { inputs: rows.dim(), hidden: self.hidden, classes: labels.classes() };
        let weights = vectorised(|| layout.descend(&known, &held_out, self.epochs, &mut stream));
        Ok(Box::new(Network { standardizer, layout, weights }))
    }
}

/// A network that was trained.
struct Network {
    standardizer: Standardizer,
    layout: Layout,
    weights: Vec<f32>,
}

impl Fitted for Network {
    fn predict(&self, rows: Rows<'_>) -> Result<Predictions, LearnError> {
        let values = self.standardizer.test(rows)?;
        let rows = values.chunks_exact(self.layout.inputs);
        let scores = vectorised(|| rows.flat_map(|row| self.layout.shares(&self.weights, row).1).collect());
        Ok(Predictions::new(scores, self.layout.classes))
    }
}

/// Rows and what is wanted of them.
struct Set {
    rows: Vec<f32>,
    dim: usize,
    /// Rows x classes; each row sums to 1.
    wanted: Vec<Vec<f32>>,
}

impl Set {
    /// `rows` are those that `sample` numbers.
    fn new(rows: Vec<f32>, labels: &Labels, sample: &[u32]) -> Self {
        let shares = |row: &u32| {
            let mut shares = vec![0.0; labels.classes()];
            let own = labels.of(*row);
            own.iter().for_each(|&class| shares[class as usize] = 1.0 / own.len() as f32);
            shares
        };
        let dim = rows.len() / sample.len().max(1);
        Self { rows, dim, wanted: sample.iter().map(shares).collect() }
    }

    fn len(&self) -> usize {
        self.wanted.len()
    }

    fn row(&self, at: usize) -> &[f32] {
        &self.rows[at * self.dim..][..self.dim]
    }
}

/// Where the weights stand in one long row: of each hidden unit, then of each class, the bias last in each.
#[derive(Debug, Clone, Copy)]
struct Layout {
    inputs: usize,
    hidden: usize,
    classes: usize,
}

impl Layout {
    fn split(self) -> usize {
        self.hidden * (self.inputs + 1)
    }

    fn len(self) -> usize {
        self.split() + self.classes * (self.hidden + 1)
    }

    /// Normal numbers of variance 2 / inputs and 1 / hidden; biases 0.
    fn start(self, stream: &mut Stream) -> Vec<f32> {
        let mut weights: Vec<f32> = (0..self.len()).map(|_| stream.normal()).collect();
        let (lower, upper) = weights.split_at_mut(self.split());
        for (layer, inputs, variance) in [(lower, self.inputs, 2.0), (upper, self.hidden, 1.0)] {
            let scale = (variance / inputs as f32).sqrt();
            for unit in layer.chunks_exact_mut(inputs + 1) {
                unit.iter_mut().for_each(|weight| *weight *= scale);
                unit[inputs] = 0.0;
            }
        }
        weights
    }

    /// What the hidden units say to a row, and the share of each class.
    #[inline(always)]
    fn shares(self, weights: &[f32], row: &[f32]) -> (Vec<f32>, Vec<f32>) {
        let (lower, upper) = weights.split_at(self.split());
        let mut hidden = layer(lower, row);
        hidden.iter_mut().for_each(|value| *value = value.max(0.0));
        let mut shares = layer(upper, &hidden);
        let most = shares.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        shares.iter_mut().for_each(|value| *value = (*value - most).exp());
        let sum: f32 = shares.iter().sum();
        shares.iter_mut().for_each(|value| *value /= sum);
        (hidden, shares)
    }

    /// Adds the slope of the cross-entropy of one row; returns the cross-entropy.
    #[inline(always)]
    fn slope(self, weights: &[f32], row: &[f32], wanted: &[f32], slope: &mut [f32]) -> f32 {
        let (hidden, shares) = self.shares(weights, row);
        let upper = &weights[self.split()..];
        let (slope_lower, slope_upper) = slope.split_at_mut(self.split());
        let mut back = vec![0.0_f32; self.hidden];
        for (class, (share, wanted)) in shares.iter().zip(wanted).enumerate() {
            let unit = class * (self.hidden + 1);
            let error = share - wanted;
            add(&mut slope_upper[unit..][..self.hidden], &hidden, error);
            slope_upper[unit + self.hidden] += error;
            add(&mut back, &upper[unit..][..self.hidden], error);
        }
        let active = hidden.iter().zip(&back).enumerate().filter(|(_, (value, _))| **value > 0.0);
        for (unit, (_, &back)) in active {
            let unit = unit * (self.inputs + 1);
            add(&mut slope_lower[unit..][..self.inputs], row, back);
            slope_lower[unit + self.inputs] += back;
        }
        cross_entropy(&shares, wanted)
    }

    fn mean_loss(self, weights: &[f32], set: &Set) -> f32 {
        let loss = |at: usize| cross_entropy(&self.shares(weights, set.row(at)).1, &set.wanted[at]);
        (0..set.len()).map(loss).sum::<f32>() / set.len() as f32
    }

    /// The weights that served the rows held out best, or the last ones where none are held out.
    #[inline(always)]
    fn descend(self, learning: &Set, held_out: &Set, epochs: usize, stream: &mut Stream) -> Vec<f32> {
        let mut weights = self.start(stream);
        let mut adam = Adam { first: vec![0.0; self.len()], second: vec![0.0; self.len()], steps: 0 };
        let mut order: Vec<usize> = (0..learning.len()).collect();
        let (mut best, mut least, mut waited) = (weights.clone(), f32::INFINITY, 0);
        for _ in 0..epochs {
            stream.shuffle(&mut order);
            for batch in order.chunks(BATCH) {
                let mut slope: Vec<f32> =
                    weights.iter().map(|w| w * SHRINKAGE * batch.len() as f32).collect();
                for &at in batch {
                    self.slope(&weights, learning.row(at), &learning.wanted[at], &mut slope);
                }
                adam.step(&mut weights, &slope, batch.len());
            }
            let loss = if held_out.len() == 0 { 0.0 } else { self.mean_loss(&weights, held_out) };
            if loss < least || held_out.len() == 0 {
                (least, waited) = (loss, 0);
                best.copy_from_slice(&weights);
                continue;
            }
            waited += 1;
            if waited == PATIENCE {
                break;
            }
        }
        best
    }
}

/// Decaying means of slopes and of their squares.
struct Adam {
    first: Vec<f32>,
    second: Vec<f32>,
    steps: i32,
}

impl Adam {
    #[inline(always)]
    fn step(&mut self, weights: &mut [f32], slope: &[f32], rows: usize) {
        self.steps += 1;
        let rate = RATE * (1.0 - DECAYS[1].powi(self.steps)).sqrt() / (1.0 - DECAYS[0].powi(self.steps));
        let moments = self.first.iter_mut().zip(&mut self.second);
        for ((weight, slope), (first, second)) in weights.iter_mut().zip(slope).zip(moments) {
            let slope = slope / rows as f32;
            *first += (1.0 - DECAYS[0]) * (slope - *first);
            *second += (1.0 - DECAYS[1]) * (slope * slope - *second);
            *weight -= rate * *first / (second.sqrt() + 1e-8);
        }
    }
}

/// Every unit's weighted sum of `inputs`, plus its bias.
#[inline(always)]
fn layer(weights: &[f32], inputs: &[f32]) -> Vec<f32> {
    let unit = |unit: &[f32]| {
        let mut lanes = [0.0_f32; 8];
        let (weights8, weights_rest) = unit[..inputs.len()].as_chunks::<8>();
        let (inputs8, inputs_rest) = inputs.as_chunks::<8>();
        for (weights, inputs) in weights8.iter().zip(inputs8) {
            for lane in 0..8 {
                lanes[lane] += weights[lane] * inputs[lane];
            }
        }
        let rest: f32 = weights_rest.iter().zip(inputs_rest).map(|(weight, input)| weight * input).sum();
        lanes.iter().sum::<f32>() + rest + unit[inputs.len()]
    };
    weights.chunks_exact(inputs.len() + 1).map(unit).collect()
}

#[inline(always)]
fn add(target: &mut [f32], source: &[f32], factor: f32) {
    target.iter_mut().zip(source).for_each(|(target, source)| *target += factor * source);
}

fn cross_entropy(shares: &[f32], wanted: &[f32]) -> f32 {
    let pairs = shares.iter().zip(wanted).filter(|(_, wanted)| **wanted > 0.0);
    pairs.map(|(share, wanted)| -wanted * share.max(f32::MIN_POSITIVE).ln()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::fixture::scattered;

    #[test]
    fn the_slope_is_that_of_finite_differences() {
        let layout = Layout { inputs: 5, hidden: 4, classes: 3 };
        let weights = scattered(layout.len(), 3);
        let row = scattered(5, 4);
        let wanted = [0.5, 0.0, 0.5];
        let mut slope = vec![0.0; layout.len()];
        layout.slope(&weights, &row, &wanted, &mut slope);
        let loss = |at: usize, by: f32| {
            let mut moved = weights.clone();
            moved[at] += by;
            cross_entropy(&layout.shares(&moved, &row).1, &wanted)
        };
        for (at, slope) in slope.iter().enumerate() {
            let rise = (loss(at, 5e-3) - loss(at, -5e-3)) / 1e-2;
            assert!((rise - slope).abs() < 2e-3, "weight {at}: {slope} instead of {rise}");
        }
        assert!(
            slope.iter().filter(|slope| slope.abs() > 0.01).count() > 10,
            "a test of zeros tells nothing"
        );
    }

    #[test]
    fn it_learns_what_no_straight_line_can_tell() {
        // The sign of the product of two numbers.
        let rows = scattered(2 * 400, 8);
        let classes = rows.chunks_exact(2).map(|row| [u32::from(row[0] * row[1] > 0.0)]);
        let labels = Labels::new(classes, 2).unwrap();
        let all: Vec<u32> = (0..400).collect();
        let (learning, held_out) = (Set::new(rows[..600].to_vec(), &labels, &all[..300]), &all[300..]);
        let asked = Set::new(rows[600..].to_vec(), &labels, held_out);
        let layout = Layout { inputs: 2, hidden: 16, classes: 2 };
        let weights = layout.descend(&learning, &asked, 300, &mut Stream::new(1, Purpose::ClassNetwork, 0));
        let right = |at: &usize| {
            layout.shares(&weights, asked.row(*at)).1[labels.first(held_out[*at]) as usize] > 0.5
        };
        let right = (0..100).filter(right).count();
        assert!(right > 88, "{right} of 100");
    }
}
