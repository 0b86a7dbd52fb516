//! The page of an answer of the world's database, calibrated.

use std::path::PathBuf;
use std::sync::OnceLock;

use l1kdb::db::Db;
use l1kdb::progress::Quiet;
use l1kdb::question::{Ask, Calibrate, Question};
use l1kdb::report::{Page, Provenance, answer_page};

use crate::world::world;

/// A calibrated database of the world, made once.
fn database() -> &'static PathBuf {
    static DATABASE: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = DATABASE.get_or_init(|| {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("own.l1kdb");
        world().build(&path, |options| options);
        Calibrate::new(&Db::open(&path).unwrap()).of_database(&Quiet).unwrap();
        (home, path)
    });
    path
}

/// The page of the answers to some signatures.
pub fn page(rows: &[usize]) -> Page {
    let db = Db::open(database()).unwrap();
    let ids: Vec<String> = rows.iter().map(|&row| world().profiles.ids()[row].clone()).collect();
    let titles: Vec<String> = ids.iter().map(|id| format!("{id} against all")).collect();
    let found = Ask::new(&db).overviews(&Question::Signatures(ids), 10).unwrap();
    answer_page(&found, &db.atc_names().unwrap(), &titles, &Provenance::default())
}
