//! Parts that hold each class in equal shares.

use super::Labels;
use crate::random::Stream;

/// `rows` cut into `count` parts, each ascending. The rows of each class are shuffled and assigned to the parts in turn,
/// going on where the class before ended: each part has its share of each class, and of all rows, up to one. Rows of
/// several classes go with their first.
pub(crate) fn stratified(labels: &Labels, rows: &[u32], count: usize, stream: &mut Stream) -> Vec<Vec<u32>> {
    let mut parts = vec![Vec::new(); count];
    let mut turn = 0;
    for mut members in labels.members(rows) {
        stream.shuffle(&mut members);
        for row in members {
            parts[turn % count].push(row);
            turn += 1;
        }
    }
    parts.iter_mut().for_each(|part| part.sort_unstable());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Purpose;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_part_has_its_share_of_every_class(
            classes in prop::collection::vec(0_u32..5, 2..60), count in 2_usize..7, seed: u64,
        ) {
            let labels = Labels::new(classes.iter().map(|&class| [class]), 5).unwrap();
            let all: Vec<u32> = (0..classes.len() as u32).collect();
            let parts = stratified(&labels, &all, count, &mut Stream::new(seed, Purpose::ClassFolds, 0));
            for class in 0..5 {
                let held = |part: &Vec<u32>| part.iter().filter(|&&row| classes[row as usize] == class).count();
                let held: Vec<usize> = parts.iter().map(held).collect();
                prop_assert!(held.iter().max().unwrap() - held.iter().min().unwrap() <= 1);
            }
            let mut rows = parts.concat();
            rows.sort_unstable();
            prop_assert_eq!(rows, all);
        }
    }
}
