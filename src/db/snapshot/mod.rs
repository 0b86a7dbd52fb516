//! What a reader sees of a database: the manifest, the segments that it names, and which of their drugs are one.
//!
//! | file | responsibility |
//! |---|---|
//! | `manifest` | the text that says which files make a database |
//! | `open` | opening, while others may replace it |
//! | `model_files` | the network's files, open as long as the database is |
//! | `drug_groups` | one drug over several segments |

mod drug_groups;
mod manifest;
mod model_files;
mod open;

pub(in crate::db) use drug_groups::{Groups, merge};
pub(in crate::db) use manifest::{FORMAT, Manifest, SegmentEntry};
pub(in crate::db) use model_files::ModelFiles;
