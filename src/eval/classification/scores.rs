//! A confusion matrix, and its figures.

/// Counts of drugs of one class that are predicted as another: rows are the truth, columns the prediction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Confusion {
    classes: usize,
    counts: Vec<u64>,
}

/// Figures of one confusion matrix, from 0 to 1.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
#[non_exhaustive]
pub struct Scores {
    /// The share of drugs in their own class.
    pub accuracy: f64,
    /// The mean over classes of the share of their drugs that is predicted as them. Chance is 1 / classes.
    pub balanced_accuracy: f64,
    /// The mean over classes of F1, the harmonic mean of precision and recall; 0 for a class never predicted.
    pub macro_f1: f64,
    /// The mean of the classes' F1, weighed by their drugs.
    pub weighted_f1: f64,
}

impl Scores {
    /// In the order of the fields.
    pub fn to_array(self) -> [f64; 4] {
        [self.accuracy, self.balanced_accuracy, self.macro_f1, self.weighted_f1]
    }
}

impl Confusion {
    pub(super) fn new(classes: usize) -> Self {
        Self { classes, counts: vec![0; classes * classes] }
    }

    /// Of several predictions for each drug, by repeat.
    pub(super) fn of(truth: &[u32], repeats: &[Vec<u32>], classes: usize) -> Self {
        let mut confusion = Self::new(classes);
        let pairs = repeats.iter().flat_map(|predicted| truth.iter().zip(predicted));
        pairs.for_each(|(&truth, &predicted)| {
            confusion.counts[truth as usize * classes + predicted as usize] += 1;
        });
        confusion
    }

    /// Counts in a row each: `counts[truth * classes + prediction]`.
    pub(super) fn counts_mut(&mut self) -> &mut [u64] {
        &mut self.counts
    }

    pub(super) fn rows(&self) -> Vec<Vec<u64>> {
        self.counts.chunks_exact(self.classes).map(<[u64]>::to_vec).collect()
    }

    pub(super) fn support(&self, class: usize) -> u64 {
        self.counts[class * self.classes..][..self.classes].iter().sum()
    }

    fn predicted(&self, class: usize) -> u64 {
        self.counts[class..].iter().step_by(self.classes).sum()
    }

    fn right(&self, class: usize) -> u64 {
        self.counts[class * self.classes + class]
    }

    /// Returns the share of a class's drugs that is predicted as it; 0 where it has none.
    pub(super) fn recall(&self, class: usize) -> f64 {
        share(self.right(class), self.support(class))
    }

    /// Returns the share of those predicted as a class that have it; 0 where none is.
    pub(super) fn precision(&self, class: usize) -> f64 {
        share(self.right(class), self.predicted(class))
    }

    /// Returns the harmonic mean of both.
    pub(super) fn f1(&self, class: usize) -> f64 {
        share(2 * self.right(class), self.support(class) + self.predicted(class))
    }

    /// Means go over the classes that occur: those with drugs for recall, those with drugs or predictions for F1, as in
    /// scikit-learn.
    pub(super) fn scores(&self) -> Scores {
        let total: u64 = self.counts.iter().sum();
        let right: u64 = (0..self.classes).map(|class| self.right(class)).sum();
        let held: Vec<usize> = (0..self.classes).filter(|&class| self.support(class) > 0).collect();
        let met = (0..self.classes).filter(|&class| self.support(class) + self.predicted(class) > 0);
        let met: Vec<f64> = met.map(|class| self.f1(class)).collect();
        let weighted: f64 = held.iter().map(|&class| self.f1(class) * self.support(class) as f64).sum();
        Scores {
            accuracy: share(right, total),
            balanced_accuracy: held.iter().map(|&class| self.recall(class)).sum::<f64>()
                / held.len().max(1) as f64,
            macro_f1: met.iter().sum::<f64>() / met.len().max(1) as f64,
            weighted_f1: weighted / total.max(1) as f64,
        }
    }
}

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Returns what always naming the class with the most drugs scores.
pub(super) fn majority(sizes: &[usize]) -> Scores {
    let mut confusion = Confusion::new(sizes.len());
    let largest =
        (0..sizes.len()).fold(0, |best, class| if sizes[class] > sizes[best] { class } else { best });
    for (class, &size) in sizes.iter().enumerate() {
        confusion.counts[class * sizes.len() + largest] = size as u64;
    }
    confusion.scores()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn figures_are_those_worked_out_by_hand() {
        let confusion = Confusion::of(&[0, 0, 0, 1, 1, 2], &[vec![0, 0, 1, 1, 0, 0]], 3);
        let scores = confusion.scores();
        assert!((scores.accuracy - 0.5).abs() < 1e-12);
        assert!((scores.balanced_accuracy - (2.0 / 3.0 + 0.5 + 0.0) / 3.0).abs() < 1e-12);
        // F1: 4/7, 1/2 and 0.
        assert!((scores.macro_f1 - (4.0 / 7.0 + 0.5) / 3.0).abs() < 1e-12);
        assert!((scores.weighted_f1 - (3.0 * 4.0 / 7.0 + 2.0 * 0.5) / 6.0).abs() < 1e-12);
        assert_eq!((confusion.precision(0), confusion.precision(2)), (0.5, 0.0));
    }

    #[test]
    fn naming_the_largest_class_has_the_recall_of_chance() {
        let scores = majority(&[2, 5, 3]);
        assert_eq!((scores.accuracy, scores.balanced_accuracy), (0.5, 1.0 / 3.0));
        assert!((scores.macro_f1 - 10.0 / 15.0 / 3.0).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn row_sums_are_the_support_and_recalls_make_the_accuracy(
            pairs in prop::collection::vec((0_u32..4, 0_u32..4), 1..40), repeats in 1_usize..4,
        ) {
            let (truth, predicted): (Vec<u32>, Vec<u32>) = pairs.into_iter().unzip();
            let confusion = Confusion::of(&truth, &vec![predicted; repeats], 4);
            let mut found = 0.0;
            for class in 0..4_usize {
                let support = truth.iter().filter(|&&own| own as usize == class).count();
                prop_assert_eq!(confusion.rows()[class].iter().sum::<u64>(), (support * repeats) as u64);
                found += confusion.recall(class) * support as f64;
            }
            prop_assert!((found / truth.len() as f64 - confusion.scores().accuracy).abs() < 1e-12);
        }
    }
}
