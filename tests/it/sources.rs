//! Several sources make one database: one catalogue of drugs, every signature with the name of its source, and nothing twice.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use l1kdb::db::{BuildFiles, BuildOptions, BuildReport, Db, DbError, DrugHit, Filter, build_sources};
use l1kdb::embed::{EngineOptions, Model};
use l1kdb::profile::GeneSpace;
use l1kdb::progress::Quiet;
use l1kdb::question::{Ask, Calibrate, CmapChain, Question};
use serde_json::Value;

use crate::program::{l1kdb, out, text};
use crate::world::{inputs, world};

/// Profiles and signatures of some rows of the world, with another profile or line where `change` makes one.
struct Half {
    home: PathBuf,
    name: &'static str,
}

impl Half {
    fn of(
        home: &Path,
        name: &'static str,
        rows: &[usize],
        change: impl Fn(usize, &mut Vec<f32>, &mut String),
    ) -> Self {
        let table = fs::read_to_string(&world().files.sig_info).unwrap();
        let header = table.lines().next().unwrap();
        let (mut columns, mut lines) = (Vec::new(), vec![header.to_owned()]);
        for &row in rows {
            let id = &world().profiles.ids()[row];
            let mut profile = world().profiles.profile(row).to_vec();
            let mut line =
                table.lines().find(|line| line.split('\t').any(|cell| cell == id)).unwrap().to_owned();
            change(row, &mut profile, &mut line);
            columns.push((id.clone(), profile));
            lines.push(line);
        }
        let mut text =
            format!("gene\t{}\n", columns.iter().map(|(id, _)| &**id).collect::<Vec<_>>().join("\t"));
        for (gene, symbol) in GeneSpace::landmarks().symbols().iter().enumerate() {
            let values = columns.iter().map(|(_, profile)| format!("\t{}", profile[gene]));
            text += &format!("{symbol}{}\n", values.collect::<String>());
        }
        fs::write(home.join(format!("{name}.tsv")), text).unwrap();
        fs::write(home.join(format!("{name}.txt")), lines.join("\n") + "\n").unwrap();
        Self { home: home.to_owned(), name }
    }

    fn files(&self) -> BuildFiles {
        let path = |end: &str| self.home.join(format!("{}.{end}", self.name));
        BuildFiles::new(path("tsv"), path("txt"))
            .pert_info(&world().files.pert_info)
            .atc(&world().files.drug_atc)
    }

    fn named(&self) -> (String, BuildFiles) {
        (self.name.to_owned(), self.files())
    }
}

fn unchanged(_: usize, _: &mut Vec<f32>, _: &mut String) {}

fn build(home: &Path, halves: &[&Half], options: &BuildOptions) -> Result<(BuildReport, Db), DbError> {
    let files: Vec<_> = halves.iter().map(|half| half.named()).collect();
    let path = home.join("both.l1kdb");
    let report = build_sources(&path, &files, &options.clone().overwrite(true), &Model::identity(), &Quiet)?;
    Ok((report, Db::open(path)?))
}

/// Even and odd rows of the world.
fn halves(home: &Path) -> [Half; 2] {
    let rows = |odd: usize| (0..300).filter(|row| row % 2 == odd).collect::<Vec<_>>();
    [Half::of(home, "even", &rows(0), unchanged), Half::of(home, "odd", &rows(1), unchanged)]
}

fn signature(row: usize) -> Question {
    Question::Signatures(vec![world().profiles.ids()[row].clone()])
}

