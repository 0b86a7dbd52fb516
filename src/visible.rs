//! Text from files on its way to a terminal, a spreadsheet or a page: nothing in a name acts, everything in it is seen.

use std::borrow::Cow;
use std::io::{self, Write};

/// Whether a character acts on a terminal or on the order of the text around it, and shows nothing itself: C0, C1 and
/// DEL, line and paragraph separators, marks, embeddings, overrides and isolates of writing direction.
pub(crate) fn acts(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        )
}

/// What stands in a text for a character that acts.
fn stand_in(c: char) -> char {
    match c {
        // The pictures of control characters, such as ␛.
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or(REPLACEMENT),
        '\u{7f}' => '\u{2421}',
        _ => REPLACEMENT,
    }
}

/// Stands for whatever has no picture of its own.
pub(crate) const REPLACEMENT: char = '\u{fffd}';

/// Text as one line on which nothing acts: visible stand-ins take the place of control characters, line breaks and
/// changes of writing direction. Whatever of a file or an argument is printed for people goes through this.
///
/// ```
/// use l1kdb::report::visible;
/// assert_eq!(visible("5-α (R)-vitamin"), "5-α (R)-vitamin");
/// assert_eq!(visible("\u{1b}[31mred\n1  evil"), "␛[31mred␊1  evil");
/// assert_eq!(visible("a\u{202e}b"), "a\u{fffd}b");
/// ```
pub fn visible(text: &str) -> Cow<'_, str> {
    if text.contains(acts) {
        Cow::Owned(text.chars().map(|c| if acts(c) { stand_in(c) } else { c }).collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// Text of several lines, such as what is said of mistyped arguments, as one line on which nothing acts.
pub fn one_line(text: &str) -> String {
    visible(&text.split_whitespace().collect::<Vec<_>>().join(" ")).into_owned()
}

/// Columns of a terminal that a text takes: none for marks above letters, two for wide letters.
pub(crate) fn columns(text: &str) -> usize {
    text.chars().map(columns_of).sum()
}

/// As many letters as fit into `width` columns, the last an ellipsis where some are left out.
pub(crate) fn cut(text: &str, width: usize) -> Cow<'_, str> {
    if columns(text) <= width {
        return Cow::Borrowed(text);
    }
    let mut room = width.saturating_sub(1);
    let fits = |c: &char| {
        let left = room.checked_sub(columns_of(*c));
        room = left.unwrap_or(0);
        left.is_some()
    };
    let kept: String = text.chars().take_while(fits).collect();
    Cow::Owned(format!("{}…", kept.trim_end()))
}

/// After East Asian Width and the general category of Unicode, by blocks.
fn columns_of(c: char) -> usize {
    match u32::from(c) {
        0x20..0x300 => 1,
        0x300..0x370
        | 0x1ab0..0x1b00
        | 0x1dc0..0x1e00
        | 0x200b..0x200e
        | 0x20d0..0x2100
        | 0xfe00..0xfe10
        | 0xfe20..0xfe30
        | 0xfeff => 0,
        0x1100..0x1160
        | 0x2e80..0x303f
        | 0x3041..0xa4d0
        | 0xac00..0xd7a4
        | 0xf900..0xfb00
        | 0xfe30..0xfe70
        | 0xff00..0xff61
        | 0xffe0..0xffe7
        | 0x1f300..0x1f650
        | 0x1f900..0x1fa00
        | 0x20000..0x3fffe => 2,
        _ => 1,
    }
}

/// Writes one line of a table in tab-separated columns.
///
/// A tab or line break in a cell becomes a blank, other characters that act become visible stand-ins, and a text that a
/// spreadsheet would run or take for the start of a quotation, one that begins with `=`, `+`, `-`, `@` or `"`, gets an
/// apostrophe before it, which spreadsheets read as "this is text". Numbers stay as they are: `-0.53`, `-666`.
///
/// ```
/// let mut out = Vec::new();
/// l1kdb::report::write_cells(&mut out, ["=SUM(A1)", "-0.53", "-)-epicatechin", "a\tb"])?;
/// assert_eq!(out, b"'=SUM(A1)\t-0.53\t'-)-epicatechin\ta b\n");
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// When `out` refuses.
pub fn write_cells<T: AsRef<str>>(out: &mut dyn Write, cells: impl IntoIterator<Item = T>) -> io::Result<()> {
    let mut line = String::new();
    for (at, cell) in cells.into_iter().enumerate() {
        if at > 0 {
            line.push('\t');
        }
        push_cell(&mut line, cell.as_ref());
    }
    line.push('\n');
    out.write_all(line.as_bytes())
}

fn push_cell(line: &mut String, cell: &str) {
    if cell.trim_start().starts_with(is_run_by_spreadsheets) && !is_number(cell) {
        line.push('\'');
    }
    if cell.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        // Nearly every cell; letter by letter takes longer than all else that is done to print it.
        line.push_str(cell);
        return;
    }
    line.extend(cell.chars().map(|c| match c {
        '\t' | '\n' | '\r' => ' ',
        c if acts(c) => stand_in(c),
        c => c,
    }));
}

