//! A part of a network, opened by an engine, and its sessions.

use super::super::sessions::{Sessions, Source};
use super::super::spread::spread;
use super::super::{EmbedError, Engine, Model};

/// Rows a run: what bulk embedding takes, see `benches/RESULTS.md`.
const BATCH: usize = 512;

/// A network from rows of one width to rows of another.
pub(super) struct Part {
    onnx: Vec<u8>,
    widths: [usize; 2],
    origin: String,
    batch: usize,
    sessions: Sessions,
}

impl Part {
    /// Opens a network on the engine of a model.
    ///
    /// # Errors
    /// [`EmbedError::Session`] when the engine refuses it.
    pub(super) fn open(
        model: &Model,
        engine: &Engine,
        onnx: Vec<u8>,
        widths: [usize; 2],
    ) -> Result<Self, EmbedError> {
        let origin = model.origin().to_owned();
        let batch = BATCH.min(model.largest_batch());
        let session = Source { onnx: &onnx, origin: &origin }.open(engine)?;
        Ok(Self { onnx, widths, origin, batch, sessions: Sessions::new(engine.clone(), session) })
    }

    /// Runs the network on rows, batches of them side by side.
    ///
    /// # Errors
    /// [`EmbedError::Run`] when the engine fails, or gives rows of another width.
    pub(super) fn run(&self, rows: &[f32]) -> Result<Vec<f32>, EmbedError> {
        let [from, to] = self.widths;
        let mut output = vec![0.0; rows.len() / from * to];
        let source = Source { onnx: &self.onnx, origin: &self.origin };
        let batches = rows.chunks(self.batch * from).zip(output.chunks_mut(self.batch * to));
        spread(rayon::current_num_threads(), batches, |number, (rows, output)| {
            self.sessions.run(source, (number * self.batch, from), rows, output)
        })?;
        Ok(output)
    }
}
