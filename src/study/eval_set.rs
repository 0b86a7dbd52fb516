//! The rows of one held-out set, as signatures or as drugs.

use std::collections::BTreeMap;

use super::label::Labels;
use super::level::Level;
use super::matrix::Matrix;
use crate::eval::EvalError;
use crate::rows::length;

/// The rows that are compared with each other, each standing for one or several rows of the study.
#[derive(Debug, Clone, PartialEq)]
pub struct EvalSet {
    /// The study's rows behind each.
    pub members: Vec<Vec<u32>>,
    /// The classes of each.
    pub classes: Vec<Vec<u32>>,
    /// The drug of each, by number.
    pub drugs: Vec<u32>,
}

impl EvalSet {
    /// Takes those of `rows` that have a class, as they are or drug by drug.
    pub fn new(rows: &[usize], labels: &Labels, drugs: &[Option<u32>], level: Level) -> Self {
        let mut part = Self { members: Vec::new(), classes: Vec::new(), drugs: Vec::new() };
        let labelled = rows.iter().filter(|&&row| !labels.of_row[row].is_empty());
        match level {
            Level::Signature => labelled.for_each(|&row| {
                // A row of an unknown drug is a drug of its own.
                let drug = drugs[row].unwrap_or((drugs.len() + row) as u32);
                part.push(vec![row as u32], labels.of_row[row].clone(), drug);
            }),
            Level::Drug => {
                let mut by_drug: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
                for &row in labelled {
                    if let Some(drug) = drugs[row] {
                        by_drug.entry(drug).or_default().push(row as u32);
                    }
                }
                for (drug, rows) in by_drug {
                    let classes = labels.of_row[rows[0] as usize].clone();
                    part.push(rows, classes, drug);
                }
            }
        }
        part
    }

    /// Returns the same set with its members numbered by their place in `rows`, which are ascending and hold all of them.
    pub(super) fn within(&self, rows: &[usize]) -> Self {
        let place = |&row: &u32| rows.partition_point(|&other| other < row as usize) as u32;
        let members = self.members.iter().map(|members| members.iter().map(place).collect()).collect();
        Self { members, classes: self.classes.clone(), drugs: self.drugs.clone() }
    }

    fn push(&mut self, members: Vec<u32>, classes: Vec<u32>, drug: u32) {
        self.members.push(members);
        self.classes.push(classes);
        self.drugs.push(drug);
    }

    /// Returns the number of rows.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Returns the labels, where every row has one.
    pub fn single(&self) -> Option<Vec<u32>> {
        self.classes
            .iter()
            .map(|classes| <[u32; 1]>::try_from(classes.as_slice()).ok().map(|[class]| class))
            .collect()
    }

    /// Returns the rows of `matrix`, averaged over members; the average is not brought back to unit length (Donner et al.
    /// 2018). With `unit`, members are scaled to unit length first, so that all weigh alike.
    ///
    /// # Errors
    /// [`EvalError::NotFinite`], [`EvalError::ZeroRow`] where `unit` is asked of a row without direction, by the row of
    /// the matrix.
    pub fn values(&self, matrix: &Matrix, unit: bool) -> Result<Vec<f32>, EvalError> {
        let rows = matrix.rows();
        let mut values = Vec::with_capacity(self.len() * rows.dim());
        let mut sums = vec![0.0; rows.dim()];
        for members in &self.members {
            sums.fill(0.0);
            for &row in members {
                let values = rows.row(row as usize);
                let length = length(values);
                if !length.is_finite() {
                    return Err(EvalError::NotFinite { row: (row as usize).into() });
                }
                if unit && length == 0.0 {
                    let is_zero = |row: &[f32]| row.iter().all(|&value| value == 0.0);
                    let count = matrix.first_and_count(is_zero).map_or(0, |(_, count)| count);
                    return Err(EvalError::ZeroRow { row: (row as usize).into(), count });
                }
                let scale = members.len() as f64 * if unit { length } else { 1.0 };
                sums.iter_mut().zip(values).for_each(|(sum, &value)| *sum += f64::from(value) / scale);
            }
            if let ([row], false) = (members.as_slice(), unit) {
                values.extend_from_slice(rows.row(*row as usize));
            } else {
                values.extend(sums.iter().map(|&sum| sum as f32));
            }
        }
        Ok(values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(classes: &[&[u32]]) -> Labels {
        let names = (0..5).map(|class| class.to_string()).collect();
        Labels { names, of_row: classes.iter().map(|classes| classes.to_vec()).collect() }
    }

    #[test]
    fn a_drug_is_the_mean_of_its_unit_signatures() {
        let labels = labels(&[&[1], &[1], &[0, 2], &[]]);
        let drugs = [Some(7), Some(7), Some(3), Some(9)];
        let part = EvalSet::new(&[0, 1, 2, 3], &labels, &drugs, Level::Drug);
        assert_eq!((part.drugs.clone(), part.classes.clone()), (vec![3, 7], vec![vec![0, 2], vec![1]]));
        let matrix = Matrix::new("e", vec![2.0, 0.0, 0.0, 4.0, 3.0, 0.0, 1.0, 1.0], 2).unwrap();
        assert_eq!(part.values(&matrix, true).unwrap(), [1.0, 0.0, 0.5, 0.5]);
        assert_eq!(part.values(&matrix, false).unwrap(), [3.0, 0.0, 1.0, 2.0]);
        assert_eq!(part.single(), None);
    }

    #[test]
    fn signatures_stay_as_they_are_and_those_without_class_are_left_out() {
        let part = EvalSet::new(&[3, 1], &labels(&[&[1], &[1], &[2], &[]]), &[None; 4], Level::Signature);
        assert_eq!((part.members.clone(), part.single()), (vec![vec![1]], Some(vec![1])));
        let matrix = Matrix::new("e", vec![0.0, 0.0, 0.3, 0.1, 0.0, 1.0, 1.0, 1.0], 2).unwrap();
        assert_eq!(part.values(&matrix, false).unwrap(), [0.3, 0.1]);
    }
}
