//! Bytes from anywhere as the sections of a calibration.

use std::collections::HashMap;

use l1kdb_index::AlignedBytes;

use super::head::Head;
use super::sections::{Sections, are_in_order, class_nulls, nearness, own, tables};

/// The sections, in the order in which bytes are cut.
const KINDS: [[u8; 4]; 13] = [
    *b"HEAD", *b"REFD", *b"NPTR", *b"NULL", *b"MEAN", *b"DEVI", *b"SIZE", *b"TCNT", *b"TAIL", *b"ZSCO",
    *b"CSTA", *b"CMES", *b"NEAR",
];

struct Cut(HashMap<[u8; 4], AlignedBytes>);

impl Sections for Cut {
    fn bytes(&self, kind: [u8; 4]) -> Option<&[u8]> {
        self.0.get(&kind).map(AsRef::as_ref)
    }
}

/// Reads bytes as a calibration: a byte with the number of drugs, and of each section two bytes with its length before its bytes.
pub fn calibration(bytes: &[u8]) {
    let Some((&drugs, mut rest)) = bytes.split_first() else { return };
    let mut sections = HashMap::new();
    for kind in KINDS {
        let Some((length, after)) = rest.split_first_chunk::<2>() else { break };
        let (section, after) = after.split_at(after.len().min(usize::from(u16::from_le_bytes(*length))));
        sections.insert(kind, AlignedBytes::copy_of(section));
        rest = after;
    }
    let sections = Cut(sections);
    let head = sections.bytes(*b"HEAD").unwrap_or_default();
    let queries = Head::parse(head).map_or(usize::from(drugs), |head| head.references.queries);
    let _ = own(&sections, queries);
    let _ = nearness(&sections, usize::from(drugs));
    if let Ok(nulls) = class_nulls(&sections, (queries, usize::from(drugs), usize::from(drugs / 2))) {
        assert_eq!(nulls.queries(), queries);
    }
    let Ok(tables) = tables(&sections, usize::from(drugs)) else { return };
    let scores: Vec<f32> = (0..=drugs).map(|drug| f32::from(drug) - 3.0).collect();
    let is_sound = are_in_order(&tables);
    for p in tables.p_values(&scores).into_iter().flatten() {
        assert!(!is_sound || (p > 0.0 && p <= 1.0), "{p}");
    }
}
