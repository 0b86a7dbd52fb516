//! A snapshot with dead rows answers as a database that was built without them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::db::{BuildFiles, BuildOptions, Db, DrugRecord, Filter, Graph, Search, build};
use crate::embed::Model;
use crate::profile::{ProfileMatrix, ReadOptions, SignatureTable, read_profiles};
use crate::progress::Quiet;
use crate::simulate::{Files, Simulation};

const SIGNATURES: usize = 120;

/// Filters that dead rows would pass, or whose counts they would change.
const FILTERS: [&str; 5] = [
    "pert_time = 24",
    "not pert_time = 24",
    "n_signatures >= 3 and not atc ^= L",
    "n_signatures < 3 or cell_id ~ cell0",
    "pert_dose >= 1 uM",
];

/// Simulated signatures, of which some are dead: all of two drugs, and every seventh row.
struct World {
    home: tempfile::TempDir,
    files: Files,
    profiles: ProfileMatrix,
    dead: BTreeSet<String>,
    dead_drugs: Vec<String>,
}

impl World {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let simulation = Simulation::of_size(SIGNATURES).seed(3);
        let files = simulation.start().unwrap().write(home.path().join("data"), &Quiet).unwrap();
        let (profiles, _) = read_profiles(&files.profiles, &ReadOptions::default(), &Quiet).unwrap();
        let table = SignatureTable::read(&files.sig_info).unwrap();
        let names: BTreeSet<String> = table.rows().iter().filter_map(|row| row.name.clone()).collect();
        let dead_drugs: Vec<String> = names.into_iter().step_by(4).take(2).collect();
        let of_dead = |name: &Option<String>| name.as_ref().is_some_and(|name| dead_drugs.contains(name));
        let dead = table.rows().iter().enumerate();
        let dead = dead.filter(|(number, row)| number % 7 == 3 || of_dead(&row.name));
        let dead = dead.map(|(_, row)| row.sig_id.clone()).collect();
        Self { home, files, profiles, dead, dead_drugs }
    }

    fn build(&self, name: &str, sig_info: &Path, rows_per_segment: usize) -> Db {
        let path = self.home.path().join(name);
        let files = BuildFiles::new(&self.files.profiles, sig_info);
        let files = files.pert_info(&self.files.pert_info).atc(&self.files.drug_atc);
        let options = BuildOptions::default().graph(Graph::Always).rows_per_segment(rows_per_segment);
        build(&path, &files, &options, &Model::identity(), &Quiet).unwrap();
        Db::open(path).unwrap()
    }

    /// A database of all rows, in which the dead ones are dead.
    fn with_dead_rows(&self, name: &str, rows_per_segment: usize) -> Db {
        let mut db = self.build(name, &self.files.sig_info, rows_per_segment);
        let segments = std::mem::take(&mut db.snapshot.segments).into_iter().map(|segment| {
            let records = segment.signatures(segment.live_rows()).unwrap();
            let live = (0..).zip(records).filter(|(_, record)| !self.dead.contains(&record.sig_id));
            segment.only(live.map(|(row, _)| row).collect())
        });
        db.snapshot.segments = segments.collect();
        db
    }

    /// A database of the live rows alone.
    fn of_live_rows(&self) -> Db {
        let text = fs::read_to_string(&self.files.sig_info).unwrap();
        let is_live = |line: &&str| !line.split('\t').any(|cell| self.dead.contains(cell));
        let kept: Vec<&str> = text.lines().filter(is_live).collect();
        assert!(kept.len() > 60 && kept.len() < SIGNATURES);
        let path = self.home.path().join("live.txt");
        fs::write(&path, kept.join("\n") + "\n").unwrap();
        self.build("live.l1kdb", &path, SIGNATURES)
    }
}

/// What is told of a database, but for the files it lies in.
fn told(db: &Db) -> (usize, usize, Vec<(String, usize)>, usize) {
    let info = db.info().unwrap();
    let of_segments = info.segments.iter().map(|segment| segment.signatures).sum();
    assert_eq!((db.signatures(), db.drugs().unwrap()), (info.signatures, info.drugs));
    (info.signatures, info.drugs, info.filters, of_segments)
}

#[test]
fn every_reader_leaves_dead_rows_out() {
    let world = World::new();
    let expected = world.of_live_rows();
    let embeddings = Model::identity().embed(&world.profiles).unwrap();
    for (name, rows_per_segment) in [("one.l1kdb", SIGNATURES), ("many.l1kdb", 50)] {
        let db = world.with_dead_rows(name, rows_per_segment);
        assert_eq!(told(&db), told(&expected));
        assert_eq!(db.filter_keys().unwrap(), expected.filter_keys().unwrap());
        assert_eq!(db.atc_names().unwrap(), expected.atc_names().unwrap());
        assert_eq!(db.export().unwrap(), expected.export().unwrap());
        for id in world.profiles.ids() {
            assert_eq!(db.signature(id).unwrap(), expected.signature(id).unwrap());
            assert_eq!(db.profile(id).unwrap(), expected.profile(id).unwrap());
            assert_eq!(db.signature(id).unwrap().is_none(), world.dead.contains(id));
        }
        for search in [Search::Exact, Search::Ann] {
            let ask = |db: &Db| {
                let queries = db.queries(embeddings.values()).top(7).search(search);
                let without = queries.clone().without(world.profiles.ids());
                let filtered = FILTERS.map(|filter| queries.clone().filter(filter.parse().unwrap()));
                let asked = [queries, without].into_iter().chain(filtered);
                asked
                    .map(|queries| (queries.run().unwrap(), queries.signatures().unwrap()))
                    .collect::<Vec<_>>()
            };
            assert_eq!(ask(&db), ask(&expected), "{search:?}");
        }
    }
}

#[test]
fn a_drug_whose_rows_are_all_dead_is_no_drug() {
    let world = World::new();
    let all = world.build("all.l1kdb", &world.files.sig_info, SIGNATURES);
    for (name, rows_per_segment) in [("one.l1kdb", SIGNATURES), ("many.l1kdb", 50)] {
        let db = world.with_dead_rows(name, rows_per_segment);
        let names: BTreeSet<String> =
            db.export().unwrap().drugs.into_iter().map(|DrugRecord { name, .. }| name).collect();
        for drug in &world.dead_drugs {
            assert!(!names.contains(drug), "{drug}");
            let values = db.filter_values("drug", drug).unwrap_err().to_string();
            assert!(values.contains(drug.as_str()), "{values}");
            let embedding = vec![1.0; db.dim()];
            assert!(db.query(&embedding).filter(Filter::any_of("drug", [drug])).run().is_err());
            assert!(all.query(&embedding).filter(Filter::any_of("drug", [drug])).run().is_ok());
        }
    }
}
