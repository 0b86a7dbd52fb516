//! LINCS tables of both generations, and their join with profiles.

use l1kdb::profile::*;

fn signatures(text: &[u8]) -> Result<SignatureTable, ProfileError> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    SignatureTable::read(file.path())
}

fn shown(quantity: &Option<Quantity>) -> String {
    quantity.as_ref().map_or_else(|| "-".to_owned(), Quantity::to_string)
}

#[test]
fn both_generations_of_column_names_give_the_same_signature() {
    let older = b"sig_id\tpert_id\tpert_iname\tpert_type\tcell_id\tpert_dose\tpert_dose_unit\tpert_idose\tpert_time\t\
        pert_time_unit\tpert_itime\tdistil_cc_q75\nA:1\tBRD-K1\taspirin\ttrt_cp\tA375\t10.0\t\xb5M\t10 \xb5M\t24\th\t24 h\t0.3\n";
    let newer = b"pert_type,cmap_name,pert_id,cell_iname,pert_idose,pert_itime,sig_id,cc_q75\n\
        trt_cp,aspirin,BRD-K1,A375,10 uM,24 h,A:1,0.3\n";
    let (older, newer) = (signatures(older).unwrap(), signatures(newer).unwrap());
    assert_eq!(older.rows(), newer.rows());
    let row = &older.rows()[0];
    assert_eq!((shown(&row.dose), shown(&row.time)), ("10 uM".into(), "24 h".into()));
    assert_eq!(row.flags, [("cc_q75", "0.3".to_owned())]);
    assert_eq!(older.find("A:1"), Some(0));
}

#[test]
fn every_way_of_saying_missing_is_missing() {
    for missing in ["-666", "-666.0", "-666.000000", "", "NA", "nan", "NaN"] {
        let text = format!(
            "sig_id\tpert_iname\tpert_dose\tpert_dose_unit\tpert_idose\tis_gold\nA:1\t{missing}\t{missing}\t{missing}\t{missing}\t{missing}\n"
        );
        let table = signatures(text.as_bytes()).unwrap();
        let row = &table.rows()[0];
        assert_eq!(
            (&row.name, &row.dose, row.flags.len(), table.unread_quantities()),
            (&None, &None, 0, 0),
            "{missing}"
        );
    }
}

#[test]
fn a_dose_that_is_no_number_is_counted_and_left_out() {
    let table = signatures(b"sig_id\tpert_idose\nA:1\tplenty\nA:2\t10 um\n").unwrap();
    assert_eq!(table.unread_quantities(), 1);
    assert_eq!((shown(&table.rows()[0].dose), shown(&table.rows()[1].dose)), ("-".into(), "10 uM".into()));
}

#[test]
fn lone_quotes_in_tab_separated_tables_are_text() {
    let table = signatures(b"sig_id\tpert_iname\nA:1\t5\" primer\nA:2\t\"quoted\"\nA:3\t\"open\n").unwrap();
    let names: Vec<_> = table.rows().iter().map(|row| row.name.clone().unwrap()).collect();
    assert_eq!(names, ["5\" primer", "quoted", "\"open"]);
}

#[test]
fn a_bad_row_is_reported_with_its_line_and_a_missing_column_with_what_is_there() {
    let error = signatures(b"sig_id\tpert_id\nA:1\tx\n\nA:2\n").err().unwrap();
    assert!(matches!(error, ProfileError::FieldCount { line: 4, expected: 2, found: 1, .. }), "{error:?}");
    let error = signatures(b"name\tpert_id\nA:1\tx\n").err().unwrap().to_string();
    assert!(error.contains("`sig_id`") && error.contains("`name`, `pert_id`"), "{error}");
    let error = signatures(b"sig_id\nA:1\nA:2\nA:1\n").err().unwrap().to_string();
    assert!(error.contains("`A:1` stands twice, at 1 and 3"), "{error}");
}

#[test]
fn controls_are_left_out_by_default_and_counted() {
    let table = signatures(
        b"sig_id\tpert_type\na\ttrt_cp\nb\tctl_vehicle\nc\ttrt_sh.css\nd\tctl_untrt.cns\ne\ttrt_sh.cgs\nf\tCTL_VECTOR\ng\t-666\n",
    )
    .unwrap();
    let ids: Vec<String> = "abcdefg".chars().map(String::from).collect();
    let joined = join(&ids, &table, false);
    assert_eq!(joined.rows, [(0, 0), (4, 4), (6, 6)]);
    assert_eq!(joined.controls, 4);
    let joined = join(&ids, &table, true);
    assert_eq!((joined.rows.len(), joined.controls), (7, 0));
}

#[test]
fn unmatched_ids_are_counted_on_either_side_with_three_examples() {
    let table = signatures(b"sig_id\nb\na\nq\nr\ns\nt\n").unwrap();
    let ids: Vec<String> = ["z", "a", "b", "y"].map(String::from).to_vec();
    let joined = join(&ids, &table, false);
    assert_eq!(joined.rows, [(1, 1), (2, 0)]);
    assert_eq!(joined.profiles_without_row.to_string(), "2 (z, y)");
    assert_eq!(joined.rows_without_profile.to_string(), "4 (q, r, s, ...)");
    assert_eq!(joined.explanation(), None);

    let strangers = join(&["x:1".to_owned()], &table, false);
    assert!(strangers.explanation().unwrap().contains("`x:1`, the table such as `b`"));
}
