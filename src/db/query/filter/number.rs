//! Numbers with units, as filters compare them.

use std::fmt::{self, Display, Formatter};

use crate::profile::Unit;

/// What a column holds, as far as a comparison asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Text,
    Dose,
    Time,
    /// Numbers without a unit: quality columns, and counts.
    Plain,
}

impl Column {
    pub fn of(key: &str) -> Self {
        match key {
            "drug" | "pert_id" | "pert_type" | "cell_id" | "moa" | "target" | "atc" | "source" => Self::Text,
            "pert_dose" => Self::Dose,
            "pert_time" => Self::Time,
            _ => Self::Plain,
        }
    }

    /// Returns what numbers it is compared with, for a message.
    pub fn expects(self) -> &'static str {
        match self {
            Self::Dose => "a dose such as 10, 10 uM, 500 nM or 100 ng/ml",
            Self::Time => "a time such as 24, 24 h, 30 min or 2 d",
            Self::Text | Self::Plain => "a number such as 3 or 0.25",
        }
    }

    /// What a number without a unit measures.
    fn usual(self) -> Option<Measure> {
        match self {
            Self::Text => None,
            Self::Dose => Some(Measure::Concentration),
            Self::Time => Some(Measure::Time),
            Self::Plain => Some(Measure::Plain),
        }
    }

    fn holds(self, measure: Measure) -> bool {
        match self {
            Self::Text => false,
            Self::Dose => !matches!(measure, Measure::Time | Measure::Plain),
            Self::Time => measure == Measure::Time,
            Self::Plain => measure == Measure::Plain,
        }
    }
}

/// What numbers have to have in common to be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Measure {
    /// In uM.
    Concentration,
    /// In ug/ml.
    MassConcentration,
    /// By volume.
    Percent,
    /// In ng.
    Mass,
    /// In ul.
    Volume,
    /// In h.
    Time,
    Plain,
}

/// A number and its unit.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Number {
    /// Always finite.
    value: f64,
    unit: Unit,
}

impl Number {
    /// Takes a number without a unit; `None` for one that is not finite.
    pub fn plain(value: f64) -> Option<Self> {
        value.is_finite().then_some(Self { value: value + 0.0, unit: Unit::None })
    }

    /// Reads a number, and what stands behind it as its unit.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let longest = text.bytes().take_while(|b| b.is_ascii_digit() || b"+-.eE".contains(b)).count();
        let number = |end: usize| text[..end].parse().ok().filter(|value: &f64| value.is_finite());
        let (value, end) = (1..=longest).rev().find_map(|end| Some((number(end)?, end)))?;
        // Adding nothing makes the two zeros one.
        Some(Self { value: value + 0.0, unit: Unit::parse(&text[end..]) })
    }

    /// Returns what the number of a column measures, and in the unit that goes with that; `None` where the column has no such
    /// numbers.
    pub fn measured(&self, column: Column) -> Option<(Measure, f64)> {
        let (measure, factor) = match &self.unit {
            Unit::None => (column.usual()?, 1.0),
            unit => measure(unit)?,
        };
        column.holds(measure).then(|| (measure, rounded(self.value * factor)))
    }
}

/// What a unit measures, and how many of the unit that is compared in it is.
fn measure(unit: &Unit) -> Option<(Measure, f64)> {
    Some(match unit {
        Unit::Nanomolar => (Measure::Concentration, 1e-3),
        Unit::Micromolar => (Measure::Concentration, 1.0),
        Unit::Millimolar => (Measure::Concentration, 1e3),
        Unit::Molar => (Measure::Concentration, 1e6),
        Unit::NanogramPerMillilitre => (Measure::MassConcentration, 1e-3),
        Unit::MicrogramPerMillilitre => (Measure::MassConcentration, 1.0),
        Unit::MilligramPerMillilitre => (Measure::MassConcentration, 1e3),
        Unit::Percent => (Measure::Percent, 1.0),
        Unit::Nanogram => (Measure::Mass, 1.0),
        Unit::Microlitre => (Measure::Volume, 1.0),
        Unit::Second => (Measure::Time, 1.0 / 3600.0),
        Unit::Minute => (Measure::Time, 1.0 / 60.0),
        Unit::Hour => (Measure::Time, 1.0),
        Unit::Day => (Measure::Time, 24.0),
        Unit::None | Unit::Other(_) => return None,
    })
}

/// A number to twelve digits, so that 120 nM are 0.12 uM.
fn rounded(value: f64) -> f64 {
    format!("{value:.11e}").parse().unwrap_or(value)
}

impl Display for Number {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.unit {
            Unit::None => write!(f, "{}", self.value),
            _ => write!(f, "{} {}", self.value, self.unit),
        }
    }
}
