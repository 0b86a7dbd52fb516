//! The promises of l1kdb, one file each.
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it skipped"
)]

mod embed_engine;
mod embed_model;
mod embed_support;
mod profile_data;
mod simulate;
