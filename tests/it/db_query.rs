//! What a database answers.

use l1kdb::db::{Db, DbError, DrugHit, DrugScore, Filter, Graph, Search};
use l1kdb::profile::SignatureTable;

use crate::world::{SIGNATURES, world};

/// Cosine of two unit vectors, in double precision.
fn cosine(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
}

#[test]
fn signatures_come_in_the_order_of_an_exhaustive_comparison() {
    let (world, query) = (world(), world().embedding(5));
    let mut expected: Vec<(f64, &String)> = (0..SIGNATURES)
        .map(|row| (cosine(&query, &world.embedding(row)), &world.profiles.ids()[row]))
        .collect();
    expected.sort_by(|a, b| b.0.total_cmp(&a.0));
    let hits = world.open().query(&query).top(25).signatures().unwrap();
    assert_eq!(hits.len(), 25);
    for (hit, (similarity, id)) in hits.iter().zip(expected) {
        assert_eq!(&hit.signature.sig_id, id);
        assert!((f64::from(hit.similarity) - similarity).abs() < 1e-5);
    }
    assert_eq!(hits[0].signature.sig_id, world.profiles.ids()[5]);
}

#[test]
fn a_drugs_score_is_the_mean_of_the_best_quarter_of_its_signatures() {
    let (world, query) = (world(), world().embedding(11));
    let db = world.open();
    let all = db.query(&query).top(SIGNATURES).signatures().unwrap();
    for hit in db.query(&query).top(1000).run().unwrap() {
        let of_drug: Vec<f32> =
            all.iter().filter(|signature| signature.drug.name == hit.drug).map(|s| s.similarity).collect();
        let quarter = of_drug.len().div_ceil(4);
        let mean = of_drug[..quarter].iter().map(|s| f64::from(*s)).sum::<f64>() / quarter as f64;
        assert_eq!(hit.n_signatures, of_drug.len());
        assert_eq!(hit.best_similarity, of_drug[0]);
        assert!((f64::from(hit.score) - mean).abs() < 1e-6, "{}", hit.drug);
    }
}

#[test]
fn several_segments_answer_as_one() {
    let world = world();
    let path = world.home.path().join("segments.l1kdb");
    world.build(&path, |options| options.rows_per_segment(70));
    let (one, many) = (world.open(), Db::open(&path).unwrap());
    assert_eq!(many.info().unwrap().segments.len(), SIGNATURES.div_ceil(70));
    assert_eq!(one.drugs().unwrap(), many.drugs().unwrap());
    for row in [0, 99, 299] {
        let query = world.embedding(row);
        let id = &world.profiles.ids()[row];
        let ask = |db: &Db| {
            db.query(&query).top(15).without(id).filter(Filter::any_of("pert_time", ["24"])).run().unwrap()
        };
        assert_eq!(ask(&one), ask(&many));
        assert_eq!(one.query(&query).signatures().unwrap(), many.query(&query).signatures().unwrap());
    }
}

#[test]
fn the_graph_finds_what_the_scan_finds() {
    let world = world();
    let path = world.home.path().join("graph.l1kdb");
    let report = world.build(&path, |options| options.graph(Graph::Always));
    assert_eq!(report.audits[0].reachable as usize, SIGNATURES);
    let db = Db::open(&path).unwrap();
    for row in [3, 140, 250] {
        let query = world.embedding(row);
        let ask = |search| db.query(&query).top(10).search(search).run().unwrap();
        assert_eq!(ask(Search::Ann), ask(Search::Exact));
        let ask = |search| {
            db.query(&query)
                .top(10)
                .search(search)
                .filter(Filter::any_of("cell_id", ["CELL01"]))
                .signatures()
                .unwrap()
        };
        assert_eq!(ask(Search::Ann), ask(Search::Exact));
    }
}

#[test]
fn a_database_without_a_graph_says_so() {
    let query = world().embedding(0);
    let asked = world().open().query(&query).search(Search::Ann).run().map(|hits: Vec<DrugHit>| hits.len());
    assert!(matches!(asked, Err(DbError::NoGraph { .. })));
}

