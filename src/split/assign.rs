//! Which group stands where: groups in, the part that each was dealt to out.
//!
//! A group of size 0 is dealt to no part.

use std::cmp::Reverse;

use super::Grouping;
use crate::random::{Purpose, Stream};

/// Deals groups to `parts` hands, in rounds of one group for each hand. Larger groups come first: those of 2^n to
/// 2^(n+1) - 1 rows, for falling n, at random within such a class. So the groups of at least any such size, above all
/// those with several rows, are spread over the hands as evenly as their number allows. In each round the hand with the
/// fewest rows takes the largest group.
pub(super) fn round_robin(sizes: &[usize], parts: usize, seed: u64, repeat: usize) -> Vec<Option<u32>> {
    let mut order = larger_first(sizes, &mut Stream::new(seed, Purpose::Division, repeat as u64));
    let mut rows = vec![0; parts];
    let mut hand_of = vec![None; sizes.len()];
    for round in order.chunks_mut(parts) {
        round.sort_by_key(|&group| Reverse(sizes[group]));
        let mut hands: Vec<usize> = (0..parts).collect();
        hands.sort_by_key(|&hand| rows[hand]);
        for (&group, hand) in round.iter().zip(hands) {
            rows[hand] += sizes[group];
            hand_of[group] = Some(hand as u32);
        }
    }
    hand_of
}

/// Holds out (1) a `share` of the groups with several rows, two of them if that leaves one, and a share of those with a
/// single row; the others are trained on (0). At least one group is on either side, if there are two.
pub(super) fn hold_out(sizes: &[usize], share: f64, seed: u64, repeat: usize) -> Vec<Option<u32>> {
    let order = larger_first(sizes, &mut Stream::new(seed, Purpose::Division, repeat as u64));
    let (several, single) = order.split_at(order.partition_point(|&group| sizes[group] > 1));
    let part = |groups: usize| (groups as f64 * share).round() as usize;
    let mut first = part(several.len());
    if several.len() > 2 {
        first = first.clamp(2, several.len() - 1);
    }
    let mut second = part(single.len());
    if first + second == 0 {
        (first, second) = if several.is_empty() { (0, 1) } else { (1, 0) };
    } else if first + second == order.len() {
        (first, second) = if single.is_empty() { (first - 1, 0) } else { (first, second - 1) };
    }
    let mut side: Vec<Option<u32>> = sizes.iter().map(|&size| (size > 0).then_some(0)).collect();
    // Larger ones come first, so a share of the order as it is would be of large ones only.
    let mut random = Stream::new(seed, Purpose::DivisionChoice, repeat as u64);
    for (groups, number) in [(several, first), (single, second)] {
        let mut groups = groups.to_vec();
        random.shuffle(&mut groups);
        groups[..number].iter().for_each(|&group| side[group] = Some(1));
    }
    side
}

/// Deals groups, the largest first, each to the part that has the fewest rows so far. Ties are settled by `random`.
pub(super) fn balanced(sizes: &[usize], parts: usize, random: &mut Stream) -> Vec<Option<u32>> {
    let mut order: Vec<usize> = (0..sizes.len()).filter(|&group| sizes[group] > 0).collect();
    random.shuffle(&mut order);
    order.sort_by_key(|&group| Reverse(sizes[group]));
    let mut rows = vec![0; parts];
    let mut part_of = vec![None; sizes.len()];
    for group in order {
        let smallest = (0..parts).min_by_key(|&part| rows[part]).unwrap_or(0);
        rows[smallest] += sizes[group];
        part_of[group] = Some(smallest as u32);
    }
    part_of
}

/// Of every group of those `eligible`, `most` rows at random, by their ids and whatever their order.
pub(super) fn cap_per_group(
    most: usize,
    groups: &Grouping,
    ids: &[String],
    eligible: &[bool],
    seed: u64,
) -> Vec<bool> {
    let mut rows_of = vec![Vec::new(); groups.names().len()];
    for (row, group) in groups.of_row().iter().enumerate().filter(|&(row, _)| eligible[row]) {
        group.iter().for_each(|&group| rows_of[group as usize].push(row));
    }
    let mut kept = vec![false; ids.len()];
    for (group, mut rows) in rows_of.into_iter().enumerate() {
        rows.sort_unstable_by_key(|&row| &ids[row]);
        Stream::new(seed, Purpose::Thinning, group as u64).shuffle(&mut rows);
        rows.iter().take(most).for_each(|&row| kept[row] = true);
    }
    kept
}

