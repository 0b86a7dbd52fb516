//! Who is which drug, and that every drug and every value can be asked for.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use l1kdb::annotate::DrugKeys;
use l1kdb::db::{BuildFiles, BuildOptions, BuildReport, Db, Filter, Graph, build};
use l1kdb::embed::Model;
use l1kdb::profile::{PerturbagenTable, SignatureTable};
use l1kdb::progress::Quiet;

use crate::needs::shared;
use crate::world::world;

/// A signature: its `pert_id`, name and cell line.
type Row<'a> = [&'a str; 3];

/// The files of a database of the first profiles of the world, each with a row of its own; `pert_info` is
/// (pert_id, name, drug, InChIKey, mechanism).
fn tables(home: &Path, rows: &[Row<'_>], pert_info: &[[&str; 5]]) -> BuildFiles {
    let ids = world().profiles.ids();
    let line =
        |(id, row): (&String, &Row<'_>)| format!("{id}\t{}\t{}\t{}\t5 uM\t24 h\n", row[0], row[1], row[2]);
    let lines: String = ids.iter().zip(rows).map(line).collect();
    let header = "sig_id\tpert_id\tpert_iname\tcell_id\tpert_idose\tpert_itime\n";
    fs::write(home.join("sig_info.txt"), format!("{header}{lines}")).unwrap();
    let lines: String = pert_info.iter().map(|row| row.join("\t") + "\n").collect();
    let header = "pert_id\tpert_iname\tdrug\tinchi_key\tmoa\n";
    fs::write(home.join("pert_info.txt"), format!("{header}{lines}")).unwrap();
    let files = BuildFiles::new(&world().files.profiles, home.join("sig_info.txt"));
    if pert_info.is_empty() { files } else { files.pert_info(home.join("pert_info.txt")) }
}

fn built(home: &Path, rows: &[Row<'_>], pert_info: &[[&str; 5]], per_segment: usize) -> (Db, BuildReport) {
    let files = tables(home, rows, pert_info);
    let options = BuildOptions::default().graph(Graph::Never).rows_per_segment(per_segment).overwrite(true);
    let path = home.join("drugs.l1kdb");
    let report = build(&path, &files, &options, &Model::identity(), &Quiet).unwrap();
    (Db::open(path).unwrap(), report)
}

/// The rows that have one of some values, by their places.
fn kept(db: &Db, key: &str, text: &str) -> Vec<usize> {
    let values = db.filter_values(key, text).unwrap_or_else(|error| panic!("{key}={text}: {error}"));
    kept_by(db, Filter::any_of(key, values))
}

/// The rows that a filter keeps, by their places.
fn kept_by(db: &Db, filter: Filter) -> Vec<usize> {
    let query = world().embedding(0);
    let hits = db.query(&query).top(1000).filter(filter).signatures().unwrap();
    let place = |id: &String| world().profiles.ids().iter().position(|known| known == id).unwrap();
    hits.iter().map(|hit| place(&hit.signature.sig_id)).collect::<BTreeSet<_>>().into_iter().collect()
}

const ROWS: [Row<'static>; 8] = [
    ["B1", "1S,3R-RSL-9", "Jurkat, Clone E6-1"],
    ["B2", "betamol", "G-292, clone A141B1"],
    ["B3", "2,4-dinitrol", "Jurkat, Clone E6-1"],
    ["B4", "5 alpha-blocker", "MCF7"],
    ["B5", "(+)-JX1", "PC3"],
    ["B6", "(-)-JX1", "PC3"],
    ["B7", "a=b", "a,b"],
    ["B8", "Trichostatin-A", "b"],
];

#[test]
fn a_value_of_the_database_is_meant_as_a_whole_commas_and_all() {
    let home = tempfile::tempdir().unwrap();
    let (db, _) =
        built(home.path(), &ROWS, &[["B4", "5 alpha-blocker", "", "", "B, C antagonist|D inhibitor"]], 1000);
    for (key, text, expected) in [
        ("cell_id", "Jurkat, Clone E6-1", &[0, 2][..]),
        ("cell_id", "jurkat,clone e6-1", &[0, 2]),
        ("cell_id", "G-292, clone A141B1,MCF7", &[1, 3]),
        ("cell_id", "MCF7, PC3", &[3, 4, 5]),
        ("cell_id", "a,b", &[6]),
        ("cell_id", "\"b\",MCF7", &[3, 7]),
        ("drug", "1S,3R-RSL-9", &[0]),
        ("drug", "2,4-dinitrol", &[2]),
        ("drug", "2,4-dinitrol,betamol", &[1, 2]),
        ("drug", "betamol,\"2,4-dinitrol\", 1S,3R-RSL-9", &[0, 1, 2]),
        ("drug", "a=b", &[6]),
        ("drug", "trichostatin a", &[7]),
        ("drug", "JX1 (−)", &[5]),
        ("drug", "B5", &[4]),
        ("drug", "trichostatin,a", &[7]),
        ("moa", "B, C antagonist", &[3]),
        ("moa", "D inhibitor,B, C antagonist", &[3]),
        ("pert_dose", "5", &[0, 1, 2, 3, 4, 5, 6, 7]),
    ] {
        assert_eq!(kept(&db, key, text), expected, "{key}={text}");
    }
}

#[test]
fn a_list_of_drugs_is_not_taken_for_the_drug_that_its_letters_spell() {
    let rows = [
        ["B1", "beta mol", "A"],
        ["B2", "beta", "A"],
        ["B3", "mol", "A"],
        ["B4", "x, \"y\", z", "A"],
        ["B5", "x", "A"],
        ["B6", "y", "A"],
        ["B7", "z", "A"],
        ["B8", "L-690330", "A"],
    ];
    let home = tempfile::tempdir().unwrap();
    let (db, _) = built(home.path(), &rows, &[], 1000);
    assert_eq!(kept(&db, "drug", "beta,mol"), [1, 2]);
    assert_eq!(kept(&db, "drug", "\"x\",\"y\",\"z\""), [4, 5, 6]);
    assert_eq!(kept(&db, "drug", "x,y,z"), [4, 5, 6]);
    assert_eq!(kept(&db, "drug", "x, \"y\", z"), [3]);
    assert_eq!(kept(&db, "drug", "L-690,330"), [7]);
}

#[test]
fn a_name_that_looks_like_an_expression_can_be_asked_for() {
    let rows =
        [["B1", "x and cell_id = PC3", "MCF7"], ["B2", "x", "PC3"], ["B3", "n_signatures >= 3", "PC3"]];
    let home = tempfile::tempdir().unwrap();
    let (db, _) = built(home.path(), &rows, &[], 1000);
    for (text, expected) in [
        ("drug=x and cell_id = PC3", [0]),
        ("drug in (\"x and cell_id = PC3\")", [0]),
        ("(drug=x and cell_id = PC3)", [1]),
        ("drug = x and cell_id=PC3", [0]),
        ("drug=n_signatures >= 3", [2]),
        ("drug ^= n_sig and cell_id=PC3", [2]),
    ] {
        assert_eq!(kept_by(&db, db.parse_filter(text).unwrap()), expected, "{text}");
    }
}

#[test]
fn what_cannot_be_meant_is_refused_with_a_value_that_can_be_typed_as_it_is_printed() {
    let home = tempfile::tempdir().unwrap();
    let (db, _) = built(home.path(), &ROWS, &[], 1000);
    for (key, text, near) in [
        ("drug", "1S,3R-RSL-8", "1S,3R-RSL-9"),
        ("drug", "betamol,2,4-dinitrool", "2,4-dinitrol"),
        ("drug", "betamoll,2,4-dinitrol", "betamol"),
        ("cell_id", "Jurkat, Clone E6-2", "Jurkat, Clone E6-1"),
        ("cell_id", "MCF77", "MCF7"),
    ] {
        let error = db.filter_values(key, text).unwrap_err().to_string();
        assert!(error.contains(&format!("did you mean {near}?")), "{error}");
        assert!(!kept(&db, key, near).is_empty(), "{near}");
    }
    for text in ["5", "JX1", "10"] {
        let error = db.filter_values("drug", text).unwrap_err().to_string();
        assert!(error.contains(&format!("no signature has drug={text}")), "{error}");
    }
    let long = "betamol,".repeat(20_000);
    for (key, text) in [
        ("cell_id", ""),
        ("cell_id", "MCF7,"),
        ("cell_id", ",MCF7"),
        ("cell_id", "MCF7,,PC3"),
        ("cell_id", "\"\""),
        ("drug", "betamol,"),
        ("drug", &long),
    ] {
        let error = db.filter_values(key, text).unwrap_err().to_string();
        assert!(error.contains("empty value") && !error.contains('\n') && error.len() < 400, "{error}");
    }
    let error = db.filter_values("drug", &"x".repeat(100_000)).unwrap_err().to_string();
    assert!(error.contains("no signature has drug=xxx") && error.len() < 400, "{error}");
    assert!(
        db.filter_values("cell", "MCF7").unwrap_err().to_string().contains("unknown filter key \"cell\"")
    );
    let query = world().embedding(0);
    assert!(
        db.query(&query).filter(Filter::any_of("drug", ["2,4-dinitrol,betamol"])).run().is_err(),
        "a value is taken as it is"
    );
}

#[test]
fn a_drug_is_found_by_any_of_its_names_in_any_segment() {
    const KEY: &str = "ABCDEFGHIJKLMN-UHFFFAOYSA-N";
    let rows = [
        ["B1", "tozasertib", "A"],
        ["B2", "VX-680", "A"],
        ["B3", "other", "A"],
        ["B2", "VX-680", "A"],
        ["B4", "other", "B"],
    ];
    let table = [
        ["B1", "tozasertib", "", KEY, ""],
        ["B2", "VX-680", "", KEY, ""],
        ["B5", "MK-0457", "", KEY, ""],
        ["B3", "other", "", "", ""],
        ["B4", "other", "", "", ""],
    ];
    let home = tempfile::tempdir().unwrap();
    for per_segment in [1000, 1, 2] {
        let (db, report) = built(home.path(), &rows, &table, per_segment);
        assert_eq!((report.drugs, db.drugs().unwrap()), (2, 2));
        for name in ["tozasertib", "Tozasertib", "vx680", "VX 680", "mk 0457", "B1", "B2"] {
            assert_eq!(kept(&db, "drug", name), [0, 1, 3], "{name}, {per_segment} a segment");
        }
        assert_eq!(kept(&db, "drug", "other,vx-680"), [0, 1, 2, 3, 4]);
        assert_eq!(kept(&db, "drug", "B4"), [2, 4]);
        assert_eq!(kept(&db, "pert_id", "B2"), [1, 3]);
        assert!(
            report
                .identity
                .iter()
                .any(|line| line.contains("VX-680 = tozasertib") || line.contains("tozasertib = VX-680"))
        );
        assert!(
            report.identity.iter().any(|line| line.contains("several pert_ids under one name: 1 (other: 2)"))
        );
    }
}

#[test]
fn mirror_images_are_drugs_of_their_own() {
    let names = ["(+)-JX1", "(-)-JX1", "flurbal-(+)", "flurbal-(+|-)", "JX1", "jx1-(+)", "flurbal"];
    let rows: Vec<Row<'_>> = names.iter().map(|name| ["", name, "A"]).collect();
    let home = tempfile::tempdir().unwrap();
    for per_segment in [1000, 2] {
        let (db, report) = built(home.path(), &rows, &[], per_segment);
        assert_eq!((report.drugs, db.drugs().unwrap()), (6, 6));
        assert_eq!(kept(&db, "drug", "(+)-jx1"), [0, 5]);
    }
}

#[test]
fn thousands_of_values_are_read_in_a_moment() {
    let home = tempfile::tempdir().unwrap();
    let (db, _) = built(home.path(), &ROWS, &[], 1000);
    let list = vec!["2,4-dinitrol,betamol"; 12_500].join(",");
    let began = std::time::Instant::now();
    assert_eq!(kept(&db, "drug", &list), [1, 2]);
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
}

/// Keys and notes of a folder of the real data; `None`, and a line that says so, where it is absent.
fn of_release(folder: &str, with_table: bool) -> Option<(BTreeSet<String>, Vec<String>)> {
    let folder = shared(&format!("data/{folder}"))?;
    let signatures = SignatureTable::read(folder.join("sig_info.txt")).unwrap();
    let perturbagens = with_table.then(|| PerturbagenTable::read(folder.join("pert_info.txt")).unwrap());
    let keys = DrugKeys::new(signatures.rows(), perturbagens.as_ref());
    let of = signatures.rows().iter().map(|signature| keys.of(signature).unwrap()).collect();
    Some((of, keys.notes().to_vec()))
}

#[test]
fn real_drugs_are_joined_by_structure_and_no_others_than_before() {
    for (folder, drugs, by_name) in [
        ("level5", 244, 244),
        ("ilincs_level5", 137, 137),
        ("level4_a375", 435, 443),
        ("consensus", 891, 891),
    ] {
        let Some((of, _)) = of_release(folder, true) else { return };
        let (of_names, _) = of_release(folder, false).unwrap();
        assert_eq!((of.len(), of_names.len()), (drugs, by_name), "{folder}");
    }
    let (of, notes) = of_release("level4_a375", true).unwrap();
    assert!(of.contains("tozasertib") && !of.contains("vx680"), "{notes:?}");
    assert!(of.contains("tanespimycin") && of.contains("brdk81473043"), "unlike stereochemistry");
    let (of, notes) = of_release("level5", true).unwrap();
    assert!(of.contains("tretinoin") && of.contains("isotretinoin"));
    assert!(notes.iter().any(|line| line.contains("isotretinoin / tretinoin")), "{notes:?}");
}

#[cfg(feature = "cli")]
mod cli {
    use super::{ROWS, Row, tables};
    use crate::program::{l1kdb, out, text};
    use crate::world::world;

    #[test]
    fn filters_with_commas_can_be_typed_and_are_explained() {
        let home = tempfile::tempdir().unwrap();
        let files = tables(home.path(), &ROWS, &[]);
        let profiles = text(&files.profiles).to_owned();
        let build = [
            "build",
            "a.l1kdb",
            "--profiles",
            &profiles,
            "--sig-info",
            "sig_info.txt",
            "--model",
            "identity",
        ];
        out(&l1kdb(home.path(), &build));
        let id = &world().profiles.ids()[0];
        let ask = |filter: &str| {
            let asked = [
                "query",
                "a.l1kdb",
                "--profiles",
                &profiles,
                "--id",
                id,
                "--by",
                "signature",
                "--format",
                "tsv",
            ];
            l1kdb(home.path(), &[&asked[..], &["--filter", filter]].concat())
        };
        for (filter, hits) in [
            ("cell_id=Jurkat, Clone E6-1", 2),
            ("drug=1S,3R-RSL-9", 1),
            ("drug=2,4-dinitrol,betamol", 2),
            ("drug=a=b", 1),
            ("drug=\"2,4-dinitrol\",\"betamol\"", 2),
        ] {
            assert_eq!(out(&ask(filter)).lines().count() - 1, hits, "{filter}");
        }
        for (filter, why) in [
            ("cell_id=", "value"),
            ("=MCF7", "key"),
            ("cell_id=MCF7,", "empty value"),
            ("MCF7", "KEY = VALUE"),
        ] {
            let refused = ask(filter);
            assert_eq!(refused.status.code(), Some(2), "{filter}");
            assert!(String::from_utf8_lossy(&refused.stderr).contains(why), "{filter}: {refused:?}");
        }
        assert!(out(&l1kdb(home.path(), &["query", "--help"])).contains("double quotes"));
    }

    #[test]
    fn a_split_says_which_drugs_that_may_be_one_stand_on_both_sides() {
        let rows: [Row<'_>; 8] = [
            ["B1", "tretinoin", "A"],
            ["B2", "isotretinoin", "A"],
            ["B3", "metformin", "A"],
            ["B4", "metformin-hydrochloride", "A"],
            ["B5", "aspirin", "A"],
            ["B6", "digoxin", "A"],
            ["B7", "caffeine", "A"],
            ["B8", "warfarin", "A"],
        ];
        let table = [
            ["B1", "tretinoin", "", "SHGAZHPCJJPHSC-YCNIQYBTSA-N", ""],
            ["B2", "isotretinoin", "", "SHGAZHPCJJPHSC-XFYACQKRSA-N", ""],
        ];
        let home = tempfile::tempdir().unwrap();
        tables(home.path(), &rows, &table);
        let asked =
            ["eval", "split", "s.tsv", "--sig-info", "sig_info.txt", "--pert-info", "pert_info.txt", "--by"];
        let with = |more: &[&str]| {
            let output = l1kdb(home.path(), &[&asked[..], more].concat());
            out(&output);
            String::from_utf8(output.stderr).unwrap()
        };
        // Eight folds of one drug each keep no two of them together.
        let said = with(&["drug", "--folds", "8"]);
        assert!(said.contains("2 pairs of drugs that may be one stand on both sides"), "{said}");
        assert!(
            said.contains("(same bonds)") && said.contains("metformin-hydrochloride (nearly one name)"),
            "{said}"
        );
        assert!(said.contains("isotretinoin / tretinoin"), "{said}");
        let unlike = ["aspirin", "digoxin", "caffeine", "warfarin"].map(|name| ["", name, "A"]);
        tables(home.path(), &unlike, &table);
        assert!(!with(&["drug", "--folds", "4"]).contains("both sides"));
    }
}
