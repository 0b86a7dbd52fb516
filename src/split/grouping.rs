//! Which rows belong together.

use std::collections::{BTreeMap, BTreeSet};

use crate::disjoint_sets::DisjointSets;

/// What keeps rows together: rows that share a group never stand on both sides of a split.
///
/// Groups are numbered in the order of their names, whatever the order of the rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grouping {
    of_row: Vec<Option<u32>>,
    names: Vec<String>,
}

impl Grouping {
    /// Groups rows by one value each: drug, cell line, plate, scaffold. Blanks around a value do not count; rows with
    /// no value, or an empty one, are in no group.
    pub fn by_one<'a>(values: impl IntoIterator<Item = Option<&'a str>>) -> Self {
        let known = |value: Option<&'a str>| value.map(str::trim).filter(|value| !value.is_empty());
        let values: Vec<Option<&str>> = values.into_iter().map(known).collect();
        let numbers = numbered(values.iter().copied().flatten());
        let of_row = values.iter().map(|value| value.map(|value| numbers[value])).collect();
        Self { of_row, names: numbers.keys().map(|&name| name.to_owned()).collect() }
    }

    /// Groups rows by any of several values each: mechanisms of action, targets. Rows that share a value are one group,
    /// and so are rows that are joined over others: `a`, `a|b` and `b` stand together. A row without values is in no
    /// group. A group bears the name of the first of its values in alphabetical order, and the number of the others.
    ///
    /// One such group may swallow most of the data; ask [`largest_share`](Self::largest_share).
    ///
    /// ```
    /// use l1kdb::split::Grouping;
    ///
    /// let moa = |values: &[&str]| values.iter().map(|value| value.to_string()).collect();
    /// let grouping = Grouping::by_any(&[moa(&["b"]), moa(&["b", "a"]), moa(&["c"]), moa(&[])]);
    /// assert_eq!(grouping.of_row(), [Some(0), Some(0), Some(1), None]);
    /// assert_eq!(grouping.names(), ["a (+1)", "c"]);
    /// ```
    pub fn by_any(values: &[Vec<String>]) -> Self {
        let known = |row: &'_ Vec<String>| -> Vec<String> {
            row.iter().map(|value| value.trim().to_owned()).filter(|value| !value.is_empty()).collect()
        };
        let values: Vec<Vec<String>> = values.iter().map(known).collect();
        let numbers = numbered(values.iter().flatten().map(String::as_str));
        let mut union = DisjointSets::new(numbers.len());
        let mut first_of_row = Vec::new();
        for row in &values {
            let mut of_row = row.iter().map(|value| numbers[value.as_str()]);
            let first = of_row.next();
            first_of_row.push(first);
            first.into_iter().for_each(|first| of_row.by_ref().for_each(|other| union.join(first, other)));
        }
        let roots: Vec<u32> = (0..numbers.len() as u32).map(|value| union.root(value)).collect();
        let names = names_of_components(&numbers.into_keys().collect::<Vec<_>>(), &roots);
        Self::by_one(
            first_of_row.iter().map(|first| first.map(|value| names[&roots[value as usize]].as_str())),
        )
    }

    /// Returns the group of every row, an index into [`names`](Self::names); `None` where it is not known.
    pub fn of_row(&self) -> &[Option<u32>] {
        &self.of_row
    }

    /// Names of the groups.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Returns the name of the group of a row.
    pub fn name_of(&self, row: usize) -> Option<&str> {
        self.of_row[row].map(|group| self.names[group as usize].as_str())
    }

    /// Returns the number of rows, known or not.
    pub fn rows(&self) -> usize {
        self.of_row.len()
    }

    /// Returns the number of rows without a group. They are in no fold.
    pub fn unknown(&self) -> usize {
        self.of_row.iter().filter(|group| group.is_none()).count()
    }

    /// Returns the number of rows of every group.
    pub fn sizes(&self) -> Vec<usize> {
        self.sizes_among(|_| true)
    }

    /// Number of rows of every group, of those rows that `counts` accepts.
    pub(super) fn sizes_among(&self, counts: impl Fn(usize) -> bool) -> Vec<usize> {
        let mut sizes = vec![0; self.names.len()];
        let rows = self.of_row.iter().enumerate().filter(|&(row, _)| counts(row));
        rows.filter_map(|(_, group)| *group).for_each(|group| sizes[group as usize] += 1);
        sizes
    }

    /// Returns the part of the grouped rows that the largest group holds, 0 to 1. Near 1, no split by these groups makes
    /// sense.
    pub fn largest_share(&self) -> f64 {
        let sizes = self.sizes();
        let largest = sizes.iter().copied().max().unwrap_or(0);
        largest as f64 / sizes.iter().sum::<usize>().max(1) as f64
    }
}

/// Names by root. `roots` holds, for each of the sorted values, the first value of its component.
fn names_of_components(values: &[&str], roots: &[u32]) -> BTreeMap<u32, String> {
    let mut sizes: BTreeMap<u32, usize> = BTreeMap::new();
    roots.iter().for_each(|&root| *sizes.entry(root).or_default() += 1);
    let name = |(root, size)| match size {
        1 => (root, values[root as usize].to_owned()),
        _ => (root, format!("{} (+{})", values[root as usize], size - 1)),
    };
    sizes.into_iter().map(name).collect()
}

/// The distinct values, numbered in alphabetical order.
fn numbered<'a>(values: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, u32> {
    values.collect::<BTreeSet<_>>().into_iter().zip(0..).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn groups_are_numbered_by_name_and_blanks_do_not_count() {
        let grouping = Grouping::by_one([Some("PC3 "), Some("A375"), None, Some(" "), Some("PC3")]);
        assert_eq!(grouping.of_row(), [Some(1), Some(0), None, None, Some(1)]);
        assert_eq!(grouping.names(), ["A375", "PC3"]);
        assert_eq!((grouping.unknown(), grouping.sizes()), (2, vec![1, 2]));
    }

    #[test]
    fn the_largest_share_counts_grouped_rows_only() {
        let grouping = Grouping::by_one([Some("a"), Some("a"), Some("a"), Some("b"), None]);
        assert_eq!(grouping.largest_share(), 0.75);
        assert_eq!(Grouping::by_one([None]).largest_share(), 0.0);
    }

    /// Whether two rows are joined over rows that share values, by walking from row to row.
    fn joined(values: &[Vec<String>], from: usize, to: usize) -> bool {
        let mut reached = BTreeSet::from([from]);
        let mut open = vec![from];
        while let Some(row) = open.pop() {
            for other in 0..values.len() {
                let shares = values[row].iter().any(|value| values[other].contains(value));
                if shares && reached.insert(other) {
                    open.push(other);
                }
            }
        }
        reached.contains(&to)
    }

    proptest! {
        #[test]
        fn rows_are_one_group_exactly_when_values_join_them(
            values in prop::collection::vec(prop::collection::vec("[a-h]{2}", 0..3), 1..15)
        ) {
            let grouping = Grouping::by_any(&values);
            for (a, of_a) in grouping.of_row().iter().enumerate() {
                prop_assert_eq!(of_a.is_none(), values[a].is_empty());
                for (b, of_b) in grouping.of_row().iter().enumerate().filter(|_| of_a.is_some()) {
                    prop_assert_eq!(of_a == of_b, joined(&values, a, b));
                }
            }
        }
    }
}
