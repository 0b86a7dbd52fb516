//! Questions straight to matrix files: held against databases of the same profiles, and against scores that are computed one by one.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use l1kdb::annotate::DrugAtc;
use l1kdb::connectivity::{
    CosineQuery, GeneWeights, PearsonQuery, Score, SpearmanQuery, WtcsQuery, ZhangQuery, scores,
};
use l1kdb::db::{Db, DbError, DrugScore, Filter};
use l1kdb::profile::ReadOptions;
use l1kdb::profile::{
    GENES, GctxContent, Gene, GeneSpace, PerturbagenTable, ProfileError, SignatureTable, Table, Universe,
    read_profiles, write_gct, write_gctx, write_tsv,
};
use l1kdb::progress::Quiet;
use l1kdb::scan::{DescribedBy, ReferenceMatrix, ScanError, ScanOptions};
use l1kdb::simulate::Files;

use crate::needs::shared;
use crate::world::world;

/// Everything that is known beside the profiles of a simulation.
fn options(files: &Files) -> ScanOptions {
    ScanOptions::default()
        .signatures(SignatureTable::read(&files.sig_info).unwrap())
        .perturbagens(PerturbagenTable::read(&files.pert_info).unwrap())
        .atc(DrugAtc::read(&files.drug_atc).unwrap())
}

/// The world's profiles as its database stores them, in half precision.
fn stored() -> (tempfile::TempDir, PathBuf) {
    let (home, contents) = (tempfile::tempdir().unwrap(), world().open().export().unwrap());
    let path = home.path().join("stored.gctx");
    let ids: Vec<String> = contents.signatures.iter().map(|signature| signature.sig_id.clone()).collect();
    let row_ids: Vec<String> = GeneSpace::landmarks().entrez().iter().map(u32::to_string).collect();
    let values = contents.profiles.as_ref().unwrap();
    write_gctx(&path, &GctxContent { ids: &ids, row_ids: &row_ids, values, columns: None, rows: None })
        .unwrap();
    (home, path)
}

/// Some scores of landmark profiles.
fn questions() -> Vec<Box<dyn Score>> {
    let profile = |row: usize| world().profiles.profile(row);
    let mut few = vec![f32::NAN; GENES];
    few[..40].copy_from_slice(&profile(3)[..40]);
    let sets = l1kdb::connectivity::GeneSets::new(&[1, 5, 9, 100, 700], &[2, 77, 300], GENES).unwrap();
    vec![
        Box::new(CosineQuery::new(profile(0)).unwrap()),
        Box::new(CosineQuery::new(&few).unwrap()),
        Box::new(SpearmanQuery::new(profile(7)).unwrap()),
        Box::new(WtcsQuery::new(&sets, GeneWeights::Magnitude)),
    ]
}

#[test]
fn answers_are_those_of_a_database_of_the_same_profiles() {
    let (_home, path) = stored();
    let (db, questions) = (world().open(), questions());
    let mut matrix = ReferenceMatrix::open(&path, &options(&world().files)).unwrap();
    assert_eq!((matrix.genes(), matrix.drugs().unwrap().len()), (GENES, db.drugs().unwrap()));
    let ids = &world().profiles.ids()[..4];
    let cell = db.signature(&ids[1]).unwrap().unwrap().0.cell_id;
    let filter = || {
        let filter = Filter::parse("pert_time > 6 or n_signatures > 3").unwrap();
        filter.and(!Filter::any_of("cell_id", [&cell]))
    };
    for top in [0, 1, 7, 1000] {
        let by_signature = db.queries_by(&questions).top(top);
        let mut scan = matrix.scan(&questions).top(top);
        assert_eq!(scan.signatures().unwrap(), by_signature.signatures().unwrap(), "top {top}");
        for score in [DrugScore::BestQuarter, DrugScore::Max, DrugScore::Mean, DrugScore::MaxQuantile] {
            let mut scan = matrix.scan(&questions).top(top).score(score);
            let expected = db.queries_by(&questions).top(top).score(score).run().unwrap();
            assert_eq!(scan.run().unwrap(), expected, "top {top}, {score:?}");
        }
    }
    let drug = db.signature(&ids[0]).unwrap().unwrap().1.name;
    let expected = db.queries_by(&questions).filter(filter()).without(ids).without_drug(&drug);
    let mut found = matrix.scan(&questions).filter(filter()).without(ids).without_drug(&drug);
    assert_eq!(found.run().unwrap(), expected.run().unwrap());
    assert_eq!(found.signatures().unwrap(), expected.signatures().unwrap());
    assert!(found.run().unwrap().iter().flatten().all(|hit| hit.drug != drug));
}

