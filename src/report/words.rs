//! Figures and sentences in words, the same wherever they stand.

use crate::visible::{columns, visible};

/// Three decimals, or as a power of ten where they would say 0.
pub(super) fn figure(value: f64) -> String {
    match value {
        value if !value.is_finite() => String::new(),
        value if value != 0.0 && value.abs() < 0.0005 => format!("{value:.0e}"),
        value => format!("{value:.3}"),
    }
}

/// As [`figure`]; empty for what does not exist.
pub(super) fn optional(value: Option<f64>) -> String {
    value.map(figure).unwrap_or_default()
}

/// Per cent with one decimal.
pub(super) fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

/// An interval whose ends are known.
pub(super) fn ends(interval: Option<[f64; 2]>) -> Option<[f64; 2]> {
    interval.filter(|ends| ends.iter().all(|end| end.is_finite()))
}

/// `0.877 (0.861-0.893)`.
pub(super) fn with_interval(value: f64, interval: Option<[f64; 2]>) -> String {
    match ends(interval) {
        Some([low, high]) => format!("{} ({low:.3}-{high:.3})", figure(value)),
        None => figure(value),
    }
}

/// `0.877 (0.861 to 0.893)`, where there is room.
pub(super) fn to_interval(value: f64, interval: Option<[f64; 2]>) -> String {
    match ends(interval) {
        Some([low, high]) => format!("{} ({low:.3} to {high:.3})", figure(value)),
        None => figure(value),
    }
}

/// `+0.071 (+0.050 to +0.092)`.
pub(super) fn signed(difference: [f64; 3]) -> String {
    let [value, low, high] = difference.map(|value| format!("{value:+.3}"));
    if ends(Some([difference[1], difference[2]])).is_some() {
        format!("{value} ({low} to {high})")
    } else {
        value
    }
}

/// What a difference allows to say, where more is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Better,
    Worse,
    Indistinguishable,
    /// There is no interval.
    Unsaid,
}

impl Verdict {
    pub(super) fn of([_, low, high]: [f64; 3]) -> Self {
        match ends(Some([low, high])) {
            None => Self::Unsaid,
            Some([low, _]) if low > 0.0 => Self::Better,
            Some([_, high]) if high < 0.0 => Self::Worse,
            Some(_) => Self::Indistinguishable,
        }
    }

    pub(super) fn than(self, other: &str) -> String {
        match self {
            Self::Better => format!("better than {other}"),
            Self::Worse => format!("worse than {other}"),
            Self::Indistinguishable => format!("not distinguishable from {other}"),
            Self::Unsaid => "nothing can be said without an interval".to_owned(),
        }
    }
}

/// A sentence that starts with a capital letter and ends with a full stop.
pub(super) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    let stop = if text.ends_with(['.', '?', '!']) { "" } else { "." };
    format!("{first}{}{stop}", letters.as_str())
}

/// The words of a sentence in lines of at most `width`, where words allow it; nothing in them acts.
pub(super) fn wrapped(text: &str, width: usize) -> String {
    let (mut lines, mut room) = (String::new(), 0);
    for word in visible(text).split(' ') {
        let needed = columns(word) + 1;
        let fits = needed <= room;
        lines.push_str(if fits {
            " "
        } else if lines.is_empty() {
            ""
        } else {
            "\n"
        });
        lines.push_str(word);
        room = if fits { room - needed } else { (width + 1).saturating_sub(needed) };
    }
    lines
}
