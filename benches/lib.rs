//! What the benchmarks share. Results and machine: `RESULTS.md`.

use std::time::{Duration, Instant};

/// The time that `work` takes.
pub fn time<T>(work: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    std::hint::black_box(work());
    start.elapsed()
}

/// The middle one of `times`, the upper of the two for an even number.
///
/// # Panics
/// When there are none.
#[must_use]
pub fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// Milliseconds, for tables.
#[must_use]
pub fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
