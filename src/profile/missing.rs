//! Which fields say that nothing is known.

/// Tells whether a field says that nothing is known. The one rule of all readers, of metadata and of labels.
///
/// Missing are, whatever the blanks around them: nothing at all; `NA`, `N/A`, `NaN` and `null` in any case, with a sign
/// or in `<>` (`<NA>`, `-nan`); Python's `None`; `-666`, the sign of LINCS tables, in any spelling of the number; and what
/// spreadsheets and C libraries put in place of a number that they do not know (`#N/A`, `#VALUE!`, `1.#QNAN`). Words are
/// kept, since a drug or a class may be called so: `none`, `unknown`, `-`, `0`.
pub fn is_missing(field: &str) -> bool {
    let field = field.trim();
    // Nearly every field begins otherwise.
    let may_be =
        matches!(field.as_bytes().first(), None | Some(b'n' | b'N' | b'<' | b'-' | b'+' | b'1' | b'#'));
    may_be && is_sign(field)
}

fn is_sign(field: &str) -> bool {
    const SIGNS: [&str; 23] = [
        "",
        "na",
        "n/a",
        "nan",
        "null",
        "<na>",
        "<nan>",
        "<null>",
        "-nan",
        "+nan",
        "-nan(ind)",
        "1.#qnan",
        "-1.#qnan",
        "1.#ind",
        "-1.#ind",
        "#na",
        "#n/a",
        "#value!",
        "#num!",
        "#div/0!",
        "#ref!",
        "#name?",
        "#null!",
    ];
    field == "None"
        || (field.len() <= 9 && SIGNS.iter().any(|sign| field.eq_ignore_ascii_case(sign)))
        || (field.starts_with("-666") && field.parse() == Ok(-666.0_f32))
}

/// The field, unless it says that nothing is known.
pub(super) fn present(field: &str) -> Option<String> {
    (!is_missing(field)).then(|| field.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::is_missing;

    #[test]
    fn signs_of_missing_values_are_told_from_words_and_numbers() {
        assert!(["", " ", "NA", "nan", "<NA>", "None", "-666.0", "#N/A"].into_iter().all(is_missing));
        assert!(!["none", "-", "0", "Nadolol", "-666a"].into_iter().any(is_missing));
    }
}
