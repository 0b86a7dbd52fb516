//! Which signatures a filter keeps, compared with looking at one row after another.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::sync::OnceLock;

use l1kdb::annotate::DrugAtc;
use l1kdb::db::{BuildFiles, BuildOptions, Db, DbError, Filter, Graph, build};
use l1kdb::embed::Model;
use l1kdb::profile::{PerturbagenTable, SignatureTable};
use l1kdb::progress::Quiet;
use l1kdb::scan::{ReferenceMatrix, ScanOptions};
use proptest::prelude::*;

use crate::world::world;

const ROWS: usize = 110;
const CELLS: [&str; 4] = ["MCF7", "PC3", "Jurkat, Clone E6-1", ""];
const DOSES: [&str; 7] = ["10 uM", "500 nM", "0.5 uM", "100 ng/ml", "3", "", "5 %"];
const TIMES: [&str; 5] = ["24 h", "6 h", "30 min", "1 d", ""];
const PASSES: [&str; 4] = ["1", "0", "1.0", ""];
const MOA: [&str; 3] = ["HDAC inhibitor|kinase inhibitor", "kinase inhibitor", ""];
const ATC: [&str; 3] = ["L01XX38|N03AG01", "N05AA01", ""];

/// A signature as a table has it; empty text is a missing value.
struct Row {
    drug: String,
    cell: &'static str,
    dose: &'static str,
    time: &'static str,
    pass: &'static str,
    moa: &'static str,
    atc: &'static str,
}

/// The rows of the database: every combination sooner or later, drugs with 1 to 30 signatures.
fn rows() -> Vec<Row> {
    let row = |i: usize| {
        let drug = (i * i + i / 20) % 13;
        Row {
            drug: format!("d{drug}x"),
            cell: CELLS[i % 4],
            dose: DOSES[i % 7],
            time: TIMES[i % 5],
            pass: PASSES[i / 3 % 4],
            moa: MOA[drug % 3],
            atc: ATC[drug / 2 % 3],
        }
    };
    (0..ROWS).map(row).collect()
}

/// A database of several segments.
fn db() -> &'static Db {
    &made().1
}

/// The matrix that the database is made of, as a reference of its own.
fn reference() -> ReferenceMatrix {
    let home = made().0.path();
    let options = ScanOptions::default()
        .signatures(SignatureTable::read(home.join("sig_info.txt")).unwrap())
        .perturbagens(PerturbagenTable::read(home.join("pert_info.txt")).unwrap())
        .atc(DrugAtc::read(home.join("atc.tsv")).unwrap());
    ReferenceMatrix::open(&world().files.profiles, &options).unwrap()
}

/// A database of several segments, in the folder of its tables.
fn made() -> &'static (tempfile::TempDir, Db) {
    static DB: OnceLock<(tempfile::TempDir, Db)> = OnceLock::new();
    DB.get_or_init(|| {
        let home = tempfile::tempdir().unwrap();
        let mut signatures =
            "sig_id\tpert_id\tpert_iname\tcell_id\tpert_idose\tpert_itime\tqc_pass\n".to_owned();
        let (mut perts, mut atc) = (BTreeSet::new(), BTreeSet::new());
        for (id, row) in world().profiles.ids().iter().zip(rows()) {
            let Row { drug, cell, dose, time, pass, moa, .. } = &row;
            let or_none = |text: &str| if text.is_empty() { "-666".to_owned() } else { text.to_owned() };
            let cells = [cell, dose, time, pass].map(|text| or_none(text)).join("\t");
            writeln!(signatures, "{id}\tB-{drug}\t{drug}\t{cells}").unwrap();
            perts.insert(format!("B-{drug}\t{drug}\t{}\n", or_none(moa)));
            row.atc.split('|').filter(|code| !code.is_empty()).for_each(|code| {
                atc.insert(format!("{drug}\t\t{code}\n"));
            });
        }
        let write = |name: &str, text: String| {
            let path = home.path().join(name);
            fs::write(&path, text).unwrap();
            path
        };
        let concat = |lines: BTreeSet<String>| lines.into_iter().collect::<String>();
        let files = BuildFiles::new(&world().files.profiles, write("sig_info.txt", signatures))
            .pert_info(write("pert_info.txt", "pert_id\tpert_iname\tmoa\n".to_owned() + &concat(perts)))
            .atc(write("atc.tsv", "drug\tdrugbank_id\tatc_code\n".to_owned() + &concat(atc)));
        let options = BuildOptions::default().graph(Graph::Never).rows_per_segment(40);
        let path = home.path().join("filter.l1kdb");
        build(&path, &files, &options, &Model::identity(), &Quiet).unwrap();
        let db = Db::open(&path).unwrap();
        assert_eq!((db.signatures(), db.info().unwrap().segments.len()), (ROWS, 3));
        (home, db)
    })
}

