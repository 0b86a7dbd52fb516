//! What makes an answer doubtful is told, each doubt where its cause is and not elsewhere.

use std::fs;
use std::path::{Path, PathBuf};

use l1kdb::db::{BuildFiles, BuildOptions, CalibrationKey, CalibrationOf, Db, DrugScore, Filter, build};
use l1kdb::embed::Model;
use l1kdb::profile::{GENES, GeneSpace, Universe};
use l1kdb::progress::Quiet;
use l1kdb::question::{Ask, Calibrate, Doubt, QueryProfiles, Question};

use crate::program::{l1kdb, out, text};
use crate::world::world;

/// A number between -1 and 1, by chance but always the same.
fn noise(a: usize, b: usize) -> f32 {
    let mut mixed = (a as u64) << 32 | b as u64;
    for _ in 0..3 {
        mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    }
    (mixed >> 40) as f32 / (1 << 23) as f32 - 1.0
}

/// 200 signatures of 40 drugs in four cell lines, on eight plates; the first twelve are alike, of cell line `A1` and plate `P0`.
fn built(home: &Path) -> PathBuf {
    let ids: Vec<String> = (0..200).map(|row| format!("P{}_X:D{}:{row}", plate_of(row), row % 40)).collect();
    let mut profiles = format!("gene\t{}\n", ids.join("\t"));
    for (gene, symbol) in GeneSpace::landmarks().symbols().iter().enumerate() {
        let values = (0..200).map(|row| format!("\t{:.4}", value(row, gene)));
        profiles += &format!("{symbol}{}\n", values.collect::<String>());
    }
    let mut table = "sig_id\tpert_id\tpert_iname\tpert_type\tcell_id\n".to_owned();
    for (row, id) in ids.iter().enumerate() {
        let drug = row % 40;
        table += &format!("{id}\tD{drug}\tdrug{drug}\ttrt_cp\tA{}\n", cell_of(row));
    }
    let (profiles_at, table_at) = (home.join("p.tsv"), home.join("s.txt"));
    fs::write(&profiles_at, profiles).unwrap();
    fs::write(&table_at, table).unwrap();
    let path = home.join("db.l1kdb");
    let files = BuildFiles::new(&profiles_at, &table_at);
    build(&path, &files, &BuildOptions::default(), &Model::identity(), &Quiet).unwrap();
    Calibrate::new(&Db::open(&path).unwrap()).of_database(&Quiet).unwrap();
    path
}

fn plate_of(row: usize) -> usize {
    if row < 12 { 0 } else { 1 + row % 7 }
}

fn cell_of(row: usize) -> usize {
    if row < 12 { 1 } else { row % 4 }
}

fn value(row: usize, gene: usize) -> f32 {
    let own = 2.0 * noise(row, gene);
    if row < 12 { 4.0 * noise(1000, gene) + own } else { own + noise(2000 + row % 40, gene) }
}

fn profile(of: impl Fn(usize) -> f32) -> Question {
    let values = (0..GENES).map(of).collect();
    Question::Profiles(QueryProfiles::new(vec!["mine".into()], Universe::Landmark, values).unwrap())
}

fn doubts(ask: &Ask<'_>, question: &Question) -> Vec<Doubt> {
    let answers = ask.drugs(question).unwrap().whole().unwrap();
    ask.doubts(question, &answers).unwrap().concat()
}

fn names(doubts: &[Doubt]) -> Vec<&'static str> {
    doubts.iter().map(Doubt::name).collect()
}

#[test]
fn hits_of_one_cell_line_and_one_plate_are_told_unless_they_were_asked_for() {
    let home = tempfile::tempdir().unwrap();
    let db = Db::open(built(home.path())).unwrap();
    let ask = Ask::new(&db);
    let alike = profile(|gene| 4.0 * noise(1000, gene) + noise(1, gene));
    let found = doubts(&ask, &alike);
    let one = |found: &[Doubt]| -> Vec<Doubt> {
        found
            .iter()
            .filter(|doubt| matches!(doubt, Doubt::OneCellLine { .. } | Doubt::OnePlate { .. }))
            .cloned()
            .collect()
    };
    let (cell_line, plate) = ("A1".to_owned(), "P0_X".to_owned());
    assert_eq!(
        one(&found),
        [
            Doubt::OneCellLine { cell_line, of_it: 10, nearest: 10 },
            Doubt::OnePlate { plate, of_it: 10, nearest: 10 }
        ]
    );
    assert!(!names(&found).contains(&"far"), "{found:?}");
    let other = profile(|gene| noise(2003, gene) + 0.3 * noise(9, gene));
    assert!(one(&doubts(&ask, &other)).is_empty());
    let filtered = ask.filter(Filter::any_of("cell_id", ["A1"]));
    assert!(one(&doubts(&filtered, &alike)).is_empty());
}

