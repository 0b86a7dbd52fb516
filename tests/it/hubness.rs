//! Answers without hubs: twice the similarity less what a signature has to its own neighbours, with p-values of their own.

use std::fs;
use std::path::{Path, PathBuf};

use l1kdb::db::{CalibrationOf, Db, DrugScore, Filter, Hubness};
use l1kdb::embed::Model;
use l1kdb::progress::Quiet;
use l1kdb::question::{Ask, Calibrate, Question, QuestionError, ScoreBy};

use crate::program::{l1kdb, out, text};
use crate::world::world;

fn calibrated(home: &Path) -> PathBuf {
    let path = home.join("own.l1kdb");
    world().build(&path, |options| options);
    Calibrate::new(&Db::open(&path).unwrap()).hubness(Hubness::Csls).of_database(&Quiet).unwrap();
    path
}

fn signature(row: usize) -> Question {
    Question::Signatures(vec![world().profiles.ids()[row].clone()])
}

/// Cosines of all signatures, computed anew.
fn cosines() -> Vec<Vec<f64>> {
    let embeddings = Model::identity().embed(&world().profiles).unwrap();
    let dot = |a: usize, b: usize| -> f64 {
        embeddings.row(a).iter().zip(embeddings.row(b)).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum()
    };
    (0..embeddings.len()).map(|a| (0..embeddings.len()).map(|b| dot(a, b)).collect()).collect()
}

/// The mean cosine of each signature to its ten nearest others.
fn nearness(cosines: &[Vec<f64>]) -> Vec<f64> {
    let of = |(row, values): (usize, &Vec<f64>)| {
        let mut others: Vec<f64> =
            values.iter().enumerate().filter(|(other, _)| *other != row).map(|(_, value)| *value).collect();
        others.sort_by(|a, b| b.total_cmp(a));
        others[..10].iter().sum::<f64>() / 10.0
    };
    cosines.iter().enumerate().map(of).collect()
}

#[test]
fn scores_are_twice_the_cosine_less_that_to_the_nearest_ten() {
    let home = tempfile::tempdir().unwrap();
    let db = Db::open(calibrated(home.path())).unwrap();
    let cosines = cosines();
    let near = nearness(&cosines);
    let ids = world().profiles.ids();
    let ask = Ask::new(&db).hubness(Hubness::Csls).top(1000);
    for query in [3, 150] {
        let expected = |other: usize| 2.0 * cosines[query][other] - near[other];
        let hits = ask.signatures(&signature(query)).unwrap().whole().unwrap().remove(0).hits;
        assert_eq!(hits.len(), ids.len() - 1);
        for hit in &hits {
            let other = ids.iter().position(|id| *id == hit.signature.sig_id).unwrap();
            assert!((f64::from(hit.similarity) - expected(other)).abs() < 1e-4);
        }
        assert!(hits.is_sorted_by(|a, b| a.similarity >= b.similarity));
        for by in [DrugScore::BestQuarter, DrugScore::Max, DrugScore::Mean] {
            let drugs =
                ask.clone().score(by).drugs(&signature(query)).unwrap().whole().unwrap().remove(0).hits;
            for drug in drugs.iter().step_by(7) {
                let mut of_drug: Vec<f32> =
                    hits.iter().filter(|hit| hit.drug.name == drug.drug).map(|hit| hit.similarity).collect();
                assert_eq!(of_drug.len(), drug.n_signatures);
                assert!((by.of(&mut of_drug).unwrap() - drug.score).abs() < 1e-5);
            }
            let few = ask.clone().score(by).top(5).significance(false).drugs(&signature(query)).unwrap();
            let names =
                |hits: &[l1kdb::db::DrugHit]| hits.iter().map(|hit| hit.drug.clone()).collect::<Vec<_>>();
            assert_eq!(
                names(&few.answers[0].hits),
                names(&drugs[..5]),
                "the best are found without looking at all"
            );
        }
    }
}

