//! Names from files and arguments act on nothing: not on a terminal, not on a spreadsheet, not on a page, and they make
//! no line that is not there.

use std::fs;
use std::path::Path;
use std::process::Output;

use l1kdb::profile::{GENES, GctxContent, write_gctx};

use crate::program::{l1kdb, text};

/// Drugs of the hostile world, three signatures each.
const DRUGS: [&str; 10] = [
    "\u{1b}[31mred",
    "\u{1b}]0;owned\u{7}",
    "good drug\n   1  evil drug   0.999  0.999",
    "=HYPERLINK(\"http://x\")",
    "\u{202e}lave\u{202c}",
    "\u{9b}2J wiped \u{7f}",
    "-)-epicatechin",
    "@SUM(A1)",
    "\u{2066}iso\u{2029}late",
    "plain",
];
const EACH: usize = 3;

/// A database of signatures whose ids, drugs, cell lines, doses, mechanisms and targets are hostile, and its files.
fn hostile_world(home: &Path) {
    let ids: Vec<String> = (0..DRUGS.len() * EACH)
        .map(|row| format!("{}:{row}", ["=P", "\u{1b}[2J", "-P", "\u{202e}P", "P"][row % 5]))
        .collect();
    let value = |at: usize| ((at * 7919 % 10_007) as f32 / 10_007.0 - 0.5) * 6.0;
    let values: Vec<f32> = (0..ids.len() * GENES).map(value).collect();
    let genes: Vec<String> =
        l1kdb::profile::GeneSpace::landmarks().entrez().iter().map(ToString::to_string).collect();
    let content = GctxContent { ids: &ids, row_ids: &genes, values: &values, columns: None, rows: None };
    write_gctx(home.join("p.gctx"), &content).unwrap();
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    let signature = |(row, id): (usize, &String)| {
        let drug = row / EACH;
        let cells = ["\u{1b}[1mA375", "=PC3", "MCF7\u{202e}"];
        let fields =
            [id.as_str(), &format!("BRD-\u{9b}{drug}"), DRUGS[drug], cells[row % 3], "+10 uM", "trt_cp"];
        fields.map(quoted).join(",") + "\n"
    };
    let table: String = ids.iter().enumerate().map(signature).collect();
    fs::write(home.join("s.csv"), format!("sig_id,pert_id,pert_iname,cell_id,pert_idose,pert_type\n{table}"))
        .unwrap();
    let drug = |(drug, name): (usize, &&str)| {
        let fields = [
            &format!("BRD-\u{9b}{drug}"),
            *name,
            ["=cmd|' /C calc'!A0", "\u{1b}[5mblink"][drug % 2],
            "\u{200f}EGFR",
        ];
        fields.map(quoted).join(",") + "\n"
    };
    let table: String = DRUGS.iter().enumerate().map(drug).collect();
    fs::write(home.join("d.csv"), format!("pert_id,pert_iname,moa,target\n{table}")).unwrap();
    let args = [
        "build",
        "db.l1kdb",
        "--profiles",
        "p.gctx",
        "--sig-info",
        "s.csv",
        "--pert-info",
        "d.csv",
        "--model",
        "identity",
    ];
    harmless(&succeeded(l1kdb(home, &args)), "build");
}

fn acts(c: char) -> bool {
    c.is_control()
        || ('\u{2028}'..='\u{202e}').contains(&c)
        || ('\u{2066}'..='\u{2069}').contains(&c)
        || "\u{200e}\u{200f}\u{61c}".contains(c)
}

fn succeeded(output: Output) -> Output {
    assert!(output.status.success(), "{output:?}");
    output
}

/// Nothing in what was printed acts, but line ends and the tabs of tables.
#[track_caller]
fn harmless(output: &Output, what: &str) -> (String, String) {
    let [out, err] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8(bytes.clone()).unwrap());
    for text in [&out, &err] {
        let found = text.chars().find(|&c| acts(c) && c != '\n' && c != '\t');
        assert_eq!(found, None, "{what}: {text:?}");
    }
    (out, err)
}