#[test]
fn weak_and_strange_and_incomplete_queries_are_told() {
    let home = tempfile::tempdir().unwrap();
    let db = Db::open(built(home.path())).unwrap();
    let ask = Ask::new(&db);
    let usual = |gene: usize| value(77, gene);
    assert!(
        !names(&doubts(&ask, &profile(usual))).iter().any(|name| ["weak", "few-genes", "far"].contains(name))
    );
    let weak = doubts(&ask, &profile(|gene| 0.05 * usual(gene)));
    assert_eq!(names(&weak)[0], "weak");
    assert!(weak[0].to_string().contains("root mean square of its z-scores is 0.0"), "{}", weak[0]);
    let strange = doubts(&ask, &profile(|gene| 2.0 * noise(31_337, gene)));
    assert!(names(&strange).contains(&"far"), "{strange:?}");
    let few = doubts(&ask, &profile(|gene| if gene % 2 == 0 { f32::NAN } else { usual(gene) }));
    assert_eq!(few[0], Doubt::FewGenes { known: 489, of: 978 });
}

#[test]
fn hubs_are_the_drugs_that_score_highest_for_references_and_single_signatures_are_told() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("own.l1kdb");
    world().build(&path, |options| options);
    Calibrate::new(&Db::open(&path).unwrap()).of_database(&Quiet).unwrap();
    let db = Db::open(&path).unwrap();
    let key = CalibrationKey::new(CalibrationOf::Profiles, "embedding", DrugScore::BestQuarter);
    let calibration = db.calibration(&key).unwrap().unwrap();
    let tables = calibration.tables().unwrap();
    let mean =
        |scores: &[f32]| scores.iter().map(|&score| f64::from(score)).sum::<f64>() / scores.len() as f64;
    let means: Vec<f64> = (0..tables.candidates()).map(|drug| mean(tables.of_candidate(drug))).collect();
    let drugs =
        Ask::new(&db).drug_scores(&Question::Signatures(vec![world().profiles.ids()[0].clone()])).unwrap();
    let mut order: Vec<usize> = (0..means.len()).collect();
    order.sort_by(|&a, &b| means[b].total_cmp(&means[a]));
    let hubs: Vec<&String> = order[..means.len() / 20].iter().map(|&drug| &drugs.table.names[drug]).collect();
    let (ask, mut told) = (Ask::new(&db), [0, 0]);
    for id in world().profiles.ids().iter().step_by(10) {
        let question = Question::Signatures(vec![id.clone()]);
        let answers = ask.drugs(&question).unwrap().whole().unwrap();
        let first = &answers[0].hits[..10];
        let found = ask.doubts(&question, &answers).unwrap().concat();
        let named =
            |is: fn(&Doubt) -> Option<&Vec<String>>| found.iter().find_map(is).cloned().unwrap_or_default();
        let of_hubs = named(|doubt| if let Doubt::Hubs { drugs } = doubt { Some(drugs) } else { None });
        let single =
            named(|doubt| if let Doubt::OneSignature { drugs } = doubt { Some(drugs) } else { None });
        let expected: Vec<String> =
            first.iter().map(|hit| hit.drug.clone()).filter(|drug| hubs.contains(&drug)).collect();
        assert_eq!(of_hubs, expected);
        let of_one = first.iter().filter(|hit| hit.n_signatures == 1);
        assert_eq!(single, of_one.map(|hit| hit.drug.clone()).collect::<Vec<_>>());
        told[0] += usize::from(!of_hubs.is_empty());
        told[1] += usize::from(!single.is_empty());
    }
    assert!(told.iter().all(|&told| told > 0), "{told:?}");
}

#[test]
fn the_program_tells_doubts_under_a_table_and_in_json_where_asked() {
    let home = tempfile::tempdir().unwrap();
    let path = built(home.path());
    let query = ["query", text(&path), "--sig", "P0_X:D3:3"];
    let table = out(&l1kdb(home.path(), &query));
    assert!(table.contains("\ndoubt: 10 of the 10 nearest signatures are of A1"), "{table}");
    let json = |more: &[&str]| -> serde_json::Value {
        let printed = out(&l1kdb(home.path(), &[&query[..], &["--format", "json"], more].concat()));
        serde_json::from_str(&printed).unwrap()
    };
    assert_eq!(json(&[])["doubts"], serde_json::Value::Null);
    assert_eq!(json(&["--doubts"])["doubts"][0]["name"], "one-cell-line");
    let idle = l1kdb(home.path(), &[&query[..], &["--format", "tsv", "--doubts"]].concat());
    assert!(String::from_utf8_lossy(&idle.stderr).contains("--doubts would change nothing"));
}
