//! The promises of l1kdb, one file each.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "helpers of tests, which the lints' exemption does not see"
)]

#[cfg(feature = "cli")]
mod cli;
#[cfg(feature = "cli")]
mod cli_eval;
mod db_damage;
mod db_query;
mod embed_engine;
mod embed_model;
mod embed_support;
mod golden;
mod house;
mod profile_damage;
mod profile_data;
#[cfg(feature = "cli")]
mod profile_doubts;
mod profile_genes;
mod profile_hdf5;
mod profile_npy;
mod profile_oracle;
mod profile_reader;
mod profile_roundtrip;
mod profile_tables;
#[cfg(feature = "cli")]
mod program;
mod report_page;
mod simulate;
mod split;
mod world;
