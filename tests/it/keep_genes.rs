//! Databases that keep profiles of more genes than the landmarks: what they hold, how they are asked, what is refused.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use half::f16;
use l1kdb::connectivity::{CosineQuery, GeneSets, GeneWeights, Score, WtcsQuery, scores};
use l1kdb::db::{
    BuildFiles, BuildOptions, BuildReport, Db, DbError, ProfileBlocks, Source, build, build_from,
};
use l1kdb::embed::{EngineOptions, Model};
use l1kdb::profile::{
    GENES, GctxContent, Gene, NonFinite, ProfileError, ProfileMatrix, ReadOptions, ReadReport, Signature,
    SignatureTable, Table, Universe, read_profiles, write_gctx,
};
use l1kdb::progress::Quiet;

use crate::house::root;
use crate::program::{l1kdb, out, text};
use crate::world::world;

/// More than are read at a time, and fewer than are embedded together.
const SIGNATURES: usize = 900;

/// A file of profiles of all genes of the platform, and the table of its signatures.
struct Wide {
    home: tempfile::TempDir,
    files: BuildFiles,
    genes: Vec<&'static Gene>,
    ids: Vec<String>,
    /// Signatures x genes.
    values: Vec<f32>,
}

/// Numbers of both signs, the same for the same seed.
fn random(count: usize, seed: u64) -> Vec<f32> {
    let mut state = seed;
    let mut unit = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / (1 << 24) as f32
    };
    (0..count).map(|_| 4.0 * (unit() + unit() - unit() - unit())).collect()
}

fn entrez(gene: &Gene) -> String {
    gene.entrez().to_string()
}

impl Wide {
    fn new(signatures: usize) -> Self {
        // Another order than that of any universe.
        let mut genes: Vec<&Gene> = Universe::All.genes().collect();
        genes.sort_by_key(|gene| (gene.entrez() % 97, gene.entrez()));
        let home = tempfile::tempdir().unwrap();
        let ids: Vec<String> = (0..signatures).map(|at| format!("SIG{at:04}")).collect();
        let rows: String =
            ids.iter().enumerate().map(|(at, id)| format!("{id}\tdrug {}\n", at % 70)).collect();
        let table = home.path().join("sig_info.txt");
        fs::write(&table, format!("sig_id\tpert_iname\n{rows}")).unwrap();
        let values = random(signatures * genes.len(), 11);
        let profiles = home.path().join("wide.gctx");
        let wide = Self { home, files: BuildFiles::new(profiles.clone(), table), genes, ids, values };
        wide.write(&profiles, entrez, None);
        wide
    }

    fn write(&self, path: &Path, name: impl Fn(&Gene) -> String, rows: Option<&Table>) {
        let row_ids: Vec<String> = self.genes.iter().map(|gene| name(gene)).collect();
        let (ids, row_ids, values) = (&self.ids[..], &row_ids[..], &self.values[..]);
        write_gctx(path, &GctxContent { ids, row_ids, values, columns: None, rows }).unwrap();
    }

    /// The value of a gene in a signature.
    fn value(&self, signature: usize, gene: &Gene) -> f32 {
        static PLACES: OnceLock<HashMap<u32, usize>> = OnceLock::new();
        let places = || self.genes.iter().enumerate().map(|(at, gene)| (gene.entrez(), at)).collect();
        self.values[signature * self.genes.len() + PLACES.get_or_init(places)[&gene.entrez()]]
    }

    fn database(&self, name: &str, change: impl FnOnce(BuildOptions) -> BuildOptions) -> Db {
        self.database_of(&self.files, name, change).0
    }

    fn database_of(
        &self,
        files: &BuildFiles,
        name: &str,
        change: impl FnOnce(BuildOptions) -> BuildOptions,
    ) -> (Db, BuildReport) {
        let path = self.home.path().join(name);
        let tiny = Model::load(root().join("tests/data/tiny"), &EngineOptions::default()).unwrap();
        let report = build(&path, files, &change(BuildOptions::default()), &tiny, &Quiet).unwrap();
        (Db::open(path).unwrap(), report)
    }
}