#[test]
fn a_database_of_two_halves_answers_as_that_of_the_whole() {
    let home = tempfile::tempdir().unwrap();
    let [even, odd] = halves(home.path());
    let (report, both) = build(home.path(), &[&even, &odd], &BuildOptions::default()).unwrap();
    let whole = world().open();
    assert_eq!((both.signatures(), both.drugs().unwrap()), (whole.signatures(), whole.drugs().unwrap()));
    let counts: Vec<(&str, usize)> =
        report.sources.iter().map(|source| (&*source.name, source.signatures)).collect();
    assert_eq!(counts, [("even", 150), ("odd", 150)]);
    assert_eq!(both.verify(&EngineOptions::default(), &Quiet).unwrap().segments, 2);
    for row in [3, 40, 200] {
        let asks: [fn(&Db) -> Ask<'_>; 3] = [
            |db| Ask::new(db).top(50),
            |db| Ask::new(db).top(50).reverse(),
            |db| Ask::new(db).top(50).cmap(CmapChain::new()),
        ];
        for ask in asks {
            let mut of_both = ask(&both).drugs(&signature(row)).unwrap().whole().unwrap().remove(0).hits;
            let of_whole = ask(&whole).drugs(&signature(row)).unwrap().whole().unwrap().remove(0).hits;
            let sources: BTreeSet<String> = of_both.iter().flat_map(|hit| hit.sources.clone()).collect();
            assert_eq!(sources.into_iter().collect::<Vec<_>>(), ["even", "odd"]);
            of_both.iter_mut().for_each(|hit| hit.sources.clear());
            let told = |hits: &[DrugHit]| -> Vec<String> {
                hits.iter().map(|hit| format!("{} {:.5} {}", hit.drug, hit.score, hit.n_signatures)).collect()
            };
            assert_eq!(told(&of_both), told(&of_whole));
            let hits = ask(&both).signatures(&signature(row)).unwrap().whole().unwrap().remove(0).hits;
            for hit in hits {
                let at = world().profiles.ids().iter().position(|id| *id == hit.signature.sig_id).unwrap();
                assert_eq!(hit.source, ["even", "odd"][at % 2]);
            }
        }
    }
}

#[test]
fn the_source_is_a_key_of_filters_and_calibrations_are_of_all_sources() {
    let home = tempfile::tempdir().unwrap();
    let [even, odd] = halves(home.path());
    let (_, db) = build(home.path(), &[&even, &odd], &BuildOptions::default()).unwrap();
    assert_eq!(db.sources(), ["even", "odd"]);
    let only = Ask::new(&db).top(1000).filter(Filter::parse("source = odd").unwrap());
    let hits = only.signatures(&signature(3)).unwrap().whole().unwrap().remove(0).hits;
    assert_eq!(hits.len(), 149);
    assert!(hits.iter().all(|hit| hit.source == "odd"));
    let report = Calibrate::new(&db).of_database(&Quiet).unwrap();
    assert_eq!(report.candidates, world().open().drugs().unwrap());
    let db = Db::open(home.path().join("both.l1kdb")).unwrap();
    let hit = Ask::new(&db).drugs(&signature(3)).unwrap().whole().unwrap().remove(0).hits.remove(0);
    assert!(hit.further.iter().any(|score| score.name == "p" && score.value.is_some()));
    assert!(!Ask::new(&db).classes(&signature(3)).unwrap().whole().unwrap()[0].hits.is_empty());
}

#[test]
fn the_same_signature_in_two_sources_is_kept_once_or_refused() {
    let home = tempfile::tempdir().unwrap();
    let rows: Vec<usize> = (0..60).collect();
    let first = Half::of(home.path(), "first", &rows, unchanged);
    let second = Half::of(home.path(), "second", &rows[40..], unchanged);
    let (report, db) =
        build(home.path(), &[&first, &second, &halves(home.path())[1]], &BuildOptions::default()).unwrap();
    assert_eq!(report.sources[1].twice, 20);
    assert_eq!(report.sources[2].twice, 30);
    assert_eq!(db.signatures(), 60 + 120);
    let refused = |second: &Half, options: &BuildOptions| {
        let error = build(home.path(), &[&first, second], options).err().unwrap();
        assert!(matches!(error, DbError::SameSignature { .. }), "{error}");
        error.to_string()
    };
    let strict = BuildOptions::default().refuse_twice(true);
    assert!(refused(&second, &strict).contains("stands in first and second, and it stands in both"));
    let other_profile = |row: usize, profile: &mut Vec<f32>, _: &mut String| {
        if row == 50 {
            profile[7] += 0.5;
        }
    };
    let changed = Half::of(home.path(), "changed", &rows[40..], other_profile);
    let told = refused(&changed, &BuildOptions::default());
    assert!(told.contains("their profiles differ") && told.contains(&world().profiles.ids()[50]), "{told}");
    let cell = world().open().signature(&world().profiles.ids()[45]).unwrap().unwrap().0.cell_id;
    let other_cell = |row: usize, _: &mut Vec<f32>, line: &mut String| {
        if row == 45 {
            *line = line
                .split('\t')
                .map(|text| if text == cell { "ELSEWHERE" } else { text })
                .collect::<Vec<_>>()
                .join("\t");
        }
    };
    let moved = Half::of(home.path(), "moved", &rows[40..], other_cell);
    assert!(refused(&moved, &BuildOptions::default()).contains("other drugs or conditions"));
    // A build that failed leaves what was there.
    assert_eq!(Db::open(home.path().join("both.l1kdb")).unwrap().signatures(), 180);
}

