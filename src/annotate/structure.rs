//! What an InChIKey tells of a structure: which atoms are bound to which, and how they lie in space.

use std::fmt;
use std::str::FromStr;

/// How the second block of a key begins whose structure says nothing of space and has no isotopes.
const UNSPECIFIED: &str = "UHFFFAOY";

/// An InChIKey, in capitals, without its last block: protonation does not tell drugs apart.
///
/// The first block is a digest of the bonds, the second one of stereochemistry and isotopes; see
/// <https://www.inchi-trust.org/technical-faq/>.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InchiKey {
    connectivity: String,
    stereo: String,
}

/// Text that is no InChIKey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected an InChIKey such as SHGAZHPCJJPHSC-YCNIQYBTSA-N")]
pub struct NotInchiKey;

impl InchiKey {
    /// Returns the first block: one for all isomers in space of a compound, and for its charged forms.
    pub fn connectivity(&self) -> &str {
        &self.connectivity
    }

    /// Returns the second block; `None` where the structure says nothing of space.
    pub fn stereo(&self) -> Option<&str> {
        Some(self.stereo.as_str()).filter(|stereo| !stereo.starts_with(UNSPECIFIED))
    }
}

impl FromStr for InchiKey {
    type Err = NotInchiKey;

    /// Reads a key in any case, with or without `InChIKey=` before it.
    fn from_str(text: &str) -> Result<Self, NotInchiKey> {
        let text = text.trim().to_ascii_uppercase();
        let text = text.strip_prefix("INCHIKEY=").unwrap_or(&text).trim();
        let blocks: Vec<&str> = text.split('-').collect();
        let shaped = |block: &str, length: usize| {
            block.len() == length && block.bytes().all(|b| b.is_ascii_uppercase())
        };
        match blocks[..] {
            [first, second, last] if shaped(first, 14) && shaped(second, 10) && shaped(last, 1) => {
                Ok(Self { connectivity: first.to_owned(), stereo: second.to_owned() })
            }
            _ => Err(NotInchiKey),
        }
    }
}

impl fmt::Display for InchiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.connectivity, self.stereo)
    }
}

#[cfg(test)]
mod tests {
    use super::InchiKey;

    #[test]
    fn keys_are_read_in_any_case_and_whatever_their_charge() {
        let read = |text: &str| text.parse::<InchiKey>().ok();
        let key = read("VWUXBMIQPBEWFH-OWGSCINVSA-N");
        assert!(key.is_some());
        for same in [
            "InChIKey=VWUXBMIQPBEWFH-OWGSCINVSA-N",
            " vwuxbmiqpbewfh-owgscinvsa-m ",
            "inchikey= VWUXBMIQPBEWFH-OWGSCINVSA-N",
        ] {
            assert_eq!(read(same), key, "{same}");
        }
        assert_eq!(read("VWUXBMIQPBEWFH-UHFFFAOYSA-N").unwrap().stereo(), None);
    }

    #[test]
    fn anything_else_is_no_key() {
        for text in [
            "",
            "-666",
            "InChIKey=-666",
            "NA",
            "VWUXBMIQPBEWFH",
            "AAA-B-C",
            "VWUXBMIQPBEWF1-OWGSCINVSA-N",
            "ÄWUXBMIQPBEWFH-OWGSCINVSA-N",
        ] {
            assert!(text.parse::<InchiKey>().is_err(), "{text}");
        }
    }
}