/// An error on one line.
#[track_caller]
fn one_error(output: &Output, what: &str) -> String {
    let (out, err) = harmless(output, what);
    assert_eq!((output.status.code(), out.as_str()), (Some(2), ""), "{what}: {err}");
    let lines: Vec<&str> = err.lines().filter(|line| !line.starts_with("l1kdb: note: ")).collect();
    assert!(lines.len() == 1 && lines[0].starts_with("l1kdb: error: "), "{what}: {err}");
    assert!(!err.contains('\t'), "{what}: {err}");
    lines[0].to_owned()
}

#[test]
fn answers_hold_names_that_act_on_nothing() {
    let home = tempfile::tempdir().unwrap();
    hostile_world(home.path());
    for by in ["drug", "signature"] {
        let ask = |more: &[&str]| {
            let args = ["query", "db.l1kdb", "--profiles", "p.gctx", "--by", by, "--top", "30"];
            harmless(&succeeded(l1kdb(home.path(), &[&args, more].concat())), by).0
        };
        let hits = if by == "drug" { DRUGS.len() } else { 30 };
        let table = ask(&[]);
        // Title, header, hits and an empty line for every question, and not one line more.
        assert_eq!(table.split("\n\n").filter(|answer| !answer.is_empty()).count(), 30, "{table}");
        assert_eq!(table.lines().count(), 30 * (hits + 3), "{table}");
        assert!(table.contains("␛[31mred") && table.contains("good drug␊"), "{table}");

        let tsv = ask(&["--format", "tsv"]);
        let columns = tsv.lines().next().unwrap().split('\t').count();
        assert_eq!(tsv.lines().count(), 1 + 30 * hits);
        for cell in tsv
            .lines()
            .inspect(|line| assert_eq!(line.split('\t').count(), columns))
            .flat_map(|l| l.split('\t'))
        {
            assert!(!cell.starts_with(['=', '+', '-', '@', '"']) || cell.parse::<f64>().is_ok(), "{cell:?}");
        }
        assert!(tsv.contains("'-)-epicatechin") && tsv.contains("'@SUM(A1)"), "{tsv}");
        assert!(
            tsv.lines().skip(1).any(|line| line.split('\t').any(|cell| cell.starts_with("-0."))),
            "negative numbers stay"
        );

        let json = ask(&["--format", "json"]);
        let names: Vec<String> = json
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
            .flat_map(|answer| answer["hits"].as_array().unwrap().clone())
            .map(|hit| hit["drug"].as_str().unwrap().to_owned())
            .collect();
        for drug in DRUGS {
            assert!(names.iter().any(|name| name == drug), "{drug:?} as it is in {names:?}");
        }
    }
    for command in
        [&["info", "db.l1kdb"][..], &["info", "db.l1kdb", "--format", "json"], &["verify", "db.l1kdb"]]
    {
        harmless(&succeeded(l1kdb(home.path(), command)), command[0]);
    }
}

#[test]
fn evaluations_hold_names_that_act_on_nothing() {
    let home = tempfile::tempdir().unwrap();
    hostile_world(home.path());
    let page = home.path().join("page.html");
    for question in [
        &["retrieval", "--db", "db.l1kdb", "--bootstrap", "20"][..],
        &["retrieval", "--db", "db.l1kdb", "--bootstrap", "20", "--label", "moa"],
        &["classes", "--db", "db.l1kdb", "--label", "moa", "--permutations", "2"],
        &["classes", "--db", "db.l1kdb", "--label", "moa", "--permutations", "2", "--repurposing"],
        &["retrieval", "--db", "db.l1kdb", "--split-by", "drug", "--folds", "2", "--bootstrap", "20"],
    ] {
        for format in ["table", "tsv", "json"] {
            let args = [&["eval"], question, &["--format", format, "--report", text(&page)]].concat();
            let output = l1kdb(home.path(), &args);
            let (out, err) = harmless(&output, format);
            if !output.status.success() {
                // A question that these few rows cannot answer.
                one_error(&output, question[0]);
                continue;
            }
            assert!(!out.is_empty(), "{err}");
            let html = fs::read_to_string(&page).unwrap();
            let found = html.chars().find(|&c| acts(c) && c != '\n' && c != '\t');
            assert_eq!(found, None, "{question:?}");
            assert!(!html.contains("HYPERLINK(\"http"), "quotes are escaped");
        }
    }
    let split =
        ["eval", "split", "--sig-info", "s.csv", "--by", "cell", "--folds", "2", "--out", "\u{1b}[1m.tsv"];
    harmless(&l1kdb(home.path(), &split), "split");
}

