//! Text as HTML, numbers as text, and what surrounds every figure.

use std::collections::BTreeMap;

use crate::visible::{REPLACEMENT, acts};

/// What is said about a figure.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Heading {
    /// A short name such as `recall-curve`: the figure's anchor and its `data-figure`.
    pub name: String,
    /// Stands above the figure.
    pub title: String,
    /// Stands below it: what to read from the figure.
    pub caption: String,
    /// How much was counted, such as `12,345 pairs of 902 drugs`. Empty: not told.
    pub n: String,
}

impl Heading {
    /// Returns a heading without caption and N.
    pub fn new(name: &str, title: &str) -> Self {
        Self { name: name.to_owned(), title: title.to_owned(), ..Self::default() }
    }

    /// Says what to read from the figure.
    #[must_use]
    pub fn caption(mut self, caption: &str) -> Self {
        caption.clone_into(&mut self.caption);
        self
    }

    /// Says how much was counted.
    #[must_use]
    pub fn n(mut self, n: &str) -> Self {
        n.clone_into(&mut self.n);
        self
    }
}

/// How much room a figure asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Size {
    /// Three beside each other on a wide screen.
    Small,
    /// Two beside each other.
    Medium,
    /// A row of its own.
    Large,
}

/// A kind of figure.
pub(super) trait Figure {
    fn heading(&self) -> &Heading;
    fn size(&self) -> Size;
    /// What stands between title and caption, or why there is nothing to draw.
    fn body(&self) -> Result<String, Nothing>;
}

/// Why there is nothing to draw.
pub(super) type Nothing = &'static str;

/// Numbers figures and tables, and keeps anchors apart.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    figures: usize,
    tables: usize,
    anchors: BTreeMap<String, usize>,
}

impl Numbers {
    pub(super) fn figure(&mut self) -> usize {
        self.figures += 1;
        self.figures
    }

    pub(super) fn table(&mut self) -> usize {
        self.tables += 1;
        self.tables
    }

    /// An anchor made of `name` that no one else has.
    pub(super) fn id(&mut self, name: &str) -> String {
        let slug = slug(name);
        let uses = self.anchors.entry(slug.clone()).or_default();
        *uses += 1;
        // A slug holds no underscore, so a repeat never meets another name.
        if *uses == 1 { slug } else { format!("{slug}_{uses}") }
    }
}

/// Letters and digits of `text` in lower case, all else as hyphens.
fn slug(text: &str) -> String {
    let lower = text.chars().map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { '-' });
    let lower: String = lower.collect();
    let words: Vec<&str> = lower.split('-').filter(|word| !word.is_empty()).collect();
    if words.is_empty() { "part".to_owned() } else { words.join("-") }
}

/// A figure in its frame: title, drawing, numbered caption.
pub(super) fn figure(figure: &impl Figure, numbers: &mut Numbers) -> String {
    let heading = figure.heading();
    let (id, number, name) = (numbers.id(&heading.name), numbers.figure(), escape(&heading.name));
    let body = figure.body();
    let (class, empty) = match (figure.size(), &body) {
        (_, Err(_)) => ("small", " data-empty"),
        (Size::Small, _) => ("small", ""),
        (Size::Medium, _) => ("medium", ""),
        (Size::Large, _) => ("large", ""),
    };
    let body =
        body.unwrap_or_else(|why| format!("<p class=\"nothing\">nothing to draw: {}</p>\n", escape(why)));
    format!(
        "<figure id=\"{id}\" class=\"{class}\" data-figure=\"{name}\"{empty}>\n<h3>{}</h3>\n{body}\
         <figcaption><b>Figure {number}.</b> {}</figcaption>\n</figure>\n",
        escape(&heading.title),
        caption(heading)
    )
}

/// Caption and N of a heading, escaped.
pub(super) fn caption(heading: &Heading) -> String {
    let n =
        if heading.n.is_empty() { String::new() } else { format!("N\u{a0}=\u{a0}{}.", escape(&heading.n)) };
    [escape(&heading.caption), n].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Text that can stand anywhere in HTML, in attributes too. Characters that no page may hold, and those that would turn
/// the text around them, become `U+FFFD`.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\n' | '\t' => escaped.push(c),
            c if acts(c) => escaped.push(REPLACEMENT),
            c => escaped.push(c),
        }
    }
    escaped
}

/// A place in a drawing, to a tenth of a unit.
pub(super) fn place(value: f64) -> String {
    let tenths = (value * 10.0).round() / 10.0;
    // A sum with 0 turns -0 into 0.
    format!("{}", tenths + 0.0)
}

/// A count with a comma at every thousand.
pub(crate) fn thousands(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number for a reader: three decimals or three digits, whichever says more.
pub(super) fn number(value: f64) -> String {
    let size = value.abs();
    if size >= 1e15 || (size < 1e-3 && value != 0.0) {
        return format!("{value:.2e}");
    }
    if size >= 1000.0 || value.fract() == 0.0 {
        let sign = if value < 0.0 { "\u{2212}" } else { "" };
        return format!("{sign}{}", thousands(size.round() as u64));
    }
    format!("{value:.3}")
}

/// At most `most` characters, the last an ellipsis where some are left out.
pub(super) fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::{Numbers, cut, escape, number, place, thousands};

    #[test]
    fn no_name_can_leave_its_place() {
        let name = "5'-\"deoxy\" <b>&β</b>\u{0}\u{202e}";
        assert_eq!(escape(name), "5&#39;-&quot;deoxy&quot; &lt;b&gt;&amp;β&lt;/b&gt;\u{fffd}\u{fffd}");
    }

    #[test]
    fn anchors_are_never_given_twice() {
        let mut numbers = Numbers::default();
        let ids = ["a b", "A-b", "a b", "a-b-2", "", "§"].map(|name| numbers.id(name));
        assert_eq!(ids, ["a-b", "a-b_2", "a-b_3", "a-b-2", "part", "part_2"]);
    }

    #[test]
    fn numbers_read_as_numbers() {
        assert_eq!([0, 999, 1000, 1_234_567].map(thousands), ["0", "999", "1,000", "1,234,567"]);
        let texts = [0.0, 0.5, 1.0, 12345.6, -2.0, 0.000_012, f64::NAN].map(number);
        assert_eq!(texts, ["0", "0.500", "1", "12,346", "\u{2212}2", "1.20e-5", "NaN"]);
    }

    #[test]
    fn places_are_short() {
        assert_eq!([1.0, 2.25, -0.01, 3.96].map(place), ["1", "2.3", "0", "4"]);
    }

    #[test]
    fn a_cut_text_says_so() {
        assert_eq!(cut("ββββ", 4), "ββββ");
        assert_eq!(cut("ab cdef", 4), "ab…");
    }
}
