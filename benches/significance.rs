//! How much longer an answer takes with p and q, and with classes of drugs, of a calibrated database.
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
    let mut times = [Vec::new(), Vec::new(), Vec::new()];
    let mut classes = 0;
    // What is known of drugs is read once for all questions.
    let all = Ask::new(&db).top(usize::MAX);
    for round in 0..ROUNDS {
        let question = Question::Signatures(vec![ids[round % ids.len()].clone()]);
        for (which, times) in times.iter_mut().enumerate() {
            let ask = all.clone().top(20).significance(which > 0);
            let began = Instant::now();
            if which < 2 {
                let hits = ask.drugs(&question).expect("an answer").answers.remove(0).hits;
                assert_eq!(hits[0].further.is_empty(), which == 0);
            } else {
                classes = all.classes(&question).expect("an answer").answers.remove(0).hits.len();
            }
            times.push(began.elapsed().as_secs_f64() * 1e3);
        }
    }
    println!("{} signatures of {} drugs", db.signatures(), db.drugs().expect("a database"));
    let what = ["20 drugs without p and q", "20 drugs with p and q", &format!("{classes} classes")];
    for (times, what) in times.iter_mut().zip(what) {
        times.sort_by(f64::total_cmp);
        let at = |share: usize| times[ROUNDS * share / 100];
        println!("{:.2} ms (p10 {:.2}, p90 {:.2}): {what}", at(50), at(10), at(90));
    }
}
