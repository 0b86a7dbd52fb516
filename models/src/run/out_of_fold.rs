//! Embeddings of profiles by networks that have not seen them.

use std::collections::BTreeMap;
use std::path::Path;

use l1kdb::profile::{write_npy, write_tsv};
use l1kdb::split::Fold;
use l1kdb::study::Matrix;

use crate::{Dataset, TrainError};

/// The embeddings of the profiles that folds hold out, each made by the network of its fold. Distances between those of
/// different folds mean nothing: they lie in different spaces.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct OutOfFold(BTreeMap<usize, Vec<f32>>);

impl OutOfFold {
    /// Adds the embeddings of a fold's held-out profiles, in the order of the fold. No profile may come twice, so this is for
    /// the folds of one repeat.
    pub fn add(&mut self, fold: &Fold, embeddings: &Matrix) {
        let embeddings = embeddings.rows().iter().map(<[f32]>::to_vec);
        self.0.extend(fold.held_out.iter().copied().zip(embeddings));
    }

    /// Writes `path`, whose name should end in `.npy`, and beside it the signature ids of its rows under `.ids.tsv`, as
    /// `l1kdb embed` does. Rows are in the order of the data; profiles that no fold holds out are left out.
    ///
    /// # Errors
    /// [`TrainError::Profile`] when they cannot be written, or the folds differ in dimension.
    pub fn write(&self, path: &Path, dataset: &Dataset) -> Result<(), TrainError> {
        let values: Vec<f32> = self.0.values().flatten().copied().collect();
        let ids: Vec<String> = self.0.keys().map(|&row| dataset.study.rows[row].id.clone()).collect();
        write_npy(path, &values, values.len() / ids.len().max(1))?;
        Ok(write_tsv(path.with_extension("ids.tsv"), &ids, &[], &[])?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use l1kdb::profile::GENES;
    use std::fs;

    #[test]
    fn held_out_rows_are_written_in_the_order_of_the_data() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("whiten.npy");
        let drugs = ["a", "b", "c", "d"].map(str::to_owned);
        let mut dataset = Dataset::new(vec![0.0; 4 * GENES], &drugs, &[None; 4]).unwrap();
        dataset.study.rows.iter_mut().enumerate().for_each(|(at, row)| row.id = format!("s{at}"));
        let fold = |name: &str, held_out: &[usize]| Fold {
            repeat: 0,
            name: name.to_owned(),
            train: Vec::new(),
            held_out: held_out.to_vec(),
        };
        let mut kept = OutOfFold::default();
        kept.add(&fold("1", &[1, 3]), &Matrix::new("a", vec![1.0, 1.5, 3.0, 3.5], 2).unwrap());
        kept.add(&fold("2", &[0]), &Matrix::new("b", vec![0.0, 0.5], 2).unwrap());
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
