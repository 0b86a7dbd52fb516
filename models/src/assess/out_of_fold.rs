//! Embeddings of profiles by networks that have not seen them.

use std::path::Path;

use l1kdb::profile::{write_npy, write_tsv};

use super::Fold;
use crate::{Dataset, TrainError};

/// The embeddings of the profiles that folds hold out, each made by the network of its fold. Distances between those of
/// different folds mean nothing: they lie in different spaces.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct OutOfFold {
    rows: Vec<usize>,
    values: Vec<f32>,
    dimension: usize,
}

impl OutOfFold {
    /// Adds a fold's held-out profiles (n x `dimension`, row-major, in the order of the fold). No profile may come twice,
    /// so this is for the folds of one repeat.
    pub fn add(&mut self, fold: &Fold, embeddings: &[f32], dimension: usize) {
        self.rows.extend(&fold.split.held_out);
        self.values.extend(embeddings);
        self.dimension = dimension;
    }

    /// Writes `path`, whose name should end in `.npy`, and beside it the signature ids of its rows under `.ids.tsv`, as
    /// `l1kdb embed` does. Rows are in the order of the data; profiles that no fold holds out are left out.
    ///
    /// # Errors
    /// [`TrainError::Profile`] when they cannot be written, or the folds differ in dimension.
    pub fn write(&self, path: &Path, dataset: &Dataset) -> Result<(), TrainError> {
        let mut order: Vec<usize> = (0..self.rows.len()).collect();
        order.sort_by_key(|&at| self.rows[at]);
        let rows = order.iter().filter_map(|&at| self.values.chunks(self.dimension.max(1)).nth(at));
        let values: Vec<f32> = rows.flatten().copied().collect();
        let ids: Vec<String> = order.iter().map(|&at| dataset.ids[self.rows[at]].clone()).collect();
        write_npy(path, &values, self.dimension)?;
        Ok(write_tsv(path.with_extension("ids.tsv"), &ids, &[], &[])?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Split;
    use std::fs;

    #[test]
    fn held_out_rows_are_written_in_the_order_of_the_data() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("whiten.npy");
        let drugs = ["a", "b", "c", "d"].map(str::to_owned);
        let mut dataset = Dataset::new(Vec::new(), &drugs, &[None; 4]);
        dataset.ids = ["s0", "s1", "s2", "s3"].map(str::to_owned).into();
        let fold = |number, held_out: &[usize]| Fold {
            repeat: 0,
            number,
            split: Split { train: Vec::new(), held_out: held_out.to_vec() },
            seed: 0,
        };
        let mut kept = OutOfFold::default();
        kept.add(&fold(0, &[1, 3]), &[1.0, 1.5, 3.0, 3.5], 2);
        kept.add(&fold(1, &[0]), &[0.0, 0.5], 2);
        kept.write(&path, &dataset).unwrap();
        let bytes = fs::read(&path).unwrap();
        let values: Vec<f32> = bytes[bytes.len() - 24..]
            .as_chunks::<4>()
            .0
            .iter()
            .map(|&value| f32::from_le_bytes(value))
            .collect();
        assert_eq!(values, [0.0, 0.5, 1.0, 1.5, 3.0, 3.5]);
        let ids = fs::read_to_string(folder.path().join("whiten.ids.tsv")).unwrap();
        assert_eq!(ids.lines().skip(1).collect::<Vec<_>>(), ["s0", "s1", "s3"]);
    }
}
