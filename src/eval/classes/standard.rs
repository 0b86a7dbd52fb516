//! Features of mean 0 and standard deviation 1, by the training side alone.

use super::data::Selected;

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
    pub(super) fn rows(&self, data: &Selected, drugs: &[u32]) -> Vec<f32> {
        let one = |drug: &u32| {
            let values = data.row(*drug).iter().zip(&self.means).zip(&self.scales);
            values.map(|((&value, mean), scale)| ((f64::from(value) - mean) / scale) as f32)
        };
        drugs.iter().flat_map(one).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::classes::fixture::selected;

    #[test]
    fn training_rows_have_mean_0_and_deviation_1_and_test_rows_change_nothing() {
        let data = selected(&[1.0, 5.0, 3.0, 5.0, 100.0, -7.0], 2, &[0, 1, 0]);
        let standard = Standard::of(&data, &[0, 1]);
        assert_eq!(standard.rows(&data, &[0, 1]), [-1.0, 0.0, 1.0, 0.0]);
        assert_eq!(standard.rows(&data, &[2]), [98.0, -12.0]);
    }
}
