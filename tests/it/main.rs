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
#[cfg(feature = "cli")]
mod cli_eval_options;
#[cfg(feature = "cli")]
mod cli_eval_rows;
mod cli_explain;
mod cli_names;
#[cfg(feature = "cli")]
mod cli_pipes;
mod cli_questions;
mod connectivity;
mod db_arrays;
mod db_damage;
#[cfg(target_os = "linux")]
mod db_faults;
mod db_filter;
mod db_gene_space;
mod db_queries;
mod db_query;
mod db_replace;
mod db_stored;
mod doubts;
mod drugs;
mod embed_engine;
mod embed_model;
mod embed_network;
mod embed_network_run;
mod embed_support;
mod enrichment;
mod explain;
mod golden;
mod house;
mod hubness;
mod imports;
#[cfg(feature = "cli")]
mod json_schema;
mod keep_genes;
mod learners;
mod needs;
mod onnx_bytes;
mod profile_damage;
mod profile_data;
#[cfg(feature = "cli")]
mod profile_doubts;
mod profile_genes;
mod profile_hdf5;
mod profile_npy;
mod profile_oracle;
mod profile_questions;
mod profile_reader;
mod profile_roundtrip;
mod profile_tables;
#[cfg(feature = "cli")]
mod program;
mod public_names;
mod query_report;
mod query_sets;
mod questions;
mod report_page;
#[cfg(feature = "cli")]
mod same_bytes;
mod scan;
#[cfg(feature = "cli")]
mod significance;
mod simulate;
mod small;
#[cfg(feature = "cli")]
mod snapshots;
mod sources;
mod split;
mod study_profiles;
mod world;
