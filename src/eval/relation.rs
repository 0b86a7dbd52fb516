//! Which rows are alike, and which pairs are too easy to count.

use std::fmt;

/// The classes of every row: two rows are positives of each other when they share one.
#[derive(Clone)]
pub struct Relation<'a> {
    classes: Classes<'a>,
    /// Rows of every class, ascending.
    members: Vec<Vec<u32>>,
    too_easy: Option<&'a TooEasy<'a>>,
}

/// Whether a positive pair (query row, other row) is to be left out, being neither positive nor negative.
pub type TooEasy<'a> = dyn Fn(usize, usize) -> bool + Sync + 'a;

#[derive(Clone, Copy)]
enum Classes<'a> {
    /// One a row.
    One(&'a [u32]),
    /// Any number a row, ascending.
    Any(&'a [Vec<u32>]),
}

impl<'a> Relation<'a> {
    /// Rows of one label each, such as the drug.
    pub fn of_labels(labels: &'a [u32]) -> Self {
        Self::new(Classes::One(labels), labels.len())
    }

    /// Rows of several classes each, ascending, such as ATC classes or targets. A row without a class is nobody's positive.
    pub fn of_classes(classes: &'a [Vec<u32>]) -> Self {
        Self::new(Classes::Any(classes), classes.len())
    }

    fn new(classes: Classes<'a>, rows: usize) -> Self {
        let mut members: Vec<Vec<u32>> = Vec::new();
        for row in 0..rows {
            for &class in classes.of(row) {
                if members.len() <= class as usize {
                    members.resize(class as usize + 1, Vec::new());
                }
                members[class as usize].push(row as u32);
            }
        }
        Self { classes, members, too_easy: None }
    }

    /// Leaves out the positives for which `too_easy(query row, other row)` holds.
    #[must_use]
    pub fn without(mut self, too_easy: &'a TooEasy<'a>) -> Self {
        self.too_easy = Some(too_easy);
        self
    }

    /// Whether some positives may be too easy.
    pub fn leaves_out_pairs(&self) -> bool {
        self.too_easy.is_some()
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        match self.classes {
            Classes::One(labels) => labels.len(),
            Classes::Any(classes) => classes.len(),
        }
    }

    /// The classes of a row, ascending.
    pub fn classes_of(&self, row: usize) -> &[u32] {
        self.classes.of(row)
    }

    /// The rows of a class, ascending; none for a class that no row has.
    pub fn members(&self, class: u32) -> &[u32] {
        self.members.get(class as usize).map_or(&[], Vec::as_slice)
    }

    /// Number of classes that a row has.
    pub fn classes_in_use(&self) -> usize {
        self.members.iter().filter(|members| !members.is_empty()).count()
    }

    /// Whether every row has one class.
    pub fn is_single(&self) -> bool {
        matches!(self.classes, Classes::One(_))
    }

    /// Sorts the rows that share a class with `query`, itself left out, into its positives and those too easy.
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
        if let Some(too_easy) = self.too_easy {
            left_out.extend(positives.extract_if(.., |row| too_easy(query, *row as usize)));
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

impl fmt::Debug for Relation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (rows, classes, filtered) = (self.rows(), self.classes_in_use(), self.too_easy.is_some());
        write!(f, "Relation {{ rows: {rows}, classes: {classes}, filtered: {filtered} }}")
    }
}
