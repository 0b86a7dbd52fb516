//! The canonical form of a drug's name.
//!
//! | file | responsibility |
//! |---|---|
//! | `spelling` | one character for each of its variants: dashes, Greek letters, small and wide digits |
//! | `sign` | the signs of optical rotation, however they are written |
//! | `stereo` | all marks in a name that tell its mirror images apart |

mod sign;
mod spelling;
mod stereo;

pub(super) use stereo::{Answers, StereoMarks, any_contradict};

use sign::Piece;

/// Returns the canonical form of a drug's name. Two names with the same key are one drug.
///
/// What merely separates words does not count: case, blanks, hyphens, underscores, apostrophes, brackets. So
/// `Trichostatin-A` and `trichostatin a` meet, and so do `α-tocopherol` and `alpha-tocopherol`. What tells compounds
/// apart is kept:
/// - the sign of optical rotation, `(+)`, `(-)` or `(+-)`, which goes to the front wherever and however it stands;
/// - a `+` between two names, which is a mixture;
/// - that something stands between two numbers: `1,25` and `12,5` are not one, but the comma of thousands
///   (`L-690,330`) is none of these.
///
/// The key of a key is the key itself. A name without any letter, digit or sign is its own key.
///
/// ```
/// use l1kdb::annotate::drug_key;
///
/// assert_eq!(drug_key("1,25-Dihydroxyvitamin-D3"), "1-25dihydroxyvitamind3");
/// assert_eq!(drug_key("(+)-JQ1"), "(+)jq1");
/// assert_eq!(drug_key("JQ1 (+)"), "(+)jq1");
/// assert_ne!(drug_key("(+)-JQ1"), drug_key("(-)-JQ1"));
/// ```
pub fn drug_key(name: &str) -> String {
    let has_marks = |b: &u8| !b.is_ascii() || b"+,([{".contains(b);
    let key = if name.as_bytes().iter().any(has_marks) { key_of_pieces(name) } else { key_of_words(name) };
    if key.is_empty() { name.trim().to_owned() } else { key }
}

/// The key of a plain name, as most are: a database has many, and a filter looks at all of them.
fn key_of_words(name: &str) -> String {
    let mut body = Body { text: String::with_capacity(name.len()), ..Body::default() };
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            body.push(c.to_ascii_lowercase());
        } else {
            body.apart = true;
        }
    }
    body.text
}

fn key_of_pieces(name: &str) -> String {
    let mut marks = String::new();
    let mut body = Body::default();
    for piece in sign::pieces(&spelling::folded(name)) {
        match piece {
            Piece::Sign(sign) => {
                marks.push_str(sign.written());
                body.apart = true;
            }
            Piece::Apart => body.apart = true,
            Piece::And if body.text.ends_with('+') => {}
            Piece::And => body.push('+'),
            Piece::Letter(letter) => body.push(letter),
        }
    }
    marks + &body.text
}

/// A key without its signs and without what stands between its numbers: what is left of it in tables that keep
/// letters and digits only.
pub(super) fn letters_and_digits(key: &str) -> String {
    key.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Whether a name has been reduced to small letters and digits, so that signs and separators may have been lost.
pub(super) fn is_reduced(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() && !c.is_uppercase())
}

/// Letters and digits, with a hyphen wherever something stood between two digits.
#[derive(Default)]
struct Body {
    text: String,
    ends_in_digit: bool,
    apart: bool,
}

impl Body {
    fn push(&mut self, c: char) {
        if self.apart && self.ends_in_digit && c.is_numeric() {
            self.text.push('-');
        }
        self.text.push(c);
        (self.ends_in_digit, self.apart) = (c.is_numeric(), false);
    }
}

#[cfg(test)]
mod tests;