/// The large file, written once for all tests.
fn wide() -> &'static Wide {
    static WIDE: OnceLock<Wide> = OnceLock::new();
    WIDE.get_or_init(|| Wide::new(SIGNATURES))
}

fn read(path: &Path, options: &ReadOptions) -> Result<(ProfileMatrix, ReadReport), ProfileError> {
    read_profiles(path, options, &Quiet)
}

fn bing() -> ReadOptions {
    ReadOptions::default().universe(Universe::Bing)
}

fn in_half(values: &[f32]) -> Vec<f32> {
    values.iter().map(|&value| f16::from_f32(value).to_f32()).collect()
}

#[test]
fn embeddings_are_those_of_a_landmark_build_bit_for_bit_and_values_those_of_the_file_in_half_precision() {
    let landmarks = wide().database("landmarks.l1kdb", |options| options);
    let expected = landmarks.export().unwrap();
    for universe in [Universe::Bing, Universe::All] {
        let name = format!("{}.l1kdb", universe.name());
        let db = wide().database(&name, |options| options.keep_genes(universe));
        assert_eq!((landmarks.universe(), db.universe()), (Universe::Landmark, universe));
        let export = db.export().unwrap();
        let bits = |values: &[f32]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&export.embeddings), bits(&expected.embeddings));
        assert_eq!(export.profiles, expected.profiles, "studies are of landmarks");
        for signature in [0, 1, 823, 824, SIGNATURES - 1] {
            let of_file: Vec<f32> = universe.genes().map(|gene| wide().value(signature, gene)).collect();
            let stored = db.profile(&wide().ids[signature]).unwrap().unwrap();
            assert_eq!(stored, in_half(&of_file), "signature {signature}");
        }
        db.verify(&EngineOptions::default(), &Quiet).unwrap();
    }
}

#[test]
fn a_database_of_landmarks_is_written_as_ever_and_a_wide_one_says_what_it_keeps() {
    let home = tempfile::tempdir().unwrap();
    let manifest = |name: &str, universe, keep| {
        let path = home.path().join(name);
        let options = BuildOptions::default().keep_genes(universe).keep_profiles(keep);
        build_from(&path, of_matrix(universe, 3), &options, &Model::identity(), &Quiet).unwrap();
        fs::read_to_string(path.join("MANIFEST")).unwrap()
    };
    let landmark = manifest("landmark", Universe::Landmark, true);
    assert!(landmark.starts_with("format = 3\n") && !landmark.contains("kept_genes"), "{landmark}");
    for universe in [Universe::Bing, Universe::All] {
        let text = manifest(universe.name(), universe, true);
        let says = format!("kept_genes = \"{}\"", universe.name());
        assert!(text.starts_with("format = 4\n") && text.contains(&says), "{text}");
        // Without profiles there is nothing wide about it.
        let bare = manifest(&format!("{}-bare", universe.name()), universe, false);
        assert!(bare.starts_with("format = 3\n") && !bare.contains("kept_genes"), "{bare}");
    }
}

/// Profiles of a universe, as a source.
fn of_matrix(universe: Universe, signatures: usize) -> Source<ProfileBlocks<'static>> {
    let ids: Vec<String> = (0..signatures).map(|at| format!("S{at}")).collect();
    let values = random(signatures * universe.size(), 5);
    of_blocks(ids.clone(), vec![ProfileMatrix::of_universe(universe, ids, values)])
}

fn of_blocks(
    ids: Vec<String>,
    blocks: Vec<Result<ProfileMatrix, ProfileError>>,
) -> Source<ProfileBlocks<'static>> {
    let signature = |id: &String| Signature { sig_id: id.clone(), ..Signature::default() };
    let table = SignatureTable::new(ids.iter().map(signature).collect()).unwrap();
    Source::new(ProfileBlocks::new(ids, blocks), table)
}

