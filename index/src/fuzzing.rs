//! What a fuzzer runs, shared with the property tests.

use roaring::RoaringBitmap;

use crate::format::header::Header;
use crate::format::table::{self, Section, Table};
use crate::{AlignedBytes, Index, Neighbour, Result};

/// Opens any bytes as a segment, searches them in every way and verifies them: nothing may panic or run on, and a
/// file that verifies must answer. Then does the same with the checksums put right, so that damage
/// behind them is met as well.
pub fn open_and_search(bytes: &[u8]) {
    let mut bytes = AlignedBytes::copy_of(bytes);
    search(&bytes);
    reseal(bytes.as_mut());
    search(&bytes);
}

fn search(bytes: &AlignedBytes) {
    let Ok(index) = Index::open(bytes) else { return };
    let whole = index.verify().is_ok();
    let mut query = vec![0.0; index.dim()];
    query[0] = 1.0;
    let odd: RoaringBitmap =
        (0..index.rows()).zip(0..).map(|(_, row)| row).step_by(2).chain([u32::MAX]).collect();
    for k in [0, 1, 10, usize::MAX] {
        for within in [None, Some(&odd)] {
            check(index.exact(&query, k, within), k, whole);
            if index.has_graph() {
                check(index.ann(&query, k, None, within), k, whole);
                check(index.ann(&query, k, Some(1), within), k, whole);
            }
        }
    }
    let mut all = Vec::new();
    assert!(index.similarities(&query, &mut all).is_ok() && all.len() == index.rows());
    assert!(index.sections().iter().all(|section| index.section(section.kind).is_some()));
    assert_eq!(index.vector(0).is_some(), index.rows() > 0);
}

fn check(answer: Result<Vec<Neighbour>>, k: usize, whole: bool) {
    match answer {
        Ok(found) => assert!(found.len() <= k && found.is_sorted_by(|a, b| a.nearest_first(b).is_lt())),
        Err(error) => assert!(!whole, "a verified file was not searched: {error}"),
    }
}

/// Puts the file length and all checksums of a segment right, whatever else is wrong with it.
pub fn reseal(file: &mut [u8]) {
    let length = file.len();
    let Some((start, _)) = file.split_first_chunk::<1024>() else { return };
    let mut header: Header = bytemuck::pod_read_unaligned(&start[..64]);
    let table: Table = bytemuck::pod_read_unaligned(&start[64..]);
    let sections: Vec<Section> = table.sections(header.sections).iter().map(|s| resealed(s, file)).collect();
    let table = Table::of(&sections);
    header.file_length = length as u64;
    header.checksum = table.checksum(&header);
    file[..64].copy_from_slice(bytemuck::bytes_of(&header));
    file[64..1024].copy_from_slice(bytemuck::bytes_of(&table));
}

fn resealed(section: &Section, file: &[u8]) -> Section {
    let place = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
    let bytes = file.get(place(section.offset)..place(section.offset.saturating_add(section.length)));
    let mut section = *section;
    section.checksum = bytes.map_or(section.checksum, table::checksum);
    section
}
