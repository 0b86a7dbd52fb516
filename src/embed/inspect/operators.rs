//! The operators that are run, by kind: what ONNX exporters write for networks that go forward.

use super::given::{Given, Made, Trouble, called, is_standard};
use super::value::{Value, together};
use super::{NetworkFault, integers, layers, sizes};

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

/// Of scikit-learn's exporter.
const CLASSICAL: [&str; 2] = ["Normalizer", "Scaler"];

/// The outputs of the node, and its multiplications.
pub(super) fn outputs(given: &Given<'_, '_>) -> Result<(Vec<Value>, u64), NetworkFault> {
    let node = given.node;
    let is_classical = node.domain == "ai.onnx.ml" && CLASSICAL.contains(&node.operator);
    let rule = if is_classical { Some(alike as Rule) } else { rule(node.operator) };
    let Some(rule) = rule.filter(|_| is_classical || is_standard(node)) else {
        let domain = if is_standard(node) { "" } else { node.domain };
        return Err(NetworkFault::Operator { operator: node.operator.to_owned(), domain: domain.to_owned() });
    };
    match given.settings_fit().map_err(Trouble::from).and_then(|()| rule(given)) {
        Ok(Made(outputs, products)) => Ok((outputs, products)),
        Err(Trouble::Misfit(cause)) => Err(NetworkFault::Shape { node: called(node), cause }),
        Err(Trouble::Unsized) => Err(NetworkFault::Unsized { node: called(node) }),
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