#[test]
fn scores_over_kept_genes_are_those_over_the_file_in_one_segment_and_in_several() {
    let (profiles, _) = read(&wide().files.profiles, &bing()).unwrap();
    let halves = in_half(profiles.values());
    let genes = Universe::Bing.size();
    let read = |row: usize, values: &mut [f32]| values.copy_from_slice(&halves[row * genes..][..genes]);
    let (up, down): (Vec<u32>, Vec<u32>) = ((9000..9100).collect(), (20..120).collect());
    let sets = GeneSets::new(&up, &down, genes).unwrap();
    let questions: Vec<Box<dyn Score>> = vec![
        Box::new(WtcsQuery::new(&sets, GeneWeights::Magnitude)),
        Box::new(CosineQuery::new(profiles.profile(7)).unwrap()),
    ];
    for rows in [SIGNATURES, 400] {
        let name = format!("asked-{rows}.l1kdb");
        let db = wide().database(&name, |options| options.keep_genes(Universe::Bing).rows_per_segment(rows));
        let answers = db.queries_by(&questions).top(40).signatures().unwrap();
        for (question, hits) in questions.iter().zip(answers) {
            let of_file = scores(question.as_ref(), SIGNATURES, read);
            let mut expected: Vec<(f32, &String)> =
                of_file.into_iter().map(|score| score.unwrap() as f32).zip(&wide().ids).collect();
            expected.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
            let found: Vec<(f32, &String)> =
                hits.iter().map(|hit| (hit.similarity, &hit.signature.sig_id)).collect();
            assert_eq!(found, expected[..40]);
        }
    }
}

#[test]
fn a_score_of_other_genes_is_refused_with_both_numbers() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("bing");
    let options = BuildOptions::default().keep_genes(Universe::Bing);
    build_from(&path, of_matrix(Universe::Bing, 3), &options, &Model::identity(), &Quiet).unwrap();
    let questions: [Box<dyn Score>; 1] = [Box::new(CosineQuery::new(&random(GENES, 1)).unwrap())];
    let error = Db::open(&path).unwrap().queries_by(&questions).run().unwrap_err();
    assert!(matches!(error, DbError::Genes { expected: 10_174, found: GENES }), "{error}");
}

#[test]
fn blocks_of_other_genes_than_are_kept_are_refused_with_both() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("a.l1kdb");
    let refused = |source, keep| {
        let options = BuildOptions::default().keep_genes(keep);
        let error = build_from(&path, source, &options, &Model::identity(), &Quiet).unwrap_err();
        assert!(!path.exists());
        error
    };
    let error = refused(of_matrix(Universe::Landmark, 3), Universe::Bing);
    let says = "a block of profiles has the 978 landmark genes, expected the 10,174 BING genes";
    assert!(error.to_string().starts_with(says), "{error}");
    let block = |universe: Universe, id: &str| {
        ProfileMatrix::of_universe(universe, vec![id.into()], random(universe.size(), 2))
    };
    let mixed = vec![block(Universe::All, "A"), block(Universe::Bing, "B")];
    let error = refused(of_blocks(vec!["A".into(), "B".into()], mixed), Universe::All);
    let DbError::OtherGenes { expected, found } = error else { panic!("{error}") };
    assert_eq!((expected, found), (Universe::All, Universe::Bing));
}

/// A small file whose genes are named in one way or another.
fn small() -> &'static Wide {
    static SMALL: OnceLock<Wide> = OnceLock::new();
    SMALL.get_or_init(|| Wide::new(6))
}

