//! The densely connected network: its sizes, and its weights as plain numbers.
//!
//! Layer `i` of `depth` sees the profile and the outputs of all layers before it; the last layer, without an
//! activation, gives the embedding, which is then brought to unit length. SELU after every hidden layer. The weights
//! that touch the profile, of all layers together, form one matrix ([`DenseNet::input`]): one large product replaces
//! `depth + 1` products with an input that grows by copying.

use l1kdb::profile::GENES;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;

use crate::TrainError;

/// The sizes of a densely connected network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Hidden layers.
    pub depth: usize,
    /// Neurons of a hidden layer.
    pub growth: usize,
    /// Coordinates of the embedding.
    pub dimension: usize,
}

impl Shape {
    /// Sizes that make a network.
    ///
    /// # Errors
    /// [`TrainError::Setting`] when the dimension is not in 1 to 978, a hidden layer has no neuron, or the network has
    /// over ten million hidden weights.
    pub fn new(depth: usize, growth: usize, dimension: usize) -> Result<Self, TrainError> {
        TrainError::check("dim", dimension as f64, (1..=GENES).contains(&dimension), "1 to 978")?;
        TrainError::check("depth", depth as f64, depth <= 256, "0 to 256")?;
        TrainError::check("growth", growth as f64, depth == 0 || (1..=1024).contains(&growth), "1 to 1024")?;
        let shape = Self { depth, growth: if depth == 0 { 0 } else { growth }, dimension };
        let hidden = shape.hidden_weights();
        TrainError::check("depth and growth", hidden as f64, hidden <= 10_000_000, "at most 1e7 weights")?;
        Ok(shape)
    }

    /// Hidden weights without biases, embedding layer or classes, the size by which the literature names these
    /// networks: `P(d, k) = 978 k d + k^2 d (d - 1) / 2` (Donner et al. 2018, supplement, p. S17).
    ///
    /// ```
    /// use l1kdb_models::Shape;
    /// assert_eq!(Shape::new(8, 12, 16)?.hidden_weights(), 97_920);
    /// # Ok::<(), l1kdb_models::TrainError>(())
    /// ```
    pub fn hidden_weights(&self) -> usize {
        let (d, k) = (self.depth, self.growth);
        GENES * k * d + k * k * d * d.saturating_sub(1) / 2
    }

    /// All trained numbers of the exported network: hidden and embedding weights and their biases.
    pub fn parameters(&self) -> usize {
        let embedding = (GENES + self.depth * self.growth) * self.dimension;
        self.hidden_weights() + embedding + self.columns()
    }

    /// The widest network of this depth with at most `budget` hidden weights; `None` when even one neuron a layer is
    /// too many.
    pub fn widest(depth: usize, budget: usize, dimension: usize) -> Option<Self> {
        let within = |&growth: &usize| Self { depth, growth, dimension }.hidden_weights() <= budget;
        let growth = (1..=1024).take_while(within).last()?;
        Some(Self { depth, growth, dimension })
    }

    /// Columns of the one product with the profile: every hidden layer's neurons, then the embedding.
    pub fn columns(&self) -> usize {
        self.depth * self.growth + self.dimension
    }

    /// Width of layer `layer`; layer `depth` is the embedding.
    pub fn width(&self, layer: usize) -> usize {
        if layer < self.depth { self.growth } else { self.dimension }
    }
}

/// A network's weights, row-major.
#[derive(Debug, Clone, PartialEq)]
pub struct DenseNet {
    /// The sizes.
    pub shape: Shape,
    /// 978 x `columns`: the weights that touch the profile, layer by layer, the embedding last.
    pub input: Vec<f32>,
    /// `columns`: biases in the same order.
    pub bias: Vec<f32>,
    /// For layers 1 to `depth`: (growth * layer) x width, the weights from all earlier layers' outputs.
    pub inner: Vec<Vec<f32>>,
}

impl DenseNet {
    /// Random weights after LeCun, as SELU networks need them: normal, variance 1 / inputs of the layer, no bias.
    pub fn random(shape: Shape, seed: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let spread: Vec<f32> = (0..=shape.depth).map(|layer| shape.spread(layer)).collect();
        let by_column: Vec<f32> =
            (0..=shape.depth).flat_map(|layer| vec![spread[layer]; shape.width(layer)]).collect();
        let input = (0..GENES).flat_map(|_| by_column.clone()).map(|sd| normal(&mut rng, sd)).collect();
        let inner = (1..=shape.depth)
            .map(|layer| {
                let count = shape.growth * layer * shape.width(layer);
                (0..count).map(|_| normal(&mut rng, spread[layer])).collect()
            })
            .collect();
        Self { shape, input, bias: vec![0.0; shape.columns()], inner }
    }

    /// Replaces the weights from the profile straight to the embedding by `directions` (978 x dimension) and scales
    /// what the hidden layers add to the embedding by `hidden`.
    pub fn start_from(&mut self, directions: &[f32], hidden: f32) {
        let (columns, dimension) = (self.shape.columns(), self.shape.dimension);
        for (row, direction) in self.input.chunks_exact_mut(columns).zip(directions.chunks_exact(dimension)) {
            row[columns - dimension..].copy_from_slice(direction);
        }
        if let Some(last) = self.inner.last_mut() {
            last.iter_mut().for_each(|weight| *weight *= hidden);
        }
    }
}

impl Shape {
    fn spread(&self, layer: usize) -> f32 {
        1.0 / ((GENES + self.growth * layer) as f32).sqrt()
    }
}

fn normal(rng: &mut impl Rng, sd: f32) -> f32 {
    let value: f32 = rand::RngExt::sample(rng, StandardNormal);
    sd * value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_weights_are_the_six_published_counts() {
        let published = [
            (8, 12, 16, 97_920),
            (32, 3, 8, 98_352),
            (24, 4, 16, 98_304),
            (8, 12, 32, 97_920),
            (16, 6, 32, 98_208),
            (24, 4, 32, 98_304),
        ];
        for (depth, growth, dimension, weights) in published {
            assert_eq!(Shape::new(depth, growth, dimension).unwrap().hidden_weights(), weights);
        }
    }

    #[test]
    fn the_width_rule_takes_the_widest_network_within_the_budget() {
        let widths =
            |budget| [4, 8, 16, 24, 32].map(|depth| Shape::widest(depth, budget, 16).unwrap().growth);
        assert_eq!(widths(100_000), [24, 12, 6, 4, 3]);
        assert_eq!(widths(200_000), [47, 23, 11, 7, 5]);
        assert_eq!(widths(400_000), [89, 44, 21, 14, 10]);
        assert_eq!(widths(600_000), [128, 62, 30, 20, 15]);
        assert_eq!(Shape::widest(8, 7_000, 16), None);
    }

    #[test]
    fn the_parameters_are_those_that_are_stored() {
        let shape = Shape::new(8, 12, 16).unwrap();
        let net = DenseNet::random(shape, 1);
        let stored = net.input.len() + net.bias.len() + net.inner.iter().map(Vec::len).sum::<usize>();
        assert_eq!((shape.parameters(), stored), (115_216, 115_216));
    }

    #[test]
    fn impossible_sizes_are_refused_by_name() {
        let message = |depth, growth, dim| Shape::new(depth, growth, dim).unwrap_err().to_string();
        assert_eq!(message(8, 12, 0), "--dim is 0, expected 1 to 978");
        assert_eq!(message(8, 0, 16), "--growth is 0, expected 1 to 1024");
        assert_eq!(message(9_999, 1, 16), "--depth is 9999, expected 0 to 256");
    }
}
