//! The promises of the program, one file each.

// A test that cannot go on fails there; helpers of tests are tests too.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod profile_damage;
mod profile_data;
mod profile_oracle;
mod profile_reader;
mod profile_roundtrip;
mod profile_tables;