/// Checks that a file of the small profiles is read as they are, and returns the genes of the universe that it has.
fn check(path: &Path, universe: Universe) -> ReadReport {
    let (profiles, report) = read(path, &ReadOptions::default().universe(universe)).unwrap();
    assert_eq!((profiles.universe(), profiles.len()), (universe, 6));
    let (of_landmarks, narrow) = read(path, &ReadOptions::default()).unwrap();
    assert_eq!(*profiles.landmarks(), *of_landmarks.values(), "landmarks are what they are without others");
    assert_eq!((report.genes_found, &report.genes_missing), (narrow.genes_found, &narrow.genes_missing));
    let mut found = 0;
    for (at, gene) in universe.genes().enumerate() {
        let (values, of_file): (Vec<f32>, Vec<f32>) =
            (0..6).map(|row| (profiles.profile(row)[at], small().value(row, gene))).unzip();
        let is_there = values.iter().any(|&value| value != 0.0);
        // Two genes of the platform share this symbol.
        let is_shared = gene.symbol() == "MIA2";
        assert!(!is_there || is_shared || values == of_file, "{}: {values:?}, {of_file:?}", gene.symbol());
        found += usize::from(is_there);
    }
    assert_eq!(found, report.universe_found);
    report
}

#[test]
fn genes_are_found_by_ids_of_any_kind_and_by_columns_of_a_file_whose_rows_bear_no_names() {
    let home = tempfile::tempdir().unwrap();
    let file = |name: &str| home.path().join(name);
    for universe in [Universe::Bing, Universe::All] {
        assert_eq!(check(&small().files.profiles, universe).universe_found, universe.size());
    }
    small().write(&file("ensembl.gctx"), |gene| gene.ensembl_ids().next().unwrap_or(entrez(gene)), None);
    let report = check(&file("ensembl.gctx"), Universe::Bing);
    assert!(report.universe_found > 10_000, "{}", report.universe_found);

    small().write(&file("symbol.gctx"), |gene| gene.symbol().to_owned(), None);
    assert!(check(&file("symbol.gctx"), Universe::All).universe_found >= 12_326);

    let mut table = Table::new(vec!["id".into(), "length".into(), "pr_gene_symbol".into()]);
    for (row, gene) in small().genes.iter().enumerate() {
        table.push([&row.to_string(), &(1000 + row).to_string(), gene.symbol()]);
    }
    small().write(&file("columns.gctx"), |gene| format!("row of {}", gene.entrez()), Some(&table));
    let report = check(&file("columns.gctx"), Universe::Bing);
    assert!(report.universe_found >= 10_173 && report.matched_in.as_deref() == Some("pr_gene_symbol"));
}

/// The small file as text, with some rows left out and some changed.
fn as_text(path: &Path, is_there: impl Fn(usize) -> bool, value: impl Fn(usize, usize) -> String) {
    let mut text = format!("gene\t{}\n", small().ids.join("\t"));
    for (at, gene) in small().genes.iter().enumerate().filter(|(at, _)| is_there(*at)) {
        let values: Vec<String> = (0..6).map(|row| value(at, row)).collect();
        text += &format!("{}\t{}\n", gene.entrez(), values.join("\t"));
    }
    fs::write(path, text).unwrap();
}

fn as_it_is(gene: usize, row: usize) -> String {
    small().values[row * small().genes.len() + gene].to_string()
}

/// The place in the small file of a gene that no landmark build reads.
fn place_beyond_the_landmarks() -> usize {
    small().genes.iter().position(|gene| gene.is_bing() && !gene.is_landmark()).unwrap()
}

#[test]
fn genes_that_a_file_lacks_count_as_zero_and_are_counted() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("some.tsv");
    let further = small().genes.iter().enumerate().filter(|(_, gene)| gene.is_bing() && !gene.is_landmark());
    let left_out: Vec<usize> = further.map(|(at, _)| at).take(374).collect();
    as_text(&path, |at| !left_out.contains(&at), as_it_is);
    let report = check(&path, Universe::Bing);
    assert_eq!((report.genes_found, report.universe_found), (GENES, 9800));
    let note = "9800 of the 10,174 BING genes are there; those missing count as 0";
    assert_eq!(report.notes(), [note]);
    let files = BuildFiles::new(path, &small().files.sig_info);
    let (db, report) = small().database_of(&files, "some", |options| options.keep_genes(Universe::Bing));
    assert_eq!(report.read.unwrap().notes(), [note]);
    let missing = small().genes[left_out[0]];
    let at = Universe::Bing.genes().position(|gene| gene == missing).unwrap();
    assert_eq!(db.profile("SIG0002").unwrap().unwrap()[at], 0.0);
}