/// Groups by falling size class, at random within one.
fn larger_first(sizes: &[usize], random: &mut Stream) -> Vec<usize> {
    let mut order: Vec<usize> = (0..sizes.len()).filter(|&group| sizes[group] > 0).collect();
    random.shuffle(&mut order);
    order.sort_by_key(|&group| Reverse(sizes[group].ilog2()));
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn part_sizes(part_of: &[Option<u32>], parts: usize, weight: impl Fn(usize) -> usize) -> Vec<usize> {
        let mut sizes = vec![0; parts];
        for (group, part) in part_of.iter().enumerate() {
            part.iter().for_each(|&part| sizes[part as usize] += weight(group));
        }
        sizes
    }

    fn spread(sizes: &[usize]) -> usize {
        sizes.iter().max().unwrap() - sizes.iter().min().unwrap()
    }

    proptest! {
        #[test]
        fn groups_of_several_rows_are_spread_evenly(
            sizes in prop::collection::vec(0_usize..40, 5..60), parts in 2_usize..6, seed in 0_u64..9,
        ) {
            let dealt = round_robin(&sizes, parts, seed, 0);
            for least in [1, 2, 4, 8, 16] {
                let counts = part_sizes(&dealt, parts, |group| usize::from(sizes[group] >= least));
                prop_assert!(spread(&counts) <= 1, "{:?}", counts);
            }
        }

        #[test]
        fn a_share_leaves_groups_on_both_sides(
            sizes in prop::collection::vec(0_usize..4, 0..30), tenths in 1_u8..=9, seed in 0_u64..9,
        ) {
            let groups = sizes.iter().filter(|&&size| size > 0).count();
            prop_assume!(groups >= 2);
            let counts = part_sizes(&hold_out(&sizes, f64::from(tenths) / 10.0, seed, 0), 2, |_| 1);
            prop_assert!(counts[0] > 0 && counts[1] > 0);
            prop_assert_eq!(counts[0] + counts[1], groups);
            let expected = groups as f64 * f64::from(tenths) / 10.0;
            prop_assert!((counts[1] as f64 - expected).abs() <= 2.5, "{:?}, {}", counts, expected);
        }

        #[test]
        fn balanced_parts_differ_by_no_more_than_the_largest_group(
            sizes in prop::collection::vec(0_usize..40, 5..60), parts in 2_usize..6, seed in 0_u64..9,
        ) {
            let dealt = balanced(&sizes, parts, &mut Stream::new(seed, Purpose::Division, 0));
            let rows = part_sizes(&dealt, parts, |group| sizes[group]);
            prop_assert!(spread(&rows) <= *sizes.iter().max().unwrap());
        }
    }

    #[test]
    fn a_share_takes_large_and_small_groups_alike() {
        let sizes: Vec<usize> = (0..100).map(|group| if group < 50 { 100 } else { 2 }).collect();
        let large =
            |seed| hold_out(&sizes, 0.2, seed, 0)[..50].iter().filter(|side| **side == Some(1)).count();
        let mean = (0..40).map(large).sum::<usize>() as f64 / 40.0;
        assert!((mean - 10.0).abs() < 1.5, "{mean}");
    }

    #[test]
    fn no_more_rows_of_a_group_are_kept_than_asked_for() {
        let groups = Grouping::by_one((0..30).map(|row| Some(["a", "b", "c"][row % 3])));
        let ids: Vec<String> = (0..30).map(|row| format!("s{row}")).collect();
        let eligible: Vec<bool> = (0..30).map(|row| row != 1 && row % 3 != 2).collect();
        let kept = cap_per_group(9, &groups, &ids, &eligible, 3);
        let of = |group: usize| (0..30).filter(|row| row % 3 == group && kept[*row]).count();
        assert_eq!([of(0), of(1), of(2), usize::from(kept[1])], [9, 9, 0, 0]);
    }
}
