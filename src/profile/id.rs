//! Ids in the one spelling in which they are compared, on both sides of every join.

/// Characters of a compound's id, as in `BRD-K08132273`.
const COMPOUND: usize = 13;

/// Returns the `pert_id` that stands for a compound: the first 13 characters of a Broad id, which batches lengthen, in
/// capitals and with its hyphen; a DrugBank id as [`drugbank_id`] writes it; any other text without blanks around it.
pub fn compound_id(text: &str) -> String {
    let text = text.trim();
    let is_separator = |byte: &u8| b"-._ ".contains(byte);
    match text.as_bytes() {
        [b'B' | b'b', b'R' | b'r', b'D' | b'd', separator, letter, rest @ ..]
            if is_separator(separator)
                && letter.is_ascii_alphabetic()
                && rest.len() >= 8
                && rest[..8].iter().all(u8::is_ascii_digit)
                && rest.get(8).is_none_or(is_separator) =>
        {
            format!("BRD-{}", text[4..COMPOUND].to_ascii_uppercase())
        }
        _ => drugbank_id(text),
    }
}

/// Returns the plate of a signature: what is before the colon of its id.
pub fn plate(sig_id: &str) -> Option<&str> {
    let (plate, _) = sig_id.split_once(':')?;
    Some(plate).filter(|plate| !plate.is_empty())
}

/// Returns a DrugBank id in capitals, without the `DrugBank:` that some tables put before it; any other text without
/// blanks around it.
pub fn drugbank_id(text: &str) -> String {
    let text = text.trim();
    let prefixed = text.get(..9).is_some_and(|prefix| prefix.eq_ignore_ascii_case("drugbank:"));
    let id = if prefixed { text[9..].trim() } else { text };
    match id.as_bytes() {
        [b'D' | b'd', b'B' | b'b', digits @ ..]
            if digits.len() >= 5 && digits.iter().all(u8::is_ascii_digit) =>
        {
            id.to_ascii_uppercase()
        }
        _ => text.to_owned(),
    }
}

/// An InChIKey in capitals, without the `InChIKey=` that LINCS puts before it.
pub(super) fn inchi_key(text: &str) -> String {
    let text = text.trim();
    let prefixed = text.get(..9).is_some_and(|prefix| prefix.eq_ignore_ascii_case("inchikey="));
    text[if prefixed { 9 } else { 0 }..].trim().to_ascii_uppercase()
}

/// Whether an id may be what is left of another. Those with signs that R and Python do not leave are as they were.
pub(super) fn may_be_mangled(id: &str) -> bool {
    id.trim_start_matches('"').starts_with("b'") || !id.contains([':', '-', ' '])
}

/// What other programs leave of a signature id: R's `make.names` turns signs into points and puts an `X` before digits,
/// Python writes bytes as `b'...'`, and letters may have changed their case.
pub(super) fn mangled(id: &str) -> String {
    let id = id.trim().trim_matches('"');
    let id = id.strip_prefix("b'").and_then(|id| id.strip_suffix('\'')).unwrap_or(id);
    let keep = |c: char| if c.is_alphanumeric() || c == '_' { c } else { '.' };
    let mangled: String = id.chars().map(keep).flat_map(char::to_lowercase).collect();
    let mut first = mangled.chars();
    match (first.next(), first.next()) {
        (Some(c), _) if c.is_alphabetic() => mangled,
        (Some('.'), second) if !second.is_some_and(|c| c.is_ascii_digit()) => mangled,
        _ => format!("x{mangled}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plate_is_before_the_colon_and_a_drugbank_id_stands_alone() {
        assert_eq!(plate("CPC004_A375_6H:BRD-A1:10"), Some("CPC004_A375_6H"));
        assert_eq!((plate("no colon"), plate(":x")), (None, None));
        assert_eq!(drugbank_id("drugbank:db00945"), "DB00945");
    }

    #[test]
    fn batches_spellings_and_mangled_forms_of_a_broad_id_are_one_compound() {
        for id in
            ["BRD-K08132273", "BRD-K08132273-001-02-3", "brd-k08132273", "BRD.K08132273", "BRD_K08132273_001"]
        {
            assert_eq!(compound_id(id), "BRD-K08132273", "{id}");
        }
        for id in ["BRD-K0813227", "BRD-K081322734", "BRD-1", "BRDN0000001", "TRCN0000010389", "µ"] {
            assert_eq!(compound_id(id), id);
        }
    }

    #[test]
    fn ids_that_r_python_or_a_spreadsheet_mangled_lead_back_to_one_form() {
        let id = "CPC004_A375_6H:BRD-A10188456-001-04-5:10";
        for other in
            ["CPC004_A375_6H.BRD.A10188456.001.04.5.10", "b'CPC004_A375_6H:BRD-A10188456-001-04-5:10'"]
        {
            assert_eq!(mangled(id), mangled(other));
        }
        assert_eq!(mangled("6H:a"), mangled("X6H.a"));
        assert_ne!(mangled("A:1"), mangled("A:2"));
    }

    #[test]
    fn prefixes_and_case_of_drugbank_ids_and_inchi_keys_do_not_matter() {
        assert_eq!(drugbank_id(" DB00945 "), "DB00945");
        assert_eq!(drugbank_id("dbx"), "dbx");
        assert_eq!(inchi_key("InChIKey=bsynrymutxbxsq-uhfffaoysa-n"), "BSYNRYMUTXBXSQ-UHFFFAOYSA-N");
    }
}