#[test]
fn several_rows_of_a_gene_are_averaged_and_told() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("twice.tsv");
    as_text(&path, |_| true, as_it_is);
    let gene = small().genes[place_beyond_the_landmarks()];
    let more = format!("{}\t1\t1\t1\t1\t1\t1\n", gene.entrez());
    fs::write(&path, fs::read_to_string(&path).unwrap() + &more).unwrap();
    let (profiles, report) = read(&path, &bing()).unwrap();
    assert_eq!(report.duplicate_genes, [(gene.symbol(), 2)]);
    let at = Universe::Bing.genes().position(|other| other == gene).unwrap();
    assert_eq!(profiles.profile(3)[at], (small().value(3, gene) + 1.0) / 2.0);
}

#[test]
fn a_value_that_is_not_finite_in_a_further_gene_is_treated_as_that_of_a_landmark() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("nan.tsv");
    let place = place_beyond_the_landmarks();
    let value = |gene, row| if (gene, row) == (place, 2) { "NaN".to_owned() } else { as_it_is(gene, row) };
    as_text(&path, |_| true, value);
    let with = |non_finite| read(&path, &bing().non_finite(non_finite));

    let error = with(NonFinite::Refuse).unwrap_err();
    let gene = small().genes[place].symbol();
    assert!(matches!(&error, ProfileError::NonFinite { number: 3, .. }), "{error}");
    assert!(error.to_string().contains(&format!("gene {gene} in signature SIG0002")), "{error}");
    read(&path, &ReadOptions::default()).expect("no landmark has such a value");

    let (zeroed, report) = with(NonFinite::Zero).unwrap();
    let at = Universe::Bing.genes().position(|gene| gene == small().genes[place]).unwrap();
    assert_eq!((report.zeroed, zeroed.len(), zeroed.profile(2)[at]), (1, 6, 0.0));

    let (dropped, report) = with(NonFinite::DropSignature).unwrap();
    assert_eq!((dropped.len(), &report.dropped[..]), (5, &["SIG0002".to_owned()][..]));
    assert_eq!(
        *dropped.landmarks(),
        [&zeroed.landmarks()[..2 * GENES], &zeroed.landmarks()[3 * GENES..]].concat()
    );
}

#[test]
fn the_program_keeps_genes_shows_them_and_refuses_files_without_them() {
    let (home, world) = (tempfile::tempdir().unwrap(), world());
    let files = &small().files;
    let of = |profiles: &PathBuf, sig_info: &PathBuf, more: &[&str]| {
        let args = [
            "build",
            "db",
            "--profiles",
            text(profiles),
            "--sig-info",
            text(sig_info),
            "--model",
            "identity",
        ];
        l1kdb(home.path(), &[&args[..], more].concat())
    };
    let refused = |output: std::process::Output, cause: &str| {
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(2) && stderr.contains(cause), "{stderr}");
        assert!(output.stdout.is_empty() && !home.path().join("db").exists());
    };
    let narrow = of(&world.files.profiles, &world.files.sig_info, &["--keep-genes", "bing"]);
    refused(narrow, "has 0 of those 9196 of the 10,174 BING genes that are no landmarks");
    let narrow = of(&world.files.profiles, &world.files.sig_info, &["--keep-genes", "bing"]);
    refused(narrow, "(--keep-genes landmark)");
    refused(
        of(&files.profiles, &files.sig_info, &["--keep-genes", "bing", "--no-profiles"]),
        "cannot be used",
    );
    refused(of(&files.profiles, &files.sig_info, &["--keep-genes", "genome"]), "landmark, bing, all");

    for (universe, words) in
        [("landmark", "978 landmark genes"), ("bing", "10,174 BING genes"), ("all", "12,328 genes")]
    {
        let built = out(&of(&files.profiles, &files.sig_info, &["--keep-genes", universe, "--overwrite"]));
        assert_eq!(built.contains(&format!("profiles of the {words}")), universe != "landmark", "{built}");
        let info = out(&l1kdb(home.path(), &["info", "db"]));
        assert!(info.contains(&format!("genes kept  {words}")), "{info}");
        let json = out(&l1kdb(home.path(), &["info", "db", "--format", "json"]));
        assert!(json.contains(&format!("\"kept_genes\":\"{universe}\"")), "{json}");
        assert!(out(&l1kdb(home.path(), &["verify", "db"])).contains("is whole"));
    }
    out(&of(&files.profiles, &files.sig_info, &["--no-profiles", "--overwrite"]));
    assert!(out(&l1kdb(home.path(), &["info", "db"])).contains("genes kept  none"));
    assert!(out(&l1kdb(home.path(), &["info", "db", "--format", "json"])).contains("\"kept_genes\":null"));
}

