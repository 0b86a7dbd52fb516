//! P-values of drugs: against reference queries of other drugs, kept in the database, and never wrong in silence.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use l1kdb::db::{CalibrationKey, CalibrationOf, Db, DbError, DrugHit, DrugScore, Filter};
use l1kdb::embed::EngineOptions;
use l1kdb::enrichment::ClassKind;
use l1kdb::profile::Universe;
use l1kdb::progress::Quiet;
use l1kdb::question::{Ask, Calibrate, Combine, QueryProfiles, Question, QuestionError, ScoreBy};
use l1kdb::stats::{benjamini_hochberg, standardise};

use crate::program::{l1kdb, out, text};
use crate::world::world;

const CALIBRATION: &str = "calibration-000001.l1k";

/// A database of the world in a folder of its own, to be calibrated.
fn built(home: &Path) -> PathBuf {
    let path = home.join("own.l1kdb");
    world().build(&path, |options| options);
    path
}

fn calibrated(home: &Path) -> PathBuf {
    let path = built(home);
    Calibrate::new(&Db::open(&path).unwrap()).of_database(&Quiet).unwrap();
    path
}

fn signature(row: usize) -> Question {
    Question::Signatures(vec![world().profiles.ids()[row].clone()])
}

fn drugs(ask: &Ask<'_>, question: &Question) -> (Vec<DrugHit>, Vec<String>) {
    let mut found = ask.drugs(question).unwrap();
    (found.answers.remove(0).hits, found.notes)
}

fn column(hit: &DrugHit, name: &str) -> Option<f64> {
    hit.further.iter().find(|score| score.name == name).unwrap_or_else(|| panic!("no column {name}")).value
}

/// P of every drug for a query, from scores that the library gives to anyone: each drug's share of reference queries of other drugs
/// with a score as high.
fn counted(db: &Db, row: usize) -> BTreeMap<String, (f64, usize)> {
    let ask = Ask::new(db).significance(false);
    let scores = |question: &Question| {
        let mut found = ask.drug_scores(question).unwrap().table;
        standardise(&mut found.values);
        found
    };
    let ids = world().profiles.ids();
    let drug_of = |id: &String| db.signature(id).unwrap().unwrap().1.name;
    // Drugs of one signature are no references, since there are enough others.
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    ids.iter().for_each(|id| *counts.entry(drug_of(id)).or_default() += 1);
    let asked = scores(&signature(row));
    let mut larger = vec![(1, 1); asked.names.len()];
    for (reference, id) in ids.iter().enumerate().filter(|(_, id)| counts[&drug_of(id)] > 1) {
        let null = scores(&signature(reference));
        let own = drug_of(id);
        for (place, _) in null.names.iter().enumerate().filter(|(_, drug)| **drug != own) {
            larger[place].0 += usize::from(null.values[place] >= asked.values[place]);
            larger[place].1 += 1;
        }
    }
    let p = |(larger, of): (usize, usize)| (larger as f64 / of as f64, larger);
    asked.names.into_iter().zip(larger.into_iter().map(p)).collect()
}

#[test]
fn p_is_the_share_of_references_of_other_drugs_that_score_as_high() {
    let home = tempfile::tempdir().unwrap();
    let path = built(home.path());
    let report = Calibrate::new(&Db::open(&path).unwrap()).per_drug(1000).of_database(&Quiet).unwrap();
    assert!(report.queries >= 200, "{report:?}");
    let db = Db::open(&path).unwrap();
    for row in [3, 150] {
        let (hits, notes) = drugs(&Ask::new(&db).top(1000), &signature(row));
        let expected = counted(&db, row);
        let mut compared = 0;
        for hit in &hits {
            let (p, larger) = expected[&hit.drug];
            let found = column(hit, "p").unwrap();
            assert!(found > 0.0 && found <= 1.0);
            // Where fewer than ten are as high, the tails of all drugs are counted together.
            if larger > 10 {
                assert!((found - p).abs() < 1e-9, "{}: {found}, expected {p}", hit.drug);
                compared += 1;
            } else {
                assert!(found <= 10.0 / larger as f64, "{}: {found}", hit.drug);
            }
        }
        assert!(compared > hits.len() / 2, "{compared} of {}", hits.len());
        let p: Vec<Option<f64>> = hits.iter().map(|hit| column(hit, "p")).collect();
        let q: Vec<Option<f64>> = hits.iter().map(|hit| column(hit, "q")).collect();
        assert_eq!(q, benjamini_hochberg(&p));
        let references = format!("{} reference queries of {} drugs", report.queries, report.drugs);
        assert!(notes[0].contains(&references), "{notes:?}");
    }
}

