use super::*;
use std::fs;

fn signature(pert_id: Option<&str>, name: Option<&str>) -> Signature {
    let owned = |text: Option<&str>| text.map(str::to_owned);
    Signature { sig_id: "S1".into(), pert_id: owned(pert_id), name: owned(name), ..Signature::default() }
}

#[test]
fn all_identifiers_of_a_drug_lead_to_one_key() {
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("pert_info.txt");
    fs::write(
        &table,
        "pert_id\tpert_iname\tdrug\nBRD-1\tTrichostatin-A\ttrichostatina\nBRD-2\tTSA\ttrichostatina\n",
    )
    .unwrap();
    let perturbagens = PerturbagenTable::read(&table).unwrap();
    let keys = DrugKeys::new(&[], Some(&perturbagens));
    let key = |id, name| drug_of(&keys, &signature(id, name), &table).unwrap();
    assert_eq!(key(Some("BRD-1"), None), "trichostatina");
    assert_eq!(key(Some("BRD-9"), Some("tsa")), "trichostatina");
    assert_eq!(key(None, Some("trichostatin-a")), "trichostatina");
}

#[test]
fn without_a_table_the_name_is_the_drug_and_then_the_pert_id() {
    let keys = DrugKeys::default();
    let path = Path::new("sig_info.txt");
    let key = |id, name| drug_of(&keys, &signature(id, name), path);
    assert_eq!(key(Some("BRD-1"), Some("Valproic  Acid")).unwrap(), "valproicacid");
    assert_eq!(key(Some("BRD-2"), Some("valproic-acid")).unwrap(), "valproicacid");
    assert_eq!(key(Some("BRD-1"), None).unwrap(), "BRD-1");
    let error = key(None, None).unwrap_err().to_string();
    assert!(error.contains("S1") && error.contains("sig_info.txt"), "{error}");
}

#[test]
fn background_profiles_of_held_out_drugs_are_not_learnt_from() {
    let named = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
    let mut data = Dataset::new(vec![0.0; 3 * GENES], &named(&["a", "b", "c"]), &[None; 3]);
    let values = (0..4 * GENES).map(|at| (at as f32).sin() * 100.0).collect();
    data.set_background(&Dataset::new(values, &named(&["d", "b", "a", "c"]), &[None; 4]));
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
        Dataset::new(vec![0.0; 3 * GENES], &named(&["naltrexone", "tretinoin", "tsa"]), &[None; 3]);
    data.drug_traits[1].connectivity.insert("SHGAZHPCJJPHSC".to_owned());
    let names = named(&["naltrexonedepot", "roaccutane", "tsatest"]);
    let mut background = Dataset::new(vec![1.0; 3 * GENES], &names, &[None; 3]);
    background.drug_traits[1].connectivity.insert("SHGAZHPCJJPHSC".to_owned());
    data.set_background(&background);
    let kept = |rows: &[u32]| data.background_beside(rows).len();
    assert_eq!((kept(&[0, 1, 2]), kept(&[1, 2]), kept(&[0, 2]), kept(&[2])), (3, 2, 2, 1));

    let split = Split { train: vec![0, 2], held_out: vec![1] };
    assert_eq!(background.leak_warning([&split]), None);
    background.drug_traits[0].connectivity.insert("SHGAZHPCJJPHSC".to_owned());
    let warning = background.leak_warning([&split]).unwrap();
    assert!(warning.contains("naltrexonedepot / roaccutane (same bonds)"), "{warning}");
}

#[test]
fn a_missing_cell_line_stays_missing() {
    let drugs = ["b".to_owned(), "a".to_owned(), "b".to_owned()];
    let dataset = Dataset::new(vec![0.0; 3 * GENES], &drugs, &[Some("PC3"), None, Some("A375")]);
    assert_eq!(dataset.cells, [Some(1), None, Some(0)]);
    assert_eq!((dataset.drugs, dataset.drug_names), (vec![1, 0, 1], vec!["a".to_owned(), "b".to_owned()]));
}
