//! A database written by the first version of each format opens for ever.
//!
//! `tests/data/database-v4` was written by [`write`], which runs only while the directory is missing: after a change of
//! format, add a directory and keep the old ones. Format 4 is that of databases which keep more genes than the landmarks;
//! others are still of format 3, and [`write_landmarks`] wrote the oldest of them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use l1kdb::annotate::DrugAtc;
use l1kdb::db::{
    BuildFiles, BuildOptions, Db, DrugHit, Graph, Hubness, ProfileBlocks, Source, build, build_from,
};
use l1kdb::embed::{EngineOptions, Model};
use l1kdb::profile::{
    Gene, PerturbagenTable, ProfileMatrix, ReadOptions, SignatureTable, Universe, read_profiles,
};
use l1kdb::progress::Quiet;
use l1kdb::question::{Ask, Calibrate, QueryProfiles, Question};
use l1kdb::simulate::Simulation;
use l1kdb::split::{Crossed, Grouping, HoldOut, KFold, LeakProof, Split};

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

/// Twelve simulated signatures with further genes, embedded by the tiny test network.
fn write(path: &Path) {
    let home = tempfile::tempdir().unwrap();
    let files = Simulation::of_size(12).seed(1).start().unwrap().write(home.path(), &Quiet).unwrap();
    let (landmarks, _) = read_profiles(&files.profiles, &ReadOptions::default(), &Quiet).unwrap();
    let name = files.profiles.file_name().unwrap();
    let source = Source::new(
        ProfileBlocks::from(with_further_genes(&landmarks)).named(name),
        SignatureTable::read(&files.sig_info).unwrap(),
    );
    let source = source
        .perturbagens(PerturbagenTable::read(&files.pert_info).unwrap())
        .atc(DrugAtc::read(&files.drug_atc).unwrap());
    let options = BuildOptions::default().graph(Graph::Always).keep_genes(Universe::Bing);
    let model = Model::load(data("tiny"), &EngineOptions::default()).unwrap();
    build_from(path, source, &options, &model, &Quiet).unwrap();
}

/// Profiles of all BING genes, of which those beyond the landmarks have the remainder of their Entrez id by 8.
fn with_further_genes(landmarks: &ProfileMatrix) -> ProfileMatrix {
    let places: HashMap<u32, usize> = Universe::Landmark.genes().map(Gene::entrez).zip(0..).collect();
    let value = |row: &[f32], gene: &Gene| {
        places.get(&gene.entrez()).map_or((gene.entrez() % 8) as f32, |&place| row[place])
    };
    let rows = (0..landmarks.len()).map(|row| landmarks.profile(row));
    let values = rows.flat_map(|row| Universe::Bing.genes().map(move |gene| value(row, gene))).collect();
    ProfileMatrix::of_universe(Universe::Bing, landmarks.ids().to_vec(), values).unwrap()
}

/// Twelve simulated signatures, embedded by the tiny test network.
fn write_landmarks(path: &Path) {
    let home = tempfile::tempdir().unwrap();
    let simulation = Simulation::of_size(12).seed(1);
    let files = simulation.start().unwrap().write(home.path(), &Quiet).unwrap();
    let files =
        BuildFiles::new(files.profiles, files.sig_info).pert_info(files.pert_info).atc(files.drug_atc);
    let options = BuildOptions::default().graph(Graph::Always);
    let model = Model::load(data("tiny"), &EngineOptions::default()).unwrap();
    build(path, &files, &options, &model, &Quiet).unwrap();
}

/// The same, calibrated with forty signatures of another simulation, with hubs and without.
fn write_calibrated(path: &Path) {
    write_landmarks(path);
    let home = tempfile::tempdir().unwrap();
    let files = Simulation::of_size(40).seed(2).start().unwrap().write(home.path(), &Quiet).unwrap();
    let (profiles, _) = read_profiles(&files.profiles, &ReadOptions::default(), &Quiet).unwrap();
    let table = SignatureTable::read(&files.sig_info).unwrap();
    let row = |id: &String| &table.rows()[table.find(id).unwrap()];
    let drugs: Vec<String> = profiles.ids().iter().map(|id| row(id).name.clone().unwrap()).collect();
    let db = Db::open(path).unwrap();
    let queries = QueryProfiles::from(profiles);
    for hubness in [Hubness::None, Hubness::Csls] {
        let calibrate = Calibrate::new(&db).per_drug(40).hubness(hubness);
        calibrate.of_profiles(&queries, &drugs, "another simulation", &Quiet).unwrap();
    }
}

