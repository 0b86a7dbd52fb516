//! Fully connected layers with ReLU and dropout: the tower of the published triplet network.

use l1kdb::SettingError;
use l1kdb::profile::GENES;

use super::algebra::{Target, View};
use super::tape::{Tape, coin_flips};
use super::weights::{Block, Start, add_column_sums, add_to_rows};

/// The sizes of a fully connected network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layered {
    /// Hidden layers.
    pub layers: usize,
    /// Neurons of a hidden layer.
    pub width: usize,
    /// Coordinates of the embedding.
    pub dim: usize,
}

impl Layered {
    /// Sizes that make a network.
    ///
    /// # Errors
    /// [`SettingError`] names the first size that is out of range.
    pub fn new(layers: usize, width: usize, dim: usize) -> Result<Self, SettingError> {
        SettingError::check("dim", dim, "1 to 978", (1..=GENES).contains(&dim))?;
        SettingError::check("layers", layers, "1 to 16", (1..=16).contains(&layers))?;
        SettingError::check("width", width, "1 to 4096", (1..=4096).contains(&width))?;
        Ok(Self { layers, width, dim })
    }

    /// Weights of the hidden layers, without biases and the embedding layer.
    pub fn hidden_weights(&self) -> usize {
        GENES * self.width + (self.layers - 1) * self.width * self.width
    }

    /// Inputs and outputs of layer `layer`; layer `layers` gives the embedding.
    pub(crate) fn sizes(&self, layer: usize) -> (usize, usize) {
        let inputs = if layer == 0 { GENES } else { self.width };
        (inputs, if layer == self.layers { self.dim } else { self.width })
    }

    pub(super) fn blocks(&self) -> Vec<Block> {
        let layer = |layer| {
            let (inputs, outputs) = self.sizes(layer);
            [Block::weights(inputs, outputs), Block::bias(outputs)]
        };
        (0..=self.layers).flat_map(layer).collect()
    }

    /// He normal before a ReLU, LeCun normal before the embedding.
    pub(super) fn starts(&self) -> Vec<Start> {
        let layer = |layer| {
            let inputs = self.sizes(layer).0;
            let inputs = if layer < self.layers { inputs.div_ceil(2) } else { inputs };
            [Start::normal(inputs), Start::Zero]
        };
        (0..=self.layers).flat_map(layer).collect()
    }

    pub(super) fn forward(&self, weights: &[&[f32]], tape: &mut Tape) {
        tape.resize_hidden(&vec![self.width; self.layers]);
        for layer in 0..=self.layers {
            let (inputs, outputs) = self.sizes(layer);
            let (before, after) = tape.hidden.split_at_mut(layer);
            let seen = before.last().unwrap_or(&tape.input);
            let sums = if layer < self.layers { &mut after[0] } else { &mut tape.embedding };
            Target::new(sums, outputs).set(View::new(seen, inputs), View::new(weights[2 * layer], outputs));
            add_to_rows(sums, weights[2 * layer + 1]);
            if layer < self.layers {
                sums.iter_mut().for_each(|sum| *sum = sum.max(0.0));
                drop_out(sums, tape.dropout, tape.key, layer);
            }
        }
    }

    pub(super) fn backward(
        &self,
        weights: &[&[f32]],
        tape: &mut Tape,
        slope: &[f32],
        gradient: &mut [&mut [f32]],
    ) {
        let mut slopes = slope.to_vec();
        for layer in (0..=self.layers).rev() {
            let (inputs, outputs) = self.sizes(layer);
            let seen: &[f32] = if layer == 0 { &tape.input } else { &tape.hidden[layer - 1] };
            let here = View::new(&slopes, outputs);
            Target::new(gradient[2 * layer], outputs).add(View::new(seen, inputs).t(), here);
            add_column_sums(gradient[2 * layer + 1], &slopes);
            if layer > 0 {
                let mut before = vec![0.0; seen.len()];
                Target::new(&mut before, inputs).set(here, View::new(weights[2 * layer], outputs).t());
                let kept = 1.0 / (1.0 - tape.dropout);
                // A neuron that was cut by ReLU or dropped shows 0, and passes nothing on.
                before.iter_mut().zip(seen).for_each(|(slope, &output)| {
                    *slope = if output > 0.0 { *slope * kept } else { 0.0 };
                });
                slopes = before;
            }
        }
    }
}

/// Sets a share of the outputs to 0 and scales the others up, so that their mean stays.
fn drop_out(outputs: &mut [f32], share: f32, key: [u64; 2], layer: usize) {
    if share == 0.0 {
        return;
    }
    let kept = 1.0 / (1.0 - share);
    coin_flips(key, 1 + layer as u64, share, outputs.len(), |at, dropped| {
        outputs[at] = if dropped { 0.0 } else { outputs[at] * kept };
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_fit_together() {
        let net = Layered::new(3, 512, 32).unwrap();
        assert_eq!((0..=3).map(|layer| net.sizes(layer)).collect::<Vec<_>>()[..2], [(978, 512), (512, 512)]);
        assert_eq!(net.sizes(3), (512, 32));
        assert_eq!(net.hidden_weights(), 978 * 512 + 2 * 512 * 512);
    }

    #[test]
    fn dropout_keeps_the_mean() {
        let mut outputs = vec![1.0; 100_000];
        drop_out(&mut outputs, 0.9, [1, 2], 0);
        let kept = outputs.iter().filter(|&&output| output > 0.0).count();
        assert!((9_500..10_500).contains(&kept), "{kept}");
        let mean = outputs.iter().sum::<f32>() / outputs.len() as f32;
        assert!((mean - 1.0).abs() < 0.05, "{mean}");
    }
}
