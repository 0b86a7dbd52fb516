//! What all scores of a profile have in common, and scoring many profiles.

use rayon::prelude::*;

use super::order::Order;

/// A query that is ready to be scored against profiles. All scores are positive for "acts alike".
pub trait Score: Send + Sync {
    /// Returns the number of values in a profile.
    fn genes(&self) -> usize;

    /// Computes the score of a profile; `None` where it is undefined, as it is where a value that counts is not finite.
    ///
    /// # Panics
    /// When the profile is not of [`genes`](Self::genes) values.
    fn score(&self, profile: &[f32], scratch: &mut Scratch) -> Option<f64>;
}

/// A score with its sign changed: what acts most against the query comes first.
pub struct Reversed(Box<dyn Score>);

impl Reversed {
    /// Changes the sign of a score.
    pub fn new(score: Box<dyn Score>) -> Self {
        Self(score)
    }
}

impl Score for Reversed {
    fn genes(&self) -> usize {
        self.0.genes()
    }

    fn score(&self, profile: &[f32], scratch: &mut Scratch) -> Option<f64> {
        self.0.score(profile, scratch).map(|score| -score)
    }
}

/// Memory that a thread uses again from profile to profile. What it holds changes no score.
#[derive(Debug, Default)]
pub struct Scratch {
    /// The order of the profile.
    pub(super) order: Order,
    /// Values of the genes that a query has.
    pub(super) matched: Vec<f32>,
    /// Positions of genes of the up set and of the down set.
    pub(super) hits: [Vec<u32>; 2],
}

/// Profiles that a thread scores at least before it hands the rest on.
const BLOCK: usize = 256;

/// Computes the scores of profiles 0 to `profiles - 1` on all threads, in their order. `read` writes a profile to memory of
/// [`Score::genes`] values.
///
/// ```
/// use l1kdb::connectivity::{CosineQuery, scores};
///
/// let profiles = [[1.0, 2.0], [-2.0, 1.0], [0.0, 0.0]];
/// let query = CosineQuery::new(&[2.0, 4.0])?;
/// let found = scores(&query, 3, |profile, values| values.copy_from_slice(&profiles[profile]));
/// assert_eq!(found, [Some(1.0), Some(0.0), None]);
/// # Ok::<(), l1kdb::connectivity::ConnectivityError>(())
/// ```
pub fn scores<S: Score + ?Sized>(
    score: &S,
    profiles: usize,
    read: impl Fn(usize, &mut [f32]) + Sync,
) -> Vec<Option<f64>> {
    let memory = || (Scratch::default(), vec![0.0; score.genes()]);
    let of_profile = |(scratch, values): &mut (Scratch, Vec<f32>), profile| {
        read(profile, values);
        score.score(values, scratch)
    };
    (0..profiles).into_par_iter().with_min_len(BLOCK).map_init(memory, of_profile).collect()
}