#[test]
fn sources_that_do_not_go_together_are_refused_or_told() {
    let home = tempfile::tempdir().unwrap();
    let [even, odd] = halves(home.path());
    let refused = |files: &[(String, BuildFiles)]| {
        build_sources(
            home.path().join("no.l1kdb"),
            files,
            &BuildOptions::default(),
            &Model::identity(),
            &Quiet,
        )
        .unwrap_err()
        .to_string()
    };
    assert!(refused(&[]).contains("no source is named"));
    assert!(refused(&[even.named(), ("even".into(), odd.files())]).contains("stands twice or is empty"));
    assert!(refused(&[even.named(), ("again".into(), even.files())]).contains("is given twice"));
    let levels = [("a".into(), even.files().level(4)), ("b".into(), odd.files().level(5))];
    assert!(refused(&levels).contains("a is of level 4 and b of level 5"), "{}", refused(&levels));
    let mixed = BuildOptions::default().mix_levels(true);
    build_sources(home.path().join("mixed.l1kdb"), &levels, &mixed, &Model::identity(), &Quiet).unwrap();
    let large = Half::of(home.path(), "large", &[1, 3, 5, 7], |_, profile, _| {
        profile.iter_mut().for_each(|value| *value *= 20.0);
    });
    let (report, _) = build(home.path(), &[&even, &large], &BuildOptions::default()).unwrap();
    assert!(
        report.warnings.iter().any(|text| text.contains("values of large have a root mean square")),
        "{:?}",
        report.warnings
    );
}

#[test]
fn the_program_builds_of_files_and_of_a_list_of_sources() {
    let home = tempfile::tempdir().unwrap();
    let _ = halves(home.path());
    let (pert, atc) = (text(&world().files.pert_info), text(&world().files.drug_atc));
    let typed = [
        "build",
        "both",
        "--model",
        "identity",
        "--profiles",
        "even.tsv",
        "--sig-info",
        "even.txt",
        "--profiles",
        "odd.tsv",
    ];
    let more = [
        "--sig-info",
        "odd.txt",
        "--pert-info",
        pert,
        "--atc",
        atc,
        "--source-name",
        "a",
        "--source-name",
        "b",
    ];
    let told = out(&l1kdb(home.path(), &[&typed[..], &more].concat()));
    assert!(told.contains("a: 150 signatures of") && told.contains("b: 150 signatures of"), "{told}");
    assert!(out(&l1kdb(home.path(), &["info", "both"])).contains("sources     a, b"));
    let id = &world().profiles.ids()[3];
    let tsv = out(&l1kdb(
        home.path(),
        &["query", "both", "--sig", id, "--format", "tsv", "--filter", "source = b"],
    ));
    let rows: Vec<Vec<&str>> = tsv.lines().map(|line| line.split('\t').collect()).collect();
    assert_eq!(rows[0].last(), Some(&"source"));
    assert!(rows.iter().all(|row| row.len() == rows[0].len()));

    let listed = format!(
        "atc = {atc:?}\n[[source]]\nname = \"a\"\nprofiles = \"even.tsv\"\nsig_info = \"even.txt\"\npert_info = {pert:?}\n\
         [[source]]\nname = \"b\"\nprofiles = \"odd.tsv\"\nsig_info = \"odd.txt\"\n"
    );
    fs::write(home.path().join("sources.toml"), listed).unwrap();
    out(&l1kdb(home.path(), &["build", "listed", "--model", "identity", "--sources", "sources.toml"]));
    for file in ["MANIFEST", "segment-000001.l1k", "segment-000002.l1k"] {
        let read = |folder: &str| fs::read(home.path().join(folder).join(file)).unwrap();
        assert!(read("both") == read("listed"), "{file} differs");
    }
    let short = l1kdb(home.path(), &[&typed[..], &["--sig-info", "odd.txt", "--source-name", "a"]].concat());
    let stderr = String::from_utf8_lossy(&short.stderr);
    assert!(stderr.contains("--source-name is given 1 times and --profiles 2 times"), "{stderr}");
}

