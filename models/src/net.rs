//! The network and its loss as burn computes them.

use burn::module::{Module, Param};
use burn::tensor::activation::log_softmax;
use burn::tensor::backend::Backend;
use burn::tensor::{IndexingUpdateOp, Int, Tensor, TensorData};
use l1kdb::profile::GENES;

use crate::densenet::{DenseNet, Shape};

/// Vectors shorter than this are divided by it instead of by their length.
const SMALLEST_NORM: f64 = 1e-12;

/// A network in training: its weights, a row for every class, and the scale of their similarity.
#[derive(Module, Debug)]
pub(crate) struct Net<B: Backend> {
    input: Param<Tensor<B, 2>>,
    bias: Param<Tensor<B, 1>>,
    inner: Vec<Param<Tensor<B, 2>>>,
    classes: Param<Tensor<B, 2>>,
    log_scale: Param<Tensor<B, 1>>,
}

impl<B: Backend> Net<B> {
    /// `classes` is number of classes x dimension, row-major.
    pub(crate) fn new(net: &DenseNet, classes: &[f32], scale: f32, device: &B::Device) -> Self {
        let shape = net.shape;
        let matrix = |values: &[f32], columns: usize| {
            Param::from_tensor(matrix(values.to_vec(), values.len() / columns, columns, device))
        };
        let inner = net.inner.iter().zip(1..).map(|(weights, layer)| matrix(weights, shape.width(layer)));
        Self {
            input: matrix(&net.input, shape.columns()),
            bias: Param::from_tensor(vector(net.bias.clone(), device)),
            inner: inner.collect(),
            classes: matrix(classes, shape.dimension),
            log_scale: Param::from_tensor(vector(vec![scale.ln()], device)),
        }
    }

    /// Unit embeddings (n x dimension) of standardised profiles (n x 978).
    pub(crate) fn embed(&self, shape: Shape, profiles: Tensor<B, 2>) -> Tensor<B, 2> {
        let direct = profiles.matmul(self.input.val()) + self.bias.val().unsqueeze();
        let mut outputs: Vec<Tensor<B, 2>> = Vec::with_capacity(shape.depth);
        for layer in 0..shape.depth {
            outputs.push(selu(self.sum(shape, &direct, &outputs, layer)));
        }
        unit_rows(self.sum(shape, &direct, &outputs, shape.depth))
    }

    /// What layer `layer` takes from the profile, by way of the one product, and from the layers before it.
    fn sum(
        &self,
        shape: Shape,
        direct: &Tensor<B, 2>,
        earlier: &[Tensor<B, 2>],
        layer: usize,
    ) -> Tensor<B, 2> {
        let sum = direct.clone().narrow(1, layer * shape.growth, shape.width(layer));
        match layer.checked_sub(1) {
            None => sum,
            Some(before) => sum + Tensor::cat(earlier.to_vec(), 1).matmul(self.inner[before].val()),
        }
    }

    /// Mean cross-entropy of the batch: with `c` the cosines of an embedding to all class rows and `a` the scale,
    /// `-log(exp(a (c_i - margin)) / (exp(a (c_i - margin)) + sum over j != i of exp(a c_j)))`
    /// (Donner et al. 2018, eq. 1).
    pub(crate) fn loss(
        &self,
        shape: Shape,
        profiles: Tensor<B, 2>,
        labels: Tensor<B, 2, Int>,
        margin: f32,
    ) -> Tensor<B, 1> {
        let embeddings = self.embed(shape, profiles);
        let cosines = embeddings.matmul(unit_rows(self.classes.val()).transpose());
        let given_up = labels.zeros_like().float().sub_scalar(margin);
        let handicapped = cosines.scatter(1, labels.clone(), given_up, IndexingUpdateOp::Add);
        let scores = handicapped * self.log_scale.val().exp().unsqueeze();
        log_softmax(scores, 1).gather(1, labels).mean().neg()
    }

    /// The weights without the classes.
    pub(crate) fn weights(&self, shape: Shape) -> DenseNet {
        DenseNet {
            shape,
            input: numbers(self.input.val()),
            bias: numbers(self.bias.val()),
            inner: self.inner.iter().map(|weights| numbers(weights.val())).collect(),
        }
    }
}

/// Embeds standardised profiles (n x 978) in batches; n x dimension, row-major.
pub(crate) fn embed_all<B: Backend>(net: &DenseNet, standard: &[f32], device: &B::Device) -> Vec<f32> {
    const BATCH: usize = 4096;
    let module = Net::<B>::new(net, &vec![0.0; net.shape.dimension], 1.0, device);
    let embed = |batch: &[f32]| {
        numbers(module.embed(net.shape, matrix(batch.to_vec(), batch.len() / GENES, GENES, device)))
    };
    standard.chunks(BATCH * GENES).flat_map(embed).collect()
}

/// `lambda max(x, 0) + lambda alpha (exp(min(x, 0)) - 1)`. Written so that no input overflows, whose gradient would
/// then be no number.
fn selu<B: Backend>(x: Tensor<B, 2>) -> Tensor<B, 2> {
    const ALPHA: f64 = 1.673_263_242_354_377_2;
    const LAMBDA: f64 = 1.050_700_987_355_480_5;
    let negative = x.clone().clamp_max(0.0).exp().sub_scalar(1.0).mul_scalar(LAMBDA * ALPHA);
    x.clamp_min(0.0).mul_scalar(LAMBDA) + negative
}

