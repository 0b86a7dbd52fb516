//! The densely connected network (Huang et al. 2017, without convolutions).
//!
//! Layer `i` of `depth` sees the profile and the outputs of all layers before it; the last layer, without an
//! activation, gives the embedding. SELU after every hidden layer. The weights that touch the profile, of all layers
//! together, form one matrix: one large product replaces `depth + 1` products with an input that grows by copying.

use l1kdb::SettingError;
use l1kdb::profile::GENES;

use super::algebra::{Target, View};
use super::tape::Tape;
use super::vector::{selu, selu_slope, vectorised};
use super::weights::{Block, Start, add_column_sums, add_to_rows};

/// The sizes of a densely connected network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DenseNet {
    /// Hidden layers; 0 is a linear map.
    pub depth: usize,
    /// Neurons of a hidden layer.
    pub growth: usize,
    /// Coordinates of the embedding.
    pub dim: usize,
}

impl DenseNet {
    /// Sizes that make a network.
    ///
    /// # Errors
    /// [`SettingError`] when the dimension is not in 1 to 978, a hidden layer has no neuron, or the network has
    /// over ten million hidden weights.
    pub fn new(depth: usize, growth: usize, dim: usize) -> Result<Self, SettingError> {
        SettingError::check("dim", dim, "1 to 978", (1..=GENES).contains(&dim))?;
        SettingError::check("depth", depth, "0 to 256", depth <= 256)?;
        SettingError::check("growth", growth, "1 to 1024", depth == 0 || (1..=1024).contains(&growth))?;
        let net = Self { depth, growth: if depth == 0 { 0 } else { growth }, dim };
        let hidden = net.hidden_weights();
        SettingError::check("depth and growth", hidden, "at most 1e7 weights", hidden <= 10_000_000)?;
        Ok(net)
    }

    /// Hidden weights without biases, embedding layer or classes, the size by which the literature names these
    /// networks: `P(d, k) = 978 k d + k^2 d (d - 1) / 2` (Donner et al. 2018, supplement, p. S17).
    ///
    /// ```
    /// use l1kdb_models::DenseNet;
    /// assert_eq!(DenseNet::new(8, 12, 16)?.hidden_weights(), 97_920);
    /// # Ok::<(), l1kdb_models::TrainError>(())
    /// ```
    pub fn hidden_weights(&self) -> usize {
        let (d, k) = (self.depth, self.growth);
        GENES * k * d + k * k * d * d.saturating_sub(1) / 2
    }

    /// Returns the widest network of this depth with at most `budget` hidden weights; `None` when even one neuron a layer is
    /// too many.
    pub fn widest(depth: usize, budget: usize, dim: usize) -> Option<Self> {
        let within = |&growth: &usize| Self { depth, growth, dim }.hidden_weights() <= budget;
        let growth = (1..=1024).take_while(within).last()?;
        Some(Self { depth, growth, dim })
    }

    /// Columns of the one product with the profile: every hidden layer's neurons, then the embedding.
    pub fn columns(&self) -> usize {
        self.depth * self.growth + self.dim
    }

    /// Returns the width of layer `layer`; layer `depth` is the embedding.
    pub fn width(&self, layer: usize) -> usize {
        if layer < self.depth { self.growth } else { self.dim }
    }

    /// The weights: 978 x columns from the profile, columns of bias, then for layers 1 to `depth` (growth * layer) x
    /// width from the outputs of all earlier layers.
    pub(super) fn blocks(&self) -> Vec<Block> {
        let mut blocks = vec![Block::weights(GENES, self.columns()), Block::bias(self.columns())];
        blocks.extend((1..=self.depth).map(|layer| Block::weights(self.growth * layer, self.width(layer))));
        blocks
    }

    /// How a weight starts that leads into a column of a block: LeCun normal over all that its layer sees.
    pub(super) fn starts(&self) -> Vec<Start> {
        let layer = |layer: usize| Start::normal(GENES + self.growth * layer);
        let columns = (0..=self.depth).flat_map(|at| vec![layer(at); self.width(at)]).collect();
        let mut starts = vec![Start::Columns(columns), Start::Zero];
        starts.extend((1..=self.depth).map(layer));
        starts
    }

    fn output_columns(&self) -> usize {
        self.depth * self.growth
    }

