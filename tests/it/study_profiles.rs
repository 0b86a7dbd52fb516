//! Profiles of a file as a study: a row of metadata stays with its profile, whatever is left out between them.

use std::fs;

use l1kdb::profile::{GENES, GctxContent, GeneSpace, ReadOptions, write_gctx};
use l1kdb::progress::Quiet;
use l1kdb::study::{Study, StudyError, Tables};

const TABLE: &str = "sig_id\tpert_id\tpert_iname\tpert_type\tcell_id\n\
                     P:A\tBRD-1\taspirin\ttrt_cp\tA375\n\
                     P:B\tBRD-2\tnaproxen\ttrt_cp\tPC3\n\
                     P:C\tDMSO\tDMSO\tctl_vehicle\tPC3\n\
                     P:E\tBRD-3\tibuprofen\ttrt_cp\tMCF7\n";

/// A study of profiles of which those in `zero` hold zeros only.
fn study(zero: &[&str]) -> Result<Study, StudyError> {
    let folder = tempfile::tempdir().unwrap();
    let ids: Vec<String> = ["P:A", "P:B", "P:C", "P:D", "P:E"].map(String::from).to_vec();
    let value =
        |at: usize| if zero.contains(&ids[at / GENES].as_str()) { 0.0 } else { (at as f32 + 1.0).sin() };
    let values: Vec<f32> = (0..ids.len() * GENES).map(value).collect();
    let genes: Vec<String> = GeneSpace::landmarks().entrez().iter().map(ToString::to_string).collect();
    let content = GctxContent { ids: &ids, row_ids: &genes, values: &values, columns: None, rows: None };
    let (profiles, table) = (folder.path().join("p.gctx"), folder.path().join("sig_info.txt"));
    write_gctx(&profiles, &content).unwrap();
    fs::write(&table, TABLE).unwrap();
    let options = ReadOptions::default().drop_zero(true);
    Study::of_profiles(&profiles, &Tables::default().sig_info(&table), &options, &Quiet)
}

#[test]
fn a_row_stays_with_its_profile_where_controls_and_zeros_are_left_out() {
    let study = study(&["P:B"]).unwrap();
    let drugs: Vec<&str> = study.rows.iter().filter_map(|row| row.drug.as_deref()).collect();
    assert_eq!((study.ids().join(" ").as_str(), &drugs[..]), ("P:A P:E", &["aspirin", "ibuprofen"][..]));
    assert_eq!(study.numbers, [0, 4]);
    assert_eq!(study.embedding.rows().row(1)[0], (4.0 * GENES as f32 + 1.0).sin());
    let notes: Vec<String> = study.notes.iter().map(ToString::to_string).collect();
    assert!(notes.iter().any(|note| note.contains("P:D")), "{notes:?}");
}

#[test]
fn a_file_of_which_no_profile_is_left_says_why() {
    let error = study(&["P:A", "P:B", "P:E"]).unwrap_err();
    assert!(error.to_string().contains("no profile is left: "), "{error}");
}
