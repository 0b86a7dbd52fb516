//! What a network may do, told from its bytes before any engine sees them.
//!
//! A network comes with a database or a model folder, and so from whoever made that. It is a program; what runs it is a
//! large library. So it is walked through first: every operator is one of a list that goes forward only, the shape of
//! every value is told for some profiles at once, and whatever would read another file, loop, or fill the memory is
//! refused by name. What is told of the shapes also bounds how many profiles are run at once.
//!
//! | file | responsibility |
//! |---|---|
//! | `wire` | protocol buffers |
//! | `messages`, `tensor` | the messages of ONNX, and what no network may hold |
//! | `value` | what is known of a value before the network runs |
//! | `walk` | node after node, with limits |
//! | `given` | a node with what is known of its inputs |
//! | `operators` | the operators that are run, by kind |
//! | `layers`, `sizes`, `integers` | the shapes that they give |
//! | `fault` | why a network is refused |

mod fault;
mod given;
mod integers;
mod layers;
mod messages;
mod operators;
mod sizes;
mod tensor;
mod value;
mod walk;
mod wire;

pub use fault::NetworkFault;
#[cfg(feature = "built-in")]
pub(super) use messages::{End, MAX_INTEGERS};
pub(super) use wire::{Field, Message, put};

/// Numbers that the values of a run may have in all: 1 GiB of f32.
const MAX_NUMBERS: u64 = 1 << 28;
/// Multiplications of a run: some seconds.
const MAX_PRODUCTS: u64 = 1 << 35;
/// Profiles that may be run at once: the first of these that the limits allow.
const BATCHES: [u64; 5] = [8192, 512, 64, 8, 1];

/// Looks through the bytes of a `model.onnx`, and returns how many profiles may be run at once.
///
/// # Errors
/// A [`NetworkFault`] that names what is not run.
pub(super) fn inspect(onnx: &[u8]) -> Result<usize, NetworkFault> {
    let graph = messages::graph(onnx)?;
    let mut refused = NetworkFault::NotOnnx { cause: "its graph has no output".to_owned() };
    for batch in BATCHES {
        match walk::walk(&graph, batch) {
            Ok(_) => return Ok(batch as usize),
            Err(fault @ NetworkFault::TooLarge { .. }) => refused = fault,
            Err(fault) => return Err(fault),
        }
    }
    Err(refused)
}

/// Inputs and outputs of a network that was [looked through](inspect). Where an output leaves open how wide a row is, it
/// is told from what comes before.
#[cfg(feature = "built-in")]
pub(super) fn ends(onnx: &[u8]) -> Result<(Vec<End<'_>>, Vec<End<'_>>), NetworkFault> {
    let mut graph = messages::graph(onnx)?;
    let shapes = walk::walk(&graph, 1)?;
    for (end, value) in graph.outputs.iter_mut().zip(shapes) {
        for (declared, told) in end.dims.iter_mut().zip(&value.dims).skip(1) {
            declared.get_or_insert(*told);
        }
    }
    Ok((graph.inputs, graph.outputs))
}
