#![no_main]

use l1kdb::Rows;
use l1kdb::eval::{Positives, PreparedRows, RetrievalResults, RetrievalSet, Similarity};
use l1kdb::profile::read_npy;
use l1kdb::progress::Quiet;
use l1kdb::split::Split;

/// Rows of any bits under labels of any number: an error, or figures within their range.
fn rank(bytes: &[u8]) {
    let Some((&first, bytes)) = bytes.split_first() else { return };
    let dim = 1 + usize::from(first % 6);
    let words: Vec<u32> = bytes.as_chunks::<4>().0.iter().map(|word| u32::from_le_bytes(*word)).collect();
    let rows: Vec<&[u32]> = words.chunks_exact(dim + 1).take(64).collect();
    // Two labels and more, some of any number.
    let label = |row: &[u32]| if row[0] % 8 == 7 { row[0] } else { row[0] % 8 };
    let labels: Vec<u32> = rows.iter().map(|row| label(row)).collect();
    let values: Vec<f32> = rows.iter().flat_map(|row| &row[1..]).map(|word| f32::from_bits(*word)).collect();
    for similarity in [Similarity::Cosine, Similarity::Dot, Similarity::Euclid] {
        let rows = Rows::new(&values, dim).expect("whole rows");
        let Ok(prepared) = PreparedRows::new(rows, similarity) else { continue };
        let positives = Positives::of_labels(&labels);
        let set = RetrievalSet::new(&prepared, &positives, &labels);
        let mut tally = RetrievalResults::default();
        if tally.add(&set, &Quiet).is_ok() {
            let figures = tally.figures().expect("something was found");
            assert!(figures.values().iter().all(|figure| (0.0..=1.0).contains(figure)), "{figures:?}");
        }
    }
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    rank(bytes);
    let path = std::env::temp_dir().join(format!("l1kdb-fuzz-{}", std::process::id()));
    std::fs::write(&path, bytes).expect("the temporary folder can be written");
    if let Ok((values, dim)) = read_npy(&path) {
        assert_eq!(values.len() % dim, 0);
    }
    if let Ok(split) = Split::read(&path) {
        split.save(&path).expect("what was read can be written");
        assert_eq!(Split::read(&path).expect("and read again"), split);
    }
});
