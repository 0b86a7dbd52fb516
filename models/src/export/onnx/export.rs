//! The trained network as an ONNX graph: input `profile` [N, 978], output `embedding` [N, dimension], unit rows.

use l1kdb::profile::GENES;
use prost::Message;

use super::graph::{GraphBuilder, Value, integer, integer_list};
use crate::train::Trained;

/// How the graph computes the network. Both give the same embeddings, up to rounding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// All weights that touch the profile in one product, several times faster.
    OneProduct,
    /// Every layer multiplies a copy of the profile beside the outputs before it: the definition, for comparison.
    LayerByLayer,
}

/// The bytes of `model.onnx`. The standardisation is folded into the weights; the same network gives the same bytes.
pub fn export(trained: &Trained, form: Form) -> Vec<u8> {
    let mut export = Export::new(trained);
    let profile = export.clipped();
    let last = match form {
        Form::OneProduct => export.one_product(&profile),
        Form::LayerByLayer => export.layer_by_layer(&profile),
    };
    export.unit_rows(&last);
    let dimension = trained.net.shape.dimension;
    export.graph.model("densenet", ("profile", GENES), ("embedding", dimension)).encode_to_vec()
}

struct Export<'a> {
    trained: &'a Trained,
    /// 978 x columns and columns: the first product with the standardisation folded in.
    input: Vec<f32>,
    bias: Vec<f32>,
    graph: GraphBuilder,
}

impl<'a> Export<'a> {
    /// `((x - mean) / sd) W + b = x (W / sd) + (b - (mean / sd) W)`
    fn new(trained: &'a Trained) -> Self {
        let (standardiser, net) = (&trained.standardiser, &trained.net);
        let columns = net.shape.columns();
        let mut bias: Vec<f64> = net.bias.iter().map(|&bias| f64::from(bias)).collect();
        let mut input = net.input.clone();
        for (gene, row) in input.chunks_exact_mut(columns).enumerate() {
            for (weight, bias) in row.iter_mut().zip(&mut bias) {
                let folded = f64::from(*weight) / f64::from(standardiser.sd[gene]);
                *bias -= f64::from(standardiser.mean[gene]) * folded;
                *weight = folded as f32;
            }
        }
        let bias = bias.into_iter().map(|bias| bias as f32).collect();
        Self { trained, input, bias, graph: GraphBuilder::default() }
    }

    fn clipped(&mut self) -> Value {
        let profile = "profile".to_owned();
        let Some(clip) = self.trained.standardiser.clip else { return profile };
        let low = self.graph.floats("lowest", &[], &[-clip]);
        let high = self.graph.floats("highest", &[], &[clip]);
        self.graph.node("Clip", &[&profile, &low, &high], "clipped")
    }

    fn one_product(&mut self, profile: &Value) -> Value {
        let shape = self.trained.net.shape;
        let weights = self.graph.floats("input.weight", &[GENES, shape.columns()], &self.input);
        let bias = self.graph.floats("input.bias", &[shape.columns()], &self.bias);
        let product = self.graph.node("Gemm", &[profile, &weights, &bias], "direct");
        if shape.depth == 0 {
            return product;
        }
        let direct = self.split(&product);
        let mut outputs: Vec<Value> = Vec::new();
        for (layer, direct) in direct.into_iter().enumerate() {
            let sum = if layer == 0 { direct } else { self.with_earlier(layer, &direct, &outputs) };
            if layer == shape.depth {
                return sum;
            }
            outputs.push(self.graph.node("Selu", &[&sum], &format!("output.{layer}")));
        }
        product
    }

    /// The product's columns, layer by layer.
    fn split(&mut self, product: &Value) -> Vec<Value> {
        let shape = self.trained.net.shape;
        let layers = 0..=shape.depth;
        let widths: Vec<usize> = layers.clone().map(|layer| shape.width(layer)).collect();
        let widths = self.graph.integers("widths", &widths);
        let parts: Vec<Value> = layers.map(|layer| format!("direct.{layer}")).collect();
        self.graph.add("Split", &[product, &widths], &parts, vec![integer("axis", 1)]);
        parts
    }

    fn with_earlier(&mut self, layer: usize, direct: &Value, outputs: &[Value]) -> Value {
        let shape = self.trained.net.shape;
        let earlier =
            self.beside_each_other(&format!("earlier.{layer}"), &outputs.iter().collect::<Vec<_>>());
        let dims = [shape.growth * layer, shape.width(layer)];
        let weights = &self.trained.net.inner[layer - 1];
        let weights = self.graph.floats(&format!("inner.{layer}.weight"), &dims, weights);
        let product = self.graph.node("MatMul", &[&earlier, &weights], &format!("inner.{layer}"));
        self.graph.node("Add", &[&product, direct], &format!("sum.{layer}"))
    }

    fn layer_by_layer(&mut self, profile: &Value) -> Value {
        let depth = self.trained.net.shape.depth;
        let mut outputs: Vec<Value> = Vec::new();
        for layer in 0..depth {
            let sum = self.whole_layer(layer, profile, &outputs);
            outputs.push(self.graph.node("Selu", &[&sum], &format!("output.{layer}")));
        }
        self.whole_layer(depth, profile, &outputs)
    }

    fn whole_layer(&mut self, layer: usize, profile: &Value, outputs: &[Value]) -> Value {
        let shape = self.trained.net.shape;
        let (columns, width, first) = (shape.columns(), shape.width(layer), layer * shape.growth);
        let mut seen = vec![profile];
        seen.extend(outputs);
        let seen = self.beside_each_other(&format!("seen.{layer}"), &seen);
        let mut weights: Vec<f32> =
            self.input.chunks_exact(columns).flat_map(|row| &row[first..first + width]).copied().collect();
        if layer > 0 {
            weights.extend(&self.trained.net.inner[layer - 1]);
        }
        let dims = [GENES + first, width];
        let weights = self.graph.floats(&format!("layer.{layer}.weight"), &dims, &weights);
        let bias =
            self.graph.floats(&format!("layer.{layer}.bias"), &[width], &self.bias[first..first + width]);
        self.graph.node("Gemm", &[&seen, &weights, &bias], &format!("sum.{layer}"))
    }

    fn beside_each_other(&mut self, name: &str, values: &[&Value]) -> Value {
        if let [only] = values {
            return (*only).clone();
        }
        self.graph.add("Concat", values, &[name.to_owned()], vec![integer("axis", 1)]);
        name.to_owned()
    }

    /// `x / max(|x|, 1e-12)`: not LpNormalization, which divides a zero row by zero.
    fn unit_rows(&mut self, last: &Value) {
        let length = "length".to_owned();
        let attributes = vec![integer_list("axes", &[1]), integer("keepdims", 1)];
        self.graph.add("ReduceL2", &[last], std::slice::from_ref(&length), attributes);
        let smallest = self.graph.floats("smallest", &[], &[1e-12]);
        let divisor = self.graph.node("Max", &[&length, &smallest], "divisor");
        self.graph.node("Div", &[last, &divisor], "embedding");
    }
}
