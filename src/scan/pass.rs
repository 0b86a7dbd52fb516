//! One reading of a matrix: blocks of signatures, scored on all threads.

use std::ops::Range;

use rayon::prelude::*;

use super::ScanError;
use crate::connectivity::{Score, Scratch};
use crate::profile::{MatrixFile, ProfileError};
use crate::progress::Progress;

/// Bytes of values in a block. Two are in memory at a time: one is read while the other is scored.
const BLOCK_BYTES: usize = 32 << 20;
/// Bytes of scores in a block.
const SCORE_BYTES: usize = 32 << 20;

/// Signatures of a matrix that are scored for some questions.
pub(super) struct Pass<'a> {
    pub file: &'a mut MatrixFile,
    /// Columns of the file, ascending.
    pub columns: &'a [usize],
    pub scores: &'a [Box<dyn Score>],
    /// The most signatures in a block, beside what memory allows.
    pub block: usize,
    pub progress: &'a dyn Progress,
}

impl Pass<'_> {
    /// Calls `each` with the scores of one block after another: the place of its first signature among the columns, and
    /// signatures x questions numbers, row-major. What has no score is NaN.
    pub fn run<E: From<ScanError>>(
        mut self,
        each: impl FnMut(usize, &mut [f32]) -> Result<(), E>,
    ) -> Result<(), E> {
        self.progress.begin("scoring signatures", self.columns.len() as u64);
        let done = self.run_blocks(each);
        self.progress.end();
        done
    }

    fn run_blocks<E: From<ScanError>>(
        &mut self,
        mut each: impl FnMut(usize, &mut [f32]) -> Result<(), E>,
    ) -> Result<(), E> {
        let rows: Vec<usize> = (0..self.file.row_count()).collect();
        let Self { columns, scores, progress, .. } = *self;
        let blocks = self.blocks();
        let mut read = |block: &Range<usize>| self.file.read(&rows, &columns[block.clone()]);
        let mut values = blocks.first().map(&mut read).transpose().map_err(failed)?;
        for (at, block) in blocks.iter().enumerate() {
            let (now, next) = (values.take().unwrap_or_default(), blocks.get(at + 1));
            let (mut found, read) =
                rayon::join(|| scored(scores, rows.len(), &now), || next.map(&mut read).transpose());
            each(block.start, &mut found)?;
            progress.advance(block.len() as u64);
            values = read.map_err(failed)?;
        }
        Ok(())
    }

    /// Blocks of places. They end where the file is best read in parts, so that nothing is unpacked twice.
    fn blocks(&self) -> Vec<Range<usize>> {
        let fits = |bytes: usize, values: usize| (bytes / size_of::<f32>() / values.max(1)).max(1);
        let most = fits(BLOCK_BYTES, self.file.row_count()).min(fits(SCORE_BYTES, self.scores.len()));
        let size = self.file.preferred_block().min(most).min(self.block).max(1);
        let together = self.columns.chunk_by(|a, b| a / size == b / size);
        let mut end = 0;
        let blocks = together.map(|columns| {
            let start = end;
            end += columns.len();
            start..end
        });
        blocks.collect()
    }
}

/// The scores of some profiles of `genes` values, profile by profile.
fn scored(scores: &[Box<dyn Score>], genes: usize, values: &[f32]) -> Vec<f32> {
    let mut found = vec![f32::NAN; values.len() / genes * scores.len()];
    let profiles = values.par_chunks_exact(genes).zip(found.par_chunks_exact_mut(scores.len()));
    profiles.for_each_init(Scratch::default, |scratch, (profile, found)| {
        for (score, found) in scores.iter().zip(found) {
            let score = score.score(profile, scratch).map_or(f32::NAN, |score| score as f32);
            *found = if score.is_finite() { score } else { f32::NAN };
        }
    });
    found
}

fn failed<E: From<ScanError>>(error: ProfileError) -> E {
    E::from(error.into())
}
