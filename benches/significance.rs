//! How much longer an answer takes with p and q, of a calibrated database.
//!
//! `cargo bench -p l1kdb-benches --bench significance -- DB`: DB by `l1kdb build` and `l1kdb calibrate`.

#![expect(clippy::print_stdout, reason = "a benchmark prints")]

use std::time::Instant;

use l1kdb::db::Db;
use l1kdb::question::{Ask, Question};

const ROUNDS: usize = 101;

fn main() {
    let path = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let db = Db::open(path.expect("the path of a database")).expect("a database");
    assert!(!db.calibrations().is_empty(), "the database is not calibrated");
    let ids = db.export().expect("a database").signatures;
    let ids: Vec<String> = ids.into_iter().step_by(ROUNDS).map(|signature| signature.sig_id).collect();
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..2 * ROUNDS {
        let question = Question::Signatures(vec![ids[round / 2 % ids.len()].clone()]);
        let significance = round % 2 == 1;
        let ask = Ask::new(&db).significance(significance);
        let began = Instant::now();
        let hits = ask.drugs(&question).expect("an answer").answers.remove(0).hits;
        times[usize::from(significance)].push(began.elapsed().as_secs_f64() * 1e3);
        assert_eq!(hits[0].further.is_empty(), !significance);
    }
    println!("{} signatures of {} drugs", db.signatures(), db.drugs().expect("a database"));
    for (times, what) in times.iter_mut().zip(["without p and q", "with p and q"]) {
        times.sort_by(f64::total_cmp);
        let at = |share: usize| times[ROUNDS * share / 100];
        println!("{:.2} ms (p10 {:.2}, p90 {:.2}): 20 drugs {what}", at(50), at(10), at(90));
    }
}