#[test]
fn questions_of_every_kind_are_over_the_genes_that_are_kept() {
    let wide = small();
    let db = wide.home.path().join("asked.l1kdb");
    let options = BuildOptions::default().keep_genes(Universe::Bing);
    build(&db, &wide.files, &options, &Model::identity(), &Quiet).unwrap();
    let ask = |args: &[&str]| out(&l1kdb(wide.home.path(), &[&["query", text(&db)], args].concat()));
    let first = |args: &[&str]| {
        let printed = ask(&[args, &["--by", "signature", "--format", "tsv", "--top", "1"]].concat());
        printed.lines().nth(1).unwrap().split('\t').map(str::to_owned).collect::<Vec<_>>()
    };
    let (id, profiles) = (&wide.ids[2], text(&wide.files.profiles));
    let by_profile = first(&["--profiles", profiles, "--id", id, "--score-by", "cosine"]);
    assert_eq!(&by_profile[2], id);
    assert!(by_profile[8].parse::<f32>().unwrap() > 0.999_99);
    let title = ask(&["--profiles", profiles, "--id", id, "--score-by", "pearson", "--top", "1"]);
    assert!(title.contains("10174 of 10174 BING genes"), "{title}");

    // Genes that are no landmarks, by symbol.
    let database = Db::open(&db).unwrap();
    let stored = database.profile(id).unwrap().unwrap();
    let mut order: Vec<usize> = (0..stored.len()).collect();
    order.sort_by(|&a, &b| stored[b].total_cmp(&stored[a]));
    let symbol = |&at: &usize| Universe::Bing.gene(at).filter(|gene| !gene.is_landmark()).map(Gene::symbol);
    let up = order.iter().filter_map(symbol).take(40).collect::<Vec<_>>().join(",");
    let down = order.iter().rev().filter_map(symbol).take(40).collect::<Vec<_>>().join(",");
    for by in ["wtcs", "cs", "zhang", "cosine", "xsum"] {
        let hit = first(&["--up-genes", &up, "--down-genes", &down, "--score-by", by]);
        assert_eq!(&hit[2], id, "{by}");
    }
    let none = l1kdb(wide.home.path(), &["query", text(&db), "--up-genes", &up]);
    let stderr = String::from_utf8_lossy(&none.stderr).into_owned();
    assert!(none.status.code() == Some(2) && stderr.contains("neither set has a gene"), "{stderr}");
    assert_eq!(&first(&["--sig", &wide.ids[5], "--score-by", "spearman"])[0], &wide.ids[5]);
    // A file of landmarks alone is asked with over these.
    let landmarks = world().files.profiles.to_str().unwrap();
    let title = ask(&["--profiles", landmarks, "--id", &world().profiles.ids()[0], "--score-by", "cosine"]);
    assert!(title.contains("978 of 10174 BING genes"), "{title}");
}