    /// `tape.input` to `tape.sums`' last columns; fills `tape.outputs`.
    pub(super) fn forward(&self, weights: &[&[f32]], tape: &mut Tape) {
        let (columns, growth) = (self.columns(), self.growth);
        tape.resize_hidden(&[columns, self.output_columns()]);
        let [sums, outputs, ..] = &mut tape.hidden[..] else { return };
        Target::new(sums, columns).set(View::new(&tape.input, GENES), View::new(weights[0], columns));
        add_to_rows(sums, weights[1]);
        for layer in 0..=self.depth {
            let (first, width) = (layer * growth, self.width(layer));
            if layer > 0 {
                let earlier = View::new(outputs, self.output_columns()).columns(0, first);
                let inner = View::new(weights[layer + 1], width);
                Target::new(sums, columns).columns(first, width).add(earlier, inner);
            }
            if layer < self.depth {
                activate(sums, columns, outputs, self.output_columns(), first, width);
            }
        }
        let last = self.output_columns();
        for (embedding, sums) in tape.embedding.chunks_exact_mut(self.dim).zip(sums.chunks_exact(columns)) {
            embedding.copy_from_slice(&sums[last..]);
        }
    }

    /// From the slope of the loss by the embedding, before it was brought to unit length, to that by the weights,
    /// which is added to `gradient`. Undoes what [`forward`](Self::forward) left on the tape.
    pub(super) fn backward(
        &self,
        weights: &[&[f32]],
        tape: &mut Tape,
        slope: &[f32],
        gradient: &mut [&mut [f32]],
    ) {
        let (columns, growth, all) = (self.columns(), self.growth, self.output_columns());
        let [sums, outputs, output_slopes, ..] = &mut tape.hidden[..] else { return };
        output_slopes.clear();
        output_slopes.resize(outputs.len(), 0.0);
        for (sums, slope) in sums.chunks_exact_mut(columns).zip(slope.chunks_exact(self.dim)) {
            sums[all..].copy_from_slice(slope);
        }
        for layer in (0..=self.depth).rev() {
            let (first, width) = (layer * growth, self.width(layer));
            if layer < self.depth {
                deactivate(sums, columns, outputs, output_slopes, all, first, width);
            }
            if layer > 0 {
                let slopes = View::new(sums, columns).columns(first, width);
                let earlier = View::new(outputs, all).columns(0, first);
                Target::new(gradient[layer + 1], width).add(earlier.t(), slopes);
                let inner = View::new(weights[layer + 1], width);
                Target::new(output_slopes, all).columns(0, first).add(slopes, inner.t());
            }
        }
        Target::new(gradient[0], columns).add(View::new(&tape.input, GENES).t(), View::new(sums, columns));
        add_column_sums(gradient[1], sums);
    }
}

/// SELU of `width` columns of `sums` into the same columns of `outputs`.
fn activate(sums: &[f32], columns: usize, outputs: &mut [f32], all: usize, first: usize, width: usize) {
    vectorised(|| {
        for (sums, outputs) in sums.chunks_exact(columns).zip(outputs.chunks_exact_mut(all)) {
            let pairs = sums[first..first + width].iter().zip(&mut outputs[first..first + width]);
            pairs.for_each(|(sum, output)| *output = selu(*sum));
        }
    });
}

/// The slope by the sums of a layer from that by its outputs, in the place of the sums.
fn deactivate(
    sums: &mut [f32],
    columns: usize,
    outputs: &[f32],
    slopes: &[f32],
    all: usize,
    first: usize,
    width: usize,
) {
    let rows = sums.chunks_exact_mut(columns).zip(outputs.chunks_exact(all)).zip(slopes.chunks_exact(all));
    for ((sums, outputs), slopes) in rows {
        let at = first..first + width;
        let values = sums[at.clone()].iter_mut().zip(&outputs[at.clone()]).zip(&slopes[at]);
        values.for_each(|((sum, output), slope)| *sum = slope * selu_slope(*output));
    }
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
        for (depth, growth, dim, weights) in published {
            assert_eq!(DenseNet::new(depth, growth, dim).unwrap().hidden_weights(), weights);
        }
    }

    #[test]
    fn the_width_rule_takes_the_widest_network_within_the_budget() {
        let widths =
            |budget| [4, 8, 16, 24, 32].map(|depth| DenseNet::widest(depth, budget, 16).unwrap().growth);
        assert_eq!(widths(100_000), [24, 12, 6, 4, 3]);
        assert_eq!(widths(200_000), [47, 23, 11, 7, 5]);
        assert_eq!(widths(400_000), [89, 44, 21, 14, 10]);
        assert_eq!(widths(600_000), [128, 62, 30, 20, 15]);
        assert_eq!(DenseNet::widest(8, 7_000, 16), None);
    }

    #[test]
    fn impossible_sizes_are_refused_by_name() {
        let message = |depth, growth, dim| DenseNet::new(depth, growth, dim).unwrap_err().to_string();
        assert_eq!(message(8, 12, 0), "dim is 0, expected 1 to 978");
        assert_eq!(message(8, 0, 16), "growth is 0, expected 1 to 1024");
        assert_eq!(message(9_999, 1, 16), "depth is 9999, expected 0 to 256");
    }
}