#[test]
fn a_database_rounds_to_half_precision_and_nothing_more() {
    let (db, questions) = (world().open(), questions());
    let mut matrix = ReferenceMatrix::open(&world().files.profiles, &options(&world().files)).unwrap();
    let found = matrix.scan(&questions).top(300).signatures().unwrap();
    let expected = db.queries_by(&questions).top(300).signatures().unwrap();
    for (found, expected) in found.iter().zip(&expected) {
        assert_eq!(found[0].signature, expected[0].signature);
        for hit in found {
            let other = expected.iter().find(|other| other.signature == hit.signature).unwrap();
            assert!((hit.similarity - other.similarity).abs() < 2e-3, "{hit:?}\n{other:?}");
        }
    }
}

/// Values that look like z-scores, some of them equal.
fn values(count: usize) -> Vec<f32> {
    let mut state = 88_172_645_463_325_252_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        ((state >> 40) as f32 / (1 << 24) as f32 - 0.5) * 8.0
    };
    (0..count).map(|_| (next() * 64.0).round() / 64.0).collect()
}

/// A matrix file of `signatures` signatures, with its values.
struct Made {
    _home: tempfile::TempDir,
    path: PathBuf,
    rows: usize,
    values: Vec<f32>,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Gctx,
    Gct,
    /// One gene a line.
    Genes,
    /// One signature a line.
    Signatures,
}

fn ids(count: usize) -> Vec<String> {
    (0..count).map(|at| format!("s{at}")).collect()
}

impl Made {
    fn new(kind: Kind, row_ids: &[String], signatures: usize, columns: Option<&Table>) -> Self {
        Self::of(kind, row_ids, values(signatures * row_ids.len()), columns)
    }

    fn of(kind: Kind, row_ids: &[String], values: Vec<f32>, columns: Option<&Table>) -> Self {
        let home = tempfile::tempdir().unwrap();
        let (path, rows) = (home.path().join("matrix"), row_ids.len());
        let ids = ids(values.len() / rows);
        let content = GctxContent { ids: &ids, row_ids, values: &values, columns, rows: None };
        match kind {
            Kind::Gctx => write_gctx(&path, &content),
            Kind::Gct => write_gct(&path, &content),
            Kind::Genes => {
                let signature = |row: usize| (0..ids.len()).map(move |at| at * rows + row);
                let turned: Vec<f32> =
                    (0..rows).flat_map(|row| signature(row).map(|at| values[at])).collect();
                write_tsv(&path, row_ids, &ids, &turned)
            }
            Kind::Signatures => write_tsv(&path, &ids, row_ids, &values),
        }
        .unwrap();
        Self { _home: home, path, rows, values }
    }

    fn open(&self) -> ReferenceMatrix {
        ReferenceMatrix::open(&self.path, &ScanOptions::default()).unwrap()
    }

    /// The scores of all signatures for each question, signature by signature.
    fn scores(&self, questions: &[Box<dyn Score>]) -> Vec<f32> {
        let read = |at: usize, values: &mut [f32]| {
            values.copy_from_slice(&self.values[at * self.rows..][..self.rows]);
        };
        let count = self.values.len() / self.rows;
        let all: Vec<_> = questions.iter().map(|question| scores(question.as_ref(), count, read)).collect();
        (0..count)
            .flat_map(|at| all.iter().map(move |all| all[at].map_or(f32::NAN, |score| score as f32)))
            .collect()
    }
}

