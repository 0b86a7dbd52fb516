//! What a database does when something is wrong with it, or with what it is made from.

use std::fs;
use std::path::{Path, PathBuf};

use l1kdb::connectivity::{CosineQuery, Score};
use l1kdb::db::{BuildFiles, BuildOptions, Db, DbError, Filter, ProfileBlocks, Source, build, build_from};
use l1kdb::embed::{EngineOptions, Model};
use l1kdb::profile::{ProfileMatrix, Signature, SignatureTable, Universe};
use l1kdb::progress::Quiet;

use crate::world::{inputs, world};

const SEGMENT: &str = "segment-000001.l1k";

/// A copy of the world's database, to be damaged.
fn copy(home: &Path) -> PathBuf {
    let to = home.join("copy.l1kdb");
    fs::create_dir_all(to.join("model")).unwrap();
    for file in ["MANIFEST", SEGMENT, "model/card.toml"] {
        fs::copy(world().db.join(file), to.join(file)).unwrap();
    }
    to
}

fn verify(path: &Path) -> Result<(), DbError> {
    Db::open(path)?.verify(&EngineOptions::default(), &Quiet).map(|_| ())
}

#[test]
fn a_whole_database_is_whole() {
    let home = tempfile::tempdir().unwrap();
    verify(&copy(home.path())).unwrap();
}

#[test]
fn a_flipped_byte_anywhere_is_found_by_verify_and_never_panics_a_query() {
    let home = tempfile::tempdir().unwrap();
    let path = copy(home.path());
    let segment = path.join(SEGMENT);
    let whole = fs::read(&segment).unwrap();
    let query = world().embedding(3);
    let id = &world().profiles.ids()[3];
    // Every byte of the heads, then some of every region.
    let places = (0..1100).step_by(7).chain((1100..whole.len()).step_by(whole.len() / 150));
    for at in places {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x41;
        fs::write(&segment, &damaged).unwrap();
        assert!(verify(&path).is_err(), "byte {at}");
        if let Ok(db) = Db::open(&path) {
            let _ = db.query(&query).top(5).without(id).filter(Filter::any_of("cell_id", ["CELL01"])).run();
            let _ = db.query(&query).top(5).signatures();
            let _ = db.info();
        }
    }
}

#[test]
fn a_change_of_any_byte_of_manifest_or_card_is_found_and_so_is_every_cut() {
    let home = tempfile::tempdir().unwrap();
    let path = copy(home.path());
    let refused = || match Db::open(&path) {
        Ok(db) => db.card().is_err(),
        Err(_) => true,
    };
    for file in ["MANIFEST", "model/card.toml"] {
        let whole = fs::read(path.join(file)).unwrap();
        for at in 0..whole.len() {
            fs::write(path.join(file), &whole[..at]).unwrap();
            assert!(refused(), "{file} cut at {at}");
            // Every bit, and what often makes a text mean something else.
            let flips = (0..8).map(|bit| whole[at] ^ (1 << bit)).chain(*b" \n\"'#=0[]");
            for byte in flips.filter(|&byte| byte != whole[at]) {
                let mut damaged = whole.clone();
                damaged[at] = byte;
                fs::write(path.join(file), &damaged).unwrap();
                assert!(refused(), "byte {at} of {file} made {byte}");
            }
        }
        fs::write(path.join(file), &whole).unwrap();
        assert!(!refused());
    }
}

/// A manifest with other lines, sealed again: what is wrong with it is not its checksum.
fn sealed(body: &str) -> String {
    let body = body.split("\n[seal]\n").next().unwrap();
    format!("{body}\n[seal]\nchecksum = \"xxh3:{:016x}\"\n", xxhash_rust::xxh3::xxh3_64(body.as_bytes()))
}

#[test]
fn what_no_database_can_consist_of_is_refused_by_name() {
    let home = tempfile::tempdir().unwrap();
    let path = copy(home.path());
    let manifest = fs::read_to_string(path.join("MANIFEST")).unwrap();
    let segments = &manifest[manifest.find("[[segments]]").unwrap()..manifest.find("\n[seal]").unwrap()];
    let refusal = |text: &str| {
        fs::write(path.join("MANIFEST"), sealed(text)).unwrap();
        Db::open(&path).unwrap_err().to_string()
    };
    assert!(refusal(&manifest.replace(segments, "")).contains("no segment"));
    assert!(refusal(&manifest.replace(segments, &segments.repeat(2))).contains("twice"));
    assert!(refusal(&manifest.replace(SEGMENT, "../stray.l1k")).contains("`../stray.l1k`"));
    assert!(refusal(&manifest.replace(SEGMENT, "/tmp/segment-000001.l1k")).contains("`/tmp/"));
    assert!(refusal(&manifest.replace("generation", "stranger = 1\ngeneration")).contains("stranger"));
    assert!(refusal(&manifest.replace("format = 3", "format = 0")).contains("format 0"));
    fs::write(path.join("MANIFEST"), sealed(&manifest)).unwrap();
    verify(&path).unwrap();
}

