//! The promises of l1kdb, one file each.

mod embed_engine;
mod embed_model;
mod embed_support;
mod profile_damage;
mod profile_data;
mod profile_oracle;
mod profile_reader;
mod profile_roundtrip;
mod profile_tables;
mod simulate;
