//! The trained network as an ONNX graph: input `profile` [N, 978], output `embedding` [N, dimension], unit rows.

use l1kdb::profile::GENES;
use prost::Message;

use super::graph::{GraphBuilder, Value, integer, integer_list};
use crate::data::unit_length;
use crate::network::{Architecture, DenseNet, Layered};
use crate::train::Trained;

/// How the graph computes a densely connected network. Both give the same embeddings, up to rounding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// All weights that touch the profile in one product, several times faster.
    OneProduct,
    /// Every layer multiplies a copy of the profile beside the outputs before it: the definition, for comparison.
    LayerByLayer,
}

/// Returns the bytes of `model.onnx`. The standardisation is folded into the weights; the same network gives the same bytes.
pub fn export(trained: &Trained, form: Form) -> Vec<u8> {
    let mut export = Export::new(trained);
    let profile = export.prepared();
    let (name, last) = match trained.network.architecture {
        Architecture::Dense(net) if form == Form::OneProduct => {
            ("densenet", export.one_product(&net, &profile))
        }
        Architecture::Dense(net) => ("densenet", export.layer_by_layer(&net, &profile)),
        Architecture::Layered(net) => ("layered", export.layers(&net, &profile)),
    };
    export.brought_to_length(&last, 1.0, "embedding");
    let dim = trained.network.architecture.dim();
    export.graph.model(name, ("profile", GENES), ("embedding", dim)).encode_to_vec()
}

struct Export<'a> {
    trained: &'a Trained,
    blocks: Vec<&'a [f32]>,
    /// 978 x columns and columns: the first product with the standardisation folded in.
    input: Vec<f32>,
    bias: Vec<f32>,
    graph: GraphBuilder,
}

impl<'a> Export<'a> {
    /// `((x - mean) / sd) W + b = x (W / sd) + (b - (mean / sd) W)`
    fn new(trained: &'a Trained) -> Self {
        let standardiser = &trained.standardiser;
        let blocks = trained.network.blocks();
        let columns = blocks[1].len();
        let mut bias: Vec<f64> = blocks[1].iter().map(|&bias| f64::from(bias)).collect();
        let mut input = blocks[0].to_vec();
        for (gene, row) in input.chunks_exact_mut(columns).enumerate() {
            for (weight, bias) in row.iter_mut().zip(&mut bias) {
                let folded = f64::from(*weight) / f64::from(standardiser.sd[gene]);
                *bias -= f64::from(standardiser.mean[gene]) * folded;
                *weight = folded as f32;
            }
        }
        let bias = bias.into_iter().map(|bias| bias as f32).collect();
        Self { trained, blocks, input, bias, graph: GraphBuilder::default() }
    }

    /// The profile, brought to unit variance if the network was trained so, and cut.
    fn prepared(&mut self) -> Value {
        let mut profile = "profile".to_owned();
        let standardiser = &self.trained.standardiser;
        if standardiser.unit {
            profile = self.brought_to_length(&profile, unit_length(), "scaled");
        }
        if let Some(clip) = standardiser.clip {
            let low = self.graph.floats("lowest", &[], &[-clip]);
            let high = self.graph.floats("highest", &[], &[clip]);
            profile = self.graph.node("Clip", &[&profile, &low, &high], "clipped");
        }
        profile
    }

    fn one_product(&mut self, net: &DenseNet, profile: &Value) -> Value {
        let weights = self.graph.floats("input.weight", &[GENES, net.columns()], &self.input);
        let bias = self.graph.floats("input.bias", &[net.columns()], &self.bias);
        let product = self.graph.node("Gemm", &[profile, &weights, &bias], "direct");
        if net.depth == 0 {
            return product;
        }
        let direct = self.split(net, &product);
        let mut outputs: Vec<Value> = Vec::new();
        for (layer, direct) in direct.into_iter().enumerate() {
            let sum = if layer == 0 { direct } else { self.with_earlier(net, layer, &direct, &outputs) };
            if layer == net.depth {
                return sum;
            }
            outputs.push(self.graph.node("Selu", &[&sum], &format!("output.{layer}")));
        }
        product
    }

    /// The product's columns, layer by layer.
    fn split(&mut self, net: &DenseNet, product: &Value) -> Vec<Value> {
        let layers = 0..=net.depth;
        let widths: Vec<usize> = layers.clone().map(|layer| net.width(layer)).collect();
        let widths = self.graph.integers("widths", &widths);
        let parts: Vec<Value> = layers.map(|layer| format!("direct.{layer}")).collect();
        self.graph.add("Split", &[product, &widths], &parts, vec![integer("axis", 1)]);
        parts
    }