#[test]
fn filters_keep_exactly_the_rows_that_match() {
    let world = world();
    let table = SignatureTable::read(&world.files.sig_info).unwrap();
    let expected = table.rows().iter().filter(|row| {
        row.cell_id.as_deref() == Some("CELL02")
            && row.time.as_ref().is_some_and(|time| time.to_string() == "6 h")
    });
    let mut expected: Vec<&str> = expected.map(|row| row.sig_id.as_str()).collect();
    expected.sort_unstable();
    let query = world.embedding(1);
    let hits = world
        .open()
        .query(&query)
        .top(SIGNATURES)
        .filter(Filter::any_of("cell_id", ["cell02"]))
        .filter(Filter::any_of("pert_time", ["6 h"]))
        .signatures();
    let hits = hits.unwrap();
    let mut found: Vec<&str> = hits.iter().map(|hit| hit.signature.sig_id.as_str()).collect();
    found.sort_unstable();
    assert!(!expected.is_empty());
    assert_eq!(found, expected);
}

#[test]
fn an_atc_class_holds_for_every_code_below_it() {
    let world = world();
    let db = world.open();
    let query = world.embedding(2);
    let all = db.query(&query).top(1000).run().unwrap();
    let letter = all.iter().flat_map(|hit| &hit.atc).next().unwrap()[..1].to_owned();
    let expected = all.iter().filter(|hit| hit.atc.iter().any(|code| code.starts_with(&letter))).count();
    assert_eq!(
        db.query(&query).top(1000).filter(Filter::any_of("atc", [letter])).run().unwrap().len(),
        expected
    );
}

#[test]
fn an_unknown_key_lists_the_keys_and_an_unknown_value_its_neighbours() {
    let query = world().embedding(0);
    let db = world().open();
    match db.query(&query).filter(Filter::any_of("cell", ["CELL01"])).run() {
        Err(DbError::UnknownFilterKey { known, .. }) => {
            assert!(known.contains(&"cell_id".to_owned()) && known.contains(&"atc".to_owned()));
        }
        other => panic!("{other:?}"),
    }
    match db.query(&query).filter(Filter::any_of("cell_id", ["CELL01", "CELLO2"])).run() {
        Err(DbError::UnknownFilterValue { near, .. }) => {
            assert!(near.contains(&"CELL02".into()));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn leaving_out_the_query_leaves_out_nothing_else() {
    let world = world();
    let (db, query, id) = (world.open(), world.embedding(42), &world.profiles.ids()[42]);
    let with = db.query(&query).top(30).signatures().unwrap();
    let without = db.query(&query).top(29).without(id).signatures().unwrap();
    assert_eq!(&with[0].signature.sig_id, id);
    let ids = |hits: &[l1kdb::db::SignatureHit]| -> Vec<String> {
        hits.iter().map(|hit| hit.signature.sig_id.clone()).collect()
    };
    assert_eq!(ids(&with)[1..], ids(&without));
}

#[test]
fn the_number_of_hits_is_what_was_asked_or_all_there_is() {
    let (db, query) = (world().open(), world().embedding(0));
    let drugs = db.drugs().unwrap();
    for (top, expected) in [(0, 0), (1, 1), (drugs, drugs), (drugs + 5, drugs)] {
        assert_eq!(db.query(&query).top(top).run().unwrap().len(), expected);
    }
    for score in [DrugScore::Max, DrugScore::Mean, DrugScore::MaxQuantile] {
        assert_eq!(db.query(&query).top(3).score(score).run().unwrap().len(), 3);
    }
}

#[test]
fn an_embedding_of_another_length_is_refused() {
    let asked = world().open().query(&[1.0, 0.0]).run().map(|_| ());
    assert!(matches!(asked, Err(DbError::Dimension { expected: 978, found: 2 })));
}

#[test]
fn the_stored_profile_is_the_profile_rounded_to_half_precision() {
    let world = world();
    let stored = world.open().profile(&world.profiles.ids()[8]).unwrap().unwrap();
    for (stored, read) in stored.iter().zip(world.profiles.profile(8)) {
        assert!((stored - read).abs() <= read.abs() / 1024.0 + 1e-6);
    }
    assert_eq!(world.open().profile("nobody").unwrap(), None);
}