#[test]
fn one_source_with_a_name_and_one_without_are_the_same_but_for_the_name() {
    let home = tempfile::tempdir().unwrap();
    let named = [("sim".to_owned(), inputs(&world().files))];
    build_sources(home.path().join("named"), &named, &BuildOptions::default(), &Model::identity(), &Quiet)
        .unwrap();
    let named = Db::open(home.path().join("named")).unwrap();
    assert_eq!((named.sources(), world().open().sources().len()), (vec!["sim".to_owned()], 0));
    let hits = |db: &Db| Ask::new(db).signatures(&signature(9)).unwrap().whole().unwrap().remove(0).hits;
    for (mut of_named, plain) in hits(&named).into_iter().zip(hits(&world().open())) {
        assert_eq!(std::mem::take(&mut of_named.source), "sim");
        assert_eq!(of_named, plain);
    }
}

#[test]
fn an_evaluation_tells_pairs_within_and_across_sources() {
    let home = tempfile::tempdir().unwrap();
    let [even, odd] = halves(home.path());
    build(home.path(), &[&even, &odd], &BuildOptions::default()).unwrap();
    let eval = |more: &[&str]| {
        let asked = ["eval", "retrieval", "--db", "both.l1kdb", "--bootstrap", "60", "--format", "json"];
        serde_json::from_str::<Value>(&out(&l1kdb(home.path(), &[&asked[..], more].concat()))).unwrap()
    };
    let (all, across, apart) =
        (eval(&[]), eval(&["--across-sources", "--report", "page.html"]), eval(&["--exclude", "source"]));
    let pairs = |found: &Value, of: &str, part: &str| {
        let strata = found["strata"].as_array().unwrap();
        let found = strata.iter().find(|stratum| stratum["of"] == of && stratum["part"] == part);
        found.map_or(0, |stratum| stratum["positives"].as_u64().unwrap())
    };
    let pair = "source of the pair";
    let (same, other) = (pairs(&all, pair, "same"), pairs(&all, pair, "other"));
    assert_eq!(all["positives"].as_u64().unwrap(), same + other);
    assert!(same > 0 && other > 0);
    for found in [&across, &apart] {
        assert_eq!((pairs(found, pair, "same"), pairs(found, pair, "other")), (0, other));
        assert_eq!(pairs(found, "source of the query", "even") * 2, other);
    }
    assert_eq!(across["across_sources"], true);
    assert!(across["negatives_mean"].as_f64().unwrap() < 0.6 * apart["negatives_mean"].as_f64().unwrap());
    assert!(
        text_of(home.path(), "page.html").contains("A query looks in the signatures of other sources only.")
    );
    let plain = l1kdb(home.path(), &["eval", "retrieval", "--db", text(&world().db), "--across-sources"]);
    let stderr = String::from_utf8_lossy(&plain.stderr);
    assert!(stderr.contains("0 sources are known"), "{stderr}");
}

fn text_of(home: &Path, file: &str) -> String {
    fs::read_to_string(home.join(file)).unwrap()
}
