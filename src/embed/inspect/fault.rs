//! Why a network is not run.

use thiserror::Error;

/// What is the matter with the bytes of a `model.onnx`.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum NetworkFault {
    /// The bytes are no ONNX network.
    #[error("is not an ONNX network: {cause}; copy or export it again")]
    NotOnnx {
        /// What does not fit.
        cause: String,
    },
    /// Weights lie in another file, which the digest of the network does not cover.
    #[error(
        "keeps the values of `{tensor}` in another file ({location}): a network is one file; \
         save it with all its weights inside (`onnx.save(onnx.load(\"model.onnx\"), \"one.onnx\")`)"
    )]
    External {
        /// The tensor.
        tensor: String,
        /// The file that it names, or where not.
        location: String,
    },
    /// A tensor is sparse, of no known size, or holds other values than its shape says.
    #[error("has a tensor `{tensor}` {cause}; export it again")]
    Tensor {
        /// The tensor.
        tensor: String,
        /// What is the matter.
        cause: String,
    },
    /// An operator that no embedder needs.
    #[error(
        "uses the operator `{operator}`{}, which is not run: an embedder goes forward through standard operators, without \
         loops, random numbers and code of its own; export it from such",
        if domain.is_empty() { String::new() } else { format!(" of `{domain}`") }
    )]
    Operator {
        /// The operator.
        operator: String,
        /// Its domain; empty for the standard one.
        domain: String,
    },
    /// Weights stand among the inputs, where anyone may replace them; engines differ in what they make of it.
    #[error(
        "lists its weights (`{name}`) among its inputs, as old exporters do; export it again with \
         `keep_initializers_as_inputs=False`"
    )]
    WeightsAmongInputs {
        /// The first of them.
        name: String,
    },
    /// Functions that the network brings along.
    #[error(
        "brings functions of its own (`{name}`); write them out with `onnx.inliner.inline_local_functions`"
    )]
    Function {
        /// The first of them.
        name: String,
    },
    /// More of something than an embedder needs.
    #[error("has {found} {what}, expected at most {most}; export a smaller network")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many there are, at least.
        found: u64,
        /// How many there may be.
        most: u64,
    },
    /// Values of a profile would fill the memory, or never be done.
    #[error("asks for more than {most} {what} for one profile at {node}; export a smaller network")]
    TooLarge {
        /// Numbers, or multiplications.
        what: &'static str,
        /// The operator that asks.
        node: String,
        /// The limit.
        most: u64,
    },
    /// The size of an output depends on values that are known only when the network runs.
    #[error(
        "makes values at {node} whose size cannot be told before it runs; export it with sizes that are constant"
    )]
    Unsized {
        /// The operator.
        node: String,
    },
    /// Shapes do not fit each other, for an open number of profiles.
    #[error(
        "does not fit together at {node}: {cause}; export it again, with an open batch dimension \
         (`dynamic_axes` or `dynamic_shapes` of torch.onnx.export)"
    )]
    Shape {
        /// The operator.
        node: String,
        /// What does not fit.
        cause: String,
    },
    /// It opens, but does not run.
    #[error(
        "cannot be run by {engine} on {rows} profiles: {cause}; export it again, with an open batch dimension"
    )]
    Trial {
        /// Name and version of the engine.
        engine: String,
        /// Profiles of the trial.
        rows: usize,
        /// The engine's reason.
        cause: String,
    },
    /// An embedding changes with the profiles that are embedded beside it.
    #[error(
        "gives a profile another embedding beside other profiles than alone (they differ by {difference:.0e}): export it \
         for use and not for training (`model.eval()`), without sums over the batch"
    )]
    NeighboursMatter {
        /// How far two embeddings of one profile are apart, as a share of their length.
        difference: f64,
    },
}

impl NetworkFault {
    pub(super) fn bounded(what: &'static str, found: usize, most: usize) -> Result<(), Self> {
        if found <= most {
            return Ok(());
        }
        Err(Self::TooMany { what, found: found as u64, most: most as u64 })
    }
}
