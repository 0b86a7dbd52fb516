//! No bytes, however damaged, make the readers panic or take memory without bound.

use l1kdb::profile::{GctxContent, GeneSpace, MatrixFile, Table, fuzzing, write_gct, write_gctx};
use proptest::prelude::*;

/// A small but complete GCTX and the same as GCT: 5 signatures, 40 genes, metadata on both sides.
fn small_files() -> (Vec<u8>, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let ids: Vec<String> = (0..5).map(|i| format!("SIG:{i}")).collect();
    let row_ids: Vec<String> = GeneSpace::landmarks().entrez()[..40].iter().map(u32::to_string).collect();
    let values: Vec<f32> = (0..200).map(|i| i as f32 / 7.0 - 10.0).collect();
    let mut columns = Table::new(["pert_iname", "dose"].map(str::to_owned).to_vec());
    ids.iter().for_each(|id| columns.push([id.as_str(), "10 \u{b5}M"]));
    let content =
        GctxContent { ids: &ids, row_ids: &row_ids, values: &values, columns: Some(&columns), rows: None };
    let (gctx, gct) = (folder.path().join("a.gctx"), folder.path().join("a.gct"));
    write_gctx(&gctx, &content).unwrap();
    write_gct(&gct, &content).unwrap();
    assert_eq!(MatrixFile::open(&gctx).unwrap().column_ids(), ids);
    (std::fs::read(gctx).unwrap(), std::fs::read(gct).unwrap())
}

#[test]
fn a_gctx_cut_off_at_any_byte_is_an_error_and_no_panic() {
    let (gctx, _) = small_files();
    for end in (0..gctx.len()).step_by(7) {
        fuzzing::gctx(&gctx[..end]);
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cut.gctx");
    for end in [0, 1, 8, 95, 96, 4096, 5000, gctx.len() - 1] {
        std::fs::write(&path, &gctx[..end]).unwrap();
        let error = MatrixFile::open(&path).err().expect("part of a file is no file");
        assert!(error.to_string().contains("cut.gctx"), "{end}: {error}");
    }
}

#[test]
fn a_gctx_with_any_byte_changed_reads_or_is_refused() {
    let (gctx, _) = small_files();
    // The values themselves, from byte 4096 on, may be anything.
    let described = (0..96).chain(4096 + 800..gctx.len());
    for (i, at) in described.enumerate() {
        let mut damaged = gctx.clone();
        damaged[at] ^= [0xff, 0x01, 0x80][i % 3];
        fuzzing::gctx(&damaged);
    }
}

#[test]
fn a_gct_cut_off_at_any_byte_reads_or_is_refused() {
    let (_, gct) = small_files();
    for end in (0..gct.len()).step_by(11) {
        fuzzing::gct(&gct[..end]);
    }
}

#[test]
fn huge_extents_in_a_gct_are_refused_without_taking_memory() {
    for extents in ["18446744073709551615\t1\t0\t0", "1\t18446744073709551615\t18446744073709551615\t0"] {
        fuzzing::gct(format!("{extents}\nid\ts\n1\t2\n").as_bytes());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        fuzzing::gct(&bytes);
        fuzzing::delimited(&bytes);
        fuzzing::table(&bytes);
        fuzzing::gene_sets(&bytes);
        fuzzing::differential(&bytes);
        fuzzing::gctx(&[b"\x89HDF\r\n\x1a\n".as_slice(), &bytes].concat());
    }

    #[test]
    fn any_text_that_looks_like_a_table_is_read_or_refused(
        text in "([a-z0-9.\\-\"#!]{0,6}[\t,;\n\r]{1,2}){0,60}",
    ) {
        fuzzing::gct(text.as_bytes());
        fuzzing::delimited(text.as_bytes());
        fuzzing::gene_sets(text.as_bytes());
        fuzzing::differential(text.as_bytes());
        fuzzing::table(text.as_bytes());
    }

    #[test]
    fn several_changes_in_a_gctx_are_read_or_refused(
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let (mut gctx, _) = small_files();
        let described = gctx.len() - 4896;
        for (at, byte) in changes {
            gctx[4896 + at.index(described)] = byte;
        }
        fuzzing::gctx(&gctx);
    }
}