#[test]
fn genes_that_a_database_cannot_keep_or_does_not_are_found_by_name() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("bing.l1kdb");
    let values = (0..10_174).map(|at| (at % 7) as f32 - 2.5).collect();
    let profiles = ProfileMatrix::of_universe(Universe::Bing, vec!["S".into()], values).unwrap();
    let signature = Signature { sig_id: "S".into(), ..Signature::default() };
    let source = Source::new(ProfileBlocks::from(profiles), SignatureTable::new(vec![signature]).unwrap());
    let options = BuildOptions::default().keep_genes(Universe::Bing);
    build_from(&path, source, &options, &Model::identity(), &Quiet).unwrap();
    verify(&path).unwrap();
    let manifest = fs::read_to_string(path.join("MANIFEST")).unwrap();
    let named = |name: &str| {
        let text = manifest.replace("kept_genes = \"bing\"", &format!("kept_genes = \"{name}\""));
        fs::write(path.join("MANIFEST"), sealed(&text)).unwrap();
    };
    for name in ["genome", "landmark", ""] {
        named(name);
        let said = Db::open(&path).unwrap_err().to_string();
        assert!(said.contains(&format!("keeps the genes `{name}`; expected bing or all")), "{said}");
    }
    named("all");
    let said = verify(&path).unwrap_err().to_string();
    assert!(said.contains("GENE: expected 12328 values, found 10174"), "{said}");
    let db = Db::open(&path).unwrap();
    for error in [db.profile("S").unwrap_err(), db.export().unwrap_err(), db.info().unwrap_err()] {
        assert!(matches!(error, DbError::Damaged { section: "GENE", .. }), "{error}");
    }
    let questions: [Box<dyn Score>; 1] = [Box::new(CosineQuery::new(&vec![1.0; 12_328]).unwrap())];
    assert!(matches!(db.queries_by(&questions).run(), Err(DbError::Damaged { section: "GENE", .. })));
    let older = sealed(&manifest.replace("format = 4", "format = 3"));
    fs::write(path.join("MANIFEST"), older).unwrap();
    assert!(Db::open(&path).unwrap_err().to_string().contains("format 3 has no key `kept_genes`"));
}

#[test]
fn a_signature_in_two_segments_is_found_by_verify() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("two.l1kdb");
    world().build(&path, |options| options.rows_per_segment(200));
    verify(&path).unwrap();
    let one = home.path().join("one.l1kdb");
    world().build(&one, |options| options.rows_per_segment(100));
    // The second segment of the one holds the second half of the first segment of the other.
    let second = "segment-000002.l1k";
    fs::copy(one.join(second), path.join(second)).unwrap();
    let entry = |path: &Path| {
        let text = fs::read_to_string(path.join("MANIFEST")).unwrap();
        let start = text.find(&format!("[[segments]]\nfile = \"{second}\"")).unwrap();
        let end = text[start + 1..].find("\n[").map_or(text.len(), |end| start + 1 + end);
        text[start..end].trim_end().to_owned()
    };
    let manifest = fs::read_to_string(path.join("MANIFEST")).unwrap();
    fs::write(path.join("MANIFEST"), sealed(&manifest.replace(&entry(&path), &entry(&one)))).unwrap();
    let error = verify(&path).unwrap_err().to_string();
    assert!(error.contains("stands in") && error.contains(SEGMENT), "{error}");
}

#[cfg(unix)]
#[test]
fn anything_but_an_ordinary_file_is_refused_and_nothing_waits_for_it() {
    let home = tempfile::tempdir().unwrap();
    for (file, link) in [
        ("MANIFEST", true),
        (SEGMENT, true),
        ("model/card.toml", true),
        ("model", true),
        ("MANIFEST", false),
        (SEGMENT, false),
        ("model/card.toml", false),
    ] {
        let path = copy(home.path());
        let (place, elsewhere) = (path.join(file), home.path().join("elsewhere"));
        fs::rename(&place, &elsewhere).unwrap();
        if link {
            std::os::unix::fs::symlink(&elsewhere, &place).unwrap();
        } else {
            let made = std::process::Command::new("mkfifo").arg(&place).status().unwrap();
            assert!(made.success());
        }
        let error = Db::open(&path).and_then(|db| db.card().map(|_| ())).unwrap_err();
        assert!(format!("{error}").contains(file.split('/').next().unwrap()), "{error}");
        fs::remove_dir_all(&path).unwrap();
        let _ = fs::remove_file(&elsewhere);
        let _ = fs::remove_dir_all(&elsewhere);
    }
}