/// Profiles and gene sets in the universe of a matrix, some of whose genes it may lack.
fn asked(matrix: &ReferenceMatrix) -> Vec<Box<dyn Score>> {
    let all = matrix.profile(&values(Universe::All.size()));
    let landmarks = matrix.profile_in(&values(GENES), Universe::Landmark);
    let sets = matrix.gene_sets_in(&[3, 5, 8, 13, 21], &[34, 55, 89, 144], Universe::Landmark).unwrap();
    vec![
        Box::new(CosineQuery::new(&all).unwrap()),
        Box::new(PearsonQuery::new(&landmarks).unwrap()),
        Box::new(SpearmanQuery::new(&all).unwrap()),
        Box::new(WtcsQuery::new(&sets, GeneWeights::Magnitude)),
        Box::new(ZhangQuery::of_sets(&sets)),
    ]
}

/// All scores of a matrix, signature by signature.
fn all(matrix: &mut ReferenceMatrix, questions: &[Box<dyn Score>], block: usize) -> Vec<f32> {
    let mut found = Vec::new();
    let mut scan = matrix.scan(questions).block(block);
    scan.each(|first, scores| {
        assert_eq!(first * questions.len(), found.len());
        found.extend_from_slice(scores);
        Ok::<(), ScanError>(())
    })
    .unwrap();
    found
}

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|value| value.to_bits()).collect()
}

fn symbols(universe: Universe) -> Vec<String> {
    universe.genes().map(|gene| gene.symbol().to_owned()).collect()
}

#[test]
fn scores_are_those_of_the_whole_rows_whatever_the_format_and_the_number_of_genes() {
    let mut whole = symbols(Universe::All);
    whole.extend((whole.len()..20_000).map(|at| format!("novel-transcript-{at}")));
    let entrez: Vec<String> = Universe::Bing.genes().map(|gene| gene.entrez().to_string()).collect();
    for (kind, row_ids, bing) in [
        (Kind::Gctx, symbols(Universe::Landmark), GENES),
        (Kind::Signatures, symbols(Universe::Landmark), GENES),
        (Kind::Gctx, entrez, 10_174),
        (Kind::Gct, symbols(Universe::Bing), 10_174),
        (Kind::Genes, whole.clone(), 10_174),
        (Kind::Gctx, whole, 10_174),
    ] {
        let made = Made::new(kind, &row_ids, 9, None);
        let mut matrix = made.open();
        let (report, rows) = (matrix.report(), row_ids.len());
        assert_eq!((matrix.genes(), report.landmarks), (rows, GENES), "{kind:?} {rows}");
        // A few symbols of the platform are ambiguous today.
        assert!((bing - 3..=bing).contains(&report.bing), "{kind:?} {rows}: {}", report.bing);
        assert!(report.genes.missing.count >= rows.saturating_sub(12_328), "{kind:?} {rows}");
        let questions = asked(&matrix);
        assert_eq!(bits(&all(&mut matrix, &questions, 4)), bits(&made.scores(&questions)), "{kind:?} {rows}");
    }
}

