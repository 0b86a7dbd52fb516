//! Features of mean 0 and standard deviation 1, by the training side alone.

use super::data::Selected;
use crate::eval::EvalError;

/// Standard deviations beyond which nothing can be computed with a value: its cube has to fit in single precision.
const MOST: f64 = 1e6;

/// What is subtracted from, and divided into, each feature.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Standard {
    means: Vec<f64>,
    scales: Vec<f64>,
}

impl Standard {
    /// Mean and standard deviation over the training drugs, each as often as it is named. A feature that does not vary
    /// is only centred.
    pub(super) fn of(data: &Selected, train: &[u32]) -> Self {
        let count = train.len().max(1) as f64;
        let mut means = vec![0.0; data.dim];
        for &drug in train {
            means.iter_mut().zip(data.row(drug)).for_each(|(mean, &value)| *mean += f64::from(value) / count);
        }
        let mut scales = vec![0.0; data.dim];
        for &drug in train {
            let deviations = data.row(drug).iter().zip(&means).map(|(&value, mean)| f64::from(value) - mean);
            scales.iter_mut().zip(deviations).for_each(|(scale, by)| *scale += by * by / count);
        }
        scales.iter_mut().for_each(|scale| *scale = if *scale > 0.0 { scale.sqrt() } else { 1.0 });
        Self { means, scales }
    }

    /// The rows of `drugs`, standardised.
    ///
    /// # Errors
    /// [`EvalError::FarOut`] for a drug of which a value lies absurdly far out.
    pub(super) fn rows(&self, data: &Selected, drugs: &[u32]) -> Result<Vec<f32>, EvalError> {
        let mut rows = Vec::with_capacity(drugs.len() * data.dim);
        for &drug in drugs {
            for ((&value, mean), scale) in data.row(drug).iter().zip(&self.means).zip(&self.scales) {
                let standard = (f64::from(value) - mean) / scale;
                if standard.abs() > MOST {
                    return Err(EvalError::FarOut { row: data.rows[drug as usize].into(), most: MOST });
                }
                rows.push(standard as f32);
            }
        }
        Ok(rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::classification::fixture::selected;

    #[test]
    fn training_rows_have_mean_0_and_deviation_1_and_test_rows_change_nothing() {
        let data = selected(&[1.0, 5.0, 3.0, 5.0, 100.0, -7.0], 2, &[0, 1, 0]);
        let standard = Standard::of(&data, &[0, 1]);
        assert_eq!(standard.rows(&data, &[0, 1]).unwrap(), [-1.0, 0.0, 1.0, 0.0]);
        assert_eq!(standard.rows(&data, &[2]).unwrap(), [98.0, -12.0]);
    }

    #[test]
    fn values_of_any_size_are_standardised_and_one_far_out_is_an_error_that_names_the_drug() {
        let rows = [3.0, 5.0, 1.0, 4.0, 2.0, 6.0];
        let of = |scale: f32| {
            let data = selected(&rows.map(|value| value * scale), 2, &[0, 1, 0]);
            Standard::of(&data, &[0, 1, 2]).rows(&data, &[0, 1, 2]).unwrap()
        };
        for scale in [2.0_f32.powi(-140), 2.0_f32.powi(120)] {
            assert_eq!(of(scale), of(1.0));
        }
        let data = selected(&[1.0, 5.0, 3.0, 4.0, 1e30, 5.0], 2, &[0, 1, 0]);
        let error = Standard::of(&data, &[0, 1]).rows(&data, &[2]).unwrap_err();
        assert_eq!(error, EvalError::FarOut { row: 2.into(), most: MOST });
    }
}
