//! `V1,V2` to the values that are meant by it.

/// A part of a list between two commas.
struct Part<'a> {
    /// Where it starts and ends in the text.
    start: usize,
    end: usize,
    /// What it holds between double quotes, if it is written so.
    quoted: Option<String>,
    text: &'a str,
}

/// What is wrong with a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListFault {
    /// Nothing stands before, between or after commas.
    Empty,
    /// No value is this part, alone or with what follows up to the next value.
    Unknown {
        /// Up to the next comma.
        part: String,
        /// Up to the next value, commas and all.
        run: String,
    },
}

/// Takes a list of values apart. The whole text is one value where that is known; else each value is as long as a known
/// one can be, commas and all. What stands between double quotes is one value (`""` within them is a quote), known or not.
///
/// `most_commas` is the most commas in a known value; time grows with the length of the text times that.
///
/// # Errors
/// [`ListFault`].
pub fn values_meant(
    text: &str,
    most_commas: usize,
    knows: impl Fn(&str) -> bool,
) -> Result<Vec<String>, ListFault> {
    let whole = text.trim();
    if !whole.is_empty() && knows(whole) {
        return Ok(vec![whole.to_owned()]);
    }
    let parts = parts(text);
    let run = |from: usize, to: usize| text[parts[from].start..parts[to - 1].end].trim();
    let longest = |from: usize| {
        let plain =
            parts[from..].iter().take(most_commas + 1).take_while(|part| part.quoted.is_none()).count();
        (from + 1..=from + plain).rev()
    };
    // Where the value that begins at each part ends, if all that follows can be read too.
    let mut ends: Vec<Option<usize>> = vec![None; parts.len()];
    let readable = |ends: &[Option<usize>], at: usize| at == parts.len() || ends[at].is_some();
    for from in (0..parts.len()).rev() {
        ends[from] = match parts[from].quoted {
            Some(_) => Some(from + 1).filter(|&to| readable(&ends, to)),
            None => longest(from).find(|&to| readable(&ends, to) && knows(run(from, to))),
        };
    }
    let is_empty = |part: &Part<'_>| part.quoted.as_deref().unwrap_or(part.text).trim().is_empty();
    if readable(&ends, 0) {
        let starts = std::iter::successors(Some(0), |&at| ends[at].filter(|&to| to < parts.len()));
        let values: Vec<usize> = starts.collect();
        let value = |&at: &usize| match (&parts[at].quoted, ends[at]) {
            (Some(quoted), _) => quoted.clone(),
            (None, to) => run(at, to.unwrap_or(at + 1)).to_owned(),
        };
        let empty = values.iter().any(|&at| parts[at].quoted.is_some() && is_empty(&parts[at]));
        return if empty { Err(ListFault::Empty) } else { Ok(values.iter().map(value).collect()) };
    }
    if parts.iter().any(is_empty) {
        return Err(ListFault::Empty);
    }
    let mut reached = vec![false; parts.len() + 1];
    reached[0] = true;
    for from in 0..parts.len() {
        match parts[from].quoted {
            _ if !reached[from] => {}
            Some(_) => reached[from + 1] = true,
            None => longest(from).filter(|&to| knows(run(from, to))).for_each(|to| reached[to] = true),
        }
    }
    let from = (0..parts.len()).rev().find(|&at| reached[at]).unwrap_or(0);
    let to = (from + 1..parts.len()).find(|&at| ends[at].is_some()).unwrap_or(parts.len());
    Err(ListFault::Unknown { part: parts[from].text.trim().to_owned(), run: run(from, to).to_owned() })
}

/// The parts between commas that are not within double quotes. A quote within a part is itself.
fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut start = 0;
    loop {
        let rest = &text[start..];
        let (length, quoted) = match quoted(rest) {
            Some((length, content)) => (length, Some(content)),
            None => (rest.find(',').unwrap_or(rest.len()), None),
        };
        let end = start + length;
        parts.push(Part { start, end, quoted, text: &text[start..end] });
        if end == text.len() {
            return parts;
        }
        start = end + 1;
    }
}

