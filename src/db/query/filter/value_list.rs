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
pub(super) enum ListFault {
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

/// The most commas that a value is looked for with among others, so that a list takes time by its length. Beyond that a
/// value is typed alone or between quotes.
const MAX_COMMAS: usize = 32;

/// Takes a list of values apart. The whole text is one value where that is known; else each value is as long as a known
/// one can be, commas and all. What stands between double quotes is one value (`""` within them is a quote), known or not.
///
/// `most_commas` is the most commas in a known value.
///
/// # Errors
/// [`ListFault`].
pub(super) fn values_meant(
    text: &str,
    most_commas: usize,
    knows: impl Fn(&str) -> bool,
) -> Result<Vec<String>, ListFault> {
    let whole = text.trim();
    if !whole.is_empty() && knows(whole) {
        return Ok(vec![whole.to_owned()]);
    }
    let list = List { text, parts: parts(text), most_commas: most_commas.min(MAX_COMMAS), knows };
    let ends = list.ends();
    if ends[0].is_some() { list.values(&ends) } else { Err(list.fault(&ends)) }
}

struct List<'a, K> {
    text: &'a str,
    parts: Vec<Part<'a>>,
    most_commas: usize,
    knows: K,
}

impl<K: Fn(&str) -> bool> List<'_, K> {
    fn run(&self, from: usize, to: usize) -> &str {
        self.text[self.parts[from].start..self.parts[to - 1].end].trim()
    }

    /// Where a value that begins at a part can end, the longest first.
    fn candidates(&self, from: usize) -> impl Iterator<Item = usize> {
        let plain =
            self.parts[from..].iter().take(self.most_commas + 1).take_while(|part| part.quoted.is_none());
        (from + 1..=from + plain.count()).rev()
    }

    fn knows(&self, from: usize, to: usize) -> bool {
        (self.knows)(self.run(from, to))
    }

    /// Where the value that begins at each part ends, if all that follows can be read too; the end itself can.
    fn ends(&self) -> Vec<Option<usize>> {
        let count = self.parts.len();
        let mut ends: Vec<Option<usize>> = vec![None; count + 1];
        ends[count] = Some(count);
        for from in (0..count).rev() {
            ends[from] = match self.parts[from].quoted {
                Some(_) => Some(from + 1).filter(|&to| ends[to].is_some()),
                None => self.candidates(from).find(|&to| ends[to].is_some() && self.knows(from, to)),
            };
        }
        ends
    }

    fn values(&self, ends: &[Option<usize>]) -> Result<Vec<String>, ListFault> {
        let mut values = Vec::new();
        let mut from = 0;
        while let (Some(part), Some(to)) = (self.parts.get(from), ends[from]) {
            let value = part.quoted.as_deref().unwrap_or_else(|| self.run(from, to));
            if value.trim().is_empty() {
                return Err(ListFault::Empty);
            }
            values.push(value.to_owned());
            from = to;
        }
        Ok(values)
    }

    /// What keeps a list from being read: the first part that no value begins at, up to where it can be read again.
    fn fault(&self, ends: &[Option<usize>]) -> ListFault {
        let count = self.parts.len();
        if self.parts.iter().any(|part| part.quoted.as_deref().unwrap_or(part.text).trim().is_empty()) {
            return ListFault::Empty;
        }
        let mut reached = vec![false; count + 1];
        reached[0] = true;
        for from in 0..count {
            if reached[from] && self.parts[from].quoted.is_some() {
                reached[from + 1] = true;
            } else if reached[from] {
                self.candidates(from).filter(|&to| self.knows(from, to)).for_each(|to| reached[to] = true);
            }
        }
        let from = (0..count).rev().find(|&at| reached[at]).unwrap_or(0);
        let to = (from + 1..count).find(|&at| ends[at].is_some()).unwrap_or(count);
        let (part, run) = (self.parts[from].text.trim().to_owned(), self.run(from, to).to_owned());
        ListFault::Unknown { part, run }
    }
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
