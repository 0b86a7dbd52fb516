//! What is written is what is read: GCTX, GCT and TSV, for any ids and values.

use l1kdb::profile::{GctxContent, GctxWriter, MatrixFile, Table, write_gct, write_gctx, write_tsv};
use proptest::prelude::*;

#[derive(Debug)]
struct Example {
    ids: Vec<String>,
    row_ids: Vec<String>,
    values: Vec<f32>,
    columns: Table,
}

fn text() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9:_µé.-]{1,12}"
}

fn example() -> impl Strategy<Value = Example> {
    (1..9_usize, 1..9_usize).prop_flat_map(|(signatures, genes)| {
        let ids = proptest::collection::hash_set("[A-Zµ][a-z0-9:_.-]{0,9}", signatures);
        let rows = proptest::collection::hash_set("[A-Z][a-z0-9]{0,6}", genes);
        let value =
            prop_oneof![any::<f32>().prop_filter("finite", |v| v.is_finite()), Just(-0.0), Just(-666.0)];
        let values = proptest::collection::vec(value, signatures * genes);
        let cells = proptest::collection::vec(text(), 2 * signatures);
        (ids, rows, values, cells).prop_map(|(ids, rows, values, cells)| {
            let mut columns = Table::new(["pert_iname", "cell_id"].map(str::to_owned).to_vec());
            cells.chunks(2).for_each(|row| columns.push(row));
            Example { ids: ids.into_iter().collect(), row_ids: rows.into_iter().collect(), values, columns }
        })
    })
}

fn assert_same(example: &Example, file: &mut MatrixFile, with_metadata: bool) {
    let rows: Vec<usize> = (0..example.row_ids.len()).collect();
    let columns: Vec<usize> = (0..example.ids.len()).collect();
    assert_eq!(file.column_ids(), example.ids);
    assert_eq!(file.row_ids().unwrap(), example.row_ids);
    assert_eq!(file.read(&rows, &columns).unwrap(), example.values);
    for name in example.columns.header().iter().filter(|_| with_metadata) {
        let (there, here) = (file.column_metadata(), &example.columns);
        let (at, from) = (there.column(&[name]).unwrap(), here.column(&[name]).unwrap());
        assert!((0..here.len()).all(|row| there.cell(row, at) == here.cell(row, from)), "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_written_gctx_or_gct_reads_back_the_same(example in example()) {
        let folder = tempfile::tempdir().unwrap();
        let (gctx, gct) = (folder.path().join("a.gctx"), folder.path().join("a.gct"));
        let content = GctxContent {
            ids: &example.ids,
            row_ids: &example.row_ids,
            values: &example.values,
            columns: Some(&example.columns),
            rows: None,
        };
        write_gctx(&gctx, &content).unwrap();
        write_gct(&gct, &content).unwrap();
        assert_same(&example, &mut MatrixFile::open(&gctx).unwrap(), true);
        assert_same(&example, &mut MatrixFile::open(&gct).unwrap(), true);
        prop_assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn blocks_of_any_size_make_the_same_gctx(example in example(), block in 1..4_usize) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.gctx");
        let mut writer = GctxWriter::create(&path, &example.row_ids).unwrap();
        for (ids, values) in example.ids.chunks(block).zip(example.values.chunks(block * example.row_ids.len())) {
            writer.block(ids, values).unwrap();
        }
        writer.finish(None, None).unwrap();
        assert_same(&example, &mut MatrixFile::open(&path).unwrap(), false);
    }

    #[test]
    fn a_written_tsv_reads_back_the_same(example in example()) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.tsv");
        write_tsv(&path, &example.ids, &example.row_ids, &example.values).unwrap();
        let table = Table::read(&path).unwrap();
        prop_assert_eq!(table.len(), example.ids.len());
        for (i, row) in table.rows().enumerate() {
            prop_assert_eq!(row[0], &example.ids[i]);
            let values: Vec<f32> = row[1..].iter().map(|cell| cell.parse().unwrap()).collect();
            prop_assert_eq!(&values[..], &example.values[i * example.row_ids.len()..][..example.row_ids.len()]);
        }
    }
}

#[test]
fn a_block_that_does_not_fit_is_refused_and_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.gctx");
    let mut writer = GctxWriter::create(&path, &["1".to_owned(), "2".to_owned()]).unwrap();
    let error = writer.block(&["s".to_owned()], &[1.0]).err().unwrap().to_string();
    assert!(error.contains("expected 2 values"), "{error}");
    drop(writer);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
