//! Profiles to unit vectors, batch by batch and on several threads.

use super::{EmbedError, Model, Provider, model::Kind, spread::spread};
use crate::profile::{GENES, ProfileMatrix};

/// Unit vectors of the signatures of a [`ProfileMatrix`], in its order.
#[derive(Debug, Clone, PartialEq)]
pub struct Embeddings {
    dim: usize,
    values: Vec<f32>,
}

impl Embeddings {
    /// Coordinates of an embedding.
    #[must_use]
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// Returns the number of embeddings.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len() / self.dim
    }

    /// Tells whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Returns the embedding of signature `row`, of length 1.
    ///
    /// # Panics
    /// When `row` is not below [`len`](Self::len), as a slice does.
    #[must_use]
    pub fn row(&self, row: usize) -> &[f32] {
        &self.values[row * self.dim..][..self.dim]
    }

    /// Returns all coordinates, signatures x dimension, row-major.
    #[must_use]
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// Returns the same, without a copy.
    #[must_use]
    pub fn into_values(self) -> Vec<f32> {
        self.values
    }
}

/// How the work is cut and spread. The default fits; benchmarks and tests choose. The choice changes no embedding
/// by more than 1e-6.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
#[must_use]
pub struct EmbedOptions {
    /// Threads; `None` for those of the current rayon pool. A GPU and up to 64 profiles are fed by one.
    pub threads: Option<usize>,
    /// Profiles a run, or fewer where a network is so large that memory allows no more; `None` for what was measured to
    /// be fast.
    pub batch: Option<usize>,
}

impl EmbedOptions {
    /// Sets the threads.
    pub fn threads(self, threads: usize) -> Self {
        Self { threads: Some(threads), ..self }
    }

    /// Sets the profiles a run.
    pub fn batch(self, batch: usize) -> Self {
        Self { batch: Some(batch), ..self }
    }
}

/// Larger batches leave the cache, smaller ones pay more for the calls: see `benches/RESULTS.md`.
const LARGEST_BATCH: usize = 512;
const SMALLEST_BATCH: usize = 64;
/// A GPU waits for the transfer, not for the product.
const GPU_BATCH: usize = 8192;

impl Model {
    /// Embeds every profile of `profiles`. Of profiles with more genes the landmarks count.
    ///
    /// The network is opened if it was not (see [`Model::prepare`]).
    ///
    /// ```
    /// use l1kdb::{embed::Model, profile::ProfileMatrix};
    /// let mut profile = vec![0.0; 978];
    /// (profile[0], profile[977]) = (3.0, -4.0);
    /// let profiles = ProfileMatrix::new(vec!["A375_6H:BRD-K1".into()], profile)?;
    /// let embeddings = Model::identity().embed(&profiles)?;
    /// assert_eq!((embeddings.len(), embeddings.dim()), (1, 978));
    /// assert_eq!((embeddings.row(0)[0], embeddings.row(0)[977]), (0.6, -0.8));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`EmbedError::Zero`] names the first signature whose profile has no direction, with any model: what a network
    /// makes of it is its bias, which says nothing about a drug.
    /// [`EmbedError::NotUnit`] and [`EmbedError::Run`] when the network fails; the errors of [`Model::prepare`].
    pub fn embed(&self, profiles: &ProfileMatrix) -> Result<Embeddings, EmbedError> {
        self.embed_with(profiles, &EmbedOptions::default())
    }

    /// [`embed`](Self::embed) with threads and batch of the caller's choice.
    ///
    /// # Errors
    /// As [`embed`](Self::embed).
    pub fn embed_with(
        &self,
        profiles: &ProfileMatrix,
        options: &EmbedOptions,
    ) -> Result<Embeddings, EmbedError> {
        self.prepare()?;
        let dim = self.dim();
        let mut values = vec![0.0; profiles.len() * dim];
        let on_gpu = self.engine().is_some_and(|engine| engine.provider() == Provider::Cuda);
        // A query of a few profiles is done before a pool of threads has started.
        let alone = on_gpu || profiles.len() <= SMALLEST_BATCH;
        let threads = if alone { Some(1) } else { options.threads };
        let threads = threads.unwrap_or_else(rayon::current_num_threads).max(1);
        let rows = options.batch.unwrap_or_else(|| batch_for(profiles.len(), threads, on_gpu));
        let rows = rows.clamp(1, self.largest_batch());
        let landmarks = profiles.landmarks();
        let batches = landmarks.chunks(rows * GENES).zip(values.chunks_mut(rows * dim));
        spread(threads, batches, |number, (profiles_of, out)| {
            Batch { first_row: number * rows, ids: profiles.ids(), profiles: profiles_of }.embed(self, out)
        })?;
        Ok(Embeddings { dim, values })
    }
}

/// Profiles a run, so that all threads have work and no batch is larger than is fast.
fn batch_for(profiles: usize, threads: usize, on_gpu: bool) -> usize {
    if on_gpu { GPU_BATCH } else { profiles.div_ceil(threads).clamp(SMALLEST_BATCH, LARGEST_BATCH) }
}

/// Some rows of a matrix.
struct Batch<'a> {
    first_row: usize,
    ids: &'a [String],
    profiles: &'a [f32],
}

impl Batch<'_> {
    fn embed(&self, model: &Model, embeddings: &mut [f32]) -> Result<(), EmbedError> {
        self.check()?;
        match model.kind() {
            Kind::Identity => embeddings.copy_from_slice(self.profiles),
            Kind::Network(network) => network.run(self.first_row, self.profiles, embeddings)?,
        }
        for (offset, embedding) in embeddings.chunks_mut(model.dim()).enumerate() {
            let length = normalise(embedding);
            let is_unit = (length - 1.0).abs() <= UNIT_TOLERANCE; // false for NaN
            if model.is_network() && !is_unit {
                return Err(self.not_unit(model, offset, length));
            }
        }
        Ok(())
    }

    /// A matrix holds finite values only; what is left to refuse is the profile that points nowhere.
    fn check(&self) -> Result<(), EmbedError> {
        let is_zero = |profile: &[f32]| profile.iter().all(|&value| value == 0.0);
        match self.profiles.chunks(GENES).position(is_zero) {
            None => Ok(()),
            Some(offset) => {
                let (id, row) = self.signature(offset);
                Err(EmbedError::Zero { id, row })
            }
        }
    }

    fn not_unit(&self, model: &Model, offset: usize, length: f64) -> EmbedError {
        let (id, row) = self.signature(offset);
        EmbedError::NotUnit { origin: model.origin().to_owned(), id, row, length }
    }

    fn signature(&self, offset: usize) -> (String, usize) {
        let row = self.first_row + offset;
        (self.ids[row].clone(), row)
    }
}

/// How far from 1 the length of a network's output may be: rounding, not a missing normalisation.
const UNIT_TOLERANCE: f64 = 1e-3;

/// Scales `vector` to length 1 and returns the length it had. In f64: the squares of large f32 overflow in f32.
fn normalise(vector: &mut [f32]) -> f64 {
    let length = vector.iter().map(|&value| f64::from(value).powi(2)).sum::<f64>().sqrt();
    #[expect(clippy::cast_possible_truncation, reason = "a coordinate of a unit vector")]
    vector.iter_mut().for_each(|value| *value = (f64::from(*value) / length) as f32);
    length
}
