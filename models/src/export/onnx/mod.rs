//! A trained network as an ONNX file.
//!
//! | file | what |
//! |---|---|
//! | `messages.rs` | the protobuf messages of ONNX, as far as they are needed here |
//! | `graph.rs` | nodes and constants, one after another |
//! | `export.rs` | the network as a graph, in one product or layer by layer |

mod export;
mod graph;
mod messages;

pub use export::{Form, export};
