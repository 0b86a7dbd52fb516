//! What reference queries are like: how strong they are, and how near the nearest signatures.

use super::scored::AllDrugs;
use crate::db::{CalibrationOf, Db, Usual};
use crate::question::QuestionError;
use crate::question::prepared::Prepared;

/// Signatures that are looked at.
const NEAREST: usize = 10;
/// Quantiles, from the smallest value to the largest.
const STEPS: usize = 100;

/// What is known of reference queries so far.
#[derive(Default)]
pub(super) struct Likeness {
    nearness: Vec<f64>,
    size: Vec<f64>,
}

impl Likeness {
    /// Looks at some of them.
    pub fn add(&mut self, db: &Db, prepared: &Prepared<'_>, found: &AllDrugs) -> Result<(), QuestionError> {
        if !found.embeddings.is_empty() {
            let near = db.queries(&found.embeddings).without(found.ids.clone()).top(NEAREST);
            self.nearness.extend(near.mean_of_nearest()?.into_iter().map(f64::from));
        }
        if prepared.calibration_of() == CalibrationOf::Profiles {
            for &place in &found.places {
                self.size.extend(prepared.size(place)?);
            }
        }
        Ok(())
    }

    pub fn quantiles(self) -> Usual {
        Usual { nearness: quantiles(self.nearness), size: quantiles(self.size) }
    }
}

/// Quantiles in equal steps, of values that are numbers.
fn quantiles(mut values: Vec<f64>) -> Vec<f64> {
    values.retain(|value| value.is_finite());
    values.sort_by(f64::total_cmp);
    let Some(last) = values.len().checked_sub(1) else { return Vec::new() };
    (0..=STEPS).map(|step| values[(step * last + STEPS / 2) / STEPS]).collect()
}

#[cfg(test)]
mod tests {
    use super::quantiles;

    #[test]
    fn quantiles_go_from_the_smallest_to_the_largest() {
        let found =
            quantiles((0..=1000).rev().map(|value| f64::from(value) / 10.0).chain([f64::NAN]).collect());
        assert_eq!((found.len(), found[0], found[1], found[50], found[100]), (101, 0.0, 1.0, 50.0, 100.0));
        assert_eq!(quantiles(vec![2.0]), [2.0; 101]);
        assert!(quantiles(Vec::new()).is_empty());
    }
}