#[test]
fn answers_are_those_without_a_calibration_but_for_p_and_q() {
    let home = tempfile::tempdir().unwrap();
    let db = Db::open(calibrated(home.path())).unwrap();
    for question in [signature(7), Question::Signatures(world().profiles.ids()[20..24].to_vec())] {
        let with = Ask::new(&db).top(12).drugs(&question).unwrap().whole().unwrap();
        let without = Ask::new(&db).top(12).significance(false).drugs(&question).unwrap().whole().unwrap();
        for (mut with, without) in with.into_iter().zip(without) {
            with.hits.iter_mut().for_each(|hit| hit.further.clear());
            assert_eq!(with, without);
        }
    }
}

#[test]
fn under_a_filter_p_is_of_what_passes_it_or_left_out_with_a_reason() {
    let home = tempfile::tempdir().unwrap();
    let path = calibrated(home.path());
    let db = Db::open(&path).unwrap();
    let cell = db.signature(&world().profiles.ids()[0]).unwrap().unwrap().0.cell_id;
    let filter = || Filter::any_of("cell_id", [&cell]);
    let (hits, notes) = drugs(&Ask::new(&db).filter(filter()), &signature(3));
    assert!(hits.iter().all(|hit| column(hit, "p").is_some_and(|p| p > 0.0)), "{hits:?}");
    assert!(notes[0].contains("that pass the filter"), "{notes:?}");

    let cosine = || Calibrate::new(&db).score_by(ScoreBy::Cosine);
    cosine().of_database(&Quiet).unwrap();
    let db = Db::open(&path).unwrap();
    let ask = Ask::new(&db).score_by(ScoreBy::Cosine);
    assert!(column(&drugs(&ask, &signature(3)).0[0], "p").is_some());
    let (hits, notes) = drugs(&ask.filter(filter()), &signature(3));
    assert!(
        hits.iter().all(|hit| column(hit, "p").is_none()) && notes[0].contains("without a filter"),
        "{notes:?}"
    );
}

#[test]
fn what_a_calibration_does_not_fit_has_no_p_and_says_why() {
    let home = tempfile::tempdir().unwrap();
    let db = Db::open(calibrated(home.path())).unwrap();
    let name = db.signature(&world().profiles.ids()[0]).unwrap().unwrap().1.name;
    let mean = Question::Drug { name, combine: Combine::Mean };
    let (hits, notes) = drugs(&Ask::new(&db), &mean);
    assert!(hits.iter().all(|hit| column(hit, "p").is_none()) && notes[0].contains("mean"), "{notes:?}");
    for (ask, cause) in [
        (Ask::new(&db).score_by(ScoreBy::Spearman), "no calibration of that"),
        (Ask::new(&db).score(DrugScore::Max), "no calibration of that"),
        (Ask::new(&db).exclude_plate(), "not calibrated"),
    ] {
        let (hits, notes) = drugs(&ask, &signature(3));
        assert!(hits.iter().all(|hit| hit.further.is_empty()) && notes[0].contains(cause), "{notes:?}");
    }
    let without = Db::open(&world().db).unwrap();
    let (hits, notes) = drugs(&Ask::new(&without), &signature(3));
    assert!(hits.iter().all(|hit| hit.further.is_empty()) && notes.is_empty(), "{notes:?}");
}

