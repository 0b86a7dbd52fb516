//! The operators that are run, by kind: what ONNX exporters write for networks that go forward.

use std::rc::Rc;

use super::messages::{Attribute, Node};
use super::value::{Misfit, Value, together};
use super::walk::called;
use super::{NetworkFault, integers, layers, sizes};

/// A node with what its inputs are; an input that is left out is `None`.
pub(super) struct Given<'n, 'a> {
    pub(super) node: &'n Node<'a>,
    pub(super) inputs: Vec<Option<Rc<Value>>>,
}

/// Why a shape cannot be told.
pub(super) enum Trouble {
    Misfit(Misfit),
    /// It depends on values that are known only when the network runs.
    Unsized,
}

impl From<Misfit> for Trouble {
    fn from(misfit: Misfit) -> Self {
        Self::Misfit(misfit)
    }
}

/// Outputs, and how many multiplications they take beyond one a number.
pub(super) struct Made(pub(super) Vec<Value>, pub(super) u64);

impl From<Value> for Made {
    fn from(value: Value) -> Self {
        Self(vec![value], 0)
    }
}

type Rule = fn(&Given<'_, '_>) -> Result<Made, Trouble>;

/// The operators that are run, by the rule for their shapes. Not among them: loops (`Loop`, `Scan`, `SequenceMap`,
/// recurrent layers), random numbers, images, text, sequences, sizes that depend on values (`NonZero`, `Unique`), and
/// whatever is unknown.
const RULES: &[(&str, Rule)] = &[
    (
        "Abs Acos Acosh Asin Asinh Atan Atanh BitwiseNot Ceil Celu Clip Cos Cosh Elu Erf Exp \
         Floor Gelu HardSigmoid HardSwish IsInf IsNaN LeakyRelu Log Mish Not PRelu Reciprocal \
         Relu Round Selu Shrink Sigmoid Sign Sin Sinh Softplus Softsign Sqrt Swish Tan Tanh \
         ThresholdedRelu LRN MeanVarianceNormalization EyeLike Trilu ScatterElements \
         ScatterND",
        alike,
    ),
    (
        "CumSum Hardmax LogSoftmax LpNormalization Softmax QuantizeLinear DequantizeLinear",
        alike_along_an_axis,
    ),
    ("Identity Cast CastLike", identity),
    (
        "Dropout BatchNormalization InstanceNormalization GroupNormalization \
         LayerNormalization RMSNormalization",
        normalised,
    ),
    ("Add Sub Mul Div Neg Equal Where", integers::together_with_integers),
    (
        "And BitwiseAnd BitwiseOr BitwiseXor Greater GreaterOrEqual Less LessOrEqual Max Mean \
         Min Mod Or Pow Sum Xor",
        side_by_side,
    ),
    ("MatMul", layers::product),
    ("Gemm", layers::gemm),
    ("Einsum", layers::einsum),
    ("Conv", layers::convolution),
    ("AveragePool LpPool MaxPool", layers::pool),
    ("GlobalAveragePool GlobalLpPool GlobalMaxPool", layers::global_pool),
    (
        "ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin \
         ReduceProd ReduceSum ReduceSumSquare",
        layers::reduced,
    ),
    ("ArgMax ArgMin", layers::argument),
    ("TopK", layers::top),
    ("Constant", sizes::constant),
    ("ConstantOfShape", sizes::constant_of_shape),
    ("Shape", sizes::shape),
    ("Size", sizes::size),
    ("Reshape", sizes::reshaped),
    ("Flatten", sizes::flattened),
    ("Transpose", sizes::transposed),
    ("Squeeze", sizes::squeezed),
    ("Unsqueeze", sizes::unsqueezed),
    ("Concat", sizes::concatenated),
    ("Split", sizes::split),
    ("Slice", sizes::sliced),
    ("Gather", sizes::gathered),
    ("GatherElements", sizes::like_the_second),
    ("Expand", sizes::expanded),
    ("Tile", sizes::tiled),
    ("Pad", sizes::padded),
    ("Range", sizes::range),
    ("OneHot", sizes::one_hot),
];

fn rule(operator: &str) -> Option<Rule> {
    RULES.iter().find(|(names, _)| names.split(' ').any(|name| name == operator)).map(|&(_, rule)| rule)
}

/// As many as a tensor may have.
const MOST_AXES: i64 = 16;
/// Groups of channels, and channels in a window.
const MOST_GROUPS: i64 = 1 << 16;

/// Of scikit-learn's exporter.
const CLASSICAL: [&str; 2] = ["Normalizer", "Scaler"];

/// Whether a node is of the standard domain, which has two spellings.
pub(super) fn is_standard(node: &Node<'_>) -> bool {
    matches!(node.domain, "" | "ai.onnx")
}