#[test]
fn genes_are_found_by_ids_of_any_kind_and_by_columns_that_name_them() {
    let ensembl = |gene: &Gene| gene.ensembl_ids().next().map(|id| id + ".7");
    let named: Vec<&Gene> = Universe::Landmark.genes().filter(|gene| ensembl(gene).is_some()).collect();
    let row_ids: Vec<String> = named.iter().filter_map(|gene| ensembl(gene)).collect();
    let matrix = Made::new(Kind::Gctx, &row_ids, 2, None).open();
    assert!(matrix.report().landmarks > 970, "{:?}", matrix.report());
    let position = GeneSpace::landmarks().entrez().iter().position(|&id| id == named[4].entrez()).unwrap();
    assert_eq!(matrix.place_in(position, Universe::Landmark), Some(4));

    // Names of rows that mean nothing, beside symbols.
    let (home, names) = (tempfile::tempdir().unwrap(), ids(GENES));
    let path = home.path().join("probes.gctx");
    let mut rows = Table::new(vec!["id".into(), "width".into(), "pr_gene_symbol".into()]);
    names
        .iter()
        .zip(symbols(Universe::Landmark))
        .for_each(|(id, symbol)| rows.push([id.as_str(), "780", &symbol]));
    let values = values(2 * GENES);
    let content =
        GctxContent { ids: &ids(2), row_ids: &names, values: &values, columns: None, rows: Some(&rows) };
    write_gctx(&path, &content).unwrap();
    let matrix = ReferenceMatrix::open(&path, &ScanOptions::default()).unwrap();
    let found = (
        matrix.report().landmarks,
        matrix.report().matched_in.as_deref(),
        matrix.place_in(9, Universe::Landmark),
    );
    assert_eq!(found, (GENES, Some("pr_gene_symbol"), Some(9)));
    assert!(
        matrix.report().notes()[0]
            .contains("978 of 978 rows name a gene of the platform in the column pr_gene_symbol")
    );
}

#[test]
fn of_two_rows_of_a_gene_the_first_is_asked_for_and_both_are_the_background() {
    let mut row_ids = symbols(Universe::Landmark);
    row_ids.insert(3, row_ids[7].clone());
    let matrix = Made::new(Kind::Gctx, &row_ids, 2, None).open();
    assert_eq!(
        (matrix.genes(), matrix.place_in(7, Universe::Landmark), matrix.place_in(8, Universe::Landmark)),
        (979, Some(3), Some(9))
    );
    let notes = matrix.report().notes().join("\n");
    assert!(
        notes.contains("979 of 979 rows name a gene") && notes.contains("another id names as well: 1"),
        "{notes}"
    );
}

#[test]
fn answers_depend_on_no_block_and_no_number_of_threads() {
    let made = Made::new(Kind::Gctx, &symbols(Universe::Landmark), 700, None);
    let mut matrix = made.open();
    let questions = asked(&matrix);
    let ask = |matrix: &mut ReferenceMatrix, block| {
        let hits = matrix.scan(&questions).top(30).block(block).signatures().unwrap();
        (bits(&all(matrix, &questions, block)), hits)
    };
    let expected = ask(&mut matrix, usize::MAX);
    for (threads, block) in [(1, 1), (1, 64), (3, 7), (4, 699), (2, 0)] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        assert_eq!(
            pool.install(|| ask(&mut matrix, block)),
            expected,
            "{threads} threads, blocks of {block}"
        );
    }
}

#[test]
fn without_metadata_signatures_are_ranked_and_drugs_are_refused_with_the_way_out() {
    let made = Made::new(Kind::Genes, &symbols(Universe::Landmark), 5, None);
    let mut matrix = made.open();
    assert_eq!(matrix.report().described_by, DescribedBy::Nothing);
    let questions = asked(&matrix);
    let hits = matrix.scan(&questions).signatures().unwrap().remove(0);
    assert_eq!((hits.len(), hits[0].drug.name.as_str(), hits[0].signature.cell_id.as_str()), (5, "", ""));
    let error = matrix.scan(&questions).run().unwrap_err();
    assert!(
        matches!(error, ScanError::NoDrugs { signatures: 5, .. }) && error.to_string().contains("pert_iname"),
        "{error}"
    );
    assert!(matrix.drugs().is_err() && matrix.report().drugs == 0);
}

/// Metadata of signatures as a file may have it.
fn metadata(rows: &[[&str; 5]]) -> Table {
    let mut table =
        Table::new(["id", "pert_iname", "cell_iname", "batch", "pert_type"].map(str::to_owned).to_vec());
    rows.iter().for_each(|row| table.push(row));
    table
}

