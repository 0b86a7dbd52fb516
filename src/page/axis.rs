//! Axes: which range, which ticks.

use super::html::{number, thousands};

/// How values are spread along an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// Equal differences are equally long.
    Linear,
    /// Equal ratios are equally long. Values that are not positive have no place and are not drawn.
    Log,
}

/// An axis: what it means, and optionally from where to where it goes.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// What the values are, with their unit.
    pub label: String,
    /// How values are spread.
    pub scale: Scale,
    /// First and last value; taken from the data where `None` or not usable.
    pub range: Option<(f64, f64)>,
}

impl Axis {
    /// Returns a linear axis over all the data.
    pub fn linear(label: &str) -> Self {
        Self { label: label.to_owned(), scale: Scale::Linear, range: None }
    }

    /// Returns a logarithmic axis over all the positive data.
    pub fn log(label: &str) -> Self {
        Self { scale: Scale::Log, ..Self::linear(label) }
    }

    /// Fixes the range; what lies outside is cut off.
    #[must_use]
    pub fn within(mut self, from: f64, to: f64) -> Self {
        self.range = Some((from, to));
        self
    }

    /// The range that is drawn, `None` when no value has a place on this axis.
    pub(super) fn span(&self, values: impl IntoIterator<Item = f64>) -> Option<Span> {
        let scale = self.scale;
        let given = self.range.filter(|&(from, to)| from < to && scale.takes(from) && scale.takes(to));
        let (low, high) = values
            .into_iter()
            .filter(|&value| scale.takes(value))
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
        let found = (low <= high).then(|| scale.widened(low, high))?;
        let (from, to) = given.unwrap_or(found);
        (to - from).is_finite().then_some(Span { scale, from, to })
    }
}

impl Scale {
    fn takes(self, value: f64) -> bool {
        value.is_finite() && (self == Self::Linear || value > 0.0)
    }

    /// A range around data that ends on ticks and is never empty.
    fn widened(self, low: f64, high: f64) -> (f64, f64) {
        match self {
            Self::Log if low == high => (low / 10.0, high * 10.0),
            Self::Log => (low, high),
            Self::Linear => {
                let half = if low == high { (low.abs() * 0.1).max(0.5) } else { 0.0 };
                let step = nice_step(high - low + 2.0 * half);
                (((low - half) / step).floor() * step, ((high + half) / step).ceil() * step)
            }
        }
    }
}

/// The 1, 2 or 5 times a power of ten that divides `range` into about five.
fn nice_step(range: f64) -> f64 {
    let raw = range / 5.0;
    let power = 10_f64.powf(raw.log10().floor());
    let factor = [1.0, 2.0, 5.0].into_iter().find(|factor| factor * power >= raw * 0.999);
    factor.unwrap_or(10.0) * power
}

/// A tick; the small ones have no label.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tick {
    pub(super) at: f64,
    pub(super) label: Option<String>,
}

/// An axis with its range settled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Span {
    scale: Scale,
    pub(super) from: f64,
    pub(super) to: f64,
}

/// Labels along an axis; more do not fit a phone.
const MAX_LABELS: i32 = 7;

impl Span {
    /// Where `value` lies: 0 at the start, 1 at the end, beyond where it is outside.
    pub(super) fn share(&self, value: f64) -> Option<f64> {
        if !self.scale.takes(value) {
            return None;
        }
        let share = match self.scale {
            Scale::Linear => (value - self.from) / (self.to - self.from),
            Scale::Log => (value / self.from).log10() / (self.to / self.from).log10(),
        };
        share.is_finite().then_some(share)
    }

    /// The value at a share of the way.
    pub(super) fn value(&self, share: f64) -> f64 {
        match self.scale {
            Scale::Linear => self.from + share * (self.to - self.from),
            Scale::Log => self.from * (self.to / self.from).powf(share),
        }
    }

    pub(super) fn ticks(&self) -> Vec<Tick> {
        match self.scale {
            Scale::Linear => self.linear_ticks(),
            Scale::Log => self.log_ticks(),
        }
    }

    fn linear_ticks(&self) -> Vec<Tick> {
        let step = nice_step(self.to - self.from);
        let (first, last) = ((self.from / step - 1e-9).ceil(), (self.to / step + 1e-9).floor());
        // Few by construction; the bound holds where a step is too small to move a huge number.
        let count = (last - first).clamp(0.0, 20.0) as usize;
        let decimals = (-(step * 1.001).log10().floor()).clamp(0.0, 12.0) as usize;
        let ticks = (0..=count).map(|i| (first + i as f64) * step);
        ticks.map(|at| Tick { at, label: Some(plain(at, decimals)) }).collect()
    }

