//! An answer with all that helps to read it: p-values, classes, genes, signatures by cell line and dose, a map, doubts.
//!
//! | file | responsibility |
//! |---|---|
//! | `gather` | asking for all of it |
//! | `curve` | scores by rank, and what reference queries have |
//! | `strip` | signatures of a hit by cell line and dose |
//! | `places` | the drugs of a database in two dimensions |

mod curve;
mod gather;
mod places;
mod strip;

pub use curve::RankCurve;
pub use gather::{Overview, Overviews};
pub use places::{DrugPlaces, PlacedDrug};
pub use strip::{Strip, StripCell};
