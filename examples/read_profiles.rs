//! Reads the landmark profiles of a file, block by block, and says what it took.
//!
//! usage: `cargo run --release --no-default-features --example read_profiles FILE [SIGNATURES]`, where SIGNATURES is
//! how many to pick from all over the file instead of reading it whole
#![allow(clippy::print_stdout)]

use std::error::Error;
use std::time::Instant;

use l1kdb::profile::{ProfileReader, ReadOptions};
use l1kdb::progress::Quiet;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("expected the path of a GCT, GCTX, CSV or TSV file")?;
    let start = Instant::now();
    let mut reader = ProfileReader::open(path, &ReadOptions::default())?;
    println!("opened in {:.3} s", start.elapsed().as_secs_f64());
    if let Some(count) = arguments.next() {
        let (count, all): (usize, usize) = (count.parse()?, reader.ids().len());
        let chosen: Vec<usize> = (0..count.min(all)).map(|i| i * 7919 % all).collect();
        reader.select(&chosen)?;
    }
    let (profiles, report) = reader.read_all(&Quiet)?;
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{}: {} profiles, {} genes by {}",
        report.format,
        profiles.len(),
        report.genes_found,
        report.matched_by
    );
    report.notes().iter().for_each(|note| println!("note: {note}"));
    println!("{seconds:.2} s, peak memory {}", peak_memory().as_deref().unwrap_or("unknown"));
    Ok(())
}

/// The largest resident set so far, where the system tells (Linux).
fn peak_memory() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().to_owned())
}
