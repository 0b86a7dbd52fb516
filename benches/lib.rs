//! What the benchmarks share. Results and machine: `RESULTS.md`.

use std::time::{Duration, Instant};

/// What a stretch of work took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cost {
    /// Time of this thread on a processor; on other systems than Linux the wall time.
    pub thread: Duration,
    /// Wall time.
    pub wall: Duration,
}

/// Measures `work`, which must stay on this thread. On a machine that others use too, the thread's own time is the
/// one that can be compared.
pub fn cost<T>(work: impl FnOnce() -> T) -> (Cost, T) {
    let (start, wall) = (thread_time(), Instant::now());
    let result = std::hint::black_box(work());
    let wall = wall.elapsed();
    let thread = match (start, thread_time()) {
        (Some(start), Some(end)) => end - start,
        _ => wall,
    };
    (Cost { thread, wall }, result)
}

/// Nanoseconds on a processor, the first number of the scheduler's statistics of this thread.
fn thread_time() -> Option<Duration> {
    let statistics = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    statistics.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
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
