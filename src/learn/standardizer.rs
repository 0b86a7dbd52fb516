//! Features of mean 0 and standard deviation 1, by the training side alone.

use super::error::check_dim;
use super::{LearnError, Side};
use crate::Rows;

/// Standard deviations beyond which nothing can be computed with a value: its cube has to fit in single precision.
const MAX_DEVIATIONS: f64 = 1e6;

/// Means that are subtracted from features, and scales that they are divided by.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Standardizer {
    means: Vec<f64>,
    scales: Vec<f64>,
}

impl Standardizer {
    /// Mean and standard deviation over the rows that `sample` numbers, each as often as it is named. A feature that does
    /// not vary is only centred.
    pub(super) fn fit(rows: Rows<'_>, sample: &[u32]) -> Self {
        let count = sample.len().max(1) as f64;
        let sampled = || sample.iter().map(|&at| rows.row(at as usize));
        let mut means = vec![0.0; rows.dim()];
        for row in sampled() {
            means.iter_mut().zip(row).for_each(|(mean, &value)| *mean += f64::from(value) / count);
        }
        let mut scales = vec![0.0; rows.dim()];
        for row in sampled() {
            let deviations = row.iter().zip(&means).map(|(&value, mean)| f64::from(value) - mean);
            scales.iter_mut().zip(deviations).for_each(|(scale, by)| *scale += by * by / count);
        }
        scales.iter_mut().for_each(|scale| *scale = if *scale > 0.0 { scale.sqrt() } else { 1.0 });
        Self { means, scales }
    }

    /// Returns the rows of the training side that `sample` numbers, standardised.
    ///
    /// # Errors
    /// [`LearnError::FarOut`] for a row of which a value lies absurdly far out.
    pub(super) fn training(&self, rows: Rows<'_>, sample: &[u32]) -> Result<Vec<f32>, LearnError> {
        self.transform(rows, sample.iter().map(|&at| at as usize), Side::Training)
    }

    /// Rows that are predicted for, standardised.
    ///
    /// # Errors
    /// As [`training`](Self::training).
    pub(super) fn test(&self, rows: Rows<'_>) -> Result<Vec<f32>, LearnError> {
        check_dim(rows, self.means.len())?;
        self.transform(rows, 0..rows.len(), Side::Test)
    }

    fn transform(
        &self,
        rows: Rows<'_>,
        sample: impl ExactSizeIterator<Item = usize>,
        side: Side,
    ) -> Result<Vec<f32>, LearnError> {
        let mut values = Vec::with_capacity(sample.len() * rows.dim());
        for row in sample {
            for ((&value, mean), scale) in rows.row(row).iter().zip(&self.means).zip(&self.scales) {
                let standard = (f64::from(value) - mean) / scale;
                if standard.abs() > MAX_DEVIATIONS {
                    return Err(LearnError::FarOut { side, row, most: MAX_DEVIATIONS });
                }
                values.push(standard as f32);
            }
        }
        Ok(values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn training_rows_have_mean_0_and_deviation_1_and_test_rows_change_nothing() {
        let values = [1.0, 5.0, 3.0, 5.0, 100.0, -7.0];
        let rows = Rows::new(&values, 2).unwrap();
        let standardizer = Standardizer::fit(rows, &[0, 1]);
        assert_eq!(standardizer.training(rows, &[0, 1]).unwrap(), [-1.0, 0.0, 1.0, 0.0]);
        assert_eq!(standardizer.test(Rows::new(&values[4..], 2).unwrap()).unwrap(), [98.0, -12.0]);
    }

    #[test]
    fn values_of_any_size_are_standardised_and_one_far_out_is_an_error_that_names_the_row() {
        let of = |scale: f32| {
            let values = [3.0, 5.0, 1.0, 4.0, 2.0, 6.0].map(|value: f32| value * scale);
            let rows = Rows::new(&values, 2).unwrap();
            Standardizer::fit(rows, &[0, 1, 2]).training(rows, &[0, 1, 2]).unwrap()
        };
        for scale in [2.0_f32.powi(-140), 2.0_f32.powi(120)] {
            assert_eq!(of(scale), of(1.0));
        }
        let rows = Rows::new(&[1.0, 5.0, 3.0, 4.0, 1e30, 5.0], 2).unwrap();
        let standardizer = Standardizer::fit(rows, &[0, 1]);
        let error = |side| LearnError::FarOut { side, row: 2, most: MAX_DEVIATIONS };
        assert_eq!(standardizer.training(rows, &[2]), Err(error(Side::Training)));
        assert_eq!(standardizer.test(rows), Err(error(Side::Test)));
    }
}