#[test]
fn classes_of_an_answer_are_those_of_its_drugs_and_the_own_drug_takes_no_part() {
    let home = tempfile::tempdir().unwrap();
    let db = Db::open(calibrated(home.path())).unwrap();
    let own = db.signature(&world().profiles.ids()[3]).unwrap().unwrap().1.name;
    let hits = Ask::new(&db).top(1000).classes(&signature(3)).unwrap().whole().unwrap().remove(0).hits;
    assert!(hits.len() > 10 && hits.iter().all(|hit| hit.p > 0.0 && hit.q >= hit.p && hit.drugs >= 3));
    assert!(hits.iter().all(|hit| !hit.leading_edge.contains(&own)), "{own}");
    assert!(hits.is_sorted_by(|a, b| a.p <= b.p));
    // By hand: the best quarter of the standardised scores of a class's drugs.
    let mut scores = Ask::new(&db).drug_scores(&signature(3)).unwrap().table;
    standardise(&mut scores.values);
    let all = Ask::new(&db).top(1000).significance(false);
    let known: BTreeMap<String, Vec<String>> =
        drugs(&all, &signature(3)).0.into_iter().map(|hit| (hit.drug, hit.moa)).collect();
    let class = hits.iter().find(|hit| hit.kind == ClassKind::Mechanism).unwrap();
    let members = scores
        .names
        .iter()
        .zip(&scores.values)
        .filter(|(drug, _)| **drug != own && known[*drug].iter().any(|moa| class.names.contains(moa)));
    let mut members: Vec<f32> = members.map(|(_, &score)| score).collect();
    members.sort_by(|a, b| b.total_cmp(a));
    let kept = members.len().div_ceil(4);
    let expected = members[..kept].iter().sum::<f32>() / kept as f32;
    assert!(class.drugs == members.len() && (class.score - expected).abs() < 1e-4, "{class:?}, {expected}");
}

#[test]
fn columns_stand_in_the_order_of_their_names() {
    let home = tempfile::tempdir().unwrap();
    let path = built(home.path());
    for by in [ScoreBy::Embedding, ScoreBy::Wtcs, ScoreBy::Cosine] {
        let db = Db::open(&path).unwrap();
        Calibrate::new(&db).score_by(by).of_database(&Quiet).unwrap();
        let db = Db::open(&path).unwrap();
        let ask = Ask::new(&db).score_by(by);
        let names: Vec<_> = drugs(&ask, &signature(3)).0[0].further.iter().map(|score| score.name).collect();
        assert_eq!(names, ask.further_of_drugs(CalibrationOf::Profiles).unwrap(), "{by}");
        assert!(names.ends_with(&["p", "q"]), "{by}");
    }
}

#[test]
fn references_of_a_file_are_those_of_the_database_where_they_are_the_same() {
    let home = tempfile::tempdir().unwrap();
    let path = built(home.path());
    let answer = || {
        let db = Db::open(&path).unwrap();
        drugs(&Ask::new(&db).top(50), &signature(11)).0
    };
    let db = Db::open(&path).unwrap();
    let own = Calibrate::new(&db).per_drug(1000).of_database(&Quiet).unwrap();
    let expected = answer();
    let ids = world().profiles.ids().to_vec();
    let names: Vec<String> = ids.iter().map(|id| db.signature(id).unwrap().unwrap().1.name).collect();
    let values = (0..ids.len()).flat_map(|row| world().profiles.profile(row).to_vec()).collect();
    let profiles = QueryProfiles::new(ids, Universe::Landmark, values).unwrap();
    let calibrate = Calibrate::new(&db).per_drug(1000);
    let report = calibrate.of_profiles(&profiles, &names, "the same", &Quiet).unwrap();
    assert_eq!((report.queries, report.drugs), (own.queries, own.drugs));
    for (hit, expected) in answer().iter().zip(&expected) {
        let (found, expected) = (column(hit, "p").unwrap(), column(expected, "p").unwrap());
        // Stored embeddings and those of the file differ in their last bits, so that a reference may fall to the other side, and
        // counting may give way to the common tail.
        let slack = if expected > 0.05 { 0.005 } else { 0.03 };
        assert!((found - expected).abs() < slack, "{}: {found}, {expected}", hit.drug);
    }
    assert!(Calibrate::new(&db).of_profiles(&profiles, &names[1..], "", &Quiet).is_err());
}

