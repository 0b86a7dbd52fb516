//! Why is this hit in the answer: which genes carry its agreement with the query?
//!
//! | file | responsibility |
//! |---|---|
//! | `pairs` | queries and hits, pair by pair |
//! | `with` | what of a query its score is explained with |
//! | `how` | the explanation that goes with a score |
//! | `explained` | the result |

mod explained;
mod how;
mod pairs;
mod with;

pub use explained::{Explained, ExplainedHit};
