//! Predictions of rows.

use super::LearnError;

/// The scores of all classes for every row, and the class that each is predicted as.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Predictions {
    /// Rows x classes, row by row; larger is likelier.
    pub scores: Vec<f32>,
    /// One class a row.
    pub predicted: Vec<u32>,
    /// A setting that was chosen inside the training side, such as `C=10`.
    pub chosen: Option<String>,
}

impl Predictions {
    /// Predicts the best-scored class of every row, the first of equals. `scores` holds one value for each of `classes` a
    /// row.
    pub fn new(scores: Vec<f32>, classes: usize) -> Self {
        let predicted = scores.chunks_exact(classes.max(1)).map(first_largest).collect();
        Self { scores, predicted, chosen: None }
    }

    /// Sets the classes that rows are predicted as, where scores alone do not tell.
    #[must_use]
    pub fn predicted(self, predicted: Vec<u32>) -> Self {
        Self { predicted, ..self }
    }

    /// Sets the setting that was chosen inside the training side.
    #[must_use]
    pub fn chosen(self, setting: impl Into<String>) -> Self {
        Self { chosen: Some(setting.into()), ..self }
    }

    /// Checks that these are predictions for `rows` rows and `classes` classes.
    ///
    /// # Errors
    /// [`LearnError::Predictions`] when there are more or fewer, a score is not finite, or a class is none.
    pub fn check(&self, rows: usize, classes: usize) -> Result<(), LearnError> {
        let fits = |fits: bool, found: String, expected: String| {
            if fits { Ok(()) } else { Err(LearnError::Predictions { found, expected }) }
        };
        let (scores, predicted) = (self.scores.len(), self.predicted.len());
        fits(
            scores == rows * classes && predicted == rows,
            format!("{scores} scores and {predicted} predictions"),
            format!("a score for each of {classes} classes, and one prediction, for each of {rows} rows"),
        )?;
        let worst = self.scores.iter().find(|score| !score.is_finite());
        fits(worst.is_none(), format!("the score {}", worst.unwrap_or(&0.0)), "finite scores".to_owned())?;
        let last = self.predicted.iter().copied().max().unwrap_or(0);
        let expected = format!("a class below {classes}");
        fits(rows == 0 || (last as usize) < classes, format!("class {last}"), expected)
    }
}

/// Returns the place of the largest value, the first of equals.
fn first_largest(values: &[f32]) -> u32 {
    let larger = |best: usize, at: usize| if values[at] > values[best] { at } else { best };
    (0..values.len()).fold(0, larger) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_the_best_scored_classes_is_predicted() {
        assert_eq!(Predictions::new(vec![0.1, 0.5, 0.5, 0.9, 0.0, 0.9], 3).predicted, [1, 0]);
    }

    #[test]
    fn predictions_that_were_not_asked_for_are_refused() {
        let says = |predictions: Predictions, text: &str| {
            let message = predictions.check(2, 2).unwrap_err().to_string();
            assert!(message.contains(text), "{message}");
        };
        let whole = Predictions::new(vec![0.0; 4], 2);
        assert_eq!(whole.check(2, 2), Ok(()));
        says(Predictions::new(vec![0.0; 2], 2), "2 scores and 1 predictions");
        says(Predictions::new(vec![0.0, 1.0, f32::NAN, 0.0], 2), "the score NaN");
        says(whole.predicted(vec![0, 2]), "class 2, expected a class below 2");
    }
}
