//! What the writer refuses, and what it leaves behind when it is interrupted.

use std::fs;
use std::io::Write;

use l1kdb_index::{AlignedBytes, BuildParams, Index, IndexError, Mapped, SegmentWriter, Vectors};

use crate::{clustered, graph_of};

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn refused(kind: &str, error: &IndexError) -> bool {
    matches!(error, IndexError::Section { kind: found, .. } if found == kind)
}

#[test]
fn a_file_whose_writer_was_interrupted_is_not_a_segment() {
    let folder = folder();
    let (path, copy) = (folder.path().join("half.l1k"), folder.path().join("copy.l1k"));
    let mut writer = SegmentWriter::create(&path, [1; 16]).unwrap();
    writer.vectors(&clustered(20, 500, 8, 0).0).unwrap();
    writer.section(*b"ROWS").unwrap().flush().unwrap();
    fs::copy(&path, &copy).unwrap();
    assert!(fs::metadata(&copy).unwrap().len() > 16_000, "the sections are there");
    let error = Index::open(AlignedBytes::read(&copy).unwrap()).unwrap_err();
    assert!(matches!(error, IndexError::NotASegment { .. }), "{error}");
    drop(writer);
    assert!(!path.exists(), "nothing half-written stays");
}

#[test]
fn a_section_streams_in_any_pieces() {
    let folder = folder();
    let path = folder.path().join("pieces.l1k");
    let content: Vec<u8> = (0..1_000_003u32).map(|i| (i % 251) as u8).collect();
    let mut writer = SegmentWriter::create(&path, [1; 16]).unwrap();
    let mut section = writer.section(*b"GENE").unwrap();
    content.chunks(777).for_each(|piece| section.write_all(piece).unwrap());
    drop(section);
    writer.section(*b"DRUG").unwrap().write_all(b"d").unwrap();
    writer.vectors(&Vectors::new(4, Vec::new()).unwrap()).unwrap();
    let summary = writer.finish().unwrap();
    let index = Index::open_path(&path).unwrap();
    index.verify().unwrap();
    assert_eq!(index.section(*b"GENE"), Some(&content[..]));
    assert_eq!(index.section(*b"DRUG"), Some(&b"d"[..]));
    assert_eq!((summary.length, summary.checksum), (fs::metadata(&path).unwrap().len(), index.checksum()));
    assert!(index.sections().iter().all(|section| section.offset % 64 == 0));
}

#[test]
fn sections_that_cannot_be_are_refused() {
    let folder = folder();
    let (vectors, _) = clustered(21, 20, 8, 0);
    let mut writer = SegmentWriter::create(folder.path().join("s.l1k"), [1; 16]).unwrap();
    for kind in [*b"VECS", *b"LINK", [0; 4]] {
        assert!(writer.section(kind).is_err(), "{kind:?}");
    }
    drop(writer.section(*b"ROWS").unwrap());
    assert!(refused("ROWS", &writer.section(*b"ROWS").map(drop).unwrap_err()));
    writer.vectors(&vectors).unwrap();
    assert!(refused("VECS", &writer.vectors(&vectors).unwrap_err()));
    for number in 2..30u8 {
        drop(writer.section([b'X', b'0', b'0', number]).unwrap());
    }
    assert!(refused("MORE", &writer.section(*b"MORE").map(drop).unwrap_err()));
    writer.finish().unwrap();
}

#[test]
fn a_segment_needs_vectors_and_a_graph_over_them() {
    let folder = folder();
    let path = folder.path().join("s.l1k");
    let writer = SegmentWriter::create(&path, [1; 16]).unwrap();
    assert!(refused("VECS", &writer.finish().unwrap_err()));
    let mut writer = SegmentWriter::create(&path, [1; 16]).expect("the refused file is gone");
    writer.vectors(&clustered(22, 20, 8, 0).0).unwrap();
    writer.graph(&graph_of(&clustered(22, 21, 8, 0).0, &BuildParams::default())).unwrap();
    assert!(refused("LINK", &writer.finish().unwrap_err()));
}

#[test]
fn a_file_that_exists_is_not_overwritten() {
    let folder = folder();
    let path = folder.path().join("s.l1k");
    fs::write(&path, b"precious").unwrap();
    let error = SegmentWriter::create(&path, [1; 16]).unwrap_err();
    assert!(error.to_string().starts_with("cannot create "), "{error}");
    assert_eq!(fs::read(&path).unwrap(), b"precious");
}

#[test]
fn errors_name_the_file() {
    let folder = folder();
    let path = folder.path().join("other.l1k");
    let text = path.display().to_string();
    assert_eq!(Mapped::open(&path).unwrap_err().to_string(), format!("cannot open {text}"));
    fs::write(&path, b"sig_id\tpert_id\n").unwrap();
    let error = Index::open_path(&path).unwrap_err();
    assert_eq!(error.to_string(), text);
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert!(cause.starts_with("not a segment file"), "{cause}");
    assert!(Mapped::open(folder.path()).is_err());
    fs::write(&path, b"").unwrap();
    assert!(Index::open_path(&path).is_err(), "an empty file");
}
