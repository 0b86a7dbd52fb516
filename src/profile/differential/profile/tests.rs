use super::*;

fn read_with(text: &str, options: &DifferentialOptions) -> Result<DifferentialProfile, String> {
    let path = Path::new("table.csv");
    let source = Source::from_bytes(path, text.as_bytes().to_vec()).map_err(|error| error.to_string())?;
    DifferentialProfile::from_source(path, source, options).map_err(|error| error.to_string())
}

fn read(text: &str) -> Result<DifferentialProfile, String> {
    read_with(text, &DifferentialOptions::default())
}

/// The value of a landmark.
fn value(profile: &DifferentialProfile, symbol: &str) -> f32 {
    let position = profile.universe.genes().position(|gene| gene.symbol() == symbol);
    profile.values[position.unwrap()]
}

fn assert_near(found: f32, expected: f64) {
    assert!((f64::from(found) - expected).abs() < 1e-4, "{found} {expected}");
}

/// Three rows of genes below a header, with a tab before each of the other fields.
fn table(header: &str, rows: [&str; 3]) -> String {
    let genes = ["PSME1", "ATF1", "RHEB"];
    let rows: Vec<String> = genes.iter().zip(rows).map(|(gene, row)| format!("{gene} {row}")).collect();
    format!("{header}\n{}\n", rows.join("\n")).replace(' ', "\t")
}

#[test]
fn each_tool_gives_the_statistic_that_its_columns_hold() {
    let rows = ["10 -1 .5 -2 .04 .1", "20 2 .5 4 .001 .01", "30 .5 .5 1 .3 NA"];
    for (header, words, atf1) in [
        ("gene baseMean log2FoldChange lfcSE stat pvalue padj", "Wald statistic (`stat`)", 4.0),
        ("baseMean log2FoldChange lfcSE stat pvalue padj", "Wald statistic (`stat`)", 4.0),
        ("ID AveExpr logFC B t P.Value adj.P.Val", "moderated t (`t`)", 4.0),
        ("names pct logfoldchanges x scores pvals pvals_adj", "z or t score (`scores`)", 4.0),
        (
            "gene baseMean log2FoldChange lfcSE svalue pvalue padj",
            "shrunken log fold change over its standard error",
            4.0,
        ),
        ("gene logCPM logFC x y PValue FDR", "signed p (sign of `logFC`", 3.290_526_731),
        ("gene logCPM logFC unshrunk.logFC y PValue FWER", "p from `PValue`", 3.290_526_731),
        ("gene pct.1 avg_log2FC pct.2 y p_val p_val_adj", "p from `p_val`", 3.290_526_731),
        ("gene pct.1 avg_logFC pct.2 y p_val p_val_adj", "p from `p_val`", 3.290_526_731),
        ("gene x Value_LogDiffExp y u Significance_pvalue q", "p from `Significance_pvalue`", 3.290_526_731),
        ("gene x logFC y u w v", "log fold change (`logFC`)", 2.0),
    ] {
        let profile = read(&table(header, rows)).unwrap();
        assert!(profile.statistic.contains(words), "{header}: {}", profile.statistic);
        assert_near(value(&profile, "ATF1"), atf1);
        assert!(value(&profile, "PSME1") < 0.0, "{header}");
        assert_eq!(profile.found(), 3, "{header}");
    }
}

#[test]
fn unsigned_statistics_get_the_sign_of_the_log_fold_change_or_are_refused() {
    for header in ["gene logFC logCPM F PValue FDR", "gene logFC logCPM LR PValue FDR"] {
        let profile = read(&table(header, ["-1 5 4 .04 .1", "2 5 16 .001 .01", "1 5 1 .3 .3"])).unwrap();
        assert!(profile.statistic.starts_with("signed root"), "{}", profile.statistic);
        assert_eq!((value(&profile, "PSME1"), value(&profile, "ATF1")), (-2.0, 4.0));
    }
    let lrt = table("gene log2FoldChange lfcSE stat pvalue", ["-1 1 4 .04", "2 1 16 .001", "1 1 1 .3"]);
    let profile = read(&lrt).unwrap();
    assert_eq!((value(&profile, "PSME1"), value(&profile, "ATF1")), (-2.0, 4.0));
    assert!(
        profile.warnings.iter().any(|warning| warning.contains("never negative")),
        "{:?}",
        profile.warnings
    );
    for text in [
        table("gene F PValue", ["4 .04", "16 .001", "1 .3"]),
        table("gene pvalue", [".04", ".001", ".3"]),
        table("gene stat x", [".04 1", ".001 2", ".3 4"]),
    ] {
        let error = read(&text).unwrap_err();
        assert!(error.contains("log fold change") && error.contains("columns of numbers"), "{error}");
    }
}

