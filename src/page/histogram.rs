//! Counts in bins of equal width.

use super::axis::Axis;
use super::html::{Figure, Heading, Nothing, Size, escape, number, place};
use super::marker::{Key, class, legend};
use super::panel::{BOTTOM, Panel};

/// The counts of one series.
#[derive(Debug, Clone, PartialEq)]
pub struct Bins {
    /// Stands in the legend.
    pub name: String,
    /// Count, or share, in every bin. What is not finite is not drawn.
    pub counts: Vec<f64>,
}

/// One or two series of counts: the first is filled, the others are outlines.
#[derive(Debug, Clone, PartialEq)]
pub struct Histogram {
    /// Title, caption, N.
    pub heading: Heading,
    /// What was counted, with its unit.
    pub x: String,
    /// What a bin holds, such as `pairs`.
    pub y: String,
    /// Start of the first bin and end of the last one.
    pub range: (f64, f64),
    /// Series with equally many bins.
    pub series: Vec<Bins>,
    /// What every bin would hold if values were spread evenly, and how that is called.
    pub expected: Option<(String, f64)>,
}

impl Figure for Histogram {
    fn heading(&self) -> &Heading {
        &self.heading
    }

    fn size(&self) -> Size {
        Size::Small
    }

    fn body(&self) -> Result<String, Nothing> {
        let bins = self.bins();
        if bins == 0 || self.heights().all(|count| count == 0.0) {
            return Err("nothing was counted");
        }
        let panel = self.panel()?;
        let series: String =
            self.series.iter().enumerate().map(|(i, one)| outline(&panel, i, one, bins)).collect();
        let zones: String = (0..bins).map(|bin| self.zone(&panel, bin)).collect();
        let marks = format!("{series}{}{zones}", self.expectation(&panel));
        let described = format!("{}: {} by {}", self.heading.title, self.y, self.x);
        Ok(panel.svg(&described, [&self.x, &self.y], &marks, "") + &self.legend())
    }
}

impl Histogram {
    fn bins(&self) -> usize {
        self.series.iter().map(|series| series.counts.len()).max().unwrap_or(0)
    }

    fn heights(&self) -> impl Iterator<Item = f64> {
        self.series.iter().flat_map(|series| series.counts.iter().copied()).filter(|count| count.is_finite())
    }

    fn panel(&self) -> Result<Panel, Nothing> {
        let (from, to) = self.range;
        if from >= to {
            return Err("the bins have no width");
        }
        let x = Axis::linear(&self.x).within(from, to).span([from, to]);
        let expected = self.expected.as_ref().map(|(_, count)| *count);
        Panel::new(x, Axis::linear(&self.y).span(self.heights().chain(expected).chain([0.0])))
    }

    fn legend(&self) -> String {
        let key = |i| if i == 0 { Key::Filled(i) } else { Key::Steps(i) };
        let series = self.series.iter().enumerate().map(|(i, series)| (key(i), series.name.as_str()));
        legend(series.chain(self.expected.as_ref().map(|(name, _)| (Key::Reference, name.as_str()))))
    }

    fn expectation(&self, panel: &Panel) -> String {
        let share = self.expected.as_ref().and_then(|(_, count)| panel.y.share(*count));
        let line = share.map(|share| {
            let (left, y, right) = (place(panel.left), place(panel.up(share)), place(panel.right));
            format!("<path class=\"reference\" d=\"M{left} {y}H{right}\"/>\n")
        });
        line.unwrap_or_default()
    }

    /// A bin's full height, which answers when pointed at.
    fn zone(&self, panel: &Panel, bin: usize) -> String {
        let bins = self.bins() as f64;
        let width = self.range.1 - self.range.0;
        let edge = |bin: usize| number(self.range.0 + width * bin as f64 / bins);
        let counts = self.series.iter().map(|series| {
            let count = series.counts.get(bin).map_or_else(|| "none".to_owned(), |&count| number(count));
            format!("\n{}: {count}", series.name)
        });
        let title = format!("{} to {}{}", edge(bin), edge(bin + 1), counts.collect::<String>());
        let (left, right) = (panel.across(bin as f64 / bins), panel.across((bin + 1) as f64 / bins));
        format!(
            "<path class=\"zone\" d=\"M{} {}H{}V{BOTTOM}H{}z\"><title>{}</title></path>\n",
            place(left),
            place(panel.up(1.0)),
            place(right),
            place(left),
            escape(&title)
        )
    }
}

/// The skyline of a series: boxes for the first, a bare outline for others.
fn outline(panel: &Panel, index: usize, series: &Bins, bins: usize) -> String {
    let across = |bin: usize| place(panel.across(bin as f64 / bins as f64));
    let height = |count: f64| panel.y.share(count).map(|share| place(panel.up(share)));
    let tops = series.counts.iter().enumerate().filter_map(|(bin, &count)| Some((bin, height(count)?)));
    let (kind, path): (_, String) = if index == 0 {
        let boxes =
            tops.map(|(bin, top)| format!("M{} {BOTTOM}V{top}H{}V{BOTTOM}z", across(bin), across(bin + 1)));
        ("bar", boxes.collect())
    } else {
        let steps = tops.map(|(bin, top)| format!("V{top}H{}", across(bin + 1)));
        ("steps", format!("M{} {BOTTOM}{}V{BOTTOM}", across(0), steps.collect::<String>()))
    };
    format!("<path class=\"{kind} {}\" d=\"{path}\"/>\n", class(index))
}

#[cfg(test)]
mod tests {
    use super::{Bins, Histogram};
    use crate::page::Heading;
    use crate::page::html::Figure;

    fn histogram(counts: &[f64], range: (f64, f64)) -> Histogram {
        Histogram {
            heading: Heading::new("quantiles", "Quantiles"),
            x: "quantile".into(),
            y: "pairs".into(),
            range,
            series: vec![Bins { name: "one".into(), counts: counts.to_vec() }],
            expected: Some(("even".into(), 10.0)),
        }
    }

    #[test]
    fn every_bin_is_drawn_and_tells_its_count() {
        let body = histogram(&[1234.0, 0.0, 5.0], (0.0, 1.0)).body().unwrap();
        assert_eq!(body.matches("class=\"zone\"").count(), 3);
        assert!(body.contains("one: 1,234") && body.contains("0.333 to 0.667"));
    }

    #[test]
    fn what_cannot_be_drawn_is_said() {
        for (counts, range) in [(&[][..], (0.0, 1.0)), (&[0.0, f64::NAN], (0.0, 1.0)), (&[1.0], (1.0, 1.0))] {
            assert!(histogram(counts, range).body().is_err());
        }
        let body = histogram(&[f64::NAN, 3.0], (0.0, 1.0)).body().unwrap();
        assert!(!body.contains("NaN ") && !body.contains("VNaN"));
    }
}
