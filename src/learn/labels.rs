//! Classes of rows.

use super::LearnError;

/// The classes of every row; at least one each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labels {
    starts: Vec<u32>,
    ids: Vec<u32>,
    classes: usize,
    /// Whether no row has several, in all the labels that these are a part of.
    single: bool,
}

impl Labels {
    /// Takes the list of class ids of every row; ids are smaller than `classes`.
    ///
    /// # Errors
    /// A row without a class, or with an id that is too large.
    pub fn new<L: AsRef<[u32]>>(
        lists: impl IntoIterator<Item = L>,
        classes: usize,
    ) -> Result<Self, LearnError> {
        let (mut starts, mut ids, mut single) = (vec![0], Vec::new(), true);
        for (row, list) in lists.into_iter().enumerate() {
            let list = list.as_ref();
            single &= list.len() == 1;
            match list.iter().find(|&&class| class as usize >= classes) {
                _ if list.is_empty() => return Err(LearnError::NoClass { row }),
                Some(&class) => {
                    return Err(LearnError::UnknownClass { row, class, classes: classes.max(1) });
                }
                None => ids.extend_from_slice(list),
            }
            starts.push(ids.len() as u32);
        }
        Ok(Self { starts, ids, classes, single })
    }

    /// Returns the number of classes.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// Returns the number of rows.
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Tells whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Tells whether every row has one class. A part of labels with several classes a row counts as such, whatever rows it
    /// holds: a classifier answers one question the same way in all folds.
    pub fn is_single(&self) -> bool {
        self.single
    }

    /// Returns the classes of a row.
    ///
    /// # Panics
    /// When there is no such row.
    pub fn of(&self, row: u32) -> &[u32] {
        let row = row as usize;
        &self.ids[self.starts[row] as usize..self.starts[row + 1] as usize]
    }

    /// Returns the only class of a row, or the first of several.
    ///
    /// # Panics
    /// When there is no such row.
    pub fn first(&self, row: u32) -> u32 {
        self.ids[self.starts[row as usize] as usize]
    }

    /// Returns the first class of every row.
    pub fn firsts(&self) -> Vec<u32> {
        (0..self.len() as u32).map(|row| self.first(row)).collect()
    }

    /// Counts the rows of each class.
    pub fn sizes(&self) -> Vec<usize> {
        let mut sizes = vec![0; self.classes];
        self.ids.iter().for_each(|&class| sizes[class as usize] += 1);
        sizes
    }

    /// Returns the labels of some rows, in the order given; one may be named repeatedly.
    ///
    /// # Panics
    /// When there is no such row.
    #[must_use]
    pub fn select(&self, rows: &[u32]) -> Self {
        let (mut starts, mut ids) = (vec![0], Vec::with_capacity(rows.len()));
        for &row in rows {
            ids.extend_from_slice(self.of(row));
            starts.push(ids.len() as u32);
        }
        Self { starts, ids, ..*self }
    }

    /// Returns the rows among `rows` by their first class, in the order given.
    pub(super) fn members(&self, rows: &[u32]) -> Vec<Vec<u32>> {
        let mut members = vec![Vec::new(); self.classes];
        rows.iter().for_each(|&row| members[self.first(row) as usize].push(row));
        members
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_without_a_class_or_with_one_that_is_none_is_refused() {
        let refused = |lists: [&[u32]; 2]| Labels::new(lists, 2).unwrap_err();
        assert_eq!(refused([&[0], &[]]), LearnError::NoClass { row: 1 });
        assert_eq!(refused([&[0, 2], &[1]]), LearnError::UnknownClass { row: 0, class: 2, classes: 2 });
    }

    #[test]
    fn a_part_of_labels_with_several_classes_a_row_is_such_a_part_whatever_it_holds() {
        let labels = Labels::new([vec![0], vec![0, 1]], 2).unwrap();
        let part = labels.select(&[0, 0]);
        assert_eq!((part.firsts(), part.len(), part.is_single()), (vec![0, 0], 2, false));
        assert!(Labels::new([[0], [1]], 2).unwrap().is_single());
    }
}