#[test]
fn p_values_under_the_name_of_a_statistic_are_taken_as_what_they_are() {
    let profile = read(&table("gene stat log2FoldChange", [".04 -1", "1e-300 2", ".3 1"])).unwrap();
    assert!(profile.statistic.contains("p from `stat`"), "{}", profile.statistic);
    assert!(value(&profile, "ATF1") > 37.0 && value(&profile, "PSME1") < -2.0);
    assert!(profile.warnings[0].contains("as p-values are"), "{:?}", profile.warnings);
}

#[test]
fn a_p_of_zero_counts_as_the_smallest_and_ties_follow_the_log_fold_change() {
    let text =
        "gene,logFC,PValue\nPSME1,3,0\nATF1,-5,0\nRHEB,1,1e-20\nFOXO3,1,< 2.2e-16\nRHOA,1,1\nIL1B,2,NA\n";
    let profile = read(text).unwrap();
    let [psme1, atf1, rheb] = ["PSME1", "ATF1", "RHEB"].map(|symbol| value(&profile, symbol));
    assert!(psme1.is_finite() && rheb < psme1 && psme1 < -atf1, "{psme1} {atf1} {rheb}");
    assert!(-atf1 < 1.002 * rheb, "{atf1} {rheb}");
    assert_near(value(&profile, "FOXO3"), 8.210_647);
    assert_eq!(value(&profile, "RHOA"), 0.0);
    assert!(value(&profile, "IL1B").is_nan());
    assert!(read("gene,logFC,PValue\nPSME1,3,1.5\nATF1,-5,0\n").unwrap_err().contains("between 0 and 1"));
}

#[test]
fn a_missing_statistic_is_a_missing_gene_and_a_missing_padj_is_none() {
    let text = "gene,baseMean,log2FoldChange,lfcSE,stat,pvalue,padj\nPSME1,1,1,1,2,.04,NA\nATF1,0,NA,NA,NA,NA,NA\n\
                RHEB,1,1,1,-1,.3,.5\n";
    let profile = read(text).unwrap();
    assert_eq!(value(&profile, "PSME1"), 2.0);
    assert!(value(&profile, "ATF1").is_nan());
    assert_eq!(profile.found(), 2);
}

