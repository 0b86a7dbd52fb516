//! Batches side by side, on threads of their own.

use std::{
    sync::{Mutex, PoisonError},
    thread,
};

use super::sessions::lock;

/// Does `work` on all items and their numbers, on this thread and `threads` - 1 others or as many as have work, and returns the
/// first error in the order of the items: which thread is ahead must not show.
///
/// Not rayon's threads: one that waits for an engine's own thread would begin the next batch meanwhile, with a session of
/// its own, and so on until the memory is full.
pub(super) fn spread<T: Send, E: Send>(
    threads: usize,
    items: impl ExactSizeIterator<Item = T> + Send,
    work: impl Fn(usize, T) -> Result<(), E> + Sync,
) -> Result<(), E> {
    let threads = threads.min(items.len());
    let (items, failed) = (Mutex::new(items.enumerate()), Mutex::new(None));
    let work_on = || {
        while let Some((number, item)) = lock(&items).next() {
            let Err(error) = work(number, item) else { continue };
            let mut failed = lock(&failed);
            if failed.as_ref().is_none_or(|&(first, _)| number < first) {
                *failed = Some((number, error));
            }
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads {
            // Where the system gives no threads it is slower, and the same result.
            let _ = thread::Builder::new().spawn_scoped(scope, work_on);
        }
        work_on();
    });
    failed.into_inner().unwrap_or_else(PoisonError::into_inner).map_or(Ok(()), |(_, error)| Err(error))
}
