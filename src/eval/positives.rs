//! The positives of each row, and the pairs that are excluded.

use std::fmt;

/// The classes of every row: two rows are positives of each other when they share one.
#[derive(Clone)]
pub struct Positives<'a> {
    classes: Classes<'a>,
    /// The classes that a row has, ascending: their numbers may be any, so they are looked up and no index.
    in_use: Vec<u32>,
    /// Rows of each of them, ascending.
    members: Vec<Vec<u32>>,
    excluded: Option<&'a Excluded<'a>>,
}

/// Tells whether a positive pair (query row, other row) counts as neither positive nor negative.
type Excluded<'a> = dyn Fn(usize, usize) -> bool + Sync + 'a;

#[derive(Clone, Copy)]
enum Classes<'a> {
    /// One a row.
    One(&'a [u32]),
    /// Any number a row, ascending.
    Any(&'a [Vec<u32>]),
}

impl<'a> Positives<'a> {
    /// Rows of one label each, such as the drug.
    pub fn of_labels(labels: &'a [u32]) -> Self {
        Self::new(Classes::One(labels), labels.len())
    }

    /// Rows of several classes each, ascending, such as ATC classes or targets. A row without a class is nobody's positive.
    pub fn of_classes(classes: &'a [Vec<u32>]) -> Self {
        Self::new(Classes::Any(classes), classes.len())
    }

    fn new(classes: Classes<'a>, rows: usize) -> Self {
        let mut in_use: Vec<u32> = (0..rows).flat_map(|row| classes.of(row)).copied().collect();
        in_use.sort_unstable();
        in_use.dedup();
        let mut members = vec![Vec::new(); in_use.len()];
        for row in 0..rows {
            for class in classes.of(row) {
                members[in_use.partition_point(|other| other < class)].push(row as u32);
            }
        }
        Self { classes, in_use, members, excluded: None }
    }

    /// Excludes the positives for which `excluded(query row, other row)` holds: they count as neither positives nor
    /// negatives.
    #[must_use]
    pub fn without(mut self, excluded: &'a Excluded<'a>) -> Self {
        self.excluded = Some(excluded);
        self
    }

    /// Tells whether pairs may be excluded.
    pub fn excludes_pairs(&self) -> bool {
        self.excluded.is_some()
    }

    /// Returns the number of rows.
    pub fn rows(&self) -> usize {
        match self.classes {
            Classes::One(labels) => labels.len(),
            Classes::Any(classes) => classes.len(),
        }
    }

    /// Returns the classes of a row, ascending.
    pub fn classes_of(&self, row: usize) -> &[u32] {
        self.classes.of(row)
    }

    /// Returns the rows of a class, ascending; none for a class that no row has.
    pub fn members(&self, class: u32) -> &[u32] {
        self.in_use.binary_search(&class).map_or(&[], |at| &self.members[at])
    }

    /// Returns the number of classes that a row has.
    pub fn classes_in_use(&self) -> usize {
        self.in_use.len()
    }

    /// Tells whether every row has one class.
    pub fn is_single(&self) -> bool {
        matches!(self.classes, Classes::One(_))
    }

    /// Sorts the rows that share a class with `query`, itself left out, into its positives and those excluded.
    pub(super) fn sort(&self, query: usize, positives: &mut Vec<u32>, left_out: &mut Vec<u32>) {
        positives.clear();
        left_out.clear();
        for &class in self.classes_of(query) {
            positives.extend(self.members(class).iter().filter(|&&row| row as usize != query));
        }
        if self.classes_of(query).len() > 1 {
            positives.sort_unstable();
            positives.dedup();
        }
        if let Some(excluded) = self.excluded {
            left_out.extend(positives.extract_if(.., |row| excluded(query, *row as usize)));
        }
    }
}

impl Classes<'_> {
    fn of(&self, row: usize) -> &[u32] {
        match self {
            Self::One(labels) => std::slice::from_ref(&labels[row]),
            Self::Any(classes) => &classes[row],
        }
    }
}

impl fmt::Debug for Positives<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (rows, classes, filtered) = (self.rows(), self.classes_in_use(), self.excluded.is_some());
        write!(f, "Positives {{ rows: {rows}, classes: {classes}, filtered: {filtered} }}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_grows_with_rows_and_not_with_the_numbers_of_labels() {
        let labels = [0, u32::MAX, 7, u32::MAX, 7, 4_000_000_000];
        let positives = Positives::of_labels(&labels);
        assert_eq!((positives.members.len(), positives.classes_in_use()), (4, 4));
        assert_eq!((positives.members(u32::MAX), positives.members(7)), (&[1, 3][..], &[2, 4][..]));
        assert!(positives.members(5).is_empty());
        let classes = [vec![3, u32::MAX], vec![], vec![u32::MAX]];
        let positives = Positives::of_classes(&classes);
        assert_eq!((positives.members.len(), positives.members(u32::MAX)), (2, &[0, 2][..]));
    }
}
