//! Points and weights of Gauss and Legendre.

/// Returns the `n` points between 0 and 1 and their weights, which sum to 1: the mean of a function over them is exact for
/// polynomials of a degree up to 2 n - 1. By Newton's steps from the usual starts (Abramowitz and Stegun 25.4.29).
pub(super) fn gauss_legendre(n: usize) -> Vec<[f64; 2]> {
    let point = |at: usize| {
        let mut x = (std::f64::consts::PI * (at as f64 + 0.75) / (n as f64 + 0.5)).cos();
        let mut slope = 1.0;
        for _ in 0..STEPS {
            let value;
            (value, slope) = legendre(n, x);
            x -= value / slope;
        }
        // From -1 to 1, with weights that sum to 2, to 0 to 1.
        [f64::midpoint(x, 1.0), 1.0 / ((1.0 - x * x) * slope * slope)]
    };
    (0..n).map(point).collect()
}

/// More than enough: the error is squared with each.
const STEPS: usize = 10;

/// The Legendre polynomial of degree `n` at `x`, and its slope.
fn legendre(n: usize, x: f64) -> (f64, f64) {
    let (mut last, mut value) = (1.0, x);
    for degree in 2..=n {
        let degree = degree as f64;
        (last, value) = (value, ((2.0 * degree - 1.0) * x * value - (degree - 1.0) * last) / degree);
    }
    (value, n as f64 * (x * value - last) / (x * x - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_of_powers_are_exact_as_far_as_promised() {
        for n in [1, 2, 3, 8, 32] {
            let points = gauss_legendre(n);
            for power in 0..2 * n as i32 {
                let mean: f64 = points.iter().map(|[x, weight]| weight * x.powi(power)).sum();
                assert!((mean - 1.0 / f64::from(power + 1)).abs() < 1e-12, "{n} points, power {power}");
            }
            assert!(points.iter().all(|[x, weight]| (0.0..1.0).contains(x) && *weight > 0.0));
        }
    }
}