#[test]
fn a_calibration_of_version_1_gives_the_p_values_that_it_gave() {
    let path = data("calibration-v1");
    if !path.exists() {
        write_calibrated(&path);
    }
    let db = Db::open(path).unwrap();
    assert_eq!(db.verify(&EngineOptions::default(), &Quiet).unwrap().calibrations, 2);
    let question = Question::Signatures(vec!["SIM001_CELL11_6H:SIM-K00000001-0001:1.11".to_owned()]);
    let p = |hit: &DrugHit| hit.further.iter().find(|score| score.name == "p").unwrap().value.unwrap();
    for (hubness, expected) in [(Hubness::None, EXPECTED_P), (Hubness::Csls, EXPECTED_P_WITHOUT_HUBS)] {
        let ask = Ask::new(&db).hubness(hubness).top(3);
        let hits = ask.drugs(&question).unwrap().whole().unwrap().remove(0).hits;
        let found: Vec<String> = hits.iter().map(|hit| format!("{} {:.5}", hit.drug, p(hit))).collect();
        assert_eq!(found, expected);
    }
}

const EXPECTED_P_WITHOUT_HUBS: [&str; 3] = ["vefoqu-sim 0.01875", "hefoqu-sim 0.08958", "pufolu-sim 0.24390"];
const EXPECTED_P: [&str; 3] = ["vefoqu-sim 0.02083", "hefoqu-sim 0.05417", "pufolu-sim 0.16250"];

#[test]
fn every_version_opens_and_answers_as_it_did() {
    for (name, write) in [("database-v3", write_landmarks as fn(&Path)), ("database-v4", write)] {
        if !data(name).exists() {
            write(&data(name));
        }
    }
    for format in [1, 2, 3, 4] {
        let db = Db::open(data(&format!("database-v{format}"))).unwrap();
        assert_eq!((db.signatures(), db.dim(), db.info().unwrap().format), (12, 4, format));
        let answer: Vec<String> = db
            .query(&[0.5, 0.5, 0.5, 0.5])
            .top(3)
            .run()
            .unwrap()
            .iter()
            .map(|hit| format!("{} {:.4} {} {}", hit.drug, hit.score, hit.best_sig_id, hit.atc.join("|")))
            .collect();
        assert_eq!(answer, EXPECTED);
        let verified = db.verify(&EngineOptions::default(), &Quiet).unwrap();
        assert_eq!(
            verified.sealed,
            format > 1,
            "only from version 2 on are manifest and card under checksums"
        );
    }
}

#[test]
fn the_genes_that_a_version_kept_are_there_as_they_were() {
    for format in [1, 2, 3] {
        assert_eq!(Db::open(data(&format!("database-v{format}"))).unwrap().universe(), Universe::Landmark);
    }
    let db = Db::open(data("database-v4")).unwrap();
    assert_eq!((db.universe(), db.info().unwrap().kept_genes), (Universe::Bing, Some(Universe::Bing)));
    let export = db.export().unwrap();
    let ids: Vec<String> = export.signatures.into_iter().map(|signature| signature.sig_id).collect();
    let expected = with_further_genes(&ProfileMatrix::new(ids, export.profiles.unwrap()).unwrap());
    for (row, id) in expected.ids().iter().enumerate() {
        assert!(db.profile(id).unwrap().unwrap() == expected.profile(row), "{id}");
    }
}

const EXPECTED: [&str; 3] = [
    "xofivu-sim 0.4046 SIM001_CELL11_6H:SIM-K00000001-0001:1.11 L01DB99",
    "vefoqu-sim 0.3598 SIM001_CELL05_24H:SIM-K00000009-0001:10 ",
    "pufolu-sim 0.3157 SIM001_CELL05_6H:SIM-K00000007-0001:10 L01EB99",
];

/// Twelve rows: three cell lines x two mechanisms, each twice.
fn split() -> Split {
    let ids: Vec<String> = (0..12).map(|row| format!("SIG{row:02}")).collect();
    let of = |values: &'static [&'static str]| {
        Grouping::by_one((0..12).map(|row| Some(values[row % values.len()])))
    };
    let (cells, moas) = (of(&["A375", "MCF7", "PC3"]), of(&["HDAC inhibitor", "MEK inhibitor"]));
    let by = Crossed { cells: &cells, moas: &moas, drugs: &moas };
    Split::leak_proof(&ids, by, LeakProof { cells: 2, moas: 2, at_most: Some(5) }, 1).unwrap()
}

/// The file is read for ever, and the same seed makes the same split for ever.
#[test]
fn a_split_of_version_1_is_what_it_was() {
    let path = data("split-v1.tsv");
    if !path.exists() {
        split().save(&path).unwrap();
    }
    let read = Split::load(&path, split().ids()).unwrap();
    assert_eq!(read, split());
    let held_out: Vec<usize> = read.folds().map(|fold| fold.held_out.len()).collect();
    assert_eq!((read.outside(), held_out.iter().sum::<usize>()), (2, 10));

    let cells = split().groupings()[0].clone();
    let folds = Split::k_fold(split().ids(), "cell", &cells, KFold { folds: 3, repeats: 2 }, 1).unwrap();
    let shared =
        Split::hold_out(split().ids(), "cell", &cells, HoldOut { share: 0.4, repeats: 2 }, 1).unwrap();
    assert_eq!(
        [folds, shared].map(|split| split.digest()[..15].to_owned()),
        ["sha256:6d2e0bf2", "sha256:4463e7ce"]
    );
}