/// The length of a part that is written between double quotes, up to its comma or the end, and what they hold.
fn quoted(rest: &str) -> Option<(usize, String)> {
    let inner = rest.trim_start().strip_prefix('"')?;
    let from = rest.len() - inner.len();
    let mut content = String::new();
    let mut characters = inner.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        if c != '"' {
            content.push(c);
        } else if characters.next_if(|(_, next)| *next == '"').is_some() {
            content.push('"');
        } else {
            let after = &inner[at + 1..];
            let blanks = after.len() - after.trim_start().len();
            let ends = after[blanks..].is_empty() || after[blanks..].starts_with(',');
            return ends.then_some((from + at + 1 + blanks, content));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{ListFault, values_meant};

    const KNOWN: [&str; 9] = [
        "MCF7",
        "PC3",
        "Jurkat, Clone E6-1",
        "1S,3R-RSL-9",
        "2,4-dinitrol",
        "a,b",
        "b",
        "x,",
        "say \"hi\", you",
    ];

    fn meant(text: &str) -> Result<Vec<String>, ListFault> {
        let most_commas = KNOWN.iter().map(|value| value.matches(',').count()).max().unwrap();
        values_meant(text, most_commas, |value| KNOWN.contains(&value))
    }

    fn unknown(part: &str, run: &str) -> Result<Vec<String>, ListFault> {
        Err(ListFault::Unknown { part: part.to_owned(), run: run.to_owned() })
    }

    #[test]
    fn a_known_value_is_meant_as_a_whole_commas_and_all() {
        for value in KNOWN {
            assert_eq!(meant(value).unwrap(), [value]);
            assert_eq!(meant(&format!("PC3,{value}, MCF7 ")).unwrap(), ["PC3", value, "MCF7"]);
            let quoted = format!("\"{}\"", value.replace('"', "\"\""));
            assert_eq!(meant(&format!(" {quoted} ,{quoted}")).unwrap(), [value, value]);
        }
    }

    #[test]
    fn a_shorter_value_is_meant_where_the_longer_one_leaves_something_over() {
        let known = ["a,b", "a", "b,c"];
        let meant = values_meant("a,b,c", 1, |value| known.contains(&value));
        assert_eq!(meant.unwrap(), ["a", "b,c"]);
    }

    #[test]
    fn what_is_not_known_is_named_up_to_the_next_value() {
        assert_eq!(meant("MCF7,PC33,b"), unknown("PC33", "PC33"));
        assert_eq!(meant("PC3,Jurkat, Clone E6-2"), unknown("Jurkat", "Jurkat, Clone E6-2"));
        assert_eq!(meant("1S,3R-RSL-8"), unknown("1S", "1S,3R-RSL-8"));
        assert_eq!(meant("\"not there\"").unwrap(), ["not there"]);
        assert_eq!(meant("\"open"), unknown("\"open", "\"open"));
        assert_eq!(meant("\"a\" b"), unknown("\"a\" b", "\"a\" b"));
    }

    #[test]
    fn nothing_is_no_value() {
        for text in ["", " ", ",", "MCF7,", ",MCF7", "MCF7,,PC3", "\"\"", "MCF7,\" \""] {
            assert_eq!(meant(text), Err(ListFault::Empty), "{text:?}");
        }
    }

    #[test]
    fn a_long_list_takes_time_by_its_length_only() {
        let list = vec!["MCF7"; 100_000].join(",");
        assert_eq!(meant(&list).unwrap().len(), 100_000);
        assert!(meant(&(list + ",\"")).is_err());
        assert!(meant(&"\"a".repeat(50_000)).is_err());
    }

    proptest! {
        #[test]
        fn values_between_quotes_come_back_as_they_are(values in prop::collection::vec("[a-c,\" =é]{0,4}[a-c]", 1..6)) {
            let quoted: Vec<String> = values.iter().map(|value| format!("\"{}\"", value.replace('"', "\"\""))).collect();
            prop_assert_eq!(values_meant(&quoted.join(","), 2, |_| false).unwrap(), values);
        }

        #[test]
        fn every_text_is_read_or_refused(text in "[a-c,\" ]{0,12}") {
            if let Ok(values) = meant(&text) {
                prop_assert!(!values.is_empty() && values.iter().all(|value| !value.trim().is_empty()));
            }
        }
    }
}
