//! Does the exported network compute what the trained one does?

use l1kdb::embed::{EngineOptions, Model};
use l1kdb::profile::{GENES, ProfileMatrix};

use crate::train::Trained;
use crate::{Dataset, TrainError};

/// The largest difference of a coordinate that is put down to rounding.
///
/// An embedding that all but vanishes before it is brought to unit length has its rounding blown up by that; where it
/// is shorter than [`SHORT`] of the median, the difference may grow in proportion.
pub const TOLERANCE: f32 = 1e-5;

/// See [`TOLERANCE`].
pub const SHORT: f32 = 0.1;

/// Profiles compared at most.
const SAMPLE: usize = 1_000;

/// Compares the trainer's embeddings of `values` (n x 978 z-scores) with those that `exported` gives for them, and
/// returns the largest difference of a coordinate, those of vanishing embeddings scaled down.
///
/// # Errors
/// Those of `exported`, and [`TrainError::Parity`] when a coordinate differs by more than [`TOLERANCE`], is no
/// number, or is missing.
pub fn compare(
    trained: &Trained,
    values: &[f32],
    exported: impl Fn(&[f32]) -> Result<Vec<f32>, TrainError>,
) -> Result<f32, TrainError> {
    let (expected, lengths) = trained.embed_with_lengths(values);
    let found = exported(values)?;
    let mut largest = if expected.len() == found.len() { 0.0 } else { f32::INFINITY };
    let dim = trained.network.architecture.dim();
    let rows = expected.chunks_exact(dim).zip(found.chunks_exact(dim));
    for ((expected, found), allowance) in rows.zip(allowances(&lengths)) {
        let differences = expected.iter().zip(found).map(|(expected, found)| (expected - found).abs());
        // `max` would pass over what is no number.
        let difference =
            differences.fold(0.0, |most: f32, d| if d.is_nan() { f32::INFINITY } else { most.max(d) });
        largest = f32::max(largest, difference / allowance);
    }
    if largest <= TOLERANCE {
        Ok(largest)
    } else {
        Err(TrainError::Parity { found: largest, expected: TOLERANCE })
    }
}

/// By how much the rounding of every row may be blown up; 1 for nearly all.
fn allowances(lengths: &[f32]) -> impl Iterator<Item = f32> {
    let mut sorted = lengths.to_vec();
    sorted.sort_unstable_by(f32::total_cmp);
    let short = SHORT * sorted.get(sorted.len() / 2).copied().unwrap_or(0.0);
    lengths.iter().map(move |&length| (short / length).max(1.0))
}

/// Loads the model as a database would, embeds profiles spread over `dataset`, and [compares](compare). Returns the
/// largest difference and the engine that ran.
///
/// # Errors
/// [`TrainError::Embed`] when the model is refused or cannot be run, and [`TrainError::Parity`].
pub fn check(
    trained: &Trained,
    dataset: &Dataset,
    card: &str,
    onnx: &[u8],
    engine: &EngineOptions,
) -> Result<(f32, String), TrainError> {
    let model = Model::from_parts(card.to_owned(), onnx.to_vec(), "the exported model", engine)?;
    let sample: Vec<usize> =
        (0..SAMPLE.min(dataset.len())).map(|at| at * dataset.len() / SAMPLE.min(dataset.len())).collect();
    let largest = compare(trained, &dataset.profiles(&sample), |values| embed_with(&model, values))?;
    let engine =
        model.engine().map_or_else(String::new, |engine| format!("{} {}", engine.name(), engine.version()));
    Ok((largest, engine))
}

/// Embeddings, row-major, of z-scores (n x 978) as a model gives them in use.
///
/// # Errors
/// [`TrainError::Embed`] when the model cannot be run.
pub fn embed_with(model: &Model, values: &[f32]) -> Result<Vec<f32>, TrainError> {
    let ids = (0..values.len() / GENES).map(|row| row.to_string()).collect();
    Ok(model.embed(&ProfileMatrix::new(ids, values.to_vec())?)?.into_values())
}