#[test]
fn a_calibration_of_another_database_is_refused_by_name() {
    let home = tempfile::tempdir().unwrap();
    let path = calibrated(home.path());
    let other = home.path().join("other.l1kdb");
    world().build(&other, |options| options.keep_profiles(false));
    for file in [CALIBRATION, "MANIFEST"] {
        let to = other.join(file);
        if file == CALIBRATION {
            fs::copy(path.join(file), to).unwrap();
            Calibrate::new(&Db::open(&other).unwrap()).of_database(&Quiet).unwrap();
        }
    }
    // The second calibration of the other database, under the name that its manifest has, with the content of the first.
    let named = "calibration-000002.l1k";
    fs::copy(path.join(CALIBRATION), other.join(named)).unwrap();
    let error = Ask::new(&Db::open(&other).unwrap()).drugs(&signature(1)).unwrap_err().to_string();
    assert!(error.contains(named) && error.contains("calibrate the database again"), "{error}");
}

#[test]
fn a_damaged_calibration_is_found_and_never_panics() {
    let home = tempfile::tempdir().unwrap();
    let path = calibrated(home.path());
    let file = path.join(CALIBRATION);
    let whole = fs::read(&file).unwrap();
    let key = CalibrationKey::new(CalibrationOf::Profiles, "embedding", DrugScore::BestQuarter);
    let asked = |what: String| {
        let db = Db::open(&path).unwrap();
        assert!(db.verify(&EngineOptions::default(), &Quiet).is_err(), "{what}");
        let _ = Ask::new(&db).drugs(&signature(3));
        let _ = Ask::new(&db).filter(Filter::any_of("cell_id", ["CELL01"])).drugs(&signature(3));
        let _ = db.calibration(&key).map(|found| found.map(|found| found.description()));
        // What does not need it goes on.
        Ask::new(&db).significance(false).drugs(&signature(3)).unwrap();
    };
    for at in (0..1100).step_by(11).chain((1100..whole.len()).step_by(whole.len() / 80)) {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x41;
        fs::write(&file, &damaged).unwrap();
        asked(format!("byte {at}"));
    }
    for length in [0, 63, 1024, whole.len() / 2, whole.len() - 64] {
        fs::write(&file, &whole[..length]).unwrap();
        asked(format!("cut to {length}"));
    }
    fs::remove_file(&file).unwrap();
    asked("missing".to_owned());
}

#[test]
fn a_calibration_that_fails_leaves_the_old_one_and_what_a_killed_one_left_goes() {
    let home = tempfile::tempdir().unwrap();
    let path = calibrated(home.path());
    let before = fs::read(path.join("MANIFEST")).unwrap();
    let db = Db::open(&path).unwrap();
    assert!(matches!(
        Calibrate::new(&db).queries(3).of_database(&Quiet),
        Err(QuestionError::FewReferences { queries: 3, .. })
    ));
    assert_eq!(fs::read(path.join("MANIFEST")).unwrap(), before);
    let left = path.join(".calibration-000009.l1k.tmp");
    fs::write(&left, b"half").unwrap();
    Calibrate::new(&db).seed(2).of_database(&Quiet).unwrap();
    assert!(
        !left.exists() && !path.join(CALIBRATION).exists() && path.join("calibration-000002.l1k").exists()
    );
    // Whoever has the old one open keeps it, and the new one is seen by whoever opens.
    let has_p = |db: &Db| drugs(&Ask::new(db), &signature(3)).0.iter().all(|hit| column(hit, "p").is_some());
    let renewed = Db::open(&path).unwrap();
    assert!(has_p(&db) && has_p(&renewed));
    world().build(&path, |options| options.overwrite(true));
    assert!(Db::open(&path).unwrap().calibrations().is_empty());
    assert!(!path.join("calibration-000002.l1k").exists() && has_p(&renewed));
    let error = Calibrate::new(&db).of_database(&Quiet);
    // Built anew of the same files it is the same database.
    assert!(error.is_ok(), "{error:?}");
    world().build(&path, |options| options.overwrite(true).keep_profiles(false));
    let error = Calibrate::new(&db).of_database(&Quiet).unwrap_err();
    assert!(
        matches!(&error, QuestionError::Db(error) if matches!(**error, DbError::Replaced { .. })),
        "{error}"
    );
}

