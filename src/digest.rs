//! SHA-256 digests as files, cards and reports name them. The only file that names `sha2`.

use sha2::Sha256;

/// A digest of bytes that come piece by piece.
///
/// ```
/// use l1kdb::digest::Digest;
///
/// let mut digest = Digest::default();
/// digest.add("ab");
/// digest.add("c");
/// assert_eq!(digest.text(), Digest::of("abc"));
/// assert!(Digest::of("abc").starts_with("sha256:ba7816bf"));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Digest(Sha256);

impl Digest {
    /// Adds bytes.
    pub fn add(&mut self, bytes: impl AsRef<[u8]>) {
        sha2::Digest::update(&mut self.0, bytes);
    }

    /// Returns `sha256:` and 64 hexadecimal digits.
    #[must_use]
    pub fn text(self) -> String {
        let bytes = sha2::Digest::finalize(self.0);
        bytes.iter().fold("sha256:".to_owned(), |text, byte| text + &format!("{byte:02x}"))
    }

    /// Returns the digest of all bytes at once.
    #[must_use]
    pub fn of(bytes: impl AsRef<[u8]>) -> String {
        let mut digest = Self::default();
        digest.add(bytes);
        digest.text()
    }
}