#[test]
fn the_files_own_metadata_describes_signatures_and_any_column_of_it_is_a_key() {
    let rows = [
        ["s0", "aspirin", "MCF7", "a 1", "trt_cp"],
        ["s1", "Aspirin", "PC3", "a 2", "trt_cp"],
        ["s2", "vorinostat", "MCF7", "b 1", "trt_cp"],
        ["s3", "DMSO", "MCF7", "b 1", "ctl_vehicle"],
    ];
    for kind in [Kind::Gctx, Kind::Gct] {
        let made = Made::new(kind, &symbols(Universe::Landmark), 4, Some(&metadata(&rows)));
        let mut matrix = made.open();
        let report = matrix.report();
        assert_eq!((report.described_by, report.drugs, report.controls), (DescribedBy::File, 2, 1));
        assert_eq!(
            matrix.filter_keys(),
            ["batch", "cell_id", "cell_iname", "drug", "pert_iname", "pert_type"]
        );
        let questions = asked(&matrix);
        let drugs = matrix.scan(&questions).run().unwrap().remove(0);
        assert_eq!(drugs.iter().map(|hit| hit.n_signatures).sum::<usize>(), 3);
        for (text, expected) in [
            ("batch ^= A", &["s0", "s1"][..]),
            ("batch = b 1", &["s2"]),
            ("cell_id = mcf7 and drug != vorinostat", &["s0"]),
            ("n_signatures = 2", &["s0", "s1"]),
        ] {
            let filter = matrix.parse_filter(text).unwrap();
            let steps = matrix.filter_steps(&filter).unwrap().rows();
            let mut hits = matrix.scan(&questions).filter(filter);
            let places = hits.places().unwrap();
            let found: BTreeSet<String> =
                hits.signatures().unwrap()[0].iter().map(|hit| hit.signature.sig_id.clone()).collect();
            assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), expected, "{text}");
            assert_eq!((places.len(), steps), (expected.len(), expected.len() as u64));
        }
        let all = ReferenceMatrix::open(&made.path, &ScanOptions::default().keep_controls(true)).unwrap();
        assert_eq!((all.signatures().len(), all.report().controls), (4, 0));
    }
    let controls = metadata(&[["s0", "DMSO", "MCF7", "", "ctl_vehicle"]]);
    let made = Made::new(Kind::Gctx, &symbols(Universe::Landmark), 1, Some(&controls));
    let error = ReferenceMatrix::open(&made.path, &ScanOptions::default()).err().unwrap();
    assert!(matches!(error, ScanError::OnlyControls { controls: 1, .. }), "{error}");
}

#[test]
fn a_table_goes_before_the_file_and_signatures_that_it_lacks_take_no_part() {
    let made = Made::new(
        Kind::Gctx,
        &symbols(Universe::Landmark),
        3,
        Some(&metadata(&[["s0", "a", "", "", ""]; 3])),
    );
    let table = |text: &str| {
        let path = made.path.with_extension("txt");
        std::fs::write(&path, text).unwrap();
        ScanOptions::default().signatures(SignatureTable::read(&path).unwrap())
    };
    let known = table("sig_id\tpert_iname\ns0\tx\ns2\ty\n");
    let matrix = ReferenceMatrix::open(&made.path, &known).unwrap();
    let names: Vec<_> = matrix.signatures().iter().map(|one| one.name.as_deref().unwrap()).collect();
    assert_eq!((names, matrix.report().undescribed.count), (vec!["x", "y"], 1));
    let error = ReferenceMatrix::open(&made.path, &table("sig_id\tpert_iname\nq1\tx\n")).err().unwrap();
    let said = error.to_string();
    assert!(
        matches!(error, ScanError::NothingDescribed { .. }) && said.contains("`s0`") && said.contains("`q1`"),
        "{said}"
    );
}

