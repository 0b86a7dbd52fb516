//! From a trained network to a model folder.
//!
//! | file | what |
//! |---|---|
//! | `onnx/` | the network as an ONNX file |
//! | `parity.rs` | its check against the trained one |
//! | `card.rs` | what it was made from, how, and how well it does |

pub mod card;
pub mod onnx;
pub mod parity;
