//! Under whatever name a gene stands in a file, its value reaches the landmark that it is, and no other.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use l1kdb::profile::*;
use l1kdb::progress::Quiet;

use crate::needs::shared;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The rows of a table of the real data, each as its fields.
fn shared_rows(name: &str) -> Option<Vec<Vec<String>>> {
    shared(&format!("data/{name}")).map(|path| rows(&path))
}

fn rows(path: &Path) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().skip(1).map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

fn parts(field: &str) -> impl Iterator<Item = &str> {
    field.split('|').filter(|part| !part.is_empty())
}

/// Symbols of genes that the platform does not measure, so that its table does not tell whose they are.
const OUTSIDE: [&str; 12] = [
    "B3GNT6", "CHMP4B", "GABPB2", "HCST", "KIAA0754", "MRAP", "NAF1", "NUDT10", "OSR1", "POLK", "PRMT9",
    "SMIM40",
];

/// Who bears a name as a symbol, as a former symbol, as an alias; and as an Ensembl id.
#[derive(Default)]
struct Bearers {
    ranks: [HashMap<String, HashSet<String>>; 3],
    ensembl: HashMap<String, HashSet<String>>,
}

impl Bearers {
    fn add(&mut self, rank: usize, name: &str, gene: &str) {
        self.ranks[rank].entry(name.to_uppercase()).or_default().insert(gene.to_owned());
    }

    /// Whether nobody else bears the name in this rank, and nobody at all in a better one.
    fn is_alone(&self, rank: usize, name: &str) -> bool {
        let name = name.to_uppercase();
        let is_plain = !OUTSIDE.contains(&name.as_str())
            && name.len() > 1
            && name.is_ascii()
            && !name.bytes().all(|byte| byte.is_ascii_digit());
        is_plain
            && self.ranks[..rank].iter().all(|better| !better.contains_key(&name))
            && self.ranks[rank][&name].len() == 1
    }
}

/// The rule by which `landmark_names.tsv` was made, applied anew.
#[test]
fn the_names_that_are_carried_are_those_that_one_gene_alone_bears() {
    let (Some(genes), Some(platform)) = (shared_rows("gene_aliases.tsv"), shared_rows("gene_info.txt"))
    else {
        return;
    };
    let space = GeneSpace::landmarks();
    let lincs: HashMap<String, &str> =
        space.entrez().iter().map(u32::to_string).zip(space.symbols().iter().copied()).collect();
    let platform: HashMap<&str, &str> =
        platform.iter().map(|row| (row[0].as_str(), row[1].as_str())).collect();
    let mut bearers = Bearers::default();
    for row in &genes {
        let symbols =
            [Some(row[1].as_str()), platform.get(row[0].as_str()).copied(), lincs.get(&row[0]).copied()];
        symbols.iter().flatten().for_each(|symbol| bearers.add(0, symbol, &row[0]));
        parts(&row[2]).for_each(|symbol| bearers.add(1, symbol, &row[0]));
        parts(&row[3]).for_each(|symbol| bearers.add(2, symbol, &row[0]));
        for id in parts(&row[4]) {
            bearers.ensembl.entry(id.to_owned()).or_default().insert(row[0].clone());
        }
    }
    let carried = rows(&root().join("src/profile/genes/landmark_names.tsv"));
    assert_eq!(carried.len(), GENES);
    let by_gene: HashMap<&str, &Vec<String>> = genes.iter().map(|row| (row[0].as_str(), row)).collect();
    for (carried, &entrez) in carried.iter().zip(space.entrez()) {
        let gene = by_gene[carried[0].as_str()];
        assert_eq!(carried[0], entrez.to_string());
        let (symbol, former) = (gene[1].as_str(), platform[carried[0].as_str()]);
        let present: HashSet<&str> = [symbol, former]
            .into_iter()
            .filter(|name| !name.eq_ignore_ascii_case(lincs[&carried[0]]))
            .collect();
        assert_eq!(parts(&carried[1]).collect::<HashSet<_>>(), present, "{entrez}");
        for rank in [1, 2] {
            let alone = |name: &&str| bearers.is_alone(rank, name);
            let expected: HashSet<String> =
                parts(&gene[rank + 1]).filter(alone).map(str::to_uppercase).collect();
            let found: HashSet<String> = parts(&carried[rank + 1]).map(str::to_uppercase).collect();
            assert_eq!(found, expected, "{entrez}");
        }
        let own: Vec<&str> = parts(&gene[4]).filter(|id| bearers.ensembl[*id].len() == 1).collect();
        assert_eq!(parts(&carried[4]).collect::<Vec<_>>(), own, "{entrez}");
    }
}

