//! Classes of equal size, on the training side.

use super::Sampling;
use super::labels::Labeling;
use crate::random::Stream;

/// The drugs to learn from, ascending, some of them repeatedly: `train` as it is, or with all of its classes brought
/// to the size of the largest or of the smallest. Classes without a drug in `train` stay without.
pub(super) fn sampled(train: &[u32], labels: &Labeling, sampling: Sampling, stream: &mut Stream) -> Vec<u32> {
    if sampling == Sampling::AsIs {
        return train.to_vec();
    }
    let mut members = labels.members(train);
    members.retain(|class| !class.is_empty());
    let sizes = members.iter().map(Vec::len);
    let size = if sampling == Sampling::Up { sizes.max() } else { sizes.min() }.unwrap_or(0);
    let mut drugs: Vec<u32> = members.into_iter().flat_map(|class| of_size(class, size, stream)).collect();
    drugs.sort_unstable();
    drugs
}

/// `size` of the drugs: all of them as often as they fit in, and for the rest a random choice without repetition.
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
        fn sampled_classes_have_one_size_and_hold_training_drugs_only(
            classes in prop::collection::vec(0_u32..4, 3..50), up: bool, seed: u64,
        ) {
            let labels = Labeling::new(classes.iter().map(|&class| vec![class]), 4);
            let train: Vec<u32> = (0..classes.len() as u32).step_by(2).collect();
            let before: Vec<usize> = labels.members(&train).iter().map(Vec::len).filter(|&size| size > 0).collect();
            let sampling = if up { Sampling::Up } else { Sampling::Down };
            let drugs = sampled(&train, &labels, sampling, &mut Stream::new(seed, Purpose::ClassSampling, 0));
            let after: Vec<usize> = labels.members(&drugs).iter().map(Vec::len).filter(|&size| size > 0).collect();
            let expected = if up { before.iter().max() } else { before.iter().min() }.unwrap();
            prop_assert_eq!(&after, &vec![*expected; before.len()]);
            prop_assert!(drugs.iter().all(|drug| train.contains(drug)));
            let copies = |&drug: &u32| drugs.iter().filter(|&&other| other == drug).count();
            let most = train.iter().map(copies).max().unwrap();
            prop_assert!(up || most <= 1, "nobody is repeated where classes shrink");
            prop_assert!(!up || train.iter().all(|drug| copies(drug) >= 1), "nobody is lost where classes grow");
        }
    }
}
