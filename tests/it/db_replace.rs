//! Building over what is there: nothing of a user's is lost, whatever else happens at the same time.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::atomic::{AtomicBool, Ordering};

use l1kdb::db::{BuildFiles, BuildOptions, Db, DbError, build};
use l1kdb::embed::{EngineOptions, Model};
use l1kdb::progress::{Progress, Quiet};

use crate::program::{l1kdb, out};
use crate::small::Small;

fn verify(path: &Path) -> Result<(), DbError> {
    Db::open(path)?.verify(&EngineOptions::default(), &Quiet).map(|_| ())
}

fn error_of(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let text = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(text.trim_end().lines().count(), 1, "{text}");
    text
}

/// What is in the home beside the inputs.
fn names(home: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(home).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| !crate::small::INPUTS.contains(&name.as_str()));
    names.sort();
    names
}

#[test]
fn builders_that_replace_one_database_in_loops_leave_a_whole_one_and_nothing_else() {
    let small = Small::new();
    let home = small.path();
    out(&small.build("a.l1kdb", 1, &[]));
    let done = AtomicBool::new(false);
    let (replaced, looked) = std::thread::scope(|scope| {
        let builders: Vec<_> = (0..3usize)
            .map(|builder| {
                let small = &small;
                scope.spawn(move || {
                    let build = |round| small.build("a.l1kdb", 1 + (builder + round) % 2, &["--overwrite"]);
                    (0..100).map(build).filter(replaced).count()
                })
            })
            .collect();
        let reader = scope.spawn(|| {
            let mut looks = 0;
            while !done.load(Ordering::Relaxed) {
                verify(&home.join("a.l1kdb")).expect("the old database or the new one");
                looks += 1;
            }
            looks
        });
        // A builder that fails must not leave the reader looking for ever.
        let replaced: Vec<_> = builders.into_iter().map(std::thread::ScopedJoinHandle::join).collect();
        done.store(true, Ordering::Relaxed);
        (replaced.into_iter().map(Result::unwrap).sum::<usize>(), reader.join().unwrap())
    });
    assert!(replaced > 10 && looked > 10, "{replaced} replacements, {looked} looks");
    verify(&home.join("a.l1kdb")).unwrap();
    assert_eq!(names(home), ["a.l1kdb"]);
}

/// Whether a builder among others has replaced the database; the only other answer is that another one is at work.
fn replaced(output: &Output) -> bool {
    if output.status.success() {
        assert!(output.stderr.is_empty(), "{output:?}");
        return true;
    }
    assert!(error_of(output).contains("another build or calibration of a.l1kdb is under way"), "{output:?}");
    false
}

#[test]
fn readers_get_the_old_or_the_new_database_while_it_is_replaced() {
    let small = Small::new();
    let home = small.path();
    let ask = || l1kdb(home, &["query", "a.l1kdb", "--profiles", "query.tsv", "--format", "tsv"]);
    let answers: Vec<String> = [1, 2]
        .map(|of| {
            out(&small.build("a.l1kdb", of, &["--overwrite"]));
            out(&ask())
        })
        .to_vec();
    assert_ne!(answers[0], answers[1]);
    let done = AtomicBool::new(false);
    let asked: usize = std::thread::scope(|scope| {
        let readers: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let mut asked = 0;
                    while !done.load(Ordering::Relaxed) {
                        assert!(answers.contains(&out(&ask())), "a third answer");
                        asked += 1;
                    }
                    asked
                })
            })
            .collect();
        for round in 0..120 {
            out(&small.build("a.l1kdb", 1 + round % 2, &["--overwrite"]));
        }
        done.store(true, Ordering::Relaxed);
        readers.into_iter().map(|reader| reader.join().unwrap()).sum()
    });
    assert!(asked > 20, "{asked}");
}

#[test]
fn a_database_that_is_open_is_read_to_the_end_though_another_takes_its_place() {
    let small = Small::new();
    let path = small.path().join("a.l1kdb");
    out(&small.build("a.l1kdb", 1, &[]));
    let old = Db::open(&path).unwrap();
    out(&small.build("a.l1kdb", 2, &["--overwrite"]));
    old.verify(&EngineOptions::default(), &Quiet).unwrap();
    assert_ne!(old.signatures(), Db::open(&path).unwrap().signatures());
}

/// Does something at the destination while a build is at work.
struct Meanwhile<F: Fn() + Sync>(F, AtomicBool);

impl<F: Fn() + Sync> Progress for Meanwhile<F> {
    fn begin(&self, _task: &str, _total: u64) {
        if !self.1.swap(true, Ordering::Relaxed) {
            (self.0)();
        }
    }
    fn advance(&self, _done: u64) {}
    fn end(&self) {}
}

