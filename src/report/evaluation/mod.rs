//! Evaluations for people and for programs.

mod provenance;

pub use provenance::{FileNote, Provenance};
