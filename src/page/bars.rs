//! Values with intervals by group: a dot and a whisker for every series, one row a group.
//!
//! Each row is a small drawing of its own whose places are shares of its width. So texts keep their size on every
//! screen, long names wrap, and on a phone they stand above their row.

use super::axis::{Axis, Span};
use super::html::{Figure, Heading, Nothing, Size, escape, number, place, thousands};
use super::marker::{Key, class, legend, outline};

/// A value and where it may lie.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The value.
    pub value: f64,
    /// Lower and upper end of its interval, where one is known.
    pub ends: Option<(f64, f64)>,
}

/// One row: a stratum, a class.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// What its members share, such as `cell: same`.
    pub name: String,
    /// Its size.
    pub n: u64,
    /// One value for every series; `None` where it does not exist.
    pub values: Vec<Option<Interval>>,
}

/// Values of several series in several groups.
#[derive(Debug, Clone, PartialEq)]
pub struct Bars {
    /// Title, caption, N.
    pub heading: Heading,
    /// The axis of the values.
    pub x: Axis,
    /// What the sizes of groups count, such as `pairs`.
    pub unit: String,
    /// Names of the series, the most important first.
    pub series: Vec<String>,
    /// Rows, from top to bottom.
    pub groups: Vec<Group>,
    /// A vertical line and what it means, such as 0.5 and `chance`.
    pub reference: Option<(f64, String)>,
}

/// Height of one series in a row, and the space around all of them.
const STEP: f64 = 11.0;
const AROUND: f64 = 4.0;
/// Height of the row that holds the axis.
const FOOT: f64 = 24.0;

impl Figure for Bars {
    fn heading(&self) -> &Heading {
        &self.heading
    }

    fn size(&self) -> Size {
        Size::Medium
    }

    fn body(&self) -> Result<String, Nothing> {
        if self.intervals().next().is_none() {
            return Err("no group has a value");
        }
        let reference = self.reference.as_ref().map(|(value, _)| *value);
        let ends =
            self.intervals().flat_map(|one| one.ends.map_or([one.value; 2], |(low, high)| [low, high]));
        let values = self.intervals().map(|interval| interval.value);
        let span =
            self.x.span(values.chain(ends).chain(reference)).ok_or("no value has a place on this axis")?;
        let rows: String = self.groups.iter().map(|group| self.row(&span, group)).collect();
        let series = self.series.iter().enumerate().map(|(i, name)| (Key::Whisker(i), name.as_str()));
        let keys = series.chain(self.reference.as_ref().map(|(_, name)| (Key::Reference, name.as_str())));
        Ok(format!(
            "{}<ul class=\"rows\" aria-label=\"{}\">\n<li class=\"head\" aria-hidden=\"true\"><span></span><span></span>\
             <span class=\"n\">{}</span></li>\n{rows}{}</ul>\n",
            legend(keys),
            escape(&self.heading.title),
            escape(&self.unit),
            foot(&span, &self.x.label)
        ))
    }
}

impl Bars {
    fn intervals(&self) -> impl Iterator<Item = Interval> {
        let values = self.groups.iter().flat_map(|group| group.values.iter().take(self.series.len()));
        values.flatten().copied().filter(|interval| interval.value.is_finite())
    }

    fn row(&self, span: &Span, group: &Group) -> String {
        let height = 2.0 * AROUND + STEP * self.series.len() as f64;
        let marks: String = (0..self.series.len()).map(|series| self.mark(span, group, series)).collect();
        let told: Vec<String> = (0..self.series.len()).map(|series| self.told(group, series)).collect();
        format!(
            "<li><span class=\"name\">{}</span><span class=\"cell\" style=\"min-height:{height}px\">\
             <svg role=\"img\" aria-label=\"{}\">{}<svg y=\"50%\" overflow=\"visible\">{marks}</svg></svg></span>\
             <span class=\"n\">{}</span></li>\n",
            escape(&group.name),
            escape(&told.join("; ")),
            self.lines(span),
            thousands(group.n)
        )
    }

    /// Grid lines and the reference, which meet those of the rows above and below.
    fn lines(&self, span: &Span) -> String {
        let ticks = span.ticks().into_iter().filter(|tick| tick.label.is_some());
        let line = |class: &str, value: f64| {
            let at = share(span, value).filter(|share| (-0.1..=100.1).contains(share)).map(place)?;
            Some(format!("<line class=\"{class}\" x1=\"{at}%\" x2=\"{at}%\" y1=\"0\" y2=\"100%\"/>"))
        };
        let grid: String = ticks.filter_map(|tick| line("grid", tick.at)).collect();
        let reference = self.reference.as_ref().and_then(|(value, _)| line("reference", *value));
        grid + &reference.unwrap_or_default()
    }