/// The rows that a filter keeps, by their numbers.
fn kept(filter: Filter) -> Result<BTreeSet<usize>, DbError> {
    let query = world().embedding(0);
    let hits = db().query(&query).top(1000).filter(filter).signatures()?;
    let place = |id: &String| world().profiles.ids().iter().position(|known| known == id).unwrap();
    Ok(hits.iter().map(|hit| place(&hit.signature.sig_id)).collect())
}

fn kept_by(text: &str) -> BTreeSet<usize> {
    let filter = Filter::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    kept(filter).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// A clause, and whether a row passes it.
type Clause = (&'static str, fn(&Row) -> bool);

fn signatures(row: &Row) -> usize {
    static COUNTS: OnceLock<BTreeMap<String, usize>> = OnceLock::new();
    let count = || {
        let mut counts = BTreeMap::new();
        rows().into_iter().for_each(|row| *counts.entry(row.drug).or_default() += 1);
        counts
    };
    COUNTS.get_or_init(count)[&row.drug]
}

/// A dose in micromolar, where it is a concentration.
fn micromolar(row: &Row) -> Option<f64> {
    match row.dose {
        "10 uM" => Some(10.0),
        "500 nM" | "0.5 uM" => Some(0.5),
        "3" => Some(3.0),
        _ => None,
    }
}

fn hours(row: &Row) -> Option<f64> {
    match row.time {
        "24 h" | "1 d" => Some(24.0),
        "6 h" => Some(6.0),
        "30 min" => Some(0.5),
        _ => None,
    }
}

const CLAUSES: [Clause; 34] = [
    ("cell_id = MCF7", |row| row.cell == "MCF7"),
    ("cell_id != mcf7", |row| row.cell != "MCF7"),
    ("cell_id in (pc3, \"Jurkat, Clone E6-1\")", |row| row.cell == "PC3" || row.cell.starts_with('J')),
    ("cell_id ^= j", |row| row.cell.starts_with('J')),
    ("cell_id ~ C", |row| ["MCF7", "PC3", "Jurkat, Clone E6-1"].contains(&row.cell)),
    ("cell_id ~ \"clone e\"", |row| row.cell.starts_with('J')),
    ("pert_dose < 3", |row| micromolar(row).is_some_and(|dose| dose < 3.0)),
    ("pert_dose <= 0.5", |row| micromolar(row).is_some_and(|dose| dose <= 0.5)),
    ("pert_dose >= 500 nM", |row| micromolar(row).is_some()),
    ("pert_dose > 0.5 µM", |row| micromolar(row).is_some_and(|dose| dose > 0.5)),
    ("pert_dose > 1000", |_| false),
    ("pert_dose >= 0.1 ug/ml", |row| row.dose == "100 ng/ml"),
    ("pert_dose < 7 %", |row| row.dose == "5 %"),
    ("pert_dose = 500 nM", |row| row.dose == "500 nM"),
    ("pert_dose = 3", |row| row.dose == "3"),
    ("pert_dose ~ nm", |row| row.dose == "500 nM"),
    ("pert_time >= 24", |row| hours(row).is_some_and(|time| time >= 24.0)),
    ("pert_time < 1 d", |row| hours(row).is_some_and(|time| time < 24.0)),
    ("pert_time <= 30 min", |row| row.time == "30 min"),
    ("pert_time = 24", |row| row.time == "24 h"),
    ("qc_pass = 1", |row| ["1", "1.0"].contains(&row.pass)),
    ("qc_pass >= 0.5", |row| ["1", "1.0"].contains(&row.pass)),
    ("qc_pass < 1", |row| row.pass == "0"),
    ("moa = HDAC inhibitor", |row| row.moa.contains("HDAC")),
    ("moa ~ INHIB", |row| !row.moa.is_empty()),
    ("moa != kinase inhibitor", |row| row.moa.is_empty()),
    ("atc ^= L", |row| row.atc.starts_with('L')),
    ("atc = N03", |row| row.atc.contains("N03")),
    ("atc ^= n0", |row| row.atc.contains('N')),
    ("drug in (d0x, B-d1x)", |row| ["d0x", "d1x"].contains(&row.drug.as_str())),
    ("drug ^= D1", |row| row.drug.starts_with("d1")),
    ("n_signatures >= 9", |row| signatures(row) >= 9),
    ("n_signatures < 9", |row| signatures(row) < 9),
    ("n_signatures = 8", |row| signatures(row) == 8),
];

/// A filter as text, in brackets, and the rows that pass it.
#[derive(Debug, Clone)]
struct Tree {
    text: String,
    passing: BTreeSet<usize>,
}

fn any_tree() -> impl Strategy<Value = Tree> {
    let clause = (0..CLAUSES.len()).prop_map(|at| {
        let (text, passes) = CLAUSES[at];
        let passing = rows().iter().enumerate().filter(|(_, row)| passes(row)).map(|(at, _)| at).collect();
        Tree { text: text.to_owned(), passing }
    });
    clause.prop_recursive(3, 12, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|Tree { text, passing }| Tree {
                text: format!("not ({text})"),
                passing: (0..ROWS).filter(|row| !passing.contains(row)).collect(),
            }),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| Tree {
                text: format!("({}) AND ({})", a.text, b.text),
                passing: &a.passing & &b.passing,
            }),
            (inner.clone(), inner).prop_map(|(a, b)| Tree {
                text: format!("({}) or ({})", a.text, b.text),
                passing: &a.passing | &b.passing,
            }),
        ]
    })
}

