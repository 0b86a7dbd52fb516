//! Files of one value a line.

use std::path::Path;

use super::ProfileError;
use super::records::unquoted;
use super::text::{Source, decode};

/// Reads a file of one value a line: every line as it stands, without its end, the blank ones included. What is true of
/// tables is true of such files: they may be gzipped, in UTF-8 or UTF-16, and have line ends of any system. Quotes that
/// enclose a whole line are taken off.
///
/// # Errors
/// [`ProfileError::Read`], and what the bytes deserve: [`ProfileError::UnknownFormat`] for a file that is no text,
/// [`ProfileError::Damaged`] and [`ProfileError::Line`].
pub fn read_lines(path: impl AsRef<Path>) -> Result<Vec<String>, ProfileError> {
    let mut lines = Source::open(path.as_ref())?.lines()?;
    let (mut all, mut line) = (Vec::new(), Vec::new());
    while lines.read(&mut line)? {
        let bare = unquoted(&line);
        all.push(decode(&bare).into_owned());
        line.clear();
    }
    Ok(all)
}
