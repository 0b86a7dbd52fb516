//! Progress on standard error, and the wish to stop.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use indicatif::{ProgressBar, ProgressStyle};
use l1kdb::progress::Progress;
use l1kdb::report::visible;
use l1kdb_models::{State, TrainError, Watch};

/// A progress bar on standard error, silent when that is no terminal.
#[derive(Default)]
pub struct Bar(Mutex<Option<ProgressBar>>);

impl Bar {
    fn current(&self) -> MutexGuard<'_, Option<ProgressBar>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Progress for Bar {
    fn begin(&self, task: &str, total: u64) {
        let template = if total == 0 {
            "{msg} {spinner} {human_pos}"
        } else {
            "{msg} {wide_bar} {human_pos}/{human_len} {per_sec} eta {eta}"
        };
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = ProgressBar::new(total).with_style(style).with_message(visible(task).into_owned());
        *self.current() = Some(bar);
    }

    fn advance(&self, done: u64) {
        if let Some(bar) = &*self.current() {
            bar.inc(done);
        }
    }

    fn end(&self) {
        if let Some(bar) = self.current().take() {
            bar.finish_and_clear();
        }
    }
}

/// Shows a training in progress, and ends it when Ctrl-C has been pressed.
pub struct Terminal {
    bar: Bar,
    task: String,
    batch: u64,
    stop: &'static AtomicBool,
}

impl Terminal {
    /// Watches for Ctrl-C from now on. A second one ends the process at once.
    pub fn new() -> Self {
        Self { bar: Bar::default(), task: "training".to_owned(), batch: 1, stop: interrupted() }
    }
}

/// Set by the first Ctrl-C.
fn interrupted() -> &'static AtomicBool {
    static STOP: AtomicBool = AtomicBool::new(false);
    static HANDLER: OnceLock<()> = OnceLock::new();
    HANDLER.get_or_init(|| {
        let handler = || {
            if STOP.swap(true, Ordering::Relaxed) {
                std::process::exit(130);
            }
        };
        // Without a handler Ctrl-C ends the process; the last checkpoint is there all the same.
        let _ = ctrlc::set_handler(handler);
    });
    &STOP
}

impl Watch for Terminal {
    fn task(&mut self, name: &str) {
        name.clone_into(&mut self.task);
    }

    fn begin(&mut self, state: &State, batch: usize) {
        self.batch = batch as u64;
        self.bar.begin(&self.task, state.steps * self.batch);
        self.bar.advance(state.step * self.batch);
    }

    fn stepped(&mut self, state: &State) -> Result<(), TrainError> {
        self.bar.advance(self.batch);
        if self.stop.load(Ordering::Relaxed) {
            self.bar.end();
            return Err(TrainError::Interrupted { step: state.step });
        }
        Ok(())
    }

    fn looked(&mut self, state: &State) -> Result<(), TrainError> {
        if let (Some(bar), Some(look)) = (&*self.bar.current(), state.looks.last()) {
            let seen =
                look.validation.map_or(String::new(), |seen| format!(", validation AUC {:.3}", seen.auc));
            bar.set_message(format!("{}: loss {:.3}{seen}", self.task, look.loss));
        }
        Ok(())
    }

    fn end(&mut self) {
        self.bar.end();
    }

    fn progress(&self) -> &dyn Progress {
        &self.bar
    }
}
