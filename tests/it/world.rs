//! A small simulated world, written and built once for all tests.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use l1kdb::db::{BuildFiles, BuildOptions, BuildReport, Db, build};
use l1kdb::embed::Model;
use l1kdb::profile::{ProfileMatrix, ReadOptions, read_profiles};
use l1kdb::progress::Quiet;
use l1kdb::simulate::{Files, Simulation};

/// Signatures of the world.
pub const SIGNATURES: usize = 300;

/// Files of a simulation, the profiles in memory, and a database of them made with the identity.
pub struct World {
    pub home: tempfile::TempDir,
    pub files: Files,
    pub profiles: ProfileMatrix,
    pub db: PathBuf,
}

impl World {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let simulation = Simulation::of_size(SIGNATURES).seed(7);
        let files = simulation.start().unwrap().write(home.path().join("data"), &Quiet).unwrap();
        let (profiles, _) = read_profiles(&files.profiles, &ReadOptions::default(), &Quiet).unwrap();
        let db = home.path().join("world.l1kdb");
        build(&db, &inputs(&files), &BuildOptions::default(), &Model::identity(), &Quiet).unwrap();
        Self { home, files, profiles, db }
    }

    /// A new database of the world's files.
    pub fn build(&self, out: &Path, change: impl FnOnce(BuildOptions) -> BuildOptions) -> BuildReport {
        let options = change(BuildOptions::default());
        build(out, &inputs(&self.files), &options, &Model::identity(), &Quiet).unwrap()
    }

    /// The world's database.
    pub fn open(&self) -> Db {
        Db::open(&self.db).unwrap()
    }

    /// The identity's embedding of a signature: its profile at unit length.
    pub fn embedding(&self, row: usize) -> Vec<f32> {
        Model::identity().embed(&self.profiles).unwrap().row(row).to_vec()
    }
}

/// What the world's database is built from.
pub fn inputs(files: &Files) -> BuildFiles {
    BuildFiles::new(&files.profiles, &files.sig_info).pert_info(&files.pert_info).atc(&files.drug_atc)
}

/// The one world of this run.
pub fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(World::new)
}