impl Given<'_, '_> {
    /// The outputs of the node, and its multiplications.
    pub(super) fn outputs(&self) -> Result<(Vec<Value>, u64), NetworkFault> {
        let node = self.node;
        let is_classical = node.domain == "ai.onnx.ml" && CLASSICAL.contains(&node.operator);
        let rule = if is_classical { Some(alike as Rule) } else { rule(node.operator) };
        let Some(rule) = rule.filter(|_| is_classical || is_standard(node)) else {
            let domain = if is_standard(node) { "" } else { node.domain };
            return Err(NetworkFault::Operator {
                operator: node.operator.to_owned(),
                domain: domain.to_owned(),
            });
        };
        match self.settings_fit().map_err(Trouble::from).and_then(|()| rule(self)) {
            Ok(Made(outputs, products)) => Ok((outputs, products)),
            Err(Trouble::Misfit(cause)) => Err(NetworkFault::Shape { node: called(node), cause }),
            Err(Trouble::Unsized) => Err(NetworkFault::Unsized { node: called(node) }),
        }
    }

    /// Axes and numbers of groups far off, which engines do not expect.
    fn settings_fit(&self) -> Result<(), Misfit> {
        let axes = self.attribute("axis").and_then(|axis| axis.integer);
        let axes = axes.into_iter().chain(self.integers("axes").unwrap_or_default().iter().copied());
        if let Some(axis) = axes.into_iter().find(|axis| axis.unsigned_abs() > MOST_AXES.unsigned_abs()) {
            return Err(format!("axis {axis}"));
        }
        let sizes = ["group", "num_groups", "size"].map(|name| (name, self.integer(name, 1)));
        match sizes.iter().find(|(_, size)| !(1..=MOST_GROUPS).contains(size)) {
            Some((name, size)) => Err(format!("{name} {size}")),
            None => Ok(()),
        }
    }

    pub(super) fn input(&self, at: usize) -> Result<&Value, Misfit> {
        self.optional(at).ok_or_else(|| format!("it has no input {}", at + 1))
    }

    pub(super) fn optional(&self, at: usize) -> Option<&Value> {
        self.inputs.get(at)?.as_deref()
    }

    /// All inputs.
    pub(super) fn all(&self) -> Result<Vec<&Value>, Misfit> {
        (0..self.inputs.len().max(1)).map(|at| self.input(at)).collect()
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&Attribute<'_>> {
        self.node.attributes.iter().find(|attribute| attribute.name == name)
    }

    pub(super) fn integer(&self, name: &str, by_default: i64) -> i64 {
        self.attribute(name).and_then(|attribute| attribute.integer).unwrap_or(by_default)
    }

    pub(super) fn integers(&self, name: &str) -> Option<&[i64]> {
        self.attribute(name).map(|attribute| attribute.integers.as_slice())
    }

    /// Integers that older networks have as an attribute and newer ones as an input; `None` where neither is given.
    pub(super) fn told(&self, name: &str, at: usize) -> Result<Option<Vec<i64>>, Trouble> {
        match (self.integers(name), self.optional(at)) {
            // Which of the two counts depends on the engine.
            (Some(_), Some(_)) => Err(Trouble::Misfit(format!("`{name}` is given twice"))),
            (Some(integers), None) => Ok(Some(integers.to_vec())),
            (None, Some(value)) => value.integers.clone().map(Some).ok_or(Trouble::Unsized),
            (None, None) => Ok(None),
        }
    }
}

/// Another number for each.
fn alike(given: &Given<'_, '_>) -> Result<Made, Trouble> {
    Ok(given.input(0)?.alike().into())
}

fn alike_along_an_axis(given: &Given<'_, '_>) -> Result<Made, Trouble> {
    let value = given.input(0)?;
    if let Some(axis) = given.attribute("axis").and_then(|axis| axis.integer).filter(|_| value.dims.len() > 1)
    {
        value.axis(axis)?;
    }
    Ok(value.alike().into())
}

fn identity(given: &Given<'_, '_>) -> Result<Made, Trouble> {
    Ok(given.input(0)?.clone().into())
}

/// What else these give, masks, means and variances, is no larger than what they are given.
fn normalised(given: &Given<'_, '_>) -> Result<Made, Trouble> {
    let value = given.input(0)?;
    if let Some(axis) = given.attribute("axis").and_then(|axis| axis.integer) {
        value.axis(axis)?;
    }
    let mut outputs = vec![value.alike()];
    outputs.resize(given.node.outputs.len().clamp(1, 5), value.alike());
    Ok(Made(outputs, 0))
}

fn side_by_side(given: &Given<'_, '_>) -> Result<Made, Trouble> {
    Ok(together(&given.all()?)?.into())
}
