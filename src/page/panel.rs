//! The panel that curves and histograms are drawn in, with its two axes.

use super::axis::Span;
use super::html::{Nothing, escape, place};

/// The rectangle between two axes, in units of the drawing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Panel {
    pub(super) x: Span,
    pub(super) y: Span,
    pub(super) left: f64,
    pub(super) right: f64,
}

/// Width and height of a drawing: at its natural size on a phone, somewhat larger on a wide screen.
pub(super) const WIDTH: f64 = 400.0;
const HEIGHT: f64 = 340.0;
pub(super) const TOP: f64 = 26.0;
pub(super) const BOTTOM: f64 = HEIGHT - 42.0;

impl Panel {
    pub(super) fn new(x: Option<Span>, y: Option<Span>) -> Result<Self, Nothing> {
        let (x, y) = x.zip(y).ok_or("no value has a place on these axes")?;
        let widest = y.ticks().iter().filter_map(|tick| Some(tick.label.as_ref()?.chars().count())).max();
        Ok(Self { x, y, left: 12.0 + 7.5 * widest.unwrap_or(1) as f64, right: WIDTH - 14.0 })
    }

    pub(super) fn across(&self, share: f64) -> f64 {
        self.left + share * (self.right - self.left)
    }

    pub(super) fn up(&self, share: f64) -> f64 {
        BOTTOM - share * (BOTTOM - TOP)
    }

    /// Where a point is drawn; far outside is as good as outside.
    pub(super) fn point(&self, x: f64, y: f64) -> Option<(f64, f64)> {
        let (x, y) = (self.x.share(x)?.clamp(-9.0, 9.0), self.y.share(y)?.clamp(-9.0, 9.0));
        Some((self.across(x), self.up(y)))
    }

    /// The whole drawing: axes below, `marks` cut off at the panel, `notes` above them.
    pub(super) fn svg(&self, described: &str, labels: [&str; 2], marks: &str, notes: &str) -> String {
        let (left, top) = (self.left - 2.0, TOP - 2.0);
        let (width, height) = (self.right - self.left + 4.0, BOTTOM - TOP + 4.0);
        let frame = [left, top, width, height].map(place).join(" ");
        format!(
            "<svg class=\"plot\" role=\"img\" aria-label=\"{}\" viewBox=\"0 0 {WIDTH} {HEIGHT}\">\n{}\
             <svg x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" viewBox=\"{frame}\">\n{marks}</svg>\n{notes}</svg>\n",
            escape(described),
            self.axes(labels),
            place(left),
            place(top),
            place(width),
            place(height)
        )
    }

    fn axes(&self, [x, y]: [&str; 2]) -> String {
        let (mut grid, mut small, mut texts) = (String::new(), String::new(), String::new());
        for tick in self.x.ticks() {
            let at = place(self.across(self.x.share(tick.at).unwrap_or_default()));
            if let Some(label) = tick.label {
                grid.push_str(&format!("M{at} {TOP}V{BOTTOM}"));
                texts.push_str(&format!(
                    "<text class=\"x\" x=\"{at}\" y=\"{}\">{label}</text>",
                    BOTTOM + 18.0
                ));
            }
            small.push_str(&format!("M{at} {BOTTOM}v4"));
        }
        for tick in self.y.ticks() {
            let at = self.up(self.y.share(tick.at).unwrap_or_default());
            if let Some(label) = tick.label {
                grid.push_str(&format!("M{} {}H{}", place(self.left), place(at), place(self.right)));
                let (x, y) = (place(self.left - 6.0), place(at + 4.0));
                texts.push_str(&format!("<text class=\"y\" x=\"{x}\" y=\"{y}\">{label}</text>"));
            }
        }
        let (left, right) = (place(self.left), place(self.right));
        format!(
            "<path class=\"grid\" d=\"{grid}\"/><path class=\"axis\" d=\"M{left} {TOP}V{BOTTOM}H{right}{small}\"/>\n\
             {texts}\n<text class=\"label\" x=\"{left}\" y=\"12\">{}</text>\
             <text class=\"label x\" x=\"{}\" y=\"{}\">{}</text>\n",
            escape(y),
            place(self.across(0.5)),
            HEIGHT - 5.0,
            escape(x)
        )
    }
}