fn unit_rows<B: Backend>(rows: Tensor<B, 2>) -> Tensor<B, 2> {
    // The square of the guard is below what a 32-bit float holds beside larger numbers, but not below the smallest.
    let squares = rows.clone().powi_scalar(2).sum_dim(1).clamp_min(SMALLEST_NORM * SMALLEST_NORM);
    rows / squares.sqrt()
}

pub(crate) fn matrix<B: Backend>(
    values: Vec<f32>,
    rows: usize,
    columns: usize,
    device: &B::Device,
) -> Tensor<B, 2> {
    Tensor::from_data(TensorData::new(values, [rows, columns]), device)
}

fn vector<B: Backend>(values: Vec<f32>, device: &B::Device) -> Tensor<B, 1> {
    let length = values.len();
    Tensor::from_data(TensorData::new(values, [length]), device)
}

fn numbers<B: Backend, const D: usize>(tensor: Tensor<B, D>) -> Vec<f32> {
    tensor.into_data().convert::<f32>().into_vec().expect("converted to 32-bit floats one step before")
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::backend::Flex;

    type Tensors = Tensor<Flex, 2>;

    fn rows(values: &[f32], columns: usize) -> Tensors {
        matrix(values.to_vec(), values.len() / columns, columns, &Default::default())
    }

    #[test]
    fn selu_is_the_function_of_its_paper_and_never_overflows() {
        let found = numbers(selu(rows(&[-1000.0, -1.0, 0.0, 2.0, 1000.0], 5)));
        let expected = [-1.758_099_3, -1.111_330_7, 0.0, 2.101_402, 1_050.701];
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-3 * expected.abs().max(1e-3), "{found} {expected}");
        }
    }

    #[test]
    fn rows_become_unit_and_a_zero_row_stays_zero() {
        assert_eq!(numbers(unit_rows(rows(&[3.0, 4.0, 0.0, 0.0], 2))), [0.6, 0.8, 0.0, 0.0]);
    }

    /// Depth 0: the embedding is the first two genes, so that cosines are chosen freely.
    fn first_two_genes(classes: &[f32], scale: f32) -> (Net<Flex>, Shape) {
        let shape = Shape::new(0, 0, 2).unwrap();
        let mut input = vec![0.0; GENES * 2];
        (input[0], input[3]) = (1.0, 1.0);
        let net = DenseNet { shape, input, bias: vec![0.0; 2], inner: Vec::new() };
        (Net::new(&net, classes, scale, &Default::default()), shape)
    }

    #[test]
    fn the_loss_is_the_published_formula() {
        // Class rows of lengths 5 and 2 at cosines 0.6 and 0.8 to the embedding (1, 0); the first is right.
        let (net, shape) = first_two_genes(&[3.0, 4.0, 1.6, -1.2], 10.0);
        let mut profile = vec![0.0; GENES];
        profile[0] = 7.0;
        let labels = Tensor::<Flex, 2, Int>::from_data([[0]], &Default::default());
        let loss = numbers(net.loss(shape, rows(&profile, GENES), labels, 0.25))[0];
        let (right, wrong) = ((10.0_f64 * (0.6 - 0.25)).exp(), (10.0_f64 * 0.8).exp());
        let expected = -(right / (right + wrong)).ln();
        assert!((f64::from(loss) - expected).abs() < 1e-5, "{loss} instead of {expected}");
    }

    #[test]
    fn one_product_equals_the_network_layer_by_layer() {
        let shape = Shape::new(4, 3, 5).unwrap();
        let net = DenseNet::random(shape, 9);
        let profile: Vec<f32> = (0..GENES).map(|gene| (gene as f32 * 0.7).sin()).collect();
        let found = embed_all::<Flex>(&net, &profile, &Default::default());
        let expected = layer_by_layer(&net, &profile);
        for (found, expected) in found.iter().zip(&expected) {
            assert!((f64::from(*found) - expected).abs() < 1e-6, "{found} {expected}");
        }
    }

    /// The definition in double precision: every layer sees the profile and all outputs before it.
    fn layer_by_layer(net: &DenseNet, profile: &[f32]) -> Vec<f64> {
        let (shape, mut outputs) = (net.shape, Vec::<f64>::new());
        let layer_sums = |layer: usize, outputs: &[f64]| -> Vec<f64> {
            let neuron = |column: usize| {
                let at = layer * shape.growth + column;
                let weight = |gene: usize| f64::from(net.input[gene * shape.columns() + at]);
                let direct: f64 = (0..GENES).map(|gene| f64::from(profile[gene]) * weight(gene)).sum();
                let inner = |from: usize| f64::from(net.inner[layer - 1][from * shape.width(layer) + column]);
                let earlier: f64 =
                    outputs.iter().enumerate().map(|(from, output)| output * inner(from)).sum();
                direct + earlier + f64::from(net.bias[at])
            };
            (0..shape.width(layer)).map(neuron).collect()
        };
        let selu =
            |x: f64| 1.050_700_987_355_480_5 * if x > 0.0 { x } else { 1.673_263_242_354_377_2 * x.exp_m1() };
        for layer in 0..shape.depth {
            outputs.extend(layer_sums(layer, &outputs).into_iter().map(selu));
        }
        let sums = layer_sums(shape.depth, &outputs);
        let length = sums.iter().map(|sum| sum * sum).sum::<f64>().sqrt();
        sums.iter().map(|sum| sum / length).collect()
    }
}
