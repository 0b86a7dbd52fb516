//! The file as bytes: the golden file, and every way of damaging it.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use proptest::prelude::*;

use crate::fuzzing::{open_and_search, reseal};
use crate::graph::Level;
use crate::{
    AlignedBytes, Audit, BuildParams, FORMAT_VERSION, Graph, Index, IndexError, Mapped, Neighbour,
    SegmentWriter, Vectors,
};

const ROWS: &[u8] = b"what the owner keeps about its rows, any length";

/// Six points around a circle in a plane of three dimensions.
fn hand_made_vectors() -> Vectors {
    let points: [[f32; 3]; 6] = [
        [1.0, 0.0, 0.0],
        [0.8, 0.6, 0.0],
        [0.0, 1.0, 0.0],
        [-0.6, 0.8, 0.0],
        [-1.0, 0.0, 0.0],
        [0.0, -1.0, 0.0],
    ];
    Vectors::new(3, points.concat()).unwrap()
}

fn level(members: &[u32], lists: &[&[u32]]) -> Level {
    Level::from_lists(members.to_vec(), lists.iter().copied())
}

fn hand_made_graph() -> Graph {
    Graph {
        rows: 6,
        entry: Some(4),
        levels: vec![
            level(&[], &[&[1, 5], &[0, 2], &[1, 3], &[2, 4], &[3, 5], &[4, 0]]),
            level(&[1, 4], &[&[4], &[1]]),
        ],
        params: BuildParams { m: 2, ef_construction: 16, ef_search: 12 },
        audit: Audit { reachable: 6, self_found: 6, recall_at_10: 1.0, sampled: 6, ef: 12 },
    }
}

/// A segment with this graph, as bytes.
fn written(graph: &Graph) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hand-made.l1k");
    let mut writer = SegmentWriter::create(&path, *b"sixteen bytes...").unwrap();
    writer.vectors(&hand_made_vectors()).unwrap();
    writer.section(*b"ROWS").unwrap().write_all(ROWS).unwrap();
    drop(writer.section(*b"FILT").unwrap());
    writer.graph(graph).unwrap();
    writer.finish().unwrap();
    fs::read(path).unwrap()
}

fn whole() -> Vec<u8> {
    written(&hand_made_graph())
}

fn verdict(bytes: &[u8]) -> String {
    let index = match Index::open(AlignedBytes::copy_of(bytes)) {
        Ok(index) => index,
        Err(error) => return error.to_string(),
    };
    index.verify().map_or_else(|error| error.to_string(), |_| "whole".to_owned())
}

fn golden() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/data/v{FORMAT_VERSION}.l1k"))
}

/// A change of these bytes is a change of the format: it needs a new version, and a golden file of its own, written
/// by running this test with `L1K_WRITE_GOLDEN=1`.
#[test]
fn the_bytes_of_a_hand_made_segment_are_those_of_the_golden_file() {
    if std::env::var_os("L1K_WRITE_GOLDEN").is_some() {
        fs::write(golden(), whole()).unwrap();
    }
    assert!(whole() == fs::read(golden()).unwrap(), "the format has changed without a new version");
}

#[test]
fn the_golden_file_of_version_1_opens_and_answers() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/v1.l1k");
    let index = Index::open(Mapped::open(path).unwrap()).unwrap();
    let report = index.verify().unwrap();
    assert_eq!((report.rows, report.dim, report.links), (6, 3, Some(14)));
    assert_eq!((index.owner(), index.section(*b"ROWS")), (*b"sixteen bytes...", Some(ROWS)));
    assert_eq!((index.section(*b"FILT"), index.section(*b"GENE")), (Some(&[][..]), None));
    assert_eq!(index.audit(), Some(hand_made_graph().audit));
    assert_eq!(index.build_params(), Some(hand_made_graph().params));
    let expected = [(2, 1.0), (3, 0.8), (1, 0.6)].map(|(row, similarity)| Neighbour { row, similarity });
    assert_eq!(index.exact(&[0.0, 1.0, 0.0], 3, None).unwrap(), expected);
    assert_eq!(index.ann(&[0.0, 1.0, 0.0], 3, None, None).unwrap(), expected);
}

#[test]
fn a_flipped_byte_of_header_or_table_is_refused_by_open() {
    let whole = whole();
    for place in 0..1024 {
        for flip in [0x01, 0x80, 0xFF] {
            let mut bytes = whole.clone();
            bytes[place] ^= flip;
            assert!(Index::open(AlignedBytes::copy_of(&bytes)).is_err(), "byte {place} ^ {flip}");
        }
    }
}

#[test]
fn a_flipped_byte_of_a_section_is_refused_by_verify_and_searched_without_a_panic() {
    let whole = whole();
    for place in 1024..whole.len() {
        for flip in [0x01, 0x80, 0xFF] {
            let mut bytes = whole.clone();
            bytes[place] ^= flip;
            assert_ne!(verdict(&bytes), "whole", "byte {place} ^ {flip}");
            open_and_search(&bytes);
        }
    }
}

