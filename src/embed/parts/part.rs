//! A part of a network, opened by an engine, and its sessions.

use std::sync::Mutex;

use super::super::backend::Session;
use super::super::network::lock;
use super::super::port::Profiles;
use super::super::spread::spread;
use super::super::{EmbedError, Engine, Model};

/// Rows a run: what bulk embedding takes, see `benches/RESULTS.md`.
const BATCH: usize = 512;

/// A network from rows of one width to rows of another.
pub(super) struct Part {
    onnx: Vec<u8>,
    widths: [usize; 2],
    origin: String,
    engine: Engine,
    batch: usize,
    /// Sessions that no thread uses at the moment.
    idle: Mutex<Vec<Box<dyn Session>>>,
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
        let (origin, engine) = (model.origin().to_owned(), engine.clone());
        let batch = BATCH.min(model.largest_batch());
        let part = Self { onnx, widths, origin, engine, batch, idle: Mutex::default() };
        let session = part.session()?;
        lock(&part.idle).push(session);
        Ok(part)
    }

    /// Runs the network on rows, batches of them side by side.
    ///
    /// # Errors
    /// [`EmbedError::Run`] when the engine fails, or gives rows of another width.
    pub(super) fn run(&self, rows: &[f32]) -> Result<Vec<f32>, EmbedError> {
        let [from, to] = self.widths;
        let mut output = vec![0.0; rows.len() / from * to];
        let batches = rows.chunks(self.batch * from).zip(output.chunks_mut(self.batch * to));
        spread(rayon::current_num_threads(), batches, |number, (rows, output)| {
            self.batch(number * self.batch, rows, output)
        })?;
        Ok(output)
    }

    fn batch(&self, first_row: usize, rows: &[f32], output: &mut [f32]) -> Result<(), EmbedError> {
        let idle = lock(&self.idle).pop();
        let mut session = match idle {
            Some(session) => session,
            None => self.session()?,
        };
        let width = self.widths[0];
        session.run(&mut Profiles::new(rows, width, output)).map_err(|detail| EmbedError::Run {
            origin: self.origin.clone(),
            engine: self.engine.to_string(),
            first_row,
            rows: rows.len() / width,
            detail,
        })?;
        lock(&self.idle).push(session);
        Ok(())
    }

    fn session(&self) -> Result<Box<dyn Session>, EmbedError> {
        self.engine.open(&self.onnx).map_err(|detail| EmbedError::Session {
            origin: self.origin.clone(),
            engine: self.engine.to_string(),
            detail,
        })
    }
}
