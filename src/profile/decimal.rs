//! Numbers in text, with decimal points or decimal commas.

use std::borrow::Cow;
use std::path::Path;

use super::ProfileError;
use super::delimiter::Delimiter;
use super::missing::is_missing;

/// Reads the numbers of one file, and sees to it that all their fractions are written in one way: `1,234` is a number
/// between 1 and 2 or one beyond 1000, and only the others tell.
pub(super) struct Numbers {
    delimiter: Delimiter,
    /// The first lines in which a fraction has a point, a fraction has a comma, and a comma may be either.
    point: Option<u64>,
    comma: Option<u64>,
    unsure: Option<(u64, String)>,
}

impl Numbers {
    /// Numbers between fields that `delimiter` separates.
    pub(super) fn new(delimiter: Delimiter) -> Self {
        Self { delimiter, point: None, comma: None, unsure: None }
    }

    /// A number, NaN where the field says that nothing is known, and `None` for anything else. `-666` is a number here:
    /// that convention is one of metadata.
    pub(super) fn read(&mut self, field: &[u8], line: u64) -> Option<f32> {
        self.read_double(field, line).map(|value| value as f32)
    }

    /// As [`read`](Self::read), in double precision: p-values go down to 1e-308.
    pub(super) fn read_double(&mut self, field: &[u8], line: u64) -> Option<f64> {
        let text = std::str::from_utf8(field).ok()?;
        if let Ok(value) = text.parse::<f64>() {
            if self.point.is_none() && field.contains(&b'.') {
                self.point = Some(line);
            }
            return Some(value);
        }
        if is_missing(text) {
            return Some(f64::NAN);
        }
        let (value, is_sure) = with_comma(text)?;
        match is_sure || self.delimiter == Delimiter::Semicolon {
            true => self.comma = self.comma.or(Some(line)),
            false if self.unsure.is_none() => self.unsure = Some((line, text.to_owned())),
            false => {}
        }
        Some(value)
    }

    /// Whether what was read so far can only be meant in one way.
    ///
    /// # Errors
    /// [`ProfileError::Line`] when it cannot.
    pub(super) fn check(&self, path: &Path) -> Result<(), ProfileError> {
        let error = |line, reason| Err(ProfileError::Line { path: path.to_owned(), line, reason });
        match (self.point, self.comma, &self.unsure) {
            (Some(point), Some(comma), _) => error(
                comma,
                format!(
                    "a number has a decimal comma, one in line {point} a decimal point; write all with points"
                ),
            ),
            (_, None, Some((line, text))) => error(
                *line,
                format!(
                    "`{text}` may be a number with a decimal comma or one of thousands; write points for fractions, and \
                     nothing between thousands"
                ),
            ),
            _ => Ok(()),
        }
    }
}

/// Whether a field is a number, or says that one is missing.
pub(super) fn is_number(field: &[u8], delimiter: Delimiter) -> bool {
    Numbers::new(delimiter).read(field, 0).is_some()
}

/// A text with one decimal comma, written with a point; any other as it is. `1,234` is taken for neither.
pub(super) fn pointed(text: &str) -> Cow<'_, str> {
    match with_comma(text) {
        Some((_, true)) => text.replacen(',', ".", 1).into(),
        _ => text.into(),
    }
}

/// A number with a comma for the point, and whether the comma can be nothing else.
fn with_comma(text: &str) -> Option<(f64, bool)> {
    let (whole, fraction) = text.split_once(',')?;
    if text.contains('.') || !fraction.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let value = format!("{whole}.{fraction}").parse().ok()?;
    let digits = whole.trim_start_matches(['+', '-']);
    let may_be_thousands = fraction.len() == 3
        && fraction.bytes().all(|byte| byte.is_ascii_digit())
        && (1..=3).contains(&digits.len())
        && !digits.starts_with('0');
    Some((value, !may_be_thousands))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(delimiter: Delimiter, fields: &[&str]) -> Result<Vec<Option<f32>>, String> {
        let mut numbers = Numbers::new(delimiter);
        let values =
            fields.iter().zip(1..).map(|(field, line)| numbers.read(field.as_bytes(), line)).collect();
        numbers.check(Path::new("t.txt")).map_err(|error| error.to_string())?;
        Ok(values)
    }

    #[test]
    fn decimal_commas_are_read_where_they_can_be_nothing_else() {
        let values = read(Delimiter::Tab, &["0,5", "-12,25", "1,234", "3", "1,5e-3"]).unwrap();
        assert_eq!(values, [0.5, -12.25, 1.234, 3.0, 0.0015].map(Some));
        assert_eq!(read(Delimiter::Semicolon, &["1,234"]).unwrap(), [Some(1.234)]);
        assert_eq!(read(Delimiter::Tab, &["1,234,567", "1.234,5", ",", "1,"]).unwrap(), [None; 4]);
    }

    #[test]
    fn a_comma_that_may_separate_thousands_is_never_guessed_at() {
        for fields in [&["1,234"][..], &["1,234", "0.5"], &["3", "-12,000"]] {
            let error = read(Delimiter::Tab, fields).unwrap_err();
            assert!(error.contains("thousands"), "{error}");
        }
        let error = read(Delimiter::Semicolon, &["0.5", "0,5"]).unwrap_err();
        assert!(error.contains("line 2") && error.contains("line 1"), "{error}");
    }

    #[test]
    fn missing_values_are_no_numbers_but_are_read() {
        for field in ["NA", "", "#N/A", "None", "nan"] {
            assert!(read(Delimiter::Comma, &[field]).unwrap()[0].unwrap().is_nan(), "{field}");
        }
        assert_eq!(read(Delimiter::Comma, &["x", "-666"]).unwrap(), [None, Some(-666.0)]);
    }
}