#[test]
fn they_have_p_values_of_their_own() {
    let home = tempfile::tempdir().unwrap();
    let path = calibrated(home.path());
    let db = Db::open(&path).unwrap();
    let ask = Ask::new(&db).hubness(Hubness::Csls);
    assert_eq!(ask.further_of_drugs(CalibrationOf::Profiles).unwrap(), ["p", "q"]);
    let plain = Ask::new(&db).drugs(&signature(3)).unwrap();
    assert!(plain.notes[0].contains("left out"), "{:?}", plain.notes);
    for ask in [ask.clone(), ask.clone().filter(Filter::any_of("pert_time", ["24 h"]))] {
        let Ok(found) = ask.drugs(&signature(3)) else { continue };
        assert!(found.notes[0].contains("p is the share of"), "{:?}", found.notes);
        let p: Vec<Option<f64>> = found.answers[0].hits.iter().map(|hit| hit.further[0].value).collect();
        assert!(p.iter().all(|p| p.is_some_and(|p| p > 0.0 && p <= 1.0)), "{p:?}");
    }
    // Both kinds stand beside each other.
    Calibrate::new(&db).of_database(&Quiet).unwrap();
    let db = Db::open(&path).unwrap();
    assert_eq!(db.calibrations().len(), 2);
    assert!(Ask::new(&db).drugs(&signature(3)).unwrap().notes[0].contains("p is the share of"));
}

#[test]
fn the_program_calibrates_and_asks_without_hubs() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("own.l1kdb");
    world().build(&path, |options| options);
    let (db, id) = (text(&path), world().profiles.ids()[3].as_str());
    let query = ["query", db, "--sig", id, "--hubness", "csls"];
    let refused = l1kdb(home.path(), &query);
    let stderr = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr.contains("l1kdb calibrate --hubness csls"), "{stderr}");
    let made = out(&l1kdb(home.path(), &["calibrate", db, "--hubness", "csls"]));
    assert!(made.contains("without hubs"), "{made}");
    let table = out(&l1kdb(home.path(), &query));
    assert!(table.lines().next().unwrap().contains("without hubs: twice the cosine"), "{table}");
    assert!(out(&l1kdb(home.path(), &["info", db])).contains("without hubs"));
    assert!(out(&l1kdb(home.path(), &["verify", db])).contains("is whole"));
    let cosine = l1kdb(home.path(), &[&query[..], &["--score-by", "cosine"]].concat());
    let stderr = String::from_utf8_lossy(&cosine.stderr).into_owned();
    assert!(stderr.contains("by embedding only") && stderr.contains("--hubness none"), "{stderr}");
}

#[test]
fn only_embeddings_are_asked_without_hubs_and_damage_is_told() {
    let home = tempfile::tempdir().unwrap();
    let path = calibrated(home.path());
    let db = Db::open(&path).unwrap();
    let without = || Ask::new(&db).hubness(Hubness::Csls);
    for ask in [without().score_by(ScoreBy::Pearson), without().reverse()] {
        let refused = ask.drugs(&signature(3)).unwrap_err();
        assert!(matches!(refused, QuestionError::OnlyOfEmbeddings), "{refused}");
    }
    let plain = world().open();
    let refused = Ask::new(&plain).hubness(Hubness::Csls).drugs(&signature(3)).unwrap_err();
    assert!(matches!(refused, QuestionError::NoNearness), "{refused}");
    // A calibration that was cut short.
    let file = path.join("calibration-000001.l1k");
    let bytes = fs::read(&file).unwrap();
    fs::write(&file, &bytes[..bytes.len() - 600]).unwrap();
    let damaged = Db::open(&path).unwrap();
    let refused = Ask::new(&damaged).hubness(Hubness::Csls).drugs(&signature(3)).unwrap_err();
    assert!(refused.to_string().contains("calibration-000001.l1k"), "{refused}");
}