    fn log_ticks(&self) -> Vec<Tick> {
        let (low, high) = (self.from.log10().floor() as i32, self.to.log10().ceil() as i32);
        let every = ((high - low) / MAX_LABELS + 1).max(1);
        // Within a decade or two, powers of ten alone would leave the axis almost bare.
        let between = high - low <= 2;
        let mut ticks = Vec::new();
        for power in low..=high {
            for digit in if every > 1 { 1..=1 } else { 1..=9 } {
                let at = f64::from(digit) * 10_f64.powi(power);
                let label = match digit {
                    1 if power.rem_euclid(every) == 0 => Some(power_of_ten(power)),
                    2 | 5 if between => Some(number_on_log(at)),
                    _ => None,
                };
                ticks.push(Tick { at, label });
            }
        }
        // A thousandth beyond the ends is nothing on a wide axis, and too much on one that is hardly wider itself.
        let is_within = |at: f64| self.share(at).is_some_and(|share| (-0.01..=1.01).contains(&share));
        ticks.retain(|tick| (self.from * 0.999..=self.to * 1.001).contains(&tick.at) && is_within(tick.at));
        ticks
    }
}

/// Six digits at most, none that says nothing.
fn number_on_log(value: f64) -> String {
    let text = format!("{value:.6}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "0" || value >= 1e6 { number(value) } else { text.to_owned() }
}

fn plain(value: f64, decimals: usize) -> String {
    if value.abs() >= 1e9 || (decimals >= 7 && value != 0.0) {
        return format!("{value:.1e}");
    }
    if decimals == 0 && value >= 1000.0 {
        return thousands(value as u64);
    }
    // A sum with 0 turns -0 into 0.
    format!("{:.decimals$}", value + 0.0)
}

/// `10⁻³`, and `1` for the zeroth.
fn power_of_ten(power: i32) -> String {
    const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    if power == 0 {
        return "1".to_owned();
    }
    let raised = power
        .to_string()
        .chars()
        .map(|c| c.to_digit(10).map_or('⁻', |digit| RAISED[digit as usize]))
        .collect::<String>();
    format!("10{raised}")
}

#[cfg(test)]
mod tests {
    use super::{Axis, Tick};
    use proptest::prelude::*;

    fn labels(axis: &Axis, values: &[f64]) -> Vec<String> {
        let ticks = axis.span(values.iter().copied()).unwrap().ticks();
        ticks.into_iter().filter_map(|tick: Tick| tick.label).collect()
    }

    #[test]
    fn ticks_stand_at_round_numbers() {
        assert_eq!(labels(&Axis::linear(""), &[0.0, 1.0]), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(
            labels(&Axis::linear(""), &[0.0, 4200.0]),
            ["0", "1,000", "2,000", "3,000", "4,000", "5,000"]
        );
        assert_eq!(
            labels(&Axis::linear(""), &[-0.03, 0.02]),
            ["-0.03", "-0.02", "-0.01", "0.00", "0.01", "0.02"]
        );
    }

    #[test]
    fn a_log_axis_has_powers_of_ten_and_small_ticks_between() {
        let axis = Axis::log("").within(1e-5, 1.0);
        assert_eq!(labels(&axis, &[0.5]), ["10⁻⁵", "10⁻⁴", "10⁻³", "10⁻²", "10⁻¹", "1"]);
        assert_eq!(axis.span([0.5]).unwrap().ticks().len(), 5 * 9 + 1);
        assert_eq!(labels(&Axis::log(""), &[0.02, 0.3]), ["0.02", "0.05", "10⁻¹", "0.2"]);
        assert!(labels(&Axis::log(""), &[1e-300, 1e300]).len() <= 9);
    }

    #[test]
    fn zero_has_no_place_on_a_log_axis() {
        let span = Axis::log("").within(1e-5, 1.0).span([0.0, 0.1]).unwrap();
        assert_eq!((span.share(0.0), span.share(-1.0)), (None, None));
        assert_eq!((span.share(1e-5), span.share(1.0)), (Some(0.0), Some(1.0)));
        assert!(Axis::log("").span([0.0, -3.0]).is_none());
    }

    #[test]
    fn a_range_that_makes_no_sense_is_not_used() {
        for (from, to) in [(1.0, 0.0), (0.0, f64::NAN), (0.0, 0.0)] {
            let span = Axis::linear("").within(from, to).span([2.0, 3.0]).unwrap();
            assert_eq!((span.from, span.to), (2.0, 3.0));
        }
    }

    proptest! {
        #[test]
        fn every_value_has_a_place_and_ticks_are_few(values in prop::collection::vec(-1e12..1e12_f64, 1..9), log: bool) {
            let axis = if log { Axis::log("") } else { Axis::linear("") };
            let Some(span) = axis.span(values.iter().copied()) else {
                prop_assert!(values.iter().all(|&value| value <= 0.0));
                return Ok(());
            };
            for share in values.iter().filter_map(|&value| span.share(value)) {
                prop_assert!((-1e-9..=1.0 + 1e-9).contains(&share), "{share}");
            }
            let ticks = span.ticks();
            prop_assert!(ticks.len() <= 80 && ticks.iter().filter(|tick| tick.label.is_some()).count() <= 12);
            for share in ticks.iter().filter_map(|tick| span.share(tick.at)) {
                prop_assert!((-0.01..=1.01).contains(&share), "{share}");
            }
        }
    }
}
