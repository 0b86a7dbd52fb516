//! Curves: recall by quantile, ROC.

use super::axis::Axis;
use super::html::{Figure, Heading, Nothing, Size, escape, number, place};
use super::marker::{Key, class, legend, outline};
use super::panel::{BOTTOM, Panel, TOP, WIDTH};

/// A named curve.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Series {
    /// Stands in the legend.
    pub name: String,
    /// `(x, y)` in the order in which they are joined. The curve has a gap where a number is not finite.
    pub points: Vec<(f64, f64)>,
    /// `(x, lower, upper)` of a confidence band, ascending in x; empty where there is none.
    pub band: Vec<(f64, f64, f64)>,
}

impl Series {
    /// Returns a curve without a band.
    pub fn new(name: &str, points: Vec<(f64, f64)>) -> Self {
        Self { name: name.to_owned(), points, band: Vec::new() }
    }
}

/// Curves over two axes. A logarithmic x axis leaves out points with x = 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Lines {
    /// Title, caption, N.
    pub heading: Heading,
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// The most important first: it gets the strongest colour and the thickest line.
    pub series: Vec<Series>,
    /// What the line y = x is called, which is chance for ROC and for recall by quantile; `None`: not drawn.
    pub diagonal: Option<String>,
    /// Vertical lines, each with a text such as `1/N`.
    pub verticals: Vec<(f64, String)>,
}

/// Up to so many points, each gets its marker; beyond, markers stand at the ticks.
const EVERY_POINT: usize = 12;
/// Pieces in which the line y = x is drawn, since it is curved on a logarithmic axis.
const PIECES: usize = 100;

impl Figure for Lines {
    fn heading(&self) -> &Heading {
        &self.heading
    }

    fn size(&self) -> Size {
        Size::Small
    }

    fn body(&self) -> Result<String, Nothing> {
        if self.series.iter().all(|series| series.points.is_empty()) {
            return Err("there is no point");
        }
        let panel = self.panel()?;
        let bands: String =
            self.series.iter().enumerate().map(|(i, series)| band(&panel, i, series)).collect();
        // Later ones are drawn first, so that the first series lies on top.
        let lines: String =
            self.series.iter().enumerate().rev().map(|(i, one)| self.line(&panel, i, one)).collect();
        let marks = format!("{bands}{}{}{lines}", self.chance(&panel), self.uprights(&panel));
        let names: Vec<&str> = self.series.iter().map(|series| series.name.as_str()).collect();
        let described =
            format!("{}: {} by {}; {}", self.heading.title, self.y.label, self.x.label, names.join(", "));
        Ok(panel.svg(&described, [&self.x.label, &self.y.label], &marks, &self.notes(&panel))
            + &self.legend())
    }
}

impl Lines {
    /// Axes over all points that have a place on both.
    fn panel(&self) -> Result<Panel, Nothing> {
        let x = self.x.span(self.points().map(|(x, _)| x));
        let y = self
            .y
            .span(self.points().filter(|&(at, _)| x.is_some_and(|x| x.share(at).is_some())).map(|p| p.1));
        Panel::new(x, y)
    }

    fn points(&self) -> impl Iterator<Item = (f64, f64)> {
        let bands = self.series.iter().flat_map(|series| &series.band);
        let bands = bands.flat_map(|&(x, lower, upper)| [(x, lower), (x, upper)]);
        let points = self.series.iter().flat_map(|series| series.points.iter().copied()).chain(bands);
        points.filter(|(x, y)| x.is_finite() && y.is_finite())
    }

    fn legend(&self) -> String {
        let series = self.series.iter().enumerate().map(|(i, series)| (Key::Line(i), series.name.as_str()));
        legend(series.chain(self.diagonal.as_deref().map(|name| (Key::Reference, name))))
    }

    fn line(&self, panel: &Panel, index: usize, series: &Series) -> String {
        let placed: Vec<_> = series.points.iter().map(|&(x, y)| panel.point(x, y)).collect();
        let markers: String = marked(panel, series).map(|at| self.marker(panel, index, series, at)).collect();
        let first = if index == 0 { " first" } else { "" };
        format!(
            "<g class=\"{}{first}\"><path class=\"line\" d=\"{}\"><title>{}</title></path>{markers}</g>\n",
            class(index),
            trace(&placed),
            escape(&series.name)
        )
    }

