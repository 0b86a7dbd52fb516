//! Studies read from a database, from a model and files, or from embeddings and labels.
//!
//! | file | responsibility |
//! |---|---|
//! | `tables` | which tables describe the rows |
//! | `database`, `model`, `embeddings` | [`Study::of_database`], [`Study::of_model`], [`Study::of_profiles`], [`Study::of_embeddings`] |
//! | `described` | rows joined with what tables tell of them |
//! | `embedding_file`, `label_file` | files that another program made |
//! | `note` | what a reader of the data is told beside the figures |

mod database;
mod described;
mod embedding_file;
mod embeddings;
mod label_file;
mod model;
mod note;
mod tables;

pub use note::Note;
pub use tables::Tables;
