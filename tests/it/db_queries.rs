//! Many queries at once get the answers that each gets alone, and drugs that are not scored are none that would come in.

use std::collections::BTreeMap;

use l1kdb::db::{Db, DbError, DrugScore, Filter, Graph, Queries, Query, Search};

use crate::world::{SIGNATURES, world};

const SCORES: [DrugScore; 4] =
    [DrugScore::BestQuarter, DrugScore::Max, DrugScore::Mean, DrugScore::MaxQuantile];

/// Databases of the world's signatures, of one and of several segments, with graphs and without.
fn databases(test: &str) -> Vec<Db> {
    let world = world();
    let mut databases = vec![world.open()];
    for (name, rows, graph) in [("parts", 70, Graph::Never), ("graphs", 110, Graph::Always)] {
        let path = world.home.path().join(format!("{test}-{name}.l1kdb"));
        world.build(&path, |options| options.rows_per_segment(rows).graph(graph));
        databases.push(Db::open(&path).unwrap());
    }
    databases
}

#[test]
fn many_queries_get_what_each_gets_alone() {
    let world = world();
    let rows = [5, 299, 17, 17, 0, 42, 120];
    let (ids, one): (Vec<_>, Vec<_>) =
        rows.iter().map(|&row| (world.profiles.ids()[row].clone(), world.embedding(row))).unzip();
    let all = one.concat();
    for (number, db) in databases("many").iter().enumerate() {
        for (score, top) in SCORES.into_iter().zip([4, 1, 30, 0]) {
            for search in [Search::Exact, Search::Ann].into_iter().take(1 + number / 2) {
                let alone = |query: usize| db.query(&one[query]).top(top).score(score).search(search);
                let many = || db.queries(&all).top(top).score(score).search(search);
                compare(&many(), alone, rows.len());
                let filtered = |query: usize| {
                    alone(query).filter(Filter::any_of("cell_id", ["CELL01", "CELL03"])).without(&ids[query])
                };
                compare(
                    &many().filter(Filter::any_of("cell_id", ["CELL01", "CELL03"])).without(&ids),
                    filtered,
                    rows.len(),
                );
            }
        }
    }
}

fn compare<'a>(many: &Queries<'a>, alone: impl Fn(usize) -> Query<'a>, queries: usize) {
    let (drugs, signatures) = (many.run().unwrap(), many.signatures().unwrap());
    assert_eq!((drugs.len(), signatures.len()), (queries, queries));
    for query in 0..queries {
        assert_eq!(drugs[query], alone(query).run().unwrap(), "{many:?}");
        assert_eq!(signatures[query], alone(query).signatures().unwrap(), "{many:?}");
    }
}

/// By the similarities of all signatures, drug by drug.
#[test]
fn drugs_are_ranked_as_if_all_were_scored() {
    let world = world();
    for db in databases("ranked") {
        for row in [3, 77, 290] {
            let (query, id) = (world.embedding(row), &world.profiles.ids()[row]);
            let asked = || db.query(&query).without(id).filter(Filter::any_of("pert_time", ["24 h"]));
            let mut of_drugs: BTreeMap<String, Vec<f32>> = BTreeMap::new();
            for hit in asked().top(SIGNATURES).signatures().unwrap() {
                of_drugs.entry(hit.drug.name).or_default().push(hit.similarity);
            }
            for score in SCORES {
                let scored = of_drugs.iter().map(|(drug, of)| (score.of(&mut of.clone()).unwrap(), drug, of));
                let mut expected: Vec<_> = scored.collect();
                expected.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
                for top in [1, 2, 7, 20, of_drugs.len()] {
                    let found = asked().top(top).score(score).run().unwrap();
                    assert_eq!(found.len(), top.min(expected.len()));
                    for (hit, (score, drug, of)) in found.iter().zip(&expected) {
                        assert_eq!((hit.score, &hit.drug, hit.n_signatures), (*score, *drug, of.len()));
                        assert_eq!(hit.best_similarity, of[0]);
                    }
                }
            }
        }
    }
}

#[test]
fn queries_have_whole_embeddings_and_an_id_each_or_none() {
    let (db, one) = (world().open(), world().embedding(0));
    assert!(db.queries(&[]).run().unwrap().is_empty());
    assert!(db.queries(&[]).signatures().unwrap().is_empty());
    let halves = db.queries(&one[..500]).run();
    assert!(matches!(halves, Err(DbError::Dimension { expected: 978, found: 500 })));
    let two = [&one[..], &one].concat();
    let error = db.queries(&two).without(["one"]).signatures().unwrap_err();
    assert!(matches!(error, DbError::Without { expected: 2, found: 1 }));
    assert_eq!(
        error.to_string(),
        "1 ids to leave out of the answers to 2 queries; give one id for each query, or none"
    );
    assert!(matches!(db.query(&two).run(), Err(DbError::Dimension { expected: 978, found: 1956 })));
    assert!(matches!(db.query(&[]).run(), Err(DbError::Dimension { expected: 978, found: 0 })));
}
