//! From files to profiles.
mod error;
mod genes;
mod matrix;
pub use error::*;
pub use genes::*;
pub use matrix::ProfileMatrix;
