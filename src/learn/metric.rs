//! Distances of rows.

use std::fmt;

use crate::rows::to_unit_length;

/// A distance of two rows. Every metric orders neighbours by its distance, smallest first; its *similarity* weighs
/// votes and breaks ties.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Metric {
    /// `1 - cos`; similarity is the cosine, 0 for a row of zeros.
    Cosine,
    /// The Euclidean distance d; similarity `1 / (1 + d)`.
    Euclid,
    /// The sum of `|a - b| / (|a| + |b|)`, where 0 / 0 is 0; similarity `1 / (1 + d)`.
    Canberra,
    /// `1 - r` with Pearson's r; similarity is r, 0 for a constant row.
    Correlation,
}

impl Metric {
    /// All of them, in the order of their figures in reports.
    pub const ALL: [Self; 4] = [Self::Cosine, Self::Euclid, Self::Canberra, Self::Correlation];
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cosine => "cosine",
            Self::Euclid => "euclid",
            Self::Canberra => "canberra",
            Self::Correlation => "correlation",
        })
    }
}

impl Metric {
    /// Returns the form of a row in which distances are plain sums over its values.
    pub(super) fn prepared(self, row: &[f32]) -> Vec<f32> {
        let mut row = row.to_vec();
        if self == Self::Correlation {
            let mean = row.iter().map(|&value| f64::from(value)).sum::<f64>() / row.len() as f64;
            // By a power of two, which moves no digit: differences to the mean then neither overflow nor vanish.
            let most = row.iter().fold(0.0_f32, |most, value| most.max(value.abs()));
            let scale = power_of_two_over(most);
            let least = 1e-6 * (f64::from(most) * scale) as f32;
            row.iter_mut().for_each(|value| *value = ((f64::from(*value) - mean) * scale) as f32);
            // What rounding leaves of a constant row would otherwise grow to full length.
            row.iter_mut().for_each(|value| *value = if value.abs() <= least { 0.0 } else { *value });
        }
        if matches!(self, Self::Cosine | Self::Correlation) {
            to_unit_length(&mut row);
        }
        row
    }

    /// Returns the similarity at a distance; see the variants.
    pub(crate) fn similarity(self, distance: f64) -> f32 {
        match self {
            Self::Cosine | Self::Correlation => 1.0 - distance as f32,
            Self::Euclid | Self::Canberra => (1.0 / (1.0 + distance)) as f32,
        }
    }
}

/// Returns a power of two that brings numbers of at most `most` to about 1.
fn power_of_two_over(most: f32) -> f64 {
    if most == 0.0 { 1.0 } else { 2.0_f64.powi(-(f64::from(most).log2().floor() as i32)) }
}
