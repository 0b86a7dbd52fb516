//! Named points in two dimensions, coloured by class.

use super::html::{Figure, Heading, Nothing, Size, escape, thousands};
use super::marker::{COLOURS, outline};
use super::matrix::Class;

/// A point with a name.
#[derive(Debug, Clone, PartialEq)]
pub struct MapPoint {
    /// Across.
    pub x: f32,
    /// Up.
    pub y: f32,
    /// Position in [`Map::classes`]; `None` for a point of no class, or of several.
    pub class: Option<usize>,
    /// Shown when pointed at.
    pub name: String,
}

/// A map of points. Both directions have one scale; neither has a unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Map {
    /// Title, caption, N.
    pub heading: Heading,
    /// Up to 14 classes that can be distinguished; members of further ones join the rest.
    pub classes: Vec<Class>,
    /// What points of no class are called, such as `other or several`.
    pub rest: String,
    /// Up to some 20,000 points.
    pub points: Vec<MapPoint>,
}

/// Seven colours with two shapes each.
const CLASSES: usize = 2 * COLOURS;
/// Units of the drawing across.
const WIDTH: f64 = 1000.0;
const MARGIN: f64 = 20.0;

impl Figure for Map {
    fn heading(&self) -> &Heading {
        &self.heading
    }

    fn size(&self) -> Size {
        Size::Medium
    }

    fn body(&self) -> Result<String, Nothing> {
        let frame = Frame::around(&self.points).ok_or("no point has a place")?;
        let size = dot_size(self.points.len());
        // The rest lies below.
        let order = [self.shown()].into_iter().chain(0..self.shown());
        let layers: String = order.map(|class| self.layer(&frame, size, class)).collect();
        Ok(format!(
            "<svg class=\"map\" role=\"img\" aria-label=\"{}\" viewBox=\"0 0 {WIDTH} {:.0}\">\n{layers}</svg>\n{}",
            escape(&format!("{}: {} points", self.heading.title, self.points.len())),
            frame.height,
            self.legend()
        ))
    }
}

impl Map {
    /// Classes with a look of their own.
    fn shown(&self) -> usize {
        self.classes.len().min(CLASSES)
    }

    /// The points of a class; those of the rest for the one beyond the last.
    fn members(&self, class: usize) -> impl Iterator<Item = &MapPoint> {
        let shown = self.shown();
        self.points.iter().filter(move |point| point.class.unwrap_or(shown).min(shown) == class)
    }

    fn layer(&self, frame: &Frame, size: f64, class: usize) -> String {
        let whole = if class < self.shown() { self.classes[class].whole() } else { self.rest.clone() };
        let points: String =
            self.members(class).filter_map(|point| dot(frame, size, self.shape(class), point)).collect();
        format!(
            "<g class=\"k{class} {}\" data-class=\"{}\">\n{points}</g>\n",
            self.look(class),
            escape(&whole)
        )
    }

    fn look(&self, class: usize) -> String {
        if class < self.shown() { format!("s{}", class % COLOURS) } else { "rest".to_owned() }
    }

    /// A shape of `marker`: circles, then diamonds.
    fn shape(&self, class: usize) -> usize {
        if class < self.shown() && class >= COLOURS { 3 } else { 0 }
    }

    /// Pointing at a class in the legend leaves the others pale.
    fn legend(&self) -> String {
        let keys = (0..=self.shown()).map(|class| {
            let count = self.members(class).filter(|point| point.x.is_finite() && point.y.is_finite()).count();
            let (code, name) = match self.classes.get(class).filter(|_| class < self.shown()) {
                Some(class) => (class.code.as_str(), class.name.as_str()),
                None => ("", self.rest.as_str()),
            };
            if count == 0 {
                return String::new();
            }
            format!(
                "<li class=\"k{class}\" tabindex=\"0\"><svg class=\"{}\" width=\"14\" height=\"14\" aria-hidden=\"true\">\
                 <path d=\"{}\"/></svg>{} <span>{}</span> <i>{}</i></li>\n",
                self.look(class),
                outline(self.shape(class), 7.0, 7.0, 5.0),
                if code.is_empty() { String::new() } else { format!("<b>{}</b>", escape(code)) },
                escape(name),
                thousands(count as u64)
            )
        });
        format!("<ul class=\"legend classes\">\n{}</ul>\n", keys.collect::<String>())
    }
}

/// A point in whole units, which keeps large maps small.
fn dot(frame: &Frame, size: f64, shape: usize, point: &MapPoint) -> Option<String> {
    let (x, y) = frame.place(point)?;
    let name = escape(&point.name);
    if shape == 0 {
        return Some(format!(
            "<circle cx=\"{x:.0}\" cy=\"{y:.0}\" r=\"{size}\"><title>{name}</title></circle>\n"
        ));
    }
    Some(format!("<path d=\"{}\"><title>{name}</title></path>\n", outline(shape, x.round(), y.round(), size)))
}

