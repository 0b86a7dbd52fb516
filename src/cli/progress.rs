//! Progress bars on stderr. The only file that names `indicatif`.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use l1kdb::progress::Progress;
use l1kdb::report::visible;

/// Work shorter than this shows no bar.
const PATIENCE: Duration = Duration::from_millis(700);

/// A bar for each task that takes a while. Nothing is drawn where stderr is not a terminal.
#[derive(Debug, Default)]
pub struct Bars(Mutex<Option<Bar>>);

#[derive(Debug)]
struct Bar {
    bar: ProgressBar,
    began: Instant,
}

impl Bar {
    fn new(task: &str, total: u64) -> Self {
        let bar = if total > 0 { ProgressBar::new(total) } else { ProgressBar::new_spinner() };
        bar.set_draw_target(ProgressDrawTarget::hidden());
        bar.set_message(visible(task).into_owned());
        if total > 0 {
            let style =
                ProgressStyle::with_template("{msg:>24} {bar:30} {human_pos}/{human_len}  {eta} left");
            bar.set_style(style.expect("the template is constant"));
        }
        Self { bar, began: Instant::now() }
    }

    fn show_if_slow(&self) {
        if self.bar.is_hidden() && self.began.elapsed() > PATIENCE && std::io::stderr().is_terminal() {
            self.bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(10));
        }
    }
}

impl Progress for Bars {
    fn begin(&self, task: &str, total: u64) {
        self.end();
        *self.lock() = Some(Bar::new(task, total));
    }

    fn advance(&self, done: u64) {
        if let Some(bar) = &*self.lock() {
            bar.bar.inc(done);
            bar.show_if_slow();
        }
    }

    fn end(&self) {
        if let Some(bar) = self.lock().take() {
            bar.bar.finish_and_clear();
        }
    }

    fn note(&self, text: &str) {
        self.end();
        super::note(text);
    }
}

impl Bars {
    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Bar>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Drop for Bars {
    /// An error may leave a bar standing; the message about it belongs on a clean line.
    fn drop(&mut self) {
        self.end();
    }
}
