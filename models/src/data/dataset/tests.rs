use super::*;
use l1kdb::split::{HoldOut, Split};
use l1kdb::study::Row;
use std::fs;

#[test]
fn a_signature_without_a_drug_is_named_and_so_is_a_table_without_a_column_of_drugs() {
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("sig_info.txt");
    fs::write(&table, "sig_id\tcell_id\nS1\tPC3\n").unwrap();
    let row = |id: &str, drug: &str| Row { id: id.into(), drug: Some(drug.into()), ..Row::default() };
    let error = |rows: &[Row]| drugs_are_known(rows, &table).unwrap_err().to_string();
    let one = error(&[row("S1", "aspirin"), row("S2", "S2")]);
    assert!(one.contains("S2") && one.contains("sig_info.txt"), "{one}");
    let all = error(&[row("S1", "S1"), row("S2", "S2")]);
    assert!(all.contains("`cell_id`") && all.contains("pert_iname"), "{all}");
    drugs_are_known(&[row("S1", "aspirin")], &table).unwrap();
}

#[test]
fn background_profiles_of_held_out_drugs_are_not_learnt_from() {
    let named = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
    let mut data = Dataset::new(vec![0.0; 3 * GENES], &named(&["a", "b", "c"]), &[None; 3]).unwrap();
    let values = (0..4 * GENES).map(|at| (at as f32).sin() * 100.0).collect();
    data.set_background(&Dataset::new(values, &named(&["d", "b", "a", "c"]), &[None; 4]).unwrap());
    let all = data.background_beside(&[0, 1, 2]);
    assert_eq!((data.background_len(), all.len()), (4, 4));
    assert_eq!(data.background_beside(&[0, 2]), [all[0], all[2], all[3]]);
    let largest = all[0].iter().fold(0.0, |largest: f32, value| largest.max(value.abs()));
    assert!(largest > 2.0 && largest <= 15.0, "{largest}");
}

#[test]
fn what_may_be_a_held_out_drug_is_not_learnt_from_and_is_named_where_it_straddles() {
    let named = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
    let mut data =
        Dataset::new(vec![0.0; 3 * GENES], &named(&["naltrexone", "tretinoin", "tsa"]), &[None; 3]).unwrap();
    data.study.rows[1].traits.connectivity.insert("SHGAZHPCJJPHSC".to_owned());
    let names = named(&["naltrexonedepot", "roaccutane", "tsatest"]);
    let mut background = Dataset::new(vec![1.0; 3 * GENES], &names, &[None; 3]).unwrap();
    background.study.rows[1].traits.connectivity.insert("SHGAZHPCJJPHSC".to_owned());
    data.set_background(&background);
    let kept = |rows: &[u32]| data.background_beside(rows).len();
    assert_eq!((kept(&[0, 1, 2]), kept(&[1, 2]), kept(&[0, 2]), kept(&[2])), (3, 2, 2, 1));

    let ids = background.study.ids();
    let apart = HoldOut { share: 0.4, repeats: 1 };
    // The first seed that holds out the second drug alone.
    let splits = (0..).map(|seed| Split::hold_out(&ids, "drug", &background.by_drug(), apart, seed).unwrap());
    let split = splits.into_iter().find(|split| split.folds().all(|fold| fold.held_out == [1])).unwrap();
    assert_eq!(Row::leak_warning(&background.study.rows, &split), None);
    background.study.rows[0].traits.connectivity.insert("SHGAZHPCJJPHSC".to_owned());
    let warning = Row::leak_warning(&background.study.rows, &split).unwrap();
    assert!(warning.contains("naltrexonedepot / roaccutane (same bonds)"), "{warning}");
}

#[test]
fn drugs_are_numbered_by_name_and_a_missing_cell_line_stays_missing() {
    let drugs = ["b".to_owned(), "a".to_owned(), "b".to_owned()];
    let of = |cells: [Option<&str>; 3]| Dataset::new(vec![0.0; 3 * GENES], &drugs, &cells).unwrap();
    let dataset = of([Some("PC3"), None, Some("A375")]);
    assert_eq!(dataset.study.rows[1].cell, None);
    assert_ne!(dataset.digest(), of([Some("PC3"), Some("A375"), Some("A375")]).digest());
    assert_eq!((dataset.drugs, dataset.drug_names), (vec![1, 0, 1], vec!["a".to_owned(), "b".to_owned()]));
}

#[test]
fn as_many_profiles_as_drugs_are_expected() {
    let found = Dataset::new(vec![0.0; 2 * GENES], &["a".to_owned()], &[None]);
    assert!(matches!(found, Err(TrainError::Eval(_))));
}