/// Builds `a.l1kdb` of the second set while something happens.
fn build_while(small: &Small, overwrite: bool, happens: impl Fn() + Sync) -> Result<(), DbError> {
    let (profiles, signatures) = small.inputs(2);
    let files = BuildFiles::new(profiles, signatures);
    let options = BuildOptions::default().overwrite(overwrite);
    let meanwhile = Meanwhile(happens, AtomicBool::new(false));
    build(small.path().join("a.l1kdb"), &files, &options, &Model::identity(), &meanwhile).map(|_| ())
}

#[test]
fn what_appears_at_the_destination_during_a_build_stays() {
    for overwrite in [false, true] {
        let small = Small::new();
        let path = small.path().join("a.l1kdb");
        let appear = || {
            fs::create_dir(&path).unwrap();
            fs::write(path.join("thesis.doc"), "years of work").unwrap();
        };
        let error = build_while(&small, overwrite, appear).unwrap_err();
        assert!(matches!(error, DbError::ExistsForeign { .. }), "{error}");
        assert_eq!(fs::read(path.join("thesis.doc")).unwrap(), b"years of work");
        assert_eq!(names(small.path()), ["a.l1kdb"]);
    }
}

#[test]
fn a_database_that_appears_during_a_build_is_replaced_only_when_asked() {
    let small = Small::new();
    out(&small.build("other.l1kdb", 1, &[]));
    let appear = || fs::rename(small.path().join("other.l1kdb"), small.path().join("a.l1kdb")).unwrap();
    let error = build_while(&small, false, appear).unwrap_err();
    assert!(matches!(error, DbError::Exists { .. }), "{error}");
    assert_eq!(Db::open(small.path().join("a.l1kdb")).unwrap().signatures(), small.rows(1));
}

#[test]
fn a_file_that_a_user_puts_into_a_database_is_not_lost_with_it() {
    let small = Small::new();
    let path = small.path().join("a.l1kdb");
    out(&small.build("a.l1kdb", 1, &[]));
    let put = || fs::write(path.join("notes.txt"), "mine").unwrap();
    let error = build_while(&small, true, put).unwrap_err();
    assert!(error.to_string().contains("notes.txt"), "{error}");
    assert!(error_of(&small.build("a.l1kdb", 2, &["--overwrite"])).contains("notes.txt"));
    assert_eq!(fs::read(path.join("notes.txt")).unwrap(), b"mine");
    verify(&path).unwrap();
    fs::remove_file(path.join("notes.txt")).unwrap();
    fs::create_dir(path.join("model/old")).unwrap();
    assert!(error_of(&small.build("a.l1kdb", 2, &["--overwrite"])).contains("model"));
}

#[test]
fn a_damaged_database_can_be_built_again_and_a_folder_of_another_trade_cannot() {
    let small = Small::new();
    let path = small.path().join("a.l1kdb");
    for damage in ["MANIFEST", "segment-000001.l1k", "model/card.toml"] {
        out(&small.build("a.l1kdb", 1, &["--overwrite"]));
        fs::remove_file(path.join(damage)).unwrap();
        assert!(verify(&path).is_err(), "{damage}");
    }
    out(&small.build("a.l1kdb", 1, &["--overwrite"]));
    verify(&path).unwrap();
    fs::create_dir(small.path().join("jar")).unwrap();
    fs::write(small.path().join("jar/MANIFEST"), "Manifest-Version: 1.0\n").unwrap();
    assert!(error_of(&small.build("jar", 1, &["--overwrite"])).contains("is not a database"));
}

#[cfg(unix)]
#[test]
fn no_name_is_followed_through_a_symbolic_link() {
    use std::os::unix::fs::symlink;
    let ends = ["building", "replaced", "building-0123456789abcdef", "replaced-0123456789abcdef"];
    for name in ends.map(|end| format!(".a.l1kdb.{end}")) {
        let small = Small::new();
        let precious = small.path().join("precious");
        fs::create_dir_all(precious.join("sub")).unwrap();
        fs::write(precious.join("thesis.doc"), "work").unwrap();
        symlink("precious", small.path().join(&name)).unwrap();
        out(&small.build("a.l1kdb", 1, &[]));
        out(&small.build("a.l1kdb", 2, &["--overwrite"]));
        assert!(precious.join("thesis.doc").exists() && precious.join("sub").exists(), "{name}");
        assert!(!small.path().join("a.l1kdb").is_symlink());
        assert_eq!(names(small.path()), [&name, "a.l1kdb", "precious"]);
    }
}

#[cfg(unix)]
#[test]
fn a_destination_that_is_a_link_is_refused_and_stays() {
    use std::os::unix::fs::symlink;
    let small = Small::new();
    out(&small.build("real.l1kdb", 1, &[]));
    for (link, target) in [("link.l1kdb", "real.l1kdb"), ("dangling.l1kdb", "nowhere.l1kdb")] {
        symlink(target, small.path().join(link)).unwrap();
        for options in [&[][..], &["--overwrite"]] {
            assert!(error_of(&small.build(link, 2, options)).contains("symbolic link"));
        }
        assert_eq!(fs::read_link(small.path().join(link)).unwrap(), PathBuf::from(target));
    }
    assert_eq!(Db::open(small.path().join("link.l1kdb")).unwrap().signatures(), small.rows(1));
    assert_eq!(names(small.path()), ["dangling.l1kdb", "link.l1kdb", "real.l1kdb"]);
}