#[test]
fn genes_are_found_in_whatever_column_names_them() {
    for text in [
        ",0,1\n0,PSME1,2\n1,ATF1,-1\n2,RHEB,1\n",
        "PSME1\t2\nATF1\t-1\nRHEB\t1\n",
        "5720\t2\n466\t-1\n6009\t1\n",
        "gene;score\nPSME1;2,0\nATF1;-1,0\nRHEB;1,0\n",
        "\u{feff}\"\",\"logFC\"\n\"PSME1\",2\n\"ATF1\",-1\n\"RHEB\",1\n",
        "logFC\tt\nPSME1\t7\t2\nATF1\t-7\t-1\nRHEB\t7\t1\n",
        "t\tensembl\tsymbol\n2\tENSG0\tPSME1\n-1\tENSG1\tATF1\n1\tENSG2\tRHEB\n",
        "#gene\tscore\nPSME1\t2\nATF1\t-1\nRHEB\t1\n",
    ] {
        let profile = read(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(
            (profile.found(), value(&profile, "PSME1"), value(&profile, "ATF1")),
            (3, 2.0, -1.0),
            "{text}"
        );
    }
    let ranked = read("symbol,entrez_id,score\nPSME1,5720,2\nATF1,466,-1\nNOSUCH,0,1\n").unwrap();
    assert_eq!((value(&ranked, "PSME1"), ranked.statistic.as_str()), (2.0, "values of `score`"));
    let two = "symbol,entrez,t,x\nPSME1,466,2,1\nATF1,5720,-1,1\nNOSUCH,6009,1,1\n";
    assert_eq!(value(&read(two).unwrap(), "PSME1"), -1.0);
    let by_symbol =
        read_with(two, &DifferentialOptions::default().gene_column("symbol").stat_column("t")).unwrap();
    assert_eq!((value(&by_symbol, "PSME1"), by_symbol.gene_column.as_str()), (2.0, "symbol"));
    let error = read_with(two, &DifferentialOptions::default().gene_column("genes")).unwrap_err();
    assert!(error.contains("`genes`") && error.contains("`symbol`"), "{error}");
}

#[test]
fn one_of_several_contrasts_is_asked_for() {
    let contrast = |name: &str| DifferentialOptions::default().contrast(name);
    let edger =
        table("gene logFC.A logFC.B logCPM F PValue", ["1 -2 5 4 .01", "2 -1 5 4 .01", "-3 1 5 4 .01"]);
    let limma = table("gene A B AveExpr F P.Value", ["1 -2 5 4 .01", "2 -1 5 4 .01", "-3 1 5 4 .01"]);
    for text in [&edger, &limma] {
        let error = read(text).unwrap_err();
        assert!(error.contains("several contrasts") && error.contains("`A`, `B`"), "{error}");
        let profile = read_with(text, &contrast("b")).unwrap();
        assert_eq!(value(&profile, "PSME1"), -2.0);
        assert!(profile.statistic.starts_with("log fold change"), "{}", profile.statistic);
        assert!(read_with(text, &contrast("C")).unwrap_err().contains("none is `C`"));
    }
    let single = table("gene logFC t P.Value", ["1 -2 .1", "2 -1 .1", "-3 1 .1"]);
    assert!(read_with(&single, &contrast("A")).unwrap_err().contains("of no contrast"));
    let wide = table("gene A_log2FC A_pvalue B_log2FC B_pvalue", ["1 .5 -2 .5", "2 .1 -1 .1", "-3 .1 1 .1"]);
    assert!(value(&read_with(&wide, &contrast("B")).unwrap(), "PSME1") < 0.0);
    let long = "gene,avg_log2FC,p_val,cluster\nPSME1,1,.01,0\nATF1,-1,.01,0\nPSME1,-2,.2,1\nATF1,1,.2,1\n";
    assert!(read(long).unwrap_err().contains("`0`, `1`"));
    let profile = read_with(long, &contrast("1")).unwrap();
    assert!(value(&profile, "PSME1") < 0.0 && profile.repeated == 0);
}

#[test]
fn a_column_may_be_named_and_unknown_ones_have_to_be() {
    let text = table("gene alpha beta", ["1 -2", "2 -1", "-3 1"]);
    let error = read(&text).unwrap_err();
    assert!(error.contains("name it") && error.contains("`alpha`, `beta`"), "{error}");
    let profile = read_with(&text, &DifferentialOptions::default().stat_column("beta")).unwrap();
    assert_eq!((value(&profile, "PSME1"), profile.statistic.as_str()), (-2.0, "values of `beta`"));
    let text = table("gene logFC t P.Value", ["1 -2 .1", "2 -1 .1", "-3 1 .1"]);
    let profile = read_with(&text, &DifferentialOptions::default().stat_column("P.Value")).unwrap();
    assert!(profile.statistic.starts_with("signed p"), "{}", profile.statistic);
}

#[test]
fn of_several_rows_the_one_of_highest_mean_is_taken_or_else_the_median() {
    let with_mean =
        "gene,AveExpr,logFC,t,P.Value\nPSME1,5,1,2,.1\nPSME1,9,1,3,.1\nPSME1,NA,1,-9,.1\nATF1,1,-1,-1,.1\n";
    let profile = read(with_mean).unwrap();
    assert_eq!((value(&profile, "PSME1"), profile.repeated, profile.report.duplicate.count), (3.0, 1, 2));
    assert!(profile.warnings.iter().any(|warning| warning.contains("`AveExpr`")), "{:?}", profile.warnings);
    let without = "gene,score\nPSME1,1\nPSME1,2\nPSME1,9\nATF1,-1\nATF1,-2\n";
    let profile = read(without).unwrap();
    assert_eq!((value(&profile, "PSME1"), value(&profile, "ATF1")), (2.0, -1.5));
    assert!(profile.warnings.iter().any(|warning| warning.contains("median")), "{:?}", profile.warnings);
}

#[test]
fn what_makes_an_answer_doubtful_is_told() {
    let warnings = |text: &str| read(text).unwrap().warnings.join("\n");
    let seurat = table(
        "gene p_val avg_log2FC pct.1 pct.2 p_val_adj",
        [".1 1 .2 .3 .1", ".2 2 .3 .4 .1", ".3 1 .1 .1 1"],
    );
    let told = warnings(&seurat);
    for part in ["thresholds", "RNA-seq", "no gene falls"] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let rows: String =
        Universe::Landmark.genes().take(30).map(|gene| format!("{},-1,1e-9\n", gene.symbol())).collect();
    let told = warnings(&format!("gene,logFC,P.Value\n{rows}"));
    assert!(told.contains("cut by significance") && told.contains("no gene rises"), "{told}");
    let infinite = warnings("gene,score\nPSME1,inf\nATF1,-3\nRHEB,2\n");
    assert!(infinite.contains("1 values are infinite"), "{infinite}");
}

#[test]
fn tables_without_genes_say_what_their_ids_look_like() {
    let error = read("gene,logFC\nENSMUSG00000102693,1\nENSMUSG00000064842,-1\n").unwrap_err();
    assert!(error.contains("none of its 2 rows") && error.contains("mouse"), "{error}");
    assert!(read("gene\nPSME1\n").unwrap_err().contains("between tabs"));
    assert!(read("gene,logFC\n").unwrap_err().contains("empty"));
    assert!(read("").unwrap_err().contains("empty"));
    let error = read("gene,t\nPSME1,1\nATF1,#NAME?\nRHEB,x\n").unwrap_err();
    assert!(error.contains("line 4") && error.contains("`x`"), "{error}");
}
