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
    for missing in ["-666", "-666.0", "-666.000000", "", "NA", "nan", "NaN", "#N/A", "<NA>", "None", "null"] {
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
    assert!(error.contains("`A:1` stands twice, at lines 2 and 4"), "{error}");
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

#[test]
fn row_names_of_r_are_read_in_every_table_whether_or_not_the_header_leaves_room_for_them() {
    for text in [
        "pert_iname\tcell_id\nA:1\taspirin\tA375\nA:2\tb\tMCF7\n",
        "\"\",\"pert_iname\",\"cell_id\"\n\"A:1\",\"aspirin\",\"A375\"\n\"A:2\",\"b\",\"MCF7\"\n",
    ] {
        let table = signatures(text.as_bytes()).unwrap();
        assert_eq!((table.find("A:1"), table.find("A:2")), (Some(0), Some(1)));
        assert_eq!(table.rows()[1].cell_id.as_deref(), Some("MCF7"));
    }
    let numbered = signatures(b"sig_id\tpert_iname\n1\tA:1\taspirin\n2\tA:2\t\n").unwrap();
    assert_eq!((numbered.find("A:1"), numbered.rows()[0].name.as_deref()), (Some(0), Some("aspirin")));
    let padded = signatures(b"sig_id\tpert_iname\nA:1\taspirin\t\nA:2\tb\t\n").unwrap();
    assert_eq!(padded.find("A:2"), Some(1));
}

#[test]
fn a_table_that_has_a_header_and_no_rows_is_said_to_have_none() {
    for text in ["sig_id\tpert_id\n", "sig_id,pert_id\n,\n\n"] {
        let error = signatures(text.as_bytes()).err().unwrap().to_string();
        assert!(error.contains("expected rows below the header"), "{error}");
    }
    let error = signatures(b"sig_id\tpert_id\n\tx\n").err().unwrap().to_string();
    assert!(error.contains("line 2: the signature id is empty"), "{error}");
}

#[test]
fn rows_are_named_by_the_line_of_the_file_whatever_was_skipped() {
    let text = b"!preamble\n\nsig_id\tpert_id\n\t\nA:1\tx\n\nA:1\ty\n";
    let error = signatures(text).err().unwrap().to_string();
    assert!(error.contains("`A:1` stands twice, at lines 5 and 7"), "{error}");
}

#[test]
fn batches_are_compounds_on_both_sides_of_the_join() {
    let table = signatures(b"sig_id\tpert_id\nA:1\tBRD-K08132273-001-02-3\nA:2\tbrd-k08132273\n").unwrap();
    assert!(table.rows().iter().all(|row| row.pert_id.as_deref() == Some("BRD-K08132273")));
}

#[test]
fn ids_that_r_mangled_meet_their_table_unless_two_could_be_meant() {
    let table = signatures(b"sig_id\nCPC004_A375_6H:BRD-A10188456\nX:1\nX-1\n6H:a\n").unwrap();
    let ids = ["CPC004_A375_6H.BRD.A10188456", "X.1", "X6H.a"].map(String::from);
    let joined = join(&ids, &table, false);
    assert_eq!(joined.rows, [(0, 0), (2, 3)]);
    assert_eq!(joined.profiles_without_row.examples, ["X.1"]);
    let said = joined.respelt.to_string();
    assert!(said.starts_with("2 (such as `CPC004_A375_6H.BRD.A10188456` for"), "{said}");

    let both = ["X:1", "x.1"].map(String::from);
    let table = signatures(b"sig_id\nX:1\nY:1\n").unwrap();
    let joined = join(&both, &table, false);
    assert_eq!((joined.rows, joined.respelt.count), (vec![(0, 0)], 0));
}

#[test]
fn profiles_that_are_named_by_another_column_of_the_table_are_told_so() {
    let table = signatures(b"sig_id\tpert_id\nA:1\tBRD-K08132273\n").unwrap();
    let why = join(&["BRD-K08132273".to_owned()], &table, false).explanation().unwrap();
    assert!(why.contains("`BRD-K08132273` is a pert_id there"), "{why}");
}

#[test]
fn values_of_one_line_are_read_as_they_stand_from_any_kind_of_text() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), b"\xef\xbb\xbfa\r\n\r\n\"B, C antagonist\"\r\n5' UTR\r\n").unwrap();
    assert_eq!(read_lines(file.path()).unwrap(), ["a", "", "B, C antagonist", "5' UTR"]);
    std::fs::write(file.path(), b"PK\x03\x04").unwrap();
    assert!(matches!(read_lines(file.path()), Err(ProfileError::UnknownFormat { .. })));
}

#[test]
fn numbers_of_a_table_are_read_with_decimal_commas_and_named_by_line_and_id() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let numbers = |text: &str| {
        std::fs::write(file.path(), text).unwrap();
        Table::read(file.path()).unwrap().numbers(1..3).map_err(|error| error.to_string())
    };
    assert_eq!(numbers("id;x;y\na;0,5;-1\nb;1,234;2\n").unwrap(), [0.5, -1.0, 1.234, 2.0]);
    assert!(numbers("id\tx\ty\na\tNA\t1\n").unwrap()[0].is_nan());
    let error = numbers("id\tx\ty\n\na\t1\tfoo\n").unwrap_err();
    assert!(error.contains("line 3: expected a number in column `y` of `a`, found `foo`"), "{error}");
    assert!(numbers("id\tx\ty\na\t1,000\t2\n").unwrap_err().contains("thousands"));
}