#[test]
fn no_symbol_of_another_gene_of_the_platform_passes_for_a_landmark() {
    let Some(genes) = shared_rows("gene_aliases.tsv") else { return };
    let space = GeneSpace::landmarks();
    let landmarks: HashSet<String> = space.entrez().iter().map(u32::to_string).collect();
    for gene in &genes {
        let found = space.position(GeneIdKind::Symbol, &gene[1]).map(|at| space.entrez()[at].to_string());
        let expected = landmarks.contains(&gene[0]).then(|| gene[0].clone());
        // One symbol of today belongs to two Entrez ids, neither of them a landmark.
        assert_eq!(found, expected, "{}", gene[1]);
    }
    OUTSIDE
        .iter()
        .for_each(|symbol| assert_eq!(space.position(GeneIdKind::Symbol, symbol), None, "{symbol}"));
}

/// A table of one signature, `value` of each gene's place in the gene space, with further lines.
fn table(folder: &tempfile::TempDir, name: impl Fn(usize) -> String, more: &str) -> PathBuf {
    let mut text = String::from("gene\tmine\n");
    (0..GENES).for_each(|at| text += &format!("{}\t{}\n", name(at), at as f32 - 400.5));
    let path = folder.path().join("mine.tsv");
    std::fs::write(&path, text + more).unwrap();
    path
}

fn read(path: &Path) -> Result<(ProfileMatrix, ReadReport), ProfileError> {
    read_profiles(path, &ReadOptions::default(), &Quiet)
}

fn assert_whole(path: &Path) -> ReadReport {
    let (profiles, report) = read(path).unwrap();
    let expected: Vec<f32> = (0..GENES).map(|at| at as f32 - 400.5).collect();
    assert_eq!(profiles.values(), expected);
    assert_eq!(report.genes_missing.len(), 0);
    report
}

/// Names of the genes as `landmark_names.tsv` has them in `column`, the LINCS symbol where it has none.
fn names(column: usize) -> Vec<String> {
    let carried = rows(&root().join("src/profile/genes/landmark_names.tsv"));
    let symbols = GeneSpace::landmarks().symbols();
    let first = |at: usize| carried[at].get(column).and_then(|names| parts(names).next().map(str::to_owned));
    (0..GENES).map(|at| first(at).unwrap_or_else(|| symbols[at].to_owned())).collect()
}

#[test]
fn genes_are_found_by_present_and_former_symbols_aliases_ensembl_ids_and_ids_of_several_parts() {
    let folder = tempfile::tempdir().unwrap();
    let space = GeneSpace::landmarks();
    let (symbols, entrez) = (space.symbols(), space.entrez());
    for column in [1, 2, 3] {
        let names = names(column);
        let renamed = names.iter().zip(symbols).filter(|(name, symbol)| *name != *symbol).count();
        let report = assert_whole(&table(&folder, |at| names[at].clone(), ""));
        assert_eq!((report.matched_by, report.renamed_genes.len()), (GeneIdKind::Symbol, renamed));
        assert!(report.notes()[0].contains(&format!("{renamed} genes were recognised under other names")));
    }
    let ensembl = names(4);
    let with_version = |at: usize| format!("{}.{}", ensembl[at], at % 30);
    for report in [
        assert_whole(&table(&folder, |at| ensembl[at].clone(), "")),
        assert_whole(&table(&folder, with_version, "ENSG00000154174.8_PAR_Y\t0\n")),
    ] {
        assert_eq!((report.matched_by, report.notes()), (GeneIdKind::Ensembl, Vec::new()));
    }
    assert_whole(&table(&folder, |at| format!("{}|{}", symbols[at], entrez[at]), "?|100130426\t5\n"));
    assert_whole(&table(&folder, |at| format!("{} ({})", symbols[at], entrez[at]), "A1BG (1)\t5\n"));
    assert_whole(&table(&folder, |at| format!("{}|{}", with_version(at), symbols[at]), ""));
    assert_whole(&table(&folder, |at| format!("{}_{}", with_version(at), symbols[at]), ""));
    assert_whole(&table(&folder, |at| format!(" {}.0 ", entrez[at]), ""));
    assert_whole(&table(&folder, |at| format!("X{}", entrez[at]), ""));
    assert_whole(&table(&folder, |at| format!("entrez:{}", entrez[at]), ""));
    assert_whole(&table(&folder, |at| format!("X{}", space.probes()[at]), ""));
}

#[test]
fn a_surer_name_wins_over_a_less_sure_one_and_the_other_row_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let symbols = GeneSpace::landmarks().symbols();
    // TREB36 is an alias of ATF1, which stands in the file itself.
    let report = assert_whole(&table(&folder, |at| symbols[at].to_owned(), "TREB36\t77\n"));
    assert_eq!(report.passed_over, [("TREB36".to_owned(), "ATF1")]);
    assert!(report.notes()[0].contains("TREB36"), "{:?}", report.notes());

    // Two aliases of a gene that is not there otherwise: one at least means another gene.
    let two = |at: usize| if symbols[at] == "ATF1" { "TREB36".to_owned() } else { symbols[at].to_owned() };
    let (_, report) = read(&table(&folder, two, "EWS-ATF1\t77\n")).unwrap();
    assert_eq!((report.genes_missing.as_slice(), report.passed_over.len()), (["ATF1"].as_slice(), 2));
}

