//! Coming questions as people have them: gene sets and results of differential expression, of published files.

use std::path::PathBuf;

use l1kdb::profile::*;

use crate::needs::shared;

/// What is expected of a table: file, tool, words of its statistic, column of the genes.
struct Expected {
    file: &'static str,
    tool: Option<&'static str>,
    statistic: &'static str,
    gene_column: &'static str,
    rows: usize,
    /// Genes of the three universes that have a value.
    found: [usize; 3],
    highest: &'static str,
}

const TABLES: [Expected; 5] = [
    Expected {
        file: "01_estradiol_0.1nM_MCF7_deseq2_sig.csv",
        tool: Some("DESeq2"),
        statistic: "signed p (sign of `log2FoldChange` times the normal quantile of 1 - p/2, p from `stat`)",
        gene_column: "gene",
        rows: 1806,
        found: [157, 1331, 1398],
        highest: "GREB1",
    },
    Expected {
        file: "04_dexamethasone_MDAMB231_GSE137535_cd.txt",
        tool: Some("the characteristic direction"),
        statistic: "characteristic direction (`CD-coefficient`)",
        gene_column: "Geneid",
        rows: 19_475,
        found: [966, 9638, 11072],
        highest: "THBS1",
    },
    Expected {
        file: "06_TCGA_BRCA_deseq2.csv.gz",
        tool: Some("DESeq2"),
        statistic: "Wald statistic (`stat`)",
        gene_column: "",
        rows: 14_678,
        found: [814, 8193, 9627],
        highest: "COL10A1",
    },
    Expected {
        file: "07_MERS_infection_limma_entrez.tsv",
        tool: Some("iLINCS"),
        statistic: "signed p (sign of `Value_LogDiffExp` times the normal quantile of 1 - p/2, p from `Significance_pvalue`)",
        gene_column: "ID_geneid",
        rows: 933,
        found: [933, 933, 933],
        highest: "DNAJB1",
    },
    Expected {
        file: "08_ageing_muscle_gtex.rnk",
        tool: None,
        statistic: "values of `1`",
        gene_column: "0",
        rows: 14_686,
        found: [948, 9186, 9937],
        highest: "EPB41L3",
    },
];

fn query(file: &str) -> Option<PathBuf> {
    shared(&format!("data/queries/{file}"))
}

fn read(file: &str, universe: Universe) -> Option<DifferentialProfile> {
    let options = DifferentialOptions::default().universe(universe);
    query(file).map(|path| DifferentialProfile::read(path, &options).unwrap())
}

#[test]
fn published_tables_are_read_with_their_statistic_and_all_of_their_genes() {
    let mut counts = Vec::new();
    for expected in TABLES {
        let mut found = [0; 3];
        for (universe, found) in Universe::ALL.into_iter().zip(&mut found) {
            let Some(profile) = read(expected.file, universe) else { return };
            assert_eq!(profile.tool, expected.tool, "{}", expected.file);
            assert_eq!(profile.statistic, expected.statistic, "{}", expected.file);
            assert_eq!(profile.gene_column, expected.gene_column, "{}", expected.file);
            assert_eq!(profile.report.ids, expected.rows, "{}", expected.file);
            *found = profile.found();
            assert_eq!(profile.values.len(), universe.size());
            assert!(profile.values.iter().all(|value| value.is_nan() || value.is_finite()));
            if universe == Universe::All {
                assert_eq!(profile.highest(1)[0].0, expected.highest, "{}", expected.file);
            }
        }
        counts.push((expected.file, found));
    }
    assert_eq!(counts, TABLES.iter().map(|table| (table.file, table.found)).collect::<Vec<_>>());
}

#[test]
fn published_sets_are_read_and_mapped_onto_every_universe() {
    // Two hallmarks have an up and a down set.
    for (file, sets, both) in [
        ("data/queries/10_hallmark_expected_classes.gmt", 9, 0),
        ("data/hallmark.v6.2.symbols.gmt", 50, 2),
        ("data/reactome.symbols.gmt", 777, 0),
    ] {
        let Some(path) = shared(file) else { return };
        let read = SetFile::read(path).unwrap();
        assert_eq!((read.format, read.sets.len()), (SetFormat::Gmt, sets), "{file}");
        let pairs = SetPairs::of_file(read).unwrap();
        assert!(pairs.pairs.iter().all(|pair| pair.up.is_some()), "{file}");
        assert_eq!(pairs.pairs.iter().filter(|pair| pair.down.is_some()).count(), both, "{file}");
        for pair in pairs.pairs.iter().take(50) {
            let side = pair.map(&GeneIds::built_in(), Universe::All).unwrap().up.unwrap();
            let ids = pair.up.as_ref().unwrap().ids.len();
            assert_eq!((side.genes.len(), ids), (side.report.genes, side.report.ids));
        }
    }
}

/// Of the hallmark sets' members, 5 % are under their name on no row of the platform (renamed, or not measured).
#[test]
fn members_of_hallmark_sets_are_found_under_older_names_too() {
    let Some(path) = shared("data/hallmark.v6.2.symbols.gmt") else { return };
    let (mut ids, mut genes, mut older, mut landmarks) = (0, 0, 0, Vec::new());
    for set in SetFile::read(path).unwrap().sets {
        let report = GeneIds::built_in().map(&set.ids, Universe::All).report().clone();
        ids += report.ids;
        genes += report.genes;
        older += report.previous.count + report.alias.count;
        landmarks.push(GeneIds::built_in().map(&set.ids, Universe::Landmark).report().genes);
    }
    assert_eq!((ids, genes, older), (7324, 7029, 69));
    assert_eq!((landmarks.iter().min(), landmarks.iter().max()), (Some(&1), Some(&53)));
}

/// Symbols of all genes in one table: each stands for itself.
#[test]
fn every_gene_of_the_platform_is_mapped_by_every_kind_of_id() {
    let ids = GeneIds::built_in();
    let genes: Vec<&Gene> = Universe::All.genes().collect();
    let by = |id: fn(&Gene) -> String| {
        let named: Vec<String> = genes.iter().map(|gene| id(gene)).collect();
        ids.map(&named, Universe::All).report().genes
    };
    assert_eq!(by(|gene| gene.entrez().to_string()), 12_328);
    assert_eq!(by(|gene| gene.symbol().to_owned()), 12_327);
    assert_eq!(by(|gene| gene.other_symbols().next().unwrap_or(gene.symbol()).to_lowercase()), 12_328);
    assert!(by(|gene| gene.ensembl_ids().next().unwrap_or_default()) > 12_000);
}

#[test]
fn tables_given_as_profiles_are_told_what_they_are_still() {
    let Some(path) = query("06_TCGA_BRCA_deseq2.csv.gz") else { return };
    let error = ProfileReader::open(path, &ReadOptions::default()).err().unwrap();
    assert!(error.to_string().contains("a result of differential expression of DESeq2"), "{error}");
}