#[test]
fn a_file_cut_or_lengthened_anywhere_is_refused_by_open() {
    let mut whole = whole();
    for length in 0..whole.len() {
        assert!(Index::open(AlignedBytes::copy_of(&whole[..length])).is_err(), "{length} bytes");
    }
    whole.push(0);
    assert!(matches!(Index::open(AlignedBytes::copy_of(&whole)), Err(IndexError::Length { .. })));
}

#[test]
fn a_newer_version_is_refused_with_the_way_out() {
    let mut bytes = whole();
    bytes[8] = 2;
    assert_eq!(verdict(&bytes), "segment format version 2, expected 1: it needs a newer release");
}

#[test]
fn bytes_at_an_odd_address_are_refused() {
    let whole = whole();
    let mut shifted = vec![0; 4];
    shifted.extend_from_slice(&whole);
    let shifted = AlignedBytes::copy_of(&shifted);
    assert!(matches!(Index::open(&shifted.as_ref()[4..]), Err(IndexError::Misaligned)));
}

/// Graphs that a writer could write and a checksum would not catch.
#[test]
fn a_wrong_graph_is_refused_by_verify_and_searched_without_a_panic() {
    type Change = fn(&mut Graph);
    let wrong: [(&str, Change); 10] = [
        ("a link is 1, expected", |g| g.levels[0].links[2] = 1),
        ("a link is 6, expected", |g| g.levels[0].links[0] = 6),
        ("a link is 4294967295", |g| g.levels[0].links[11] = u32::MAX),
        ("a link is 2, expected", |g| g.levels[1].links[0] = 2),
        ("the offsets of a level", |g| g.levels[0].offsets[3] = 2),
        ("the offsets of a level", |g| g.levels[0].offsets[3] = u64::MAX),
        ("the offsets of a level", |g| g.levels[0].offsets[6] = 11),
        ("the rows of a level", |g| g.levels[1].members = vec![4, 1]),
        ("the entry row is 0, expected a row of the top level", |g| g.entry = Some(0)),
        ("the audit of the graph", |g| g.audit.recall_at_10 = f32::NAN),
    ];
    for (expected, change) in wrong {
        let mut graph = hand_made_graph();
        change(&mut graph);
        let bytes = written(&graph);
        assert!(verdict(&bytes).contains(expected), "{expected}: {}", verdict(&bytes));
        open_and_search(&bytes);
    }
}

#[test]
fn a_row_that_no_link_leads_to_is_refused_by_verify() {
    let mut graph = hand_made_graph();
    graph.levels[0] = level(&[], &[&[1, 5], &[0], &[1, 3], &[4], &[3, 5], &[4, 0]]);
    assert!(verdict(&written(&graph)).contains("the number of rows that can be reached is 5, expected 6"));
}

/// Every list is all links: without a bound a walk would read the square of the graph.
#[test]
fn lists_that_overlap_end_the_walk_with_an_error() {
    let mut graph = hand_made_graph();
    graph.levels[0].offsets = vec![0, 12, 0, 12, 0, 12, 0];
    let index = Index::open(AlignedBytes::copy_of(&written(&graph))).unwrap();
    let error = index.ann(&[1.0, 0.0, 0.0], 6, None, None).unwrap_err().to_string();
    assert!(error.contains("a list of links"), "{error}");
}

#[test]
fn a_vector_that_is_not_a_number_or_not_of_unit_length_is_refused_by_verify() {
    for (value, expected) in [(f32::NAN, "value 0 of row 0 is NaN"), (0.5, "the length of row 0 is 0.5")] {
        let mut bytes = whole();
        bytes[1024..1028].copy_from_slice(&value.to_le_bytes());
        reseal(&mut bytes);
        assert!(verdict(&bytes).starts_with(expected), "{}", verdict(&bytes));
        open_and_search(&bytes);
    }
}

#[test]
fn a_byte_in_the_padding_is_refused_by_verify() {
    let mut bytes = whole();
    bytes[1024 + 72] = 1;
    assert_eq!(
        verdict(&bytes),
        "damaged segment: a byte of padding is 1, expected 0; copy or build it again"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Behind right checksums too, no damage makes a search panic or run on.
    #[test]
    fn no_damage_makes_a_search_panic(changes in prop::collection::vec((0usize..4096, any::<u8>()), 1..8), cut in 0usize..4096) {
        let mut bytes = whole();
        for (place, value) in changes {
            let place = place % bytes.len();
            bytes[place] = value;
        }
        open_and_search(&bytes);
        open_and_search(&bytes[..cut.min(bytes.len())]);
    }

    #[test]
    fn no_bytes_make_open_panic(bytes in prop::collection::vec(any::<u8>(), 0..2048)) {
        open_and_search(&bytes);
    }

    /// Numbers where numbers belong: counts, offsets, sizes, links.
    #[test]
    fn no_number_in_the_graph_makes_a_search_panic(place in 0usize..160, value in prop_oneof![0u32..20, any::<u32>()]) {
        let mut bytes = whole();
        let start = bytes.len() - 640;
        let at = start + place * 4;
        bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
        open_and_search(&bytes);
    }
}
