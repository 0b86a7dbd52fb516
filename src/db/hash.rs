//! Short digests that only have to tell things apart. The only file of this crate that names `xxhash-rust`.

use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

/// The hash that a segment's table of signature ids is sorted by.
pub(super) fn of_sig_id(sig_id: &str) -> u64 {
    xxh3_64(sig_id.as_bytes())
}

/// The checksum that seals a manifest.
pub(super) fn of_text(text: &str) -> u64 {
    xxh3_64(text.as_bytes())
}

/// The digest of classes of drugs.
pub(super) fn of_bytes(bytes: &[u8]) -> u64 {
    xxh3_64(bytes)
}

/// The mark that a segment bears of the model and gene space that made it.
pub(super) fn owner(model: &str, gene_space: &str) -> [u8; 16] {
    xxh3_128(format!("{model}\n{gene_space}").as_bytes()).to_le_bytes()
}

/// The mark that a calibration bears of the network and the segments whose scores it is of.
pub(super) fn of_contents<'a>(model: &str, segments: impl IntoIterator<Item = &'a str>) -> [u8; 16] {
    let text = segments.into_iter().fold(model.to_owned(), |text, checksum| text + "\n" + checksum);
    xxh3_128(text.as_bytes()).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::{of_sig_id, owner};

    /// These are written to disk, so they may never change. The numbers are those of the reference implementation.
    #[test]
    fn digests_are_the_same_for_ever() {
        assert_eq!(of_sig_id("CPC004_A375_6H:BRD-A10188456-001-03-1:10"), 15_831_621_203_151_747_404);
        assert_eq!(owner("model", "genes")[..4], [86, 77, 247, 251]);
    }
}
