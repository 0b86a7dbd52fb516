//! Shapes beside colours, so that series can be distinguished without seeing colours.

use super::html::{escape, place};

/// Colours of the page; series beyond them start again, with another shape.
pub(super) const COLOURS: usize = 7;
/// Shapes that follow each other from series to series.
const SHAPES: usize = 5;

/// The style class of a series: colour, and dashes of its line.
pub(super) fn class(series: usize) -> String {
    format!("s{}", series % COLOURS)
}

/// The outline of the marker of a series around a point, `size` from its middle to its edge.
pub(super) fn outline(series: usize, x: f64, y: f64, size: f64) -> String {
    let [one, two] = [size, 2.0 * size].map(place);
    let at = |dx: f64, dy: f64| format!("M{} {}", place(x + dx), place(y + dy));
    match series % SHAPES {
        0 => {
            format!("{}a{one} {one} 0 1 0 {two} 0a{one} {one} 0 1 0-{two} 0z", at(-size, 0.0))
        }
        1 => {
            let [half, side] = [0.88 * size, 1.76 * size].map(place);
            let corner: f64 = half.parse().unwrap_or(size);
            format!("{}h{side}v{side}h-{side}z", at(-corner, -corner))
        }
        2 => {
            let [wide, side, high] = [1.15 * size, 2.3 * size, 2.0 * size].map(place);
            format!("{}l{wide} {high}h-{side}z", at(0.0, -1.2 * size))
        }
        3 => {
            let reach = place(1.25 * size);
            format!("{}l{reach} {reach}l-{reach} {reach}l-{reach}-{reach}z", at(0.0, -1.25 * size))
        }
        _ => {
            let [wide, side, high] = [1.15 * size, 2.3 * size, 2.0 * size].map(place);
            format!("{}h{side}l-{wide} {high}z", at(-1.15 * size, -0.8 * size))
        }
    }
}

/// How a series looks, for a legend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    /// A line with a marker.
    Line(usize),
    /// A marker with a whisker.
    Whisker(usize),
    /// A filled box.
    Filled(usize),
    /// The outline of steps.
    Steps(usize),
    /// A line that is no series: chance, expectation.
    Reference,
}

impl Key {
    fn svg(self) -> String {
        let (class, marks) = match self {
            Self::Line(series) => {
                (class(series), format!("<path class=\"line\" d=\"M1 7h28\"/>{}", mark(series, 15.0)))
            }
            Self::Whisker(series) => {
                (class(series), format!("<path class=\"whisker\" d=\"M5 7h20\"/>{}", mark(series, 15.0)))
            }
            Self::Filled(series) => (class(series), "<path class=\"bar\" d=\"M5 2h20v10h-20z\"/>".to_owned()),
            Self::Steps(series) => {
                (class(series), "<path class=\"steps\" d=\"M3 12V7h8V2h8v5h8v5\"/>".to_owned())
            }
            Self::Reference => (String::new(), "<path class=\"reference\" d=\"M1 7h28\"/>".to_owned()),
        };
        format!("<svg class=\"key {class}\" width=\"30\" height=\"14\" aria-hidden=\"true\">{marks}</svg>")
    }
}

fn mark(series: usize, x: f64) -> String {
    format!("<path class=\"mark\" d=\"{}\"/>", outline(series, x, 7.0, 4.0))
}

/// The legend of a figure.
pub(super) fn legend<'a>(keys: impl IntoIterator<Item = (Key, &'a str)>) -> String {
    let items = keys.into_iter().map(|(key, name)| format!("<li>{}{}</li>", key.svg(), escape(name)));
    format!("<ul class=\"legend\">{}</ul>\n", items.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::{SHAPES, class, outline};

    #[test]
    fn series_beyond_the_colours_differ_in_shape() {
        for series in 0..35 {
            for other in 0..series {
                let looks = |series| (class(series), outline(series, 0.0, 0.0, 4.0));
                assert_ne!(looks(series), looks(other), "{series} and {other}");
            }
        }
        assert_eq!(outline(0, 1.0, 1.0, 4.0), outline(SHAPES, 1.0, 1.0, 4.0));
    }
}