    fn marker(&self, panel: &Panel, index: usize, series: &Series, (x, y): (f64, f64)) -> String {
        let Some((across, up)) = panel.point(x, y) else { return String::new() };
        let band = band_at(panel, series, x)
            .map(|(lower, upper)| format!(" ({} to {})", number(lower), number(upper)));
        let title = format!(
            "{}: {}{}\n{}: {}",
            series.name,
            number(y),
            band.unwrap_or_default(),
            self.x.label,
            number(x)
        );
        format!(
            "<path class=\"mark\" d=\"{}\"><title>{}</title></path>",
            outline(index, across, up, 4.0),
            escape(&title)
        )
    }

    fn chance(&self, panel: &Panel) -> String {
        let Some(name) = &self.diagonal else { return String::new() };
        let at = |piece| panel.x.value(piece as f64 / PIECES as f64);
        let placed: Vec<_> = (0..=PIECES).map(at).map(|x| panel.point(x, x)).collect();
        format!("<path class=\"reference\" d=\"{}\"><title>{}</title></path>\n", trace(&placed), escape(name))
    }

    fn uprights(&self, panel: &Panel) -> String {
        let shares = self.verticals.iter().filter_map(|(x, _)| panel.x.share(*x));
        let lines = shares.map(|share| {
            format!("<path class=\"upright\" d=\"M{} {TOP}V{BOTTOM}\"/>\n", place(panel.across(share)))
        });
        lines.collect()
    }

    /// The texts of the vertical lines, on the side that has more room, one below the other.
    fn notes(&self, panel: &Panel) -> String {
        let shares = self.verticals.iter().filter_map(|(x, text)| Some((panel.x.share(*x)?, text)));
        let inside = shares.filter(|(share, _)| (0.0..=1.0).contains(share)).enumerate();
        let notes = inside.map(|(row, (share, text))| {
            let at = panel.across(share);
            let (x, side) = if at < WIDTH / 2.0 { (at + 5.0, "") } else { (at - 5.0, " y") };
            let y = TOP + 12.0 + 15.0 * row as f64;
            format!("<text class=\"note{side}\" x=\"{}\" y=\"{y}\">{}</text>\n", place(x), escape(text))
        });
        notes.collect()
    }
}

fn band(panel: &Panel, index: usize, series: &Series) -> String {
    let upper = series.band.iter().map(|&(x, _, upper)| panel.point(x, upper));
    let lower = series.band.iter().rev().map(|&(x, lower, _)| panel.point(x, lower));
    // Gaps would tear the outline apart.
    let [upper, lower] = [upper.flatten().map(Some).collect::<Vec<_>>(), lower.flatten().map(Some).collect()];
    let (upper, lower) = (trace(&upper), trace(&lower));
    if upper.is_empty() || lower.is_empty() {
        return String::new();
    }
    format!("<path class=\"band {}\" d=\"{upper}{}z\"/>\n", class(index), lower.replacen('M', "L", 1))
}

/// Where markers stand: on the points when they are few, else on the curve above the ticks.
fn marked<'a>(panel: &'a Panel, series: &'a Series) -> impl Iterator<Item = (f64, f64)> + 'a {
    let few = series.points.len() <= EVERY_POINT;
    let points = series.points.iter().copied().filter(move |_| few);
    let ticks = panel.x.ticks().into_iter().filter(move |tick| tick.label.is_some() && !few);
    // Where all curves meet, at the edges, markers would hide each other.
    let inner =
        ticks.filter(|tick| panel.x.share(tick.at).is_some_and(|share| (0.02..0.98).contains(&share)));
    points.chain(inner.filter_map(|tick| Some((tick.at, value_at(panel, &series.points, tick.at)?))))
}

/// The value of a curve at `x`, between two points as it is drawn: straight on the page.
fn value_at(panel: &Panel, points: &[(f64, f64)], x: f64) -> Option<f64> {
    let share = panel.x.share(x)?;
    points.windows(2).find_map(|pair| {
        let (start, end) = (panel.x.share(pair[0].0)?, panel.x.share(pair[1].0)?);
        let way = if end > start { (share - start) / (end - start) } else { 0.0 };
        let value = pair[0].1 + way * (pair[1].1 - pair[0].1);
        ((start..=end).contains(&share) && value.is_finite()).then_some(value)
    })
}

