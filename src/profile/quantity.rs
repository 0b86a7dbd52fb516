//! Doses and times: a number and its unit, in one spelling.

use std::fmt;
use std::str::FromStr;

use super::decimal::pointed;

/// A dose or a time as LINCS tables state it. Displays as `10 uM` or `24 h`, whatever the table's spelling.
///
/// ```
/// use l1kdb::profile::{Quantity, Unit};
///
/// let dose: Quantity = "10 µM".parse()?;
/// assert_eq!(dose, Quantity { value: 10.0, unit: Unit::Micromolar });
/// assert_eq!(dose.to_string(), "10 uM");
/// # Ok::<(), l1kdb::profile::NotAQuantity>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// The number, in `unit`. Always finite.
    pub value: f32,
    /// What the number counts.
    pub unit: Unit,
}

/// Units of dose and time. No unit is converted into another: a dose given in `nM` stays in `nM`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Unit {
    /// nmol/l, written `nM`.
    Nanomolar,
    /// µmol/l, written `uM`.
    Micromolar,
    /// mmol/l, written `mM`.
    Millimolar,
    /// mol/l, written `M`.
    Molar,
    /// Percent by volume, written `%`.
    Percent,
    /// ng/ml.
    NanogramPerMillilitre,
    /// µg/ml, written `ug/ml`.
    MicrogramPerMillilitre,
    /// mg/ml.
    MilligramPerMillilitre,
    /// ng per well or in all, written `ng`.
    Nanogram,
    /// µl, written `ul`: virus volumes of knock-down and overexpression experiments.
    Microlitre,
    /// Seconds, `s`.
    Second,
    /// Minutes, `min`.
    Minute,
    /// Hours, `h`.
    Hour,
    /// Days, `d`.
    Day,
    /// No unit was given.
    None,
    /// A unit that this program does not know, as the table writes it.
    Other(String),
}

impl Unit {
    /// Reads a unit in any of the spellings of LINCS tables: `um`, `uM`, `µM` (micro sign or Greek mu), `hr`, ...
    ///
    /// Lower-case `um` and `nm` are concentrations here, not lengths: no table gives a length as a dose.
    pub fn parse(text: &str) -> Self {
        let plain = text.trim().replace(['\u{b5}', '\u{3bc}'], "u");
        match plain.to_ascii_lowercase().as_str() {
            "" => Self::None,
            "nm" => Self::Nanomolar,
            "um" => Self::Micromolar,
            "mm" => Self::Millimolar,
            "m" => Self::Molar,
            "%" => Self::Percent,
            "ng/ml" => Self::NanogramPerMillilitre,
            "ug/ml" => Self::MicrogramPerMillilitre,
            "mg/ml" => Self::MilligramPerMillilitre,
            "ng" => Self::Nanogram,
            "ul" => Self::Microlitre,
            "s" | "sec" | "second" | "seconds" => Self::Second,
            "min" | "mins" | "minute" | "minutes" => Self::Minute,
            "h" | "hr" | "hrs" | "hour" | "hours" => Self::Hour,
            "d" | "day" | "days" => Self::Day,
            _ => Self::Other(plain),
        }
    }

    /// Returns the one spelling that this program writes, in ASCII where the unit is known.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Nanomolar => "nM",
            Self::Micromolar => "uM",
            Self::Millimolar => "mM",
            Self::Molar => "M",
            Self::Percent => "%",
            Self::NanogramPerMillilitre => "ng/ml",
            Self::MicrogramPerMillilitre => "ug/ml",
            Self::MilligramPerMillilitre => "mg/ml",
            Self::Nanogram => "ng",
            Self::Microlitre => "ul",
            Self::Second => "s",
            Self::Minute => "min",
            Self::Hour => "h",
            Self::Day => "d",
            Self::None => "",
            Self::Other(text) => text,
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text is not a number with a unit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a number and a unit, such as `10 uM` or `24 h`, found `{found}`")]
pub struct NotAQuantity {
    /// The text as it stands in the table.
    pub found: String,
}

impl Quantity {
    /// Returns a concentration in uM; `None` for any other unit.
    pub fn micromolar(&self) -> Option<f64> {
        let factor = match self.unit {
            Unit::Nanomolar => 1e-3,
            Unit::Micromolar => 1.0,
            Unit::Millimolar => 1e3,
            Unit::Molar => 1e6,
            _ => return None,
        };
        Some(f64::from(self.value) * factor)
    }

    /// Joins a number and a unit that stand in two columns. `None` unless the number is one, and finite.
    pub fn from_columns(value: &str, unit: &str) -> Option<Self> {
        let value: f32 = pointed(value.trim()).parse().ok().filter(|v: &f32| v.is_finite())?;
        Some(Self { value, unit: Unit::parse(unit) })
    }
}

impl FromStr for Quantity {
    type Err = NotAQuantity;

    fn from_str(text: &str) -> Result<Self, NotAQuantity> {
        let text = text.trim();
        let end = number_length(text);
        Self::from_columns(&text[..end], &text[end..]).ok_or_else(|| NotAQuantity { found: text.to_owned() })
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.unit {
            Unit::None => write!(f, "{}", self.value),
            _ => write!(f, "{} {}", self.value, self.unit),
        }
    }
}

/// Bytes of the longest prefix that reads as a number; an `e` counts only when digits follow it. With a comma it is the
/// whole number or none: the `1,00` of `1,000` is not.
fn number_length(text: &str) -> usize {
    let candidates = text.bytes().take_while(|b| b.is_ascii_digit() || b"+-.,eE".contains(b)).count();
    let shortest = if text[..candidates].contains(',') { candidates } else { 0 };
    let is_number = |n: &usize| pointed(&text[..*n]).parse::<f32>().is_ok();
    (shortest..=candidates).rev().find(is_number).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        text.parse::<Quantity>().map_or_else(|e| e.to_string(), |q| q.to_string())
    }

    #[test]
    fn doses_are_compared_in_micromolar_and_volumes_are_no_concentration() {
        let dose = |text: &str| text.parse::<Quantity>().unwrap().micromolar();
        assert_eq!((dose("500 nM"), dose("10 uM"), dose("1 ul")), (Some(0.5), Some(10.0), None));
    }

    #[test]
    fn every_spelling_of_a_dose_or_time_becomes_one() {
        for (text, expected) in [
            ("10 uM", "10 uM"),
            ("10 um", "10 uM"),
            ("10 \u{b5}M", "10 uM"),
            ("10 \u{3bc}M", "10 uM"),
            ("10.0uM", "10 uM"),
            ("500 nM", "500 nM"),
            ("0.37 uM", "0.37 uM"),
            ("24 h", "24 h"),
            ("6 hr", "6 h"),
            ("30 min", "30 min"),
            ("4 d", "4 d"),
            ("0.1 %", "0.1 %"),
            ("100 ng/mL", "100 ng/ml"),
            ("1e-3 mM", "0.001 mM"),
            ("2 ev", "2 ev"),
            ("3", "3"),
            ("0,37 uM", "0.37 uM"),
            ("1,5e-3 mM", "0.0015 mM"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn text_without_a_number_is_no_quantity() {
        for text in ["", "uM", "nan h", "inf uM", "e5", ".", ",", "1,000 uM"] {
            assert_eq!(text.parse::<Quantity>(), Err(NotAQuantity { found: text.to_owned() }), "{text}");
        }
        assert_eq!(Quantity::from_columns("1e999", "uM"), None);
    }
}