#[test]
fn an_error_is_one_line_whatever_is_in_files_and_arguments() {
    let home = tempfile::tempdir().unwrap();
    hostile_world(home.path());
    let evil = "\u{1b}]0;owned\u{7}\nl1kdb: error: invented";
    let query = ["query", "db.l1kdb", "--profiles", "p.gctx"];
    let with = |more: &[&str]| l1kdb(home.path(), &[&query, more].concat());
    for (what, output) in [
        ("id", with(&["--id", evil])),
        ("near id", with(&["--id", "\u{1b}[2J:2"])),
        ("filter key", with(&["--filter", &format!("{evil}=1")])),
        ("filter value", with(&["--filter", &format!("cell_id={evil}")])),
        ("near filter value", with(&["--filter", "cell_id=\u{1b}[1mA376"])),
        ("filter syntax", with(&["--filter", evil])),
        ("top", with(&["--top", evil])),
        ("format", with(&["--format", evil])),
        ("option", with(&[&format!("--{evil}")])),
        ("engine", l1kdb(home.path(), &["info", "db.l1kdb", "--onnxruntime", evil])),
        ("command", l1kdb(home.path(), &[evil])),
        ("database", l1kdb(home.path(), &["info", evil])),
        ("profiles", l1kdb(home.path(), &["query", "db.l1kdb", "--profiles", evil])),
        ("missing arguments", l1kdb(home.path(), &["query"])),
        ("embed", l1kdb(home.path(), &["embed", "--profiles", "p.gctx", "--out", evil])),
        ("model", l1kdb(home.path(), &["embed", "--profiles", "p.gctx", "--out", "e.npy", "--model", evil])),
        ("labels", l1kdb(home.path(), &["eval", "retrieval", "--embeddings", evil, "--labels", evil])),
        ("results", l1kdb(home.path(), &["eval", "compare", evil, evil])),
    ] {
        let line = one_error(&output, what);
        assert!(line.len() > 20, "{what}: {line}");
    }
    let bytes: Vec<u8> = (0..4000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    for (file, option) in [
        ("noise.txt", "--sig-info"),
        ("noise.gct", "--profiles"),
        ("noise.txt", "--pert-info"),
        ("noise.txt", "--atc"),
    ] {
        fs::write(home.path().join(file), &bytes).unwrap();
        let mut args =
            vec!["build", "new.l1kdb", "--profiles", "p.gctx", "--sig-info", "s.csv", "--model", "identity"];
        match args.iter().position(|arg| *arg == option) {
            Some(at) => args[at + 1] = file,
            None => args.extend([option, file]),
        }
        harmless(&l1kdb(home.path(), &args), option);
    }
    fs::write(home.path().join("control.txt"), "sig_id\u{1b}[31m\tpert\u{7}_id\nA\tB\n").unwrap();
    let args =
        ["build", "new.l1kdb", "--profiles", "p.gctx", "--sig-info", "control.txt", "--model", "identity"];
    one_error(&l1kdb(home.path(), &args), "columns");
}

#[test]
fn what_a_manifest_or_card_says_of_itself_acts_on_nothing() {
    let home = tempfile::tempdir().unwrap();
    hostile_world(home.path());
    for file in ["MANIFEST", "model/card.toml"] {
        let path = home.path().join("db.l1kdb").join(file);
        let good = fs::read_to_string(&path).unwrap();
        for line in good.lines().filter(|line| line.contains(" = \"")) {
            let (key, _) = line.split_once(" = ").unwrap();
            let evil = format!("{key} = \"\\u001b]0;owned\\u0007\\u202e\\n\"");
            fs::write(&path, good.replace(line, &evil)).unwrap();
            for command in [
                &["info", "db.l1kdb"][..],
                &["verify", "db.l1kdb"],
                &["query", "db.l1kdb", "--profiles", "p.gctx"],
            ] {
                let output = l1kdb(home.path(), command);
                let (_, err) = harmless(&output, key);
                assert!(err.lines().filter(|line| line.contains("error: ")).count() <= 1, "{key}: {err}");
            }
        }
        fs::write(&path, good).unwrap();
    }
}