fn band_at(panel: &Panel, series: &Series, x: f64) -> Option<(f64, f64)> {
    let [lower, upper]: [Vec<_>; 2] = [
        series.band.iter().map(|&(x, lower, _)| (x, lower)).collect(),
        series.band.iter().map(|&(x, _, upper)| (x, upper)).collect(),
    ];
    value_at(panel, &lower, x).zip(value_at(panel, &upper, x))
}

/// A path through places, `None` being a gap, with no more points than can be seen: of all that follow each other
/// within one unit, the first, the lowest, the highest and the last.
fn trace(placed: &[Option<(f64, f64)>]) -> String {
    let mut path = String::new();
    for run in placed.split(Option::is_none) {
        let run: Vec<(f64, f64)> = run.iter().flatten().copied().collect();
        let mut command = 'M';
        for column in run.chunk_by(|one, next| one.0.floor() == next.0.floor()) {
            for (x, y) in extremes(column) {
                path.push_str(&format!("{command}{} {}", place(x), place(y)));
                command = 'L';
            }
        }
    }
    path
}

fn extremes(column: &[(f64, f64)]) -> impl Iterator<Item = (f64, f64)> {
    let by_height = |one: &&usize, other: &&usize| column[**one].1.total_cmp(&column[**other].1);
    let all: Vec<usize> = (0..column.len()).collect();
    let mut kept = vec![0, column.len() - 1];
    kept.extend(all.iter().min_by(by_height));
    kept.extend(all.iter().max_by(by_height));
    kept.sort_unstable();
    kept.dedup();
    kept.into_iter().map(|at| column[at])
}

#[cfg(test)]
mod tests {
    use super::{Lines, Series, trace};
    use crate::page::html::Figure;
    use crate::page::{Axis, Heading};

    fn lines(x: Axis, points: Vec<(f64, f64)>) -> Lines {
        Lines {
            heading: Heading::new("curve", "Curve"),
            x,
            y: Axis::linear("y").within(0.0, 1.0),
            series: vec![Series::new("one", points)],
            diagonal: Some("chance".into()),
            verticals: vec![(1e-3, "1/N".into())],
        }
    }

    #[test]
    fn a_curve_of_many_points_keeps_its_peaks_and_stays_small() {
        let mut placed: Vec<_> = (0..100_000).map(|i| Some((f64::from(i) * 0.003, 50.0))).collect();
        placed[50_001] = Some((150.003, 7.5));
        let path = trace(&placed);
        assert!(path.contains("150 7.5") && path.len() < 20_000, "{}", path.len());
    }

    #[test]
    fn a_gap_stays_a_gap() {
        let placed = [Some((0.0, 0.0)), None, None, Some((2.0, 0.0)), Some((5.0, 1.0))];
        assert_eq!(trace(&placed), "M0 0M2 0L5 1");
        let figure = lines(Axis::linear("x"), vec![(0.0, 0.5), (0.5, f64::NAN), (1.0, 0.5)]).body().unwrap();
        assert!(!figure.contains("NaN"));
    }

    #[test]
    fn a_point_at_zero_is_left_out_of_a_log_axis_and_breaks_nothing() {
        let points = vec![(0.0, 0.1), (1e-5, 0.2), (1.0, 1.0)];
        let figure = lines(Axis::log("x").within(1e-5, 1.0), points).body().unwrap();
        assert_eq!(figure.matches("class=\"mark\"").count(), 1 + 2, "one in the legend, two in the drawing");
        assert!(!figure.contains("NaN") && !figure.contains("inf"));
    }

    #[test]
    fn what_cannot_be_drawn_is_said() {
        for points in [vec![], vec![(f64::NAN, 1.0)], vec![(0.0, 0.5), (-1.0, 0.5)]] {
            assert!(lines(Axis::log("x"), points).body().is_err());
        }
        assert!(lines(Axis::linear("x"), vec![(3.0, 3.0)]).body().is_ok(), "a single point is something");
    }
}
