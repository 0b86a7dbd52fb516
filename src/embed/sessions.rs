//! The sessions of an opened network.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::backend::Session;
use super::port::Profiles;
use super::{EmbedError, Engine};

/// The engine of a network and the sessions that nobody uses at the moment.
///
/// A session is run by one thread at a time, so every thread has its own; one of a network of this size costs a few
/// milliseconds and about a megabyte.
pub(super) struct Sessions {
    pub(super) engine: Engine,
    idle: Mutex<Vec<Box<dyn Session>>>,
}

/// The bytes of a network and where they are from.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) onnx: &'a [u8],
    pub(super) origin: &'a str,
}

impl Source<'_> {
    /// Opens a session.
    ///
    /// # Errors
    /// [`EmbedError::Session`] when the engine refuses the network.
    pub(super) fn open(self, engine: &Engine) -> Result<Box<dyn Session>, EmbedError> {
        engine.open(self.onnx).map_err(|detail| EmbedError::Session {
            origin: self.origin.to_owned(),
            engine: engine.to_string(),
            detail,
        })
    }
}

impl Sessions {
    /// Takes an engine and the first session that it opened.
    pub(super) fn new(engine: Engine, first: Box<dyn Session>) -> Self {
        Self { engine, idle: Mutex::new(vec![first]) }
    }

    /// Runs the network on rows of `width` numbers each; `first_row` is for errors.
    ///
    /// # Errors
    /// [`EmbedError::Run`] when the engine fails.
    pub(super) fn run(
        &self,
        source: Source<'_>,
        (first_row, width): (usize, usize),
        rows: &[f32],
        output: &mut [f32],
    ) -> Result<(), EmbedError> {
        let idle = lock(&self.idle).pop();
        let mut session = match idle {
            Some(session) => session,
            None => source.open(&self.engine)?,
        };
        session.run(&mut Profiles::new(rows, width, output)).map_err(|detail| EmbedError::Run {
            origin: source.origin.to_owned(),
            engine: self.engine.to_string(),
            first_row,
            rows: rows.len() / width,
            detail,
        })?;
        lock(&self.idle).push(session);
        Ok(())
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