#[test]
fn symbols_in_the_case_of_mouse_are_read_with_a_note() {
    let folder = tempfile::tempdir().unwrap();
    let symbols = GeneSpace::landmarks().symbols();
    let report = assert_whole(&table(
        &folder,
        |at| symbols[at][..1].to_owned() + &symbols[at][1..].to_lowercase(),
        "",
    ));
    assert!(report.notes().iter().any(|note| note.contains("mouse")), "{:?}", report.notes());
}

#[test]
fn a_landmark_that_a_spreadsheet_turned_into_a_date_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let symbols = GeneSpace::landmarks().symbols();
    for date in ["1-May", "May-01"] {
        let dated = |at: usize| if symbols[at] == "PRKCD" { date.to_owned() } else { symbols[at].to_owned() };
        let (_, report) = read(&table(&folder, dated, "1-Mar\t3\n2-Sep\t3\n")).unwrap();
        assert_eq!(report.dates, [(date.to_owned(), "PRKCD")]);
        assert!(
            report.notes()[1].contains("date") && report.notes()[1].contains("PRKCD"),
            "{:?}",
            report.notes()
        );
    }
}

#[test]
fn row_numbers_never_pass_for_entrez_ids() {
    let folder = tempfile::tempdir().unwrap();
    let symbols = GeneSpace::landmarks().symbols();
    let numbered: String = (0..60_000).map(|row| format!("{row}\t{}\n", row as f32 - 0.5)).collect();
    let path = folder.path().join("numbered.tsv");
    std::fs::write(&path, format!("\tmine\n{numbered}")).unwrap();
    let lax = ReadOptions::default().min_coverage(0.0);
    let error = read_profiles(&path, &lax, &Quiet).err().unwrap().to_string();
    assert!(error.contains("row numbers"), "{error}");

    // Beside the numbers a column names the genes, whatever its own name.
    let mut text = String::from(",0,1\n");
    symbols
        .iter()
        .enumerate()
        .for_each(|(at, symbol)| text += &format!("{at},{symbol},{}\n", at as f32 - 400.5));
    std::fs::write(&path, text).unwrap();
    assert_eq!(assert_whole(&path).matched_in.as_deref(), Some("0"));
}

#[test]
fn files_of_other_ids_are_told_what_they_are_and_that_advice_works() {
    let folder = tempfile::tempdir().unwrap();
    let entrez = GeneSpace::landmarks().entrez();
    type Name = fn(usize) -> String;
    let others: [(Name, &str); 7] = [
        (|at| format!("ENST{:011}.2", at + 450_305), "Ensembl transcript ids"),
        (|at| format!("ENSMUSG{:011}", at + 102_693), "mouse"),
        (|at| format!("NM_{:06}.1", at + 1000), "RefSeq"),
        (|at| format!("ILMN_{}", at + 1_700_000), "Illumina"),
        (|at| format!("P{:05}", at + 1000), "UniProt"),
        (|at| format!("{}_at", at + 11_715_100), "Affymetrix"),
        (|at| format!("unheard{at}"), "unheard0"),
    ];
    for (name, expected) in others {
        let error = read(&table(&folder, name, "")).err().unwrap().to_string();
        assert!(error.contains(expected) && !error.contains("a coverage of"), "{error}");
    }
    // Where some landmarks are there, the coverage that is proposed is one that the file has.
    let error = read(&table(
        &folder,
        |at| if at < 311 { entrez[at].to_string() } else { format!("unheard{at}") },
        "",
    ))
    .err()
    .unwrap()
    .to_string();
    let proposed = error.split("a coverage of ").nth(1).unwrap().split(' ').next().unwrap();
    let lax = ReadOptions::default().min_coverage(proposed.parse().unwrap());
    assert_eq!(read_profiles(folder.path().join("mine.tsv"), &lax, &Quiet).unwrap().1.genes_found, 311);
}

#[test]
fn a_transposed_gctx_is_told_as_such() {
    let folder = tempfile::tempdir().unwrap();
    let ids: Vec<String> = GeneSpace::landmarks().entrez().iter().map(u32::to_string).collect();
    let row_ids = ["S1", "S2"].map(str::to_owned);
    let values = vec![0.5; 2 * GENES];
    let path = folder.path().join("t.gctx");
    let content = GctxContent { ids: &ids, row_ids: &row_ids, values: &values, columns: None, rows: None };
    write_gctx(&path, &content).unwrap();
    let error = read(&path).err().unwrap().to_string();
    assert!(error.contains("transpose"), "{error}");
}
