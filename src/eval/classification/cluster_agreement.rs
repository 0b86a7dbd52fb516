//! Agreement of clusters with classes.

/// Returns the adjusted Rand index (Hubert and Arabie, "Comparing partitions", 1985): 1 for the same partition, 0 on
/// average for unrelated ones of these sizes. 1 where both put all drugs together, or each alone.
pub(super) fn adjusted_rand(a: &[u32], b: &[u32]) -> f64 {
    let table = Table::new(a, b);
    let pairs = |counts: &[u64]| counts.iter().map(|&n| n as f64 * (n as f64 - 1.0) / 2.0).sum::<f64>();
    let (both, in_a, in_b) = (pairs(&table.cells), pairs(&table.of_a), pairs(&table.of_b));
    let all = pairs(&[a.len() as u64]);
    let (chance, most) = (in_a * in_b / all, f64::midpoint(in_a, in_b));
    if most == chance || all == 0.0 { 1.0 } else { (both - chance) / (most - chance) }
}

/// Mutual information over the arithmetic mean of both entropies: 1 for the same partition, 0 for independent ones. It
/// is not corrected for chance and grows with the number of clusters. 1 where neither partition says anything.
pub(super) fn normalised_information(a: &[u32], b: &[u32]) -> f64 {
    let table = Table::new(a, b);
    let total = a.len() as f64;
    let entropy = |counts: &[u64]| -> f64 {
        counts.iter().filter(|&&n| n > 0).map(|&n| -(n as f64 / total) * (n as f64 / total).ln()).sum()
    };
    let (in_a, in_b, both) = (entropy(&table.of_a), entropy(&table.of_b), entropy(&table.cells));
    let most = f64::midpoint(in_a, in_b);
    if most == 0.0 { 1.0 } else { ((in_a + in_b - both) / most).clamp(0.0, 1.0) }
}

/// Numbers of drugs in each group of the first partition, of the second, and in each pair of groups.
struct Table {
    of_a: Vec<u64>,
    of_b: Vec<u64>,
    cells: Vec<u64>,
}

impl Table {
    fn new(a: &[u32], b: &[u32]) -> Self {
        let groups = |partition: &[u32]| partition.iter().max().map_or(0, |&last| last as usize + 1);
        let (rows, columns) = (groups(a), groups(b));
        let mut table = Self { of_a: vec![0; rows], of_b: vec![0; columns], cells: vec![0; rows * columns] };
        for (&a, &b) in a.iter().zip(b) {
            table.of_a[a as usize] += 1;
            table.of_b[b as usize] += 1;
            table.cells[a as usize * columns + b as usize] += 1;
        }
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn both_are_those_worked_out_by_hand() {
        let (a, b) = ([0, 0, 1, 1], [0, 0, 1, 2]);
        // One pair stands together in both, two in a, one in b, of six: (1 - 2/6) / (3/2 - 2/6) = 4/7.
        assert!((adjusted_rand(&a, &b) - 4.0 / 7.0).abs() < 1e-12);
        // Entropies ln 2 and 1.5 ln 2, information ln 2: 1 / 1.25.
        assert!((normalised_information(&a, &b) - 0.8).abs() < 1e-12);
    }

    #[test]
    fn crossed_partitions_share_nothing() {
        let (a, b) = ([0, 0, 1, 1], [0, 1, 0, 1]);
        assert!((adjusted_rand(&a, &b) + 0.5).abs() < 1e-12);
        assert!(normalised_information(&a, &b).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn names_of_groups_do_not_matter_and_neither_does_the_order(
            pairs in prop::collection::vec((0_u32..4, 0_u32..3), 2..40),
        ) {
            let (a, b): (Vec<u32>, Vec<u32>) = pairs.into_iter().unzip();
            let renamed: Vec<u32> = a.iter().map(|group| 3 - group).collect();
            for figure in [adjusted_rand, normalised_information] {
                prop_assert!((figure(&a, &b) - figure(&renamed, &b)).abs() < 1e-9);
                prop_assert!((figure(&a, &b) - figure(&b, &a)).abs() < 1e-9);
                prop_assert!((figure(&a, &a) - 1.0).abs() < 1e-9);
            }
        }
    }
}