/// Smaller when there are more, so that dense places keep a texture.
fn dot_size(points: usize) -> f64 {
    match points {
        0..=300 => 9.0,
        301..=1_500 => 7.0,
        1_501..=6_000 => 5.0,
        _ => 3.5,
    }
}

/// From the points' own units to those of the drawing.
struct Frame {
    left: f64,
    top: f64,
    scale: f64,
    height: f64,
    /// Of the box of all points within the drawing.
    shift: (f64, f64),
}

impl Frame {
    fn around(points: &[MapPoint]) -> Option<Self> {
        let finite = points.iter().filter(|point| point.x.is_finite() && point.y.is_finite());
        let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
        for point in finite {
            for (axis, value) in [point.x, point.y].into_iter().enumerate() {
                low[axis] = low[axis].min(f64::from(value));
                high[axis] = high[axis].max(f64::from(value));
            }
        }
        let [across, up] = [high[0] - low[0], high[1] - low[1]];
        if !across.is_finite() || across < 0.0 {
            return None;
        }
        let height = (WIDTH * up / across.max(f64::MIN_POSITIVE)).clamp(0.62 * WIDTH, WIDTH);
        let room = (WIDTH - 2.0 * MARGIN, height - 2.0 * MARGIN);
        // Points on a line are limited by one direction only, points on one spot by none.
        let scale = [(room.0, across), (room.1, up)].into_iter().filter(|(_, extent)| *extent > 0.0);
        let scale = scale.map(|(room, extent)| room / extent).fold(f64::INFINITY, f64::min);
        let scale = if scale.is_finite() { scale } else { 1.0 };
        let shift = ((WIDTH - across * scale) / 2.0, (height - up * scale) / 2.0);
        Some(Self { left: low[0], top: high[1], scale, height, shift })
    }

    fn place(&self, point: &MapPoint) -> Option<(f64, f64)> {
        let (x, y) = (f64::from(point.x) - self.left, self.top - f64::from(point.y));
        let placed = (self.shift.0 + x * self.scale, self.shift.1 + y * self.scale);
        (placed.0.is_finite() && placed.1.is_finite()).then_some(placed)
    }
}

#[cfg(test)]
mod tests {
    use super::{CLASSES, Class, Frame, Map, MapPoint};
    use crate::page::Heading;
    use crate::page::html::Figure;

    fn point(x: f32, y: f32, class: Option<usize>) -> MapPoint {
        MapPoint { x, y, class, name: "β-<drug>".into() }
    }

    fn map(points: Vec<MapPoint>) -> Map {
        let classes = (0..20).map(|class| Class::new(&format!("C{class}"), "")).collect();
        Map { heading: Heading::new("map", "Map"), classes, rest: "other".into(), points }
    }

    #[test]
    fn classes_beyond_the_last_look_join_the_rest() {
        let body = map((0..20).map(|i| point(i as f32, 0.0, Some(i))).collect()).body().unwrap();
        assert!(body.contains("<span>other</span> <i>6</i>"));
        assert_eq!(body.matches("<li class=\"k").count(), CLASSES + 1);
    }

    #[test]
    fn names_are_escaped_and_points_without_a_place_are_left_out() {
        let body = map(vec![point(0.0, 1.0, None), point(f32::NAN, 1.0, None), point(2.0, 2.0, Some(7))]);
        let body = body.body().unwrap();
        assert_eq!(body.matches("<title>β-&lt;drug&gt;</title>").count(), 2);
        assert!(!body.contains("NaN"));
    }

    #[test]
    fn every_point_lies_inside_and_distances_keep_their_ratio() {
        for points in [
            vec![(0.0, 0.0), (3.0, 4.0), (-1.0, 9.0)],
            vec![(5.0, 5.0), (5.0, 5.0)],
            vec![(0.0, 0.0), (1.0, 0.0)],
            vec![(0.0, -1e38), (0.0, 1e38)],
        ] {
            let points: Vec<_> = points.into_iter().map(|(x, y)| point(x, y, None)).collect();
            let frame = Frame::around(&points).unwrap();
            for (x, y) in points.iter().map(|point| frame.place(point).unwrap()) {
                assert!((0.0..=1000.0).contains(&x) && (0.0..=frame.height).contains(&y), "{x} {y}");
            }
        }
    }

    #[test]
    fn twenty_thousand_points_stay_below_four_megabytes() {
        let points = (0..20_000).map(|i| {
            let name = "a drug with quite a long name, no. 12".to_owned();
            MapPoint { x: (i % 151) as f32, y: (i % 97) as f32, class: Some(i % 15), name }
        });
        assert!(map(points.collect()).body().unwrap().len() < 4_000_000);
    }

    #[test]
    fn a_map_without_a_place_says_so() {
        assert!(map(Vec::new()).body().is_err());
        assert!(map(vec![point(f32::INFINITY, 0.0, None)]).body().is_err());
    }
}