    fn mark(&self, span: &Span, group: &Group, series: usize) -> String {
        let Some(interval) = value(group, series) else { return String::new() };
        let Some(at) = share(span, interval.value) else { return String::new() };
        // From the middle of the row, which is higher where its name needs several lines.
        let y = STEP * (series as f64 + 0.5 - self.series.len() as f64 / 2.0);
        let whisker = interval.ends.and_then(|(low, high)| Some((share(span, low)?, share(span, high)?)));
        let whisker = whisker.map(|(low, high)| {
            let [low, high] = [low, high].map(|share| place(share.clamp(0.0, 100.0)));
            format!("<line class=\"whisker\" x1=\"{low}%\" x2=\"{high}%\" y1=\"{y}\" y2=\"{y}\"/>")
        });
        let dot = format!(
            "<svg x=\"{}%\" y=\"{y}\" overflow=\"visible\"><path class=\"mark\" d=\"{}\"/></svg>",
            place(at),
            outline(series, 0.0, 0.0, 4.0)
        );
        // A dot beyond a fixed range would stand for a value that it has not.
        let dot = if (-0.1..=100.1).contains(&at) { dot } else { String::new() };
        let title = escape(&format!("{}\n{}", group.name, self.told(group, series)));
        format!(
            "<g class=\"{}\"><title>{title}</title>{}{dot}</g>",
            class(series),
            whisker.unwrap_or_default()
        )
    }

    fn told(&self, group: &Group, series: usize) -> String {
        let text = value(group, series).map_or_else(
            || "no value".to_owned(),
            |interval| match interval.ends {
                Some((low, high)) => {
                    format!("{} ({} to {})", number(interval.value), number(low), number(high))
                }
                None => number(interval.value),
            },
        );
        format!("{}: {text}", self.series[series])
    }
}

fn value(group: &Group, series: usize) -> Option<Interval> {
    group.values.get(series).copied().flatten().filter(|interval| interval.value.is_finite())
}

/// Percent of the way.
fn share(span: &Span, value: f64) -> Option<f64> {
    span.share(value).map(|share| 100.0 * share)
}

fn foot(span: &Span, label: &str) -> String {
    let ticks = span.ticks().into_iter().filter_map(|tick| Some((place(share(span, tick.at)?), tick.label?)));
    let texts = ticks.map(|(at, label)| format!("<text class=\"x\" x=\"{at}%\" y=\"15\">{label}</text>"));
    format!(
        "<li class=\"foot\" aria-hidden=\"true\"><span></span><span class=\"cell\" style=\"min-height:{FOOT}px\"><svg>\
         <line class=\"axis\" x1=\"0%\" x2=\"100%\" y1=\"0.5\" y2=\"0.5\"/>{}</svg></span><span></span></li>\n\
         <li class=\"foot label\" aria-hidden=\"true\"><span></span><span>{}</span><span></span></li>\n",
        texts.collect::<String>(),
        escape(label)
    )
}

#[cfg(test)]
mod tests {
    use super::{Bars, Group, Interval};
    use crate::page::html::Figure;
    use crate::page::{Axis, Heading};

    fn interval(value: f64, ends: Option<(f64, f64)>) -> Option<Interval> {
        Some(Interval { value, ends })
    }

    fn bars(values: &[Option<Interval>]) -> Bars {
        let groups =
            values.iter().map(|value| Group { name: "cell: same".into(), n: 1200, values: vec![*value] });
        Bars {
            heading: Heading::new("strata", "Strata"),
            x: Axis::linear("AUC").within(0.0, 1.0),
            unit: "pairs".into(),
            series: vec!["embedding".into()],
            groups: groups.collect(),
            reference: Some((0.5, "chance".into())),
        }
    }

    #[test]
    fn a_row_tells_value_interval_and_size() {
        let body = bars(&[interval(0.75, Some((0.7, 0.8)))]).body().unwrap();
        assert!(body.contains("embedding: 0.750 (0.700 to 0.800)") && body.contains("1,200"));
        assert!(body.contains("x1=\"70%\" x2=\"80%\"") && body.contains("<svg x=\"75%\""));
    }

    #[test]
    fn a_missing_value_leaves_its_row_and_no_dot() {
        let body = bars(&[
            None,
            interval(f64::NAN, None),
            interval(0.5, None),
            interval(3.0, Some((0.9, f64::NAN))),
        ]);
        let body = body.body().unwrap();
        assert_eq!(body.matches("no value").count(), 2);
        assert_eq!(body.matches("<svg x=").count(), 1, "3.0 lies outside");
        assert!(!body.contains("NaN%"));
    }

    #[test]
    fn what_cannot_be_drawn_is_said() {
        assert!(bars(&[]).body().is_err());
        assert!(bars(&[None, interval(f64::INFINITY, None)]).body().is_err());
        let without_series = Bars { series: Vec::new(), ..bars(&[interval(0.5, None)]) };
        assert!(without_series.body().is_err());
    }
}