    fn with_earlier(&mut self, net: &DenseNet, layer: usize, direct: &Value, outputs: &[Value]) -> Value {
        let earlier =
            self.beside_each_other(&format!("earlier.{layer}"), &outputs.iter().collect::<Vec<_>>());
        let dims = [net.growth * layer, net.width(layer)];
        let weights = self.graph.floats(&format!("inner.{layer}.weight"), &dims, self.blocks[layer + 1]);
        let product = self.graph.node("MatMul", &[&earlier, &weights], &format!("inner.{layer}"));
        self.graph.node("Add", &[&product, direct], &format!("sum.{layer}"))
    }

    fn layer_by_layer(&mut self, net: &DenseNet, profile: &Value) -> Value {
        let mut outputs: Vec<Value> = Vec::new();
        for layer in 0..net.depth {
            let sum = self.whole_layer(net, layer, profile, &outputs);
            outputs.push(self.graph.node("Selu", &[&sum], &format!("output.{layer}")));
        }
        self.whole_layer(net, net.depth, profile, &outputs)
    }

    fn whole_layer(&mut self, net: &DenseNet, layer: usize, profile: &Value, outputs: &[Value]) -> Value {
        let (columns, width, first) = (net.columns(), net.width(layer), layer * net.growth);
        let mut seen = vec![profile];
        seen.extend(outputs);
        let seen = self.beside_each_other(&format!("seen.{layer}"), &seen);
        let mut weights: Vec<f32> =
            self.input.chunks_exact(columns).flat_map(|row| &row[first..first + width]).copied().collect();
        if layer > 0 {
            weights.extend(self.blocks[layer + 1]);
        }
        let bias = self.bias[first..first + width].to_vec();
        self.layer(layer, &seen, GENES + first, &weights, &bias)
    }

    /// One product with its bias.
    fn layer(&mut self, layer: usize, seen: &Value, inputs: usize, weights: &[f32], bias: &[f32]) -> Value {
        let dims = [inputs, bias.len()];
        let weights = self.graph.floats(&format!("layer.{layer}.weight"), &dims, weights);
        let bias = self.graph.floats(&format!("layer.{layer}.bias"), &[bias.len()], bias);
        self.graph.node("Gemm", &[seen, &weights, &bias], &format!("sum.{layer}"))
    }

    fn layers(&mut self, net: &Layered, profile: &Value) -> Value {
        let mut seen = profile.clone();
        for layer in 0..=net.layers {
            let (weights, bias) = if layer == 0 {
                (self.input.clone(), self.bias.clone())
            } else {
                (self.blocks[2 * layer].to_vec(), self.blocks[2 * layer + 1].to_vec())
            };
            let sum = self.layer(layer, &seen, net.sizes(layer).0, &weights, &bias);
            if layer == net.layers {
                return sum;
            }
            seen = self.graph.node("Relu", &[&sum], &format!("output.{layer}"));
        }
        seen
    }

    fn beside_each_other(&mut self, name: &str, values: &[&Value]) -> Value {
        if let [only] = values {
            return (*only).clone();
        }
        self.graph.add("Concat", values, &[name.to_owned()], vec![integer("axis", 1)]);
        name.to_owned()
    }

    /// `length x / max(|x|, 1e-12)`: not LpNormalization, which divides a zero row by zero.
    fn brought_to_length(&mut self, rows: &Value, length: f32, output: &str) -> Value {
        let norm = format!("{output}.norm");
        let attributes = vec![integer_list("axes", &[1]), integer("keepdims", 1)];
        self.graph.add("ReduceL2", &[rows], std::slice::from_ref(&norm), attributes);
        let smallest = self.graph.floats(&format!("{output}.smallest"), &[], &[1e-12]);
        let divisor = self.graph.node("Max", &[&norm, &smallest], &format!("{output}.divisor"));
        if length == 1.0 {
            return self.graph.node("Div", &[rows, &divisor], output);
        }
        let unit = self.graph.node("Div", &[rows, &divisor], &format!("{output}.unit"));
        let length = self.graph.floats(&format!("{output}.length"), &[], &[length]);
        self.graph.node("Mul", &[&unit, &length], output)
    }
}
