//! What cannot be signatures is refused or told, never answered in silence.

use std::path::{Path, PathBuf};

use l1kdb::profile::*;
use l1kdb::progress::Quiet;

use crate::needs::shared;
use crate::program::{l1kdb, out, text};
use crate::world::world;

/// A table of all landmarks with the columns `header`, of which `values` tells the fields of a gene.
fn table(folder: &Path, name: &str, header: &str, values: impl Fn(usize) -> String) -> PathBuf {
    let mut text = format!("{header}\n");
    for (at, symbol) in GeneSpace::landmarks().symbols().iter().enumerate() {
        text += &format!("{symbol},{}\n", values(at));
    }
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

fn wave(at: usize) -> f32 {
    (at as f32 * 0.7).sin() * 3.0
}

fn read(path: &Path, drop_zero: bool) -> Result<(ProfileMatrix, ReadReport), ProfileError> {
    read_profiles(path, &ReadOptions::default().drop_zero(drop_zero), &Quiet)
}

#[test]
fn a_result_of_differential_expression_is_refused_with_the_column_to_give_and_that_column_reads() {
    let folder = tempfile::tempdir().unwrap();
    let deseq2 = |at: usize| {
        let padj = if at.is_multiple_of(7) { "NA".to_owned() } else { "0.5".to_owned() };
        format!("{},{},0.3,{},0.01,{padj}", at + 10, wave(at) / 2.0, wave(at))
    };
    let lrt = |at: usize| format!("{},{},0.3,{},0.01,0.5", at + 10, wave(at), wave(at).abs());
    let edger = |at: usize| format!("{},{},4.2,0.01,0.5", wave(at), 5.5);
    for (header, values, tool, column) in [
        (
            "\"\",baseMean,log2FoldChange,lfcSE,stat,pvalue,padj",
            &deseq2 as &dyn Fn(usize) -> String,
            "DESeq2",
            "stat",
        ),
        // The statistic of a likelihood ratio test has no sign.
        ("\"\",baseMean,log2FoldChange,lfcSE,stat,pvalue,padj", &lrt, "DESeq2", "log2FoldChange"),
        // As R's write.table writes it, without a name above the genes.
        ("logFC,logCPM,F,PValue,FDR", &edger, "edgeR", "logFC"),
    ] {
        let path = table(folder.path(), "de.csv", header, values);
        let error = read(&path, true).err().unwrap();
        assert!(matches!(error, ProfileError::Differential { .. }), "{error}");
        let message = error.to_string();
        assert!(message.contains("differential expression") && message.contains(tool), "{message}");
        assert!(message.contains(&format!("`{column}`")) && !message.contains("non-finite"), "{message}");

        let signature = table(folder.path(), "one.csv", &format!("gene,{column}"), |at| wave(at).to_string());
        let (profiles, report) = read(&signature, true).unwrap();
        assert_eq!((profiles.ids(), report.warnings()), ([column.to_owned()].as_slice(), Vec::new()));
    }
}

#[test]
fn samples_named_like_statistics_are_signatures() {
    let folder = tempfile::tempdir().unwrap();
    let path = table(folder.path(), "m.csv", "gene,t,B,stat", |at| {
        format!("{},{},{}", wave(at), -wave(at), wave(at + 1))
    });
    assert_eq!(read(&path, true).unwrap().0.ids(), ["t", "B", "stat"]);
}

#[test]
fn columns_that_cannot_be_z_scores_are_warned_of_by_their_kind() {
    let folder = tempfile::tempdir().unwrap();
    let path = table(folder.path(), "m.csv", "gene,good,p,n,level,same,huge,marked", |at| {
        let marked = if at == 3 { -666.0 } else { wave(at) };
        let unit = wave(at).abs() / 3.0;
        format!("{},{unit},{at},{},0.5,{},{marked}", wave(at), 7.0 + wave(at), 1e6 * wave(at))
    });
    let (_, report) = read(&path, true).unwrap();
    let warnings = report.warnings();
    for (warning, (id, number, word)) in warnings.iter().zip([
        ("p", 2, "p-values"),
        ("n", 3, "counts"),
        ("level", 4, "expression levels"),
        ("same", 5, "same value"),
        ("huge", 6, "beyond 1,000"),
        ("marked", 7, "-666"),
    ]) {
        let example = format!("(such as {id}, signature {number} of the file)");
        assert!(
            warning.contains("1 of 7") && warning.contains(word) && warning.contains(&example),
            "{warning}"
        );
    }
    assert_eq!(warnings.len(), 6, "{warnings:?}");
    assert!(report.check_signs().is_ok());
}

#[test]
fn a_database_of_levels_counts_or_p_values_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let sig_info = folder.path().join("s.txt");
    std::fs::write(&sig_info, "sig_id\tpert_id\nA\tBRD-1\nB\tBRD-2\n").unwrap();
    for (value, likeness) in [
        (&(|at| 7.0 + wave(at)) as &dyn Fn(usize) -> f32, "expression levels"),
        (&|at| (at % 97) as f32, "counts"),
        (&|at| wave(at).abs() / 3.0, "p-values"),
    ] {
        let path = table(folder.path(), "m.csv", "gene,A,B", |at| format!("{},{}", value(at), value(at + 1)));
        let build =
            ["build", "x.l1kdb", "--profiles", text(&path), "--sig-info", "s.txt", "--model", "identity"];
        let output = l1kdb(folder.path(), &build);
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert!(message.contains(likeness) && message.lines().count() == 1, "{message}");
        assert!(!folder.path().join("x.l1kdb").exists());
    }
}