#[test]
fn the_only_whole_database_that_a_killed_build_left_is_put_back_and_reported() {
    for left in
        [".a.l1kdb.replaced", ".a.l1kdb.replaced-0123456789abcdef", ".a.l1kdb.building-0123456789abcdef"]
    {
        let small = Small::new();
        let path = small.path().join("a.l1kdb");
        out(&small.build("a.l1kdb", 1, &[]));
        fs::rename(&path, small.path().join(left)).unwrap();
        fs::create_dir(small.path().join(".a.l1kdb.building")).unwrap();
        fs::write(small.path().join(".a.l1kdb.building/segment-000001.l1k"), "half").unwrap();
        let missing = error_of(&l1kdb(small.path(), &["verify", "a.l1kdb"]));
        assert!(missing.contains(".a.l1kdb.building"), "{missing}");
        let refused = error_of(&small.build("a.l1kdb", 2, &[]));
        assert!(refused.contains(left) && refused.contains("--overwrite"), "{refused}");
        assert_eq!(Db::open(&path).unwrap().signatures(), small.rows(1));
        assert_eq!(names(small.path()), ["a.l1kdb"]);
    }
}

#[test]
fn left_overs_are_removed_and_reported_where_the_database_is_whole() {
    let small = Small::new();
    out(&small.build("a.l1kdb", 1, &[]));
    out(&small.build(".a.l1kdb.replaced", 1, &[]));
    let built = small.build("a.l1kdb", 2, &["--overwrite"]);
    let said = String::from_utf8(built.stderr.clone()).unwrap();
    assert!(built.status.success() && said.contains("removed .a.l1kdb.replaced"), "{said}");
    assert_eq!(names(small.path()), ["a.l1kdb"]);
}

#[test]
fn a_whole_left_over_outlives_a_database_that_is_damaged() {
    let small = Small::new();
    out(&small.build("a.l1kdb", 1, &[]));
    out(&small.build(".a.l1kdb.replaced", 1, &[]));
    fs::write(small.path().join("a.l1kdb/MANIFEST"), "format = 2\n").unwrap();
    let built = small.build("a.l1kdb", 2, &["--overwrite"]);
    assert!(String::from_utf8_lossy(&built.stderr).contains(".a.l1kdb.replaced is a whole database"));
    assert_eq!(Db::open(small.path().join(".a.l1kdb.replaced")).unwrap().signatures(), small.rows(1));
}

#[test]
fn a_left_over_that_holds_a_users_file_is_kept_with_it() {
    let small = Small::new();
    let left = small.path().join(".a.l1kdb.building");
    fs::create_dir(&left).unwrap();
    fs::write(left.join("thesis.doc"), "work").unwrap();
    fs::write(left.join("segment-000001.l1k"), "half").unwrap();
    let built = small.build("a.l1kdb", 1, &[]);
    assert!(String::from_utf8_lossy(&built.stderr).contains("holds other files"));
    assert_eq!(fs::read_dir(&left).unwrap().count(), 1);
    assert_eq!(fs::read(left.join("thesis.doc")).unwrap(), b"work");
}

#[test]
fn a_build_that_fails_leaves_no_folder_that_it_made() {
    let small = Small::new();
    fs::rename(small.inputs(2).0, small.path().join("p1.tsv")).unwrap();
    let failed = small.build("deep/er/a.l1kdb", 2, &[]);
    assert!(error_of(&failed).contains("p2.tsv"));
    assert!(names(small.path()).is_empty());
    fs::rename(small.inputs(1).0, small.inputs(2).0).unwrap();
    out(&small.build("deep/er/a.l1kdb", 2, &[]));
    verify(&small.path().join("deep/er/a.l1kdb")).unwrap();
}

#[test]
fn a_destination_that_cannot_be_one_is_refused_and_untouched() {
    let small = Small::new();
    fs::write(small.path().join("file"), "x").unwrap();
    for destination in [".", "..", "/", "file", "/dev/null", "file/a.l1kdb"] {
        for options in [&[][..], &["--overwrite"]] {
            error_of(&small.build(destination, 1, options));
        }
    }
    assert_eq!(fs::read(small.path().join("file")).unwrap(), b"x");
    assert_eq!(names(small.path()), ["file"]);
    out(&small.build("trail.l1kdb/", 1, &[]));
    out(&small.build("trail.l1kdb/", 2, &["--overwrite"]));
    assert_eq!(names(small.path()), ["file", "trail.l1kdb"]);
}
