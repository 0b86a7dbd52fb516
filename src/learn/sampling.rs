//! Classes of equal size among the rows to learn from.

use super::Labels;
use crate::random::Stream;

/// Ways to balance classes of unequal size, on the training side only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sampling {
    /// Not at all.
    #[default]
    AsIs,
    /// Rows of small classes are repeated until all classes are as large as the largest.
    Up,
    /// Rows of large classes are left out at random until all are as small as the smallest.
    Down,
}

/// Returns the rows to learn from, ascending, some of them repeatedly: `rows` as they are, or with all of their classes
/// brought to the size of the largest or of the smallest. Classes without a row stay without.
pub(super) fn sampled(rows: &[u32], labels: &Labels, sampling: Sampling, stream: &mut Stream) -> Vec<u32> {
    if sampling == Sampling::AsIs {
        return rows.to_vec();
    }
    let mut members = labels.members(rows);
    members.retain(|class| !class.is_empty());
    let sizes = members.iter().map(Vec::len);
    let size = if sampling == Sampling::Up { sizes.max() } else { sizes.min() }.unwrap_or(0);
    let mut rows: Vec<u32> = members.into_iter().flat_map(|class| of_size(class, size, stream)).collect();
    rows.sort_unstable();
    rows
}

/// `size` of the rows: all of them as often as they fit in, and for the rest a random choice without repetition.
fn of_size(mut class: Vec<u32>, size: usize, stream: &mut Stream) -> Vec<u32> {
    stream.shuffle(&mut class);
    class.iter().copied().cycle().take(size).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Purpose;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sampled_classes_have_one_size_and_hold_training_rows_only(
            classes in prop::collection::vec(0_u32..4, 3..50), up: bool, seed: u64,
        ) {
            let labels = Labels::new(classes.iter().map(|&class| [class]), 4).unwrap();
            let train: Vec<u32> = (0..classes.len() as u32).step_by(2).collect();
            let before: Vec<usize> = labels.members(&train).iter().map(Vec::len).filter(|&size| size > 0).collect();
            let sampling = if up { Sampling::Up } else { Sampling::Down };
            let rows = sampled(&train, &labels, sampling, &mut Stream::new(seed, Purpose::ClassSampling, 0));
            let after: Vec<usize> = labels.members(&rows).iter().map(Vec::len).filter(|&size| size > 0).collect();
            let expected = if up { before.iter().max() } else { before.iter().min() }.unwrap();
            prop_assert_eq!(&after, &vec![*expected; before.len()]);
            prop_assert!(rows.iter().all(|row| train.contains(row)));
            let copies = |&row: &u32| rows.iter().filter(|&&other| other == row).count();
            let most = train.iter().map(copies).max().unwrap();
            prop_assert!(up || most <= 1, "nobody is repeated where classes shrink");
            prop_assert!(!up || train.iter().all(|row| copies(row) >= 1), "nobody is lost where classes grow");
        }
    }
}