#[test]
fn the_program_calibrates_and_prints_p_and_q_in_every_format() {
    let home = tempfile::tempdir().unwrap();
    let path = built(home.path());
    let run = |args: &[&str]| l1kdb(home.path(), args);
    let told = out(&run(&["calibrate", text(&path)]));
    assert!(told.contains("reference queries of"), "{told}");
    assert!(out(&run(&["info", text(&path)])).contains("profiles by embedding, drugs by best-quarter"));
    let json = out(&run(&["info", text(&path), "--format", "json"]));
    assert!(json.contains("\"hubness\":\"none\",\"of\":\"profiles\""), "{json}");
    assert!(out(&run(&["verify", text(&path)])).contains("1 calibrations"));
    let query = ["query", text(&path), "--sig", &world().profiles.ids()[3], "--top", "3"];
    let output = run(&[&query[..], &["--format", "tsv"]].concat());
    let lines: Vec<String> = out(&output).lines().map(str::to_owned).collect();
    assert!(lines[0].ends_with("\tp\tq") && lines[1].split('\t').count() == lines[0].split('\t').count());
    assert!(String::from_utf8_lossy(&output.stderr).contains("reference queries"));
    assert!(out(&run(&[&query[..], &["--format", "json"]].concat())).contains("\"p\":"));
    assert!(out(&run(&query)).lines().nth(1).unwrap().contains(" p "));
    let classes = run(&[&query[..], &["--by", "class", "--format", "tsv"]].concat());
    let told = String::from_utf8_lossy(&classes.stderr).into_owned();
    assert!(
        out(&classes).starts_with("query\trank\tkind\tclass") && told.contains("classes are tested"),
        "{told}"
    );
    assert!(out(&run(&[&query[..], &["--by", "class"]].concat())).contains("leading drugs"));
    let filtered = run(&[&query[..], &["--by", "class", "--filter", "pert_time=24"]].concat());
    let stderr = String::from_utf8_lossy(&filtered.stderr).into_owned();
    assert!(filtered.status.code() == Some(2) && stderr.contains("without a filter"), "{stderr}");
    let uncalibrated = ["query", text(&world().db), "--sig", &world().profiles.ids()[3], "--by", "class"];
    let stderr = String::from_utf8_lossy(&run(&uncalibrated).stderr).into_owned();
    assert!(stderr.contains("(`l1kdb calibrate`)"), "{stderr}");
    let asked = run(&[&query[..], &["--score-by", "cosine", "--calibrate"]].concat());
    let stderr = String::from_utf8_lossy(&asked.stderr).into_owned();
    assert!(
        stderr.contains("is calibrated for profiles by cosine") && out(&asked).contains(" q "),
        "{stderr}"
    );
    let again = run(&[&query[..], &["--score-by", "cosine", "--calibrate"]].concat());
    assert!(!String::from_utf8_lossy(&again.stderr).contains("is calibrated for"));
    let refused = run(&["calibrate", text(&path), "--queries", "5"]);
    let stderr = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(refused.status.code() == Some(2) && stderr.contains("expected at least 20"), "{stderr}");
}