#[test]
fn signatures_of_zeros_are_left_out_by_every_command_and_named() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path();
    std::fs::write(home.join("s.txt"), "sig_id\tpert_id\nA\tBRD-1\nB\tBRD-2\nC\tBRD-3\n").unwrap();
    let path = table(home, "m.csv", "gene,A,B,C", |at| format!("{},0,{}", wave(at), wave(at + 1)));
    let path = text(&path);
    let build = ["build", "x.l1kdb", "--profiles", path, "--sig-info", "s.txt", "--model", "identity"];
    let told =
        "1 signatures were left out because all of their values are 0 (such as B, signature 2 of the file)";
    let built = out(&l1kdb(home, &build));
    assert!(built.contains("2 signatures of 2 drugs") && built.contains(told), "{built}");

    let output = l1kdb(home, &["query", "x.l1kdb", "--profiles", path, "--format", "tsv", "--top", "1"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains(told), "{output:?}");
    // One query of three could not be asked.
    assert_eq!((output.status.code(), output.stdout.split(|&byte| byte == b'\n').count()), (Some(3), 4));
    let output = l1kdb(home, &["embed", "--profiles", path, "--out", "e.tsv", "--model", "identity"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains(told), "{output:?}");
    assert!(out(&output).contains("wrote 2 x 978"), "{output:?}");

    let output = l1kdb(home, &["query", "x.l1kdb", "--profiles", path, "--id", "B"]);
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{message}");
    assert!(message.contains("no signature is left") && message.contains(told), "{message}");
}

#[test]
fn a_matrix_without_a_signature_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let ids: Vec<String> = GeneSpace::landmarks().entrez().iter().map(u32::to_string).collect();
    let path = folder.path().join("none.gctx");
    let content = GctxContent { ids: &[], row_ids: &ids, values: &[], columns: None, rows: None };
    if write_gctx(&path, &content).is_ok() {
        let error = read(&path, true).err().unwrap();
        assert!(matches!(error, ProfileError::NoSignatures { genes: GENES, .. }), "{error}");
    }
    let gct: String = ids.iter().map(|id| format!("{id}\n")).collect();
    let path = folder.path().join("none.gct");
    std::fs::write(&path, format!("#1.3\n978\t0\t0\t0\nid\n{gct}")).unwrap();
    let error = read(&path, true).err().unwrap();
    assert!(matches!(error, ProfileError::NoSignatures { genes: GENES, .. }), "{error}");
}

#[test]
fn the_simulated_world_raises_no_doubt() {
    let (_, report) = read(&world().files.profiles, true).unwrap();
    assert_eq!((report.warnings(), report.notes()), (Vec::new(), Vec::new()));
}

#[test]
fn real_signatures_raise_no_doubt_and_real_expression_levels_do() {
    let Some(data) = shared("data") else { return };
    for (file, is_difference) in [
        ("level5/l1000_level5_modz_n1645x978.gctx", true),
        ("ilincs_level5/l1000_level5_ilincs_n4000x978.gctx", true),
        ("level4_a375/l1000_level4_zspc_a375_n1005x978.gctx", true),
        ("consensus/l1000_consensus_n895x978.gctx", true),
        ("level3_wells/l1000_level3_inf_n570x978.gctx", false),
    ] {
        let (_, report) = read(&data.join(file), true).unwrap();
        assert_eq!(report.warnings().is_empty(), is_difference, "{file}: {:?}", report.warnings());
        assert_eq!(report.check_signs().is_ok(), is_difference, "{file}");
    }
}
