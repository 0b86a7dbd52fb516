//! How long a filter of five clauses takes over a million signatures.
//!
//! `cargo bench -p l1kdb-benches --features built-in --bench filter [-- ROWS]` builds a database of invented metadata and noise.

#![expect(clippy::print_stdout, reason = "a benchmark prints")]

use std::time::Instant;

use l1kdb::annotate::{AtcCode, DrugAtc};
use l1kdb::db::{BuildOptions, Db, Filter, Graph, ProfileBlocks, Source, build_from};
use l1kdb::embed::{EngineOptions, Model};
use l1kdb::profile::{GENES, ProfileMatrix, Quantity, Signature, SignatureTable};
use l1kdb::progress::Quiet;

const ROWS: usize = 1_000_000;
const DRUGS: usize = 30_000;
const BLOCK: usize = 8192;
const ROUNDS: usize = 101;

/// Of each kind of clause one.
const CLAUSES: [&str; 5] = [
    "cell_id in (CELL1, CELL2, \"CELL, clone 3\")",
    "pert_time >= 24",
    "pert_dose < 20",
    "not atc ^= L",
    "n_signatures >= 3",
];

fn main() {
    let rows = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(ROWS);
    let home = tempfile::tempdir().expect("a temporary folder");
    let path = home.path().join("filter.l1kdb");
    let options = BuildOptions::default().graph(Graph::Never).keep_profiles(false);
    let model = Model::shipped(&EngineOptions::default()).expect("the shipped network");
    build_from(&path, source(rows), &options, &model, &Quiet).expect("a database");
    let db = Db::open(&path).expect("a database");
    let whole = CLAUSES.join(" and ");
    let first = time(&db, &whole);
    println!("{rows} rows; the first filter, which decodes the values: {first:.2} ms");
    for text in CLAUSES.iter().map(|clause| (*clause).to_owned()).chain([whole]) {
        let mut times: Vec<f64> = (0..ROUNDS).map(|_| time(&db, &text)).collect();
        times.sort_by(f64::total_cmp);
        let at = |share: usize| times[ROUNDS * share / 100];
        println!("{:.2} ms (p10 {:.2}, p90 {:.2}): {text}", at(50), at(10), at(90));
    }
}

/// Milliseconds to read a filter and find its rows.
fn time(db: &Db, text: &str) -> f64 {
    let began = Instant::now();
    let steps =
        Filter::parse(text).ok().map(|filter| db.filter_steps(&filter).expect("known keys and values"));
    assert!(steps.is_some_and(|steps| steps.rows() > 0), "{text}");
    began.elapsed().as_secs_f64() * 1e3
}

fn source(rows: usize) -> Source<ProfileBlocks<'static>> {
    let ids: Vec<String> = (0..rows).map(|row| format!("S{row}")).collect();
    let signatures = ids.iter().enumerate().map(|(row, id)| signature(row, id)).collect();
    let table = SignatureTable::new(signatures).expect("ids are unique");
    let mut atc = DrugAtc::default();
    for drug in (0..DRUGS).step_by(4) {
        let group = ["L01XX", "N05AA", "C10AA", "J01DB"][drug / 4 % 4];
        let code = format!("{group}{:02}", drug % 99 + 1).parse::<AtcCode>().expect("a code");
        atc.insert(&format!("drug{drug}"), "", code);
    }
    let mut seed = 1u32;
    let mut noise = move || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) as f32 / (1 << 23) as f32 - 1.0
    };
    let blocks: Vec<Vec<String>> = ids.chunks(BLOCK).map(<[String]>::to_vec).collect();
    let blocks = blocks.into_iter().map(move |ids| {
        let values = (0..ids.len() * GENES).map(|_| noise()).collect();
        ProfileMatrix::new(ids, values)
    });
    Source::new(ProfileBlocks::new(ids, blocks), table).atc(atc)
}

/// Metadata in the proportions of LINCS: few cell lines, doses and times, many drugs, some with very many signatures.
fn signature(row: usize, id: &str) -> Signature {
    let mixed = row.wrapping_mul(2_654_435_761) >> 7;
    let drug = if mixed.is_multiple_of(3) { mixed / 3 % 50 } else { mixed / 3 % DRUGS };
    let quantity = |text: &str| text.parse::<Quantity>().ok();
    Signature {
        sig_id: id.to_owned(),
        pert_id: Some(format!("BRD-{drug}")),
        name: Some(format!("drug{drug}")),
        pert_type: Some("trt_cp".to_owned()),
        cell_id: Some(match mixed / 7 % 80 {
            3 => "CELL, clone 3".to_owned(),
            cell => format!("CELL{cell}"),
        }),
        dose: quantity(&format!("{} uM", [0.04, 0.12, 0.37, 1.11, 3.33, 10.0, 20.0, 80.0][mixed / 11 % 8])),
        time: quantity(["6 h", "24 h", "48 h"][mixed / 13 % 3]),
        ..Signature::default()
    }
}