#[test]
fn what_is_no_reference_is_refused_with_what_its_ids_look_like() {
    let refused = |row_ids: &[String]| {
        let made = Made::new(Kind::Gctx, row_ids, 3, None);
        ReferenceMatrix::open(&made.path, &ScanOptions::default()).err().unwrap().to_string()
    };
    let transcripts: Vec<String> = (0..50).map(|at| format!("ENST00000{:06}", 456_328 + at)).collect();
    let said = refused(&transcripts);
    assert!(
        said.contains("0 of its 50 rows name a gene") && said.contains("Ensembl transcript ids"),
        "{said}"
    );
    let mut unknown: Vec<String> = (0..60).map(|at| format!("embedding {at}")).collect();
    unknown.extend(symbols(Universe::Landmark).into_iter().take(3));
    let said = refused(&unknown);
    assert!(said.contains("3 of its 63 rows") && said.contains("its ids are: 60 (`embedding 0`"), "{said}");

    let home = tempfile::tempdir().unwrap();
    let turned = home.path().join("turned.gctx");
    let (genes, names, values) = (symbols(Universe::Landmark), ids(4), values(4 * GENES));
    let content = GctxContent { ids: &genes, row_ids: &names, values: &values, columns: None, rows: None };
    write_gctx(&turned, &content).unwrap();
    let said = ReferenceMatrix::open(&turned, &ScanOptions::default()).err().unwrap().to_string();
    assert!(said.contains("transpose the matrix"), "{said}");

    let table = home.path().join("deseq2.tsv");
    let lines =
        genes.iter().map(|gene| format!("{gene}\t10\t1.5\t0.1\t3.2\t0.01\t0.02\n")).collect::<String>();
    std::fs::write(&table, format!("gene\tbaseMean\tlog2FoldChange\tlfcSE\tstat\tpvalue\tpadj\n{lines}"))
        .unwrap();
    let error = ReferenceMatrix::open(&table, &ScanOptions::default()).err().unwrap();
    assert!(matches!(error, ScanError::Profile(ProfileError::Differential { .. })), "{error}");
}

#[test]
fn scores_and_ids_that_do_not_fit_are_refused() {
    let made = Made::new(Kind::Gctx, &symbols(Universe::Landmark), 3, None);
    let mut matrix = made.open();
    let other: [Box<dyn Score>; 1] = [Box::new(CosineQuery::new(&[1.0, 2.0]).unwrap())];
    let error = matrix.scan(&other).signatures().unwrap_err();
    assert!(matches!(error, ScanError::Genes { expected: GENES, found: 2, .. }), "{error}");
    let questions = asked(&matrix);
    let error = matrix.scan(&questions).without(["s0"]).signatures().unwrap_err();
    assert!(matches!(error, ScanError::Without { expected: 5, found: 1 }), "{error}");
    let unknown =
        matrix.scan(&questions).filter(Filter::any_of("cell_id", ["MCF7"])).signatures().unwrap_err();
    let ScanError::Filter(DbError::UnknownFilterKey { key, known }) = unknown else { panic!("{unknown}") };
    assert_eq!(
        (key.as_str(), known),
        ("cell_id", ["drug", "n_signatures", "plate"].map(str::to_owned).to_vec())
    );
    assert!(matrix.scan(&[]).signatures().unwrap().is_empty());
}

