//! Chemistry of drugs: SMILES, and the scaffold of a molecule.
//!
//! | file | responsibility |
//! |---|---|
//! | `smiles` | reads SMILES into atoms and bonds |
//! | `molecule_graph` | the graph of a molecule, and which of its bonds are in rings |
//! | `scaffold` | the scaffold after Bemis and Murcko, as a key that can be compared |
//! | `error` | why a text is no SMILES |

mod error;
mod molecule_graph;
mod scaffold;
mod smiles;

pub use error::{SmilesError, SmilesFault};
pub use scaffold::scaffold;
