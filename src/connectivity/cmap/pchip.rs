//! Shape-preserving cubic interpolation (Fritsch and Carlson 1980), with three-point formulae at the ends as MATLAB has them.

/// A curve through points that rises and falls only where they do.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pchip {
    x: Vec<f64>,
    y: Vec<f64>,
    slopes: Vec<f64>,
}

impl Pchip {
    /// Takes two points at least, `x` ascending.
    pub fn new(x: Vec<f64>, y: Vec<f64>) -> Self {
        let widths: Vec<f64> = x.windows(2).map(|x| x[1] - x[0]).collect();
        let secants: Vec<f64> = y.windows(2).zip(&widths).map(|(y, width)| (y[1] - y[0]) / width).collect();
        let slopes = slopes(&widths, &secants);
        Self { x, y, slopes }
    }

    /// Returns the height at `x`, which lies between the first point and the last.
    pub fn at(&self, x: f64) -> f64 {
        let next = self.x.partition_point(|&point| point <= x).clamp(1, self.x.len() - 1);
        let (k, width) = (next - 1, self.x[next] - self.x[next - 1]);
        let (t, rest) = ((x - self.x[k]) / width, (self.x[next] - x) / width);
        let at_k = rest * rest * ((1.0 + 2.0 * t) * self.y[k] + t * width * self.slopes[k]);
        at_k + t * t * ((3.0 - 2.0 * t) * self.y[next] - rest * width * self.slopes[next])
    }
}

/// Returns the slope at each point.
fn slopes(widths: &[f64], secants: &[f64]) -> Vec<f64> {
    let last = secants.len() - 1;
    if last == 0 {
        return vec![secants[0]; 2];
    }
    let inner =
        widths.windows(2).zip(secants.windows(2)).map(|(h, d)| inner_slope([h[0], h[1]], [d[0], d[1]]));
    let first = end_slope([widths[0], widths[1]], [secants[0], secants[1]]);
    let end = end_slope([widths[last], widths[last - 1]], [secants[last], secants[last - 1]]);
    std::iter::once(first).chain(inner).chain([end]).collect()
}

/// The weighted harmonic mean of the slopes on both sides; 0 at a top, a bottom or a level.
fn inner_slope(h: [f64; 2], d: [f64; 2]) -> f64 {
    if d[0] * d[1] <= 0.0 {
        return 0.0;
    }
    let (before, after) = (2.0 * h[1] + h[0], h[1] + 2.0 * h[0]);
    (before + after) / (before / d[0] + after / d[1])
}

/// The slope at an end, of the two widths and secants next to it.
fn end_slope(h: [f64; 2], d: [f64; 2]) -> f64 {
    let slope = ((2.0 * h[0] + h[1]) * d[0] - h[0] * d[1]) / (h[0] + h[1]);
    let sign = |value: f64| value.partial_cmp(&0.0);
    if sign(slope) != sign(d[0]) {
        0.0
    } else if sign(d[0]) != sign(d[1]) && slope.abs() > 3.0 * d[0].abs() {
        3.0 * d[0]
    } else {
        slope
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn two_points_are_joined_by_a_line_and_points_on_a_line_too() {
        let line = Pchip::new(vec![1.0, 3.0], vec![2.0, 6.0]);
        assert_eq!([1.0, 1.5, 3.0].map(|x| line.at(x)), [2.0, 3.0, 6.0]);
        let line = Pchip::new(vec![0.0, 1.0, 4.0], vec![0.0, 2.0, 8.0]);
        assert!((line.at(2.5) - 5.0).abs() < 1e-12);
    }

    #[test]
    fn slopes_are_those_worked_out_by_hand() {
        // Secants 1 and 2: the harmonic mean of equal widths is 4/3, the ends are (3 - 2) / 2 and (6 - 1) / 2.
        let rising = Pchip::new(vec![0.0, 1.0, 2.0], vec![0.0, 1.0, 3.0]);
        assert_eq!(rising.slopes, [0.5, 4.0 / 3.0, 2.5]);
        // At a top the slope is 0, and an end is at most three times as steep as the secant next to it.
        let top = Pchip::new(vec![0.0, 1.0, 2.0], vec![0.0, 1.0, -9.0]);
        assert_eq!(top.slopes, [3.0, 0.0, -15.5]);
        assert_eq!(Pchip::new(vec![0.0, 1.0, 2.0], vec![0.0, 0.0, 5.0]).slopes, [0.0, 0.0, 7.5]);
    }

    proptest! {
        #[test]
        fn the_curve_meets_its_points_and_never_falls_where_they_rise(
            steps in prop::collection::vec((0.01_f64..2.0, 0.0_f64..1.0), 2..20), share in 0.0_f64..1.0,
        ) {
            let sums = |of: fn(&(f64, f64)) -> f64| -> Vec<f64> {
                steps.iter().scan(0.0, |sum, step| { *sum += of(step); Some(*sum) }).collect()
            };
            let (x, y) = (sums(|step| step.0), sums(|step| step.1));
            let curve = Pchip::new(x.clone(), y.clone());
            for k in 1..x.len() {
                prop_assert!((curve.at(x[k]) - y[k]).abs() < 1e-9);
                let between = curve.at(x[k - 1] + share * (x[k] - x[k - 1]));
                prop_assert!(between >= y[k - 1] - 1e-9 && between <= y[k] + 1e-9);
            }
        }
    }
}