#[test]
fn every_clause_keeps_the_rows_that_pass_one_by_one() {
    for (text, passes) in CLAUSES {
        let expected: BTreeSet<usize> =
            rows().iter().enumerate().filter(|(_, row)| passes(row)).map(|(at, _)| at).collect();
        assert_eq!(kept_by(text), expected, "{text}");
        let rest: BTreeSet<usize> = (0..ROWS).filter(|row| !expected.contains(row)).collect();
        assert_eq!(kept_by(&format!("not {text}")), rest, "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn a_filter_keeps_the_rows_that_pass_one_by_one(tree in any_tree()) {
        prop_assert_eq!(kept_by(&tree.text), tree.passing.clone(), "{}", tree.text);
        let written = Filter::parse(&tree.text).unwrap().to_string();
        prop_assert_eq!(kept_by(&written), tree.passing, "{}", written);
    }
}

#[test]
fn not_binds_closest_then_and() {
    let (a, b, c) = ("cell_id = MCF7", "pert_time = 24", "qc_pass = 0");
    assert_eq!(kept_by(&format!("{a} or {b} and {c}")), kept_by(&format!("{a} or ({b} and {c})")));
    assert_eq!(kept_by(&format!("not {a} and {b}")), kept_by(&format!("(not {a}) and {b}")));
    assert_ne!(kept_by(&format!("not {a} and {b}")), kept_by(&format!("not ({a} and {b})")));
}

#[test]
fn what_no_row_has_is_refused_wherever_it_stands() {
    let refused = |text: &str| kept(Filter::parse(text).unwrap()).unwrap_err();
    for text in ["cell = MCF7", "pert_time = 24 or cell ~ a", "not cell ^= a", "tas >= 3"] {
        let error = refused(text);
        assert!(matches!(error, DbError::UnknownFilterKey { .. }), "{text}: {error}");
        assert!(
            error.to_string().contains("cell_id") && error.to_string().contains("n_signatures"),
            "{error}"
        );
    }
    for (text, near) in [
        ("cell_id = MCF77", "no signature has cell_id=MCF77; did you mean MCF7?"),
        ("pert_time = 24 or not cell_id in (MCF7, PC33)", "did you mean PC3?"),
        ("moa ~ HDAC inhibitors", "no signature has moa ~ HDAC inhibitors; did you mean HDAC inhibitor"),
        ("cell_id ^= X", "no signature has cell_id ^= X"),
        ("pert_dose > 3 ng", "pert_dose is compared as a number"),
    ] {
        assert!(refused(text).to_string().contains(near), "{text}: {}", refused(text));
    }
}

#[test]
fn a_filter_keeps_the_same_signatures_of_a_matrix_file_and_refuses_the_same() {
    let mut matrix = reference();
    let ids: Vec<String> = matrix.signatures().iter().map(|signature| signature.sig_id.clone()).collect();
    let place = |id: &String| world().profiles.ids().iter().position(|known| known == id).unwrap();
    let more =
        ["drug = D1X or drug = b-d2x", "target != x or cell_id = PC3", "not (atc = L01 and qc_pass = 1.0)"];
    let refused = [
        "cell = MCF7",
        "tas >= 3",
        "cell_id = MCF77",
        "moa ~ HDAC inhibitors",
        "pert_dose > 3 ng",
        "n_signatures ~ x or cell ~ a",
    ];
    for text in CLAUSES.iter().map(|(text, _)| *text).chain(more).chain(refused) {
        for text in [text.to_owned(), format!("not ({text})")] {
            let filter = Filter::parse(&text).unwrap();
            let kept_of_file = matrix.scan(&[]).filter(filter.clone()).places();
            match (kept_of_file, kept(filter.clone())) {
                (Ok(places), Ok(expected)) => {
                    let found: BTreeSet<usize> = places.iter().map(|&at| place(&ids[at])).collect();
                    assert_eq!(found, expected, "{text}");
                    assert_eq!(matrix.filter_steps(&filter).unwrap(), db().filter_steps(&filter).unwrap());
                }
                (Err(found), Err(expected)) => assert_eq!(found.to_string(), expected.to_string(), "{text}"),
                (found, expected) => panic!("{text}: {found:?}, expected {expected:?}"),
            }
        }
    }
    assert_eq!(matrix.filter_keys(), db().filter_keys().unwrap());
    for text in [
        "cell_id=MCF7,PC3",
        "cell_id=Jurkat, Clone E6-1,MCF7",
        "drug=D1X, b-d2x",
        "cell_id=MCF77",
        "qc_pass=1 or moa ~ x",
        "=x",
    ] {
        let (found, expected) = (matrix.parse_filter(text), db().parse_filter(text));
        let shown = |result: Result<Filter, DbError>| {
            result.map_or_else(|error| error.to_string(), |filter| filter.to_string())
        };
        assert_eq!(shown(found), shown(expected), "{text}");
    }
}

#[test]
fn values_of_a_key_and_expressions_are_told_apart() {
    let typed = |text: &str| db().parse_filter(text).map(|filter| filter.to_string());
    for (text, expected) in [
        ("cell_id=MCF7,PC3", "cell_id in (MCF7, PC3)"),
        (" cell_id = mcf7 , PC3 ", "cell_id in (mcf7, PC3)"),
        ("cell_id=Jurkat, Clone E6-1,MCF7", "cell_id in (\"Jurkat, Clone E6-1\", MCF7)"),
        ("cell_id=\"MCF7\",\"PC3\"", "cell_id in (MCF7, PC3)"),
        ("cell_id = \"a and pert_time = 6\"", "cell_id = \"a and pert_time = 6\""),
        ("pert_dose=10", "pert_dose = 10"),
        ("cell_id = MCF7 and pert_time >= 24", "cell_id = MCF7 and pert_time >= 24"),
        ("cell_id=MCF7 OR cell_id in (PC3)", "cell_id = MCF7 or cell_id = PC3"),
        ("not cell_id=MCF7", "cell_id != MCF7"),
        ("(cell_id=MCF7)", "cell_id = MCF7"),
        ("cell_id!=MCF7", "cell_id != MCF7"),
        ("atc^=L", "atc ^= L"),
        ("pert_time>=24", "pert_time >= 24"),
        ("pert_time < 24", "pert_time < 24"),
        ("cell_id in (\"a=b\")", "cell_id = a=b"),
        ("n_signatures=3", "n_signatures = 3"),
    ] {
        let expected = expected.replace("= a=b", "= \"a=b\"");
        assert_eq!(typed(text).unwrap_or_else(|error| panic!("{text}: {error}")), expected, "{text}");
    }
    for (text, said) in [
        ("cell=MCF7", "unknown filter key \"cell\""),
        ("odd cell=MCF7", "unknown filter key \"odd cell\""),
        ("cell_id=MCF77,PC3", "no signature has cell_id=MCF77; did you mean MCF7?"),
        ("cell_id=MCF7,", "an empty value stands in cell_id=MCF7,"),
        ("moa=sodium and calcium blocker", "no signature has moa=sodium and calcium blocker"),
        ("cell_id==MCF7", "no signature has cell_id==MCF7"),
        ("cell_id=\"open", "no signature has cell_id=\"open"),
        ("cell_id=", "filter, column 9: expected a value"),
        ("cell_id", "filter, column 8: expected an operator"),
        ("=MCF7", "filter, column 1: expected a key"),
        ("cell_id = MCF7, PC3 and pert_time = 6", "filter, column 15: a comma"),
    ] {
        let error = typed(text).unwrap_err().to_string();
        assert!(error.contains(said), "{text}: {error}");
    }
}

#[test]
fn what_each_part_leaves_is_counted() {
    let steps = |text: &str| db().filter_steps(&Filter::parse(text).unwrap()).unwrap();
    assert_eq!(
        steps("cell_id = MCF7 and pert_time >= 24 and pert_dose > 1000").to_string(),
        "cell_id = MCF7: 28 rows; and pert_time >= 24: 12; and pert_dose > 1000: 0"
    );
    let left = kept_by("cell_id = MCF7 and pert_time >= 24").len() as u64;
    assert_eq!((left, steps("cell_id = MCF7 and pert_time >= 24").rows()), (12, 12));
    assert_eq!(steps("pert_dose > 1000").to_string(), "pert_dose > 1000: 0 rows");
    let nested = steps("(pert_dose > 1000 or pert_dose > 2000) and cell_id = PC3").to_string();
    assert_eq!(nested, "(pert_dose > 1000 or pert_dose > 2000): 0 rows; and cell_id = PC3: 0");
    assert_eq!(
        steps("pert_dose > 1000 or cell_id = MCF7").to_string(),
        "pert_dose > 1000: 0 rows; or cell_id = MCF7: 28"
    );
}

#[test]
fn several_filters_must_all_hold() {
    let query = world().embedding(0);
    let (a, b) = ("cell_id = MCF7 or cell_id = PC3", "pert_time = 24");
    let hits = db().query(&query).top(1000).filter(a.parse().unwrap()).filter(b.parse().unwrap());
    let both = kept_by(&format!("({a}) and {b}"));
    assert_eq!(hits.signatures().unwrap().len(), both.len());
    assert!(!both.is_empty() && kept(Filter::any_of("cell_id", [""; 0])).unwrap().is_empty());
}