/// Their wide forms are run as well.
fn is_run_by_spreadsheets(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '"' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}')
}

/// Digits with a sign, a point, an exponent; not `-inf`, which a spreadsheet takes for a name.
fn is_number(cell: &str) -> bool {
    cell.bytes().all(|byte| byte.is_ascii_digit() || b".eE+-".contains(&byte)) && cell.parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::{columns, cut, visible, write_cells};

    fn line(cells: &[&str]) -> String {
        let mut out = Vec::new();
        write_cells(&mut out, cells).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn whatever_acts_is_seen_and_whatever_is_seen_stays() {
        for c in (0..0x2100).filter_map(char::from_u32) {
            let text = format!("a{c}b");
            let shown = visible(&text);
            assert_eq!(shown.chars().count(), 3);
            let control = c.is_control()
                || ('\u{2028}'..='\u{202e}').contains(&c)
                || ('\u{2066}'..='\u{2069}').contains(&c);
            let mark = matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}');
            assert_eq!(shown != text, control || mark, "{:x}", u32::from(c));
        }
        assert_eq!(visible("\u{7f}\u{9b}\r"), "\u{2421}\u{fffd}\u{240d}");
    }

    #[test]
    fn a_cell_is_never_run_and_a_number_stays_one() {
        for text in [
            "=1+1",
            "+A1",
            "-A1",
            "@SUM",
            "\"quote",
            " =1",
            "\t=1",
            "\r=1",
            "-inf",
            "+-1",
            "-1+1",
            "\u{ff1d}1",
        ] {
            assert!(line(&[text]).starts_with('\''), "{text:?}");
        }
        for number in ["-0.53", "+5", "-666", "1e-7", "-1.5e+10", "0"] {
            assert_eq!(line(&[number]), format!("{number}\n"));
        }
        for name in ["(+)-JQ1", "", "5-FU", "a=b", "β-estradiol", "'x"] {
            assert_eq!(line(&[name]), format!("{name}\n"));
        }
    }

    #[test]
    fn a_line_has_as_many_cells_as_were_given() {
        assert_eq!(line(&["a\tb", "c\nd\r", "\u{1b}[1m", "\u{2028}"]), "a b\tc d \t␛[1m\t\u{fffd}\n");
    }

    #[test]
    fn wide_letters_take_two_columns_and_marks_none() {
        assert_eq!((columns("abc"), columns("漢字"), columns("e\u{301}")), (3, 4, 1));
        assert_eq!(
            (cut("漢字漢字", 5), cut("abc", 3), cut("ab cdef", 4)),
            ("漢字…".into(), "abc".into(), "ab…".into())
        );
    }
}
