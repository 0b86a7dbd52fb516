//! Principal components.

use crate::Rows;

/// The two directions of the greatest variance of some rows.
pub(crate) struct PrincipalComponents {
    /// How far each row lies along them, from the mean of all rows.
    pub places: Vec<[f64; 2]>,
    mean: Vec<f64>,
    axes: [Vec<f64>; 2],
}

impl PrincipalComponents {
    pub fn of(rows: Rows<'_>) -> Self {
        let (count, dim) = (rows.len(), rows.dim());
        let mut centred: Vec<f64> = rows.values().iter().map(|&value| f64::from(value)).collect();
        let mean: Vec<f64> = (0..dim)
            .map(|column| centred.iter().skip(column).step_by(dim).sum::<f64>() / count as f64)
            .collect();
        for row in centred.chunks_exact_mut(dim) {
            row.iter_mut().zip(&mean).for_each(|(value, mean)| *value -= mean);
        }
        let first = component(&centred, dim);
        for (row, score) in centred.chunks_exact_mut(dim).zip(&first.scores) {
            row.iter_mut().zip(&first.axis).for_each(|(value, along)| *value -= score * along);
        }
        let second = component(&centred, dim);
        let places = first.scores.iter().zip(&second.scores).map(|(&x, &y)| [x, y]).collect();
        Self { places, mean, axes: [first.axis, second.axis] }
    }

    /// Returns how far another row lies along them.
    pub fn place(&self, row: &[f32]) -> [f64; 2] {
        let centred = || row.iter().zip(&self.mean).map(|(&value, mean)| f64::from(value) - mean);
        [&self.axes[0], &self.axes[1]]
            .map(|axis| centred().zip(axis).map(|(value, along)| value * along).sum())
    }
}

/// A direction, and how far along it every row lies.
struct Component {
    axis: Vec<f64>,
    scores: Vec<f64>,
}

/// Returns the direction of the greatest variance, by power iteration from the longest row. A map needs no more precision
/// than these turns give, even where two directions are nearly alike.
fn component(centred: &[f64], dim: usize) -> Component {
    const TURNS: usize = 60;
    let length = |row: &[f64]| row.iter().map(|value| value * value).sum::<f64>();
    let longest = centred.chunks_exact(dim).max_by(|a, b| length(a).total_cmp(&length(b)));
    let mut axis = longest.map_or_else(|| vec![0.0; dim], <[f64]>::to_vec);
    let scores = |axis: &[f64]| -> Vec<f64> {
        centred.chunks_exact(dim).map(|row| row.iter().zip(axis).map(|(a, b)| a * b).sum()).collect()
    };
    for _ in 0..TURNS {
        let norm = length(&axis).sqrt().max(f64::MIN_POSITIVE);
        axis.iter_mut().for_each(|value| *value /= norm);
        let mut next = vec![0.0; dim];
        for (row, score) in centred.chunks_exact(dim).zip(scores(&axis)) {
            next.iter_mut().zip(row).for_each(|(sum, value)| *sum += score * value);
        }
        axis = next;
    }
    let norm = length(&axis).sqrt().max(f64::MIN_POSITIVE);
    axis.iter_mut().for_each(|value| *value /= norm);
    Component { scores: scores(&axis), axis }
}

#[cfg(test)]
mod tests {
    use super::PrincipalComponents;
    use crate::Rows;

    #[test]
    fn rows_on_a_line_lie_along_it_and_nowhere_else() {
        let values: Vec<f32> = (0..9).flat_map(|at| [3.0 * at as f32 + 1.0, 4.0 * at as f32]).collect();
        let found = PrincipalComponents::of(Rows::whole(&values, 2));
        for (place, at) in found.places.iter().zip(-4..) {
            assert!(
                (place[0].abs() - 5.0 * f64::from(at).abs()).abs() < 1e-5 && place[1].abs() < 1e-5,
                "{place:?}"
            );
        }
    }
}
