//! CMap's chain: connectivity, normalised by cell line, false discovery rates, tau and summaries by drug (Subramanian et al. 2017).
//!
//! | file | responsibility |
//! |---|---|
//! | `ground` | the signatures of a database as the chain sees them: groups, references, null signatures |
//! | `normalise` | normalised scores of signatures, and of drugs |
//! | `basis` | what is read once; the rows that may be hits of some queries |
//! | `chain` | the chain of one query |
//! | `references` | scores of reference queries, for tau |
//! | `options`, `columns` | what it compares with; its columns |
//! | `hits` | the best of a chain as hits |

mod basis;
mod chain;
mod columns;
mod ground;
mod hits;
mod normalise;
mod options;
mod references;

pub(super) use basis::Basis;
pub(super) use chain::Chain;
pub(super) use columns::columns;
pub(super) use ground::has_null;
pub(super) use hits::Connected;
pub use options::CmapChain;