#[test]
fn a_cut_segment_is_refused_when_opened() {
    let home = tempfile::tempdir().unwrap();
    let path = copy(home.path());
    let whole = fs::read(path.join(SEGMENT)).unwrap();
    for length in [0, 1, 63, 64, 1024, whole.len() / 2, whole.len() - 1] {
        fs::write(path.join(SEGMENT), &whole[..length]).unwrap();
        let error = Db::open(&path).unwrap_err();
        assert!(error.to_string().contains(SEGMENT), "{error}");
    }
}

#[test]
fn a_newer_format_another_gene_space_and_a_strange_directory_are_told_apart() {
    let home = tempfile::tempdir().unwrap();
    let path = copy(home.path());
    let manifest = fs::read_to_string(path.join("MANIFEST")).unwrap();
    let put = |text: String| fs::write(path.join("MANIFEST"), text).unwrap();

    put(manifest.replace("format = 3", "format = 9"));
    assert!(matches!(Db::open(&path), Err(DbError::NewerFormat { expected: 4, found: 9, .. })));
    put(sealed(&manifest.replace("gene_space = \"sha256:", "gene_space = \"sha256:0")));
    assert!(matches!(Db::open(&path), Err(DbError::Mismatch { what: "gene space", .. })));
    put(sealed(&manifest.replace("rows = 300", "rows = 299")));
    assert!(matches!(Db::open(&path), Err(DbError::Mismatch { what: "rows", .. })));
    assert!(matches!(Db::open(home.path()), Err(DbError::NotADatabase { .. })));
    assert!(matches!(Db::open(path.join("MANIFEST")), Err(DbError::NotADatabase { .. })));
    assert!(matches!(Db::open(home.path().join("nowhere")), Err(DbError::NotADatabase { .. })));
}

#[test]
fn a_segment_of_another_model_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let path = copy(home.path());
    let manifest = fs::read_to_string(path.join("MANIFEST")).unwrap();
    let other = manifest.replace("model = \"sha256:", "model = \"sha256:f");
    fs::write(path.join("MANIFEST"), sealed(&other)).unwrap();
    assert!(matches!(Db::open(&path), Err(DbError::Mismatch { what: "owner", .. })));
}

fn build_with(change: impl FnOnce(&mut BuildFiles)) -> (tempfile::TempDir, Result<(), DbError>) {
    let home = tempfile::tempdir().unwrap();
    let mut files = inputs(&world().files);
    change(&mut files);
    let options = BuildOptions::default();
    let built =
        build(home.path().join("out.l1kdb"), &files, &options, &Model::identity(), &Quiet).map(|_| ());
    (home, built)
}

#[test]
fn a_build_that_fails_leaves_nothing_behind() {
    let nowhere = PathBuf::from("/nowhere/at/all");
    let files = &world().files;
    type Change<'a> = Box<dyn FnOnce(&mut BuildFiles) + 'a>;
    let broken: Vec<Change<'_>> = vec![
        Box::new(|inputs| inputs.profiles = nowhere.clone()),
        Box::new(|inputs| inputs.sig_info = files.pert_info.clone()),
        Box::new(|inputs| inputs.atc = Some(files.sig_info.clone())),
        Box::new(|inputs| inputs.profiles = files.sig_info.clone()),
        Box::new(|inputs| inputs.atc_names = Some(PathBuf::from("/"))),
    ];
    for change in broken {
        let (home, built) = build_with(change);
        assert!(built.is_err());
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0, "{built:?}");
    }
}

#[test]
fn metadata_of_other_signatures_explains_itself() {
    let home = tempfile::tempdir().unwrap();
    let table = home.path().join("sig_info.txt");
    fs::write(&table, "sig_id\tpert_id\tpert_type\nOTHER:1\tBRD-1\ttrt_cp\n").unwrap();
    let (_, built) = build_with(|inputs| inputs.sig_info = table);
    let message = built.unwrap_err().to_string();
    assert!(message.contains("OTHER:1") && message.contains(&world().profiles.ids()[0]), "{message}");
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let homes = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let bytes = homes.each_ref().map(|home| {
        let path = home.path().join("db.l1kdb");
        world().build(&path, |options| options);
        fs::read(path.join(SEGMENT)).unwrap()
    });
    assert_eq!(bytes[0], bytes[1]);
}