#[test]
fn signatures_with_values_that_are_not_finite_have_no_score_and_are_told_of() {
    let mut values = values(6 * GENES);
    (values[GENES + 11], values[4 * GENES + 500]) = (f32::NAN, f32::INFINITY);
    let rows: Vec<String> = (0..6).map(|at| format!("s{at}")).collect();
    let rows: Vec<[&str; 5]> = rows.iter().map(|id| [id.as_str(), "a", "", "", ""]).collect();
    let made = Made::of(Kind::Gctx, &symbols(Universe::Landmark), values, Some(&metadata(&rows)));
    let mut matrix = made.open();
    let questions: Vec<Box<dyn Score>> = vec![Box::new(
        SpearmanQuery::new(&matrix.profile_in(&self::values(GENES), Universe::Landmark)).unwrap(),
    )];
    let hits = matrix.scan(&questions).signatures().unwrap().remove(0);
    assert!(hits.len() == 4 && hits.iter().all(|hit| !["s1", "s4"].contains(&hit.signature.sig_id.as_str())));
    let without = &matrix.report().without_score;
    assert_eq!((without.count, without.examples.join(" ")), (2, "s1 s4".to_owned()));
    assert!(matrix.report().notes().join("\n").contains("signatures without a score"));
    assert_eq!(matrix.scan(&questions).run().unwrap()[0][0].n_signatures, 4);
    assert_eq!(bits(&all(&mut matrix, &questions, 2)), bits(&made.scores(&questions)));
    // A question that the gene takes no part in has all scores.
    let mut few = vec![f32::NAN; GENES];
    few[..5].copy_from_slice(&[1.0, -2.0, 0.5, 0.25, 3.0]);
    let questions: Vec<Box<dyn Score>> = vec![Box::new(CosineQuery::new(&few).unwrap())];
    assert_eq!(matrix.scan(&questions).signatures().unwrap()[0].len(), 6);
    assert_eq!(matrix.report().without_score.count, 0);
}

#[test]
fn real_signatures_are_found_as_a_database_finds_them() {
    let Some(folder) = shared("data/level5") else { return };
    let profiles = folder.join("l1000_level5_modz_n1645x978.gctx");
    let files = Files {
        profiles: profiles.clone(),
        sig_info: folder.join("sig_info.txt"),
        pert_info: folder.join("pert_info.txt"),
        drug_atc: folder.join("drug_atc.tsv"),
    };
    let home = tempfile::tempdir().unwrap();
    let db = database(&files, &home.path().join("real.l1kdb"));
    let mut matrix = ReferenceMatrix::open(&profiles, &options(&files)).unwrap();
    let report = matrix.report();
    assert_eq!(
        (report.signatures, report.drugs, report.landmarks),
        (db.signatures(), db.drugs().unwrap(), GENES)
    );
    let (read, _) = read_profiles(&profiles, &ReadOptions::default(), &Quiet).unwrap();
    let profile = |row: usize| -> Box<dyn Score> {
        Box::new(CosineQuery::new(&matrix.profile_in(read.profile(row), Universe::Landmark)).unwrap())
    };
    let in_file: Vec<Box<dyn Score>> = vec![profile(3), profile(800)];
    let in_db: Vec<Box<dyn Score>> = [3, 800]
        .map(|row| -> Box<dyn Score> { Box::new(CosineQuery::new(read.profile(row)).unwrap()) })
        .into();
    let filter = Filter::parse("pert_time >= 6 and atc ^= n").unwrap();
    for filter in [None, Some(filter)] {
        let (mut scan, mut asked) = (matrix.scan(&in_file).top(20), db.queries_by(&in_db).top(20));
        if let Some(filter) = filter {
            (scan, asked) = (scan.filter(filter.clone()), asked.filter(filter));
        }
        for (found, expected) in scan.run().unwrap().iter().zip(asked.run().unwrap()) {
            assert_eq!((found.len(), &found[0].drug), (expected.len(), &expected[0].drug));
            found
                .iter()
                .zip(&expected)
                .for_each(|(a, b)| assert!((a.score - b.score).abs() < 2e-3, "{a:?}\n{b:?}"));
        }
    }
}

fn database(files: &Files, path: &Path) -> Db {
    use l1kdb::db::{BuildOptions, Graph, build};
    let options = BuildOptions::default().graph(Graph::Never);
    build(path, &crate::world::inputs(files), &options, &l1kdb::embed::Model::identity(), &Quiet).unwrap();
    Db::open(path).unwrap()
}
