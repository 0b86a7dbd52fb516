//! How long [`Db::open`] takes, and whether that depends on the number of rows.
//!
//! `cargo bench -p l1kdb-benches --bench open -- SMALL.l1kdb LARGE.l1kdb`, databases as `benches/programs.py` leaves them.

#![expect(clippy::print_stdout, reason = "a benchmark prints")]

use std::time::Instant;

use l1kdb::db::Db;

const ROUNDS: usize = 201;

fn main() {
    let paths: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let mut times = vec![Vec::new(); paths.len()];
    let mut rows = vec![0; paths.len()];
    // Turn by turn, so that whatever else the machine does meets all of them.
    for _ in 0..ROUNDS {
        for (i, path) in paths.iter().enumerate() {
            let began = Instant::now();
            let db = Db::open(path).expect("a database");
            times[i].push(began.elapsed());
            rows[i] = db.signatures();
        }
    }
    for (i, path) in paths.iter().enumerate() {
        times[i].sort_unstable();
        let at = |share: usize| times[i][ROUNDS * share / 100].as_secs_f64() * 1e6;
        println!("{path}: {} rows, open {:.0} us (p10 {:.0}, p90 {:.0})", rows[i], at(50), at(10), at(90));
    }
}
