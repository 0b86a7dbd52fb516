//! Does the exported network compute what the trained one does?

use l1kdb::embed::{EngineOptions, Model};
use l1kdb::profile::{GENES, ProfileMatrix};

use crate::train::Trained;
use crate::{Dataset, TrainError};

/// The largest difference of a coordinate that is put down to rounding.
pub const TOLERANCE: f32 = 1e-5;

/// Profiles compared at most.
const SAMPLE: usize = 512;

/// Compares the trainer's embeddings of `values` (n x 978 z-scores) with those that `exported` gives for them, and
/// returns the largest difference of a coordinate.
///
/// # Errors
/// Those of `exported`, and [`TrainError::Parity`] when a coordinate differs by more than [`TOLERANCE`], is no
/// number, or is missing.
pub fn compare(
    trained: &Trained,
    values: &[f32],
    exported: impl Fn(&[f32]) -> Result<Vec<f32>, TrainError>,
) -> Result<f32, TrainError> {
    let (expected, found) = (trained.embed(values), exported(values)?);
    let differences = expected.iter().zip(&found).map(|(expected, found)| (expected - found).abs());
    let largest =
        differences.fold(0.0, |largest: f32, d| if d.is_nan() { f32::INFINITY } else { largest.max(d) });
    let largest = if expected.len() == found.len() { largest } else { f32::INFINITY };
    if largest <= TOLERANCE {
        Ok(largest)
    } else {
        Err(TrainError::Parity { found: largest, expected: TOLERANCE })
    }
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
    let step = dataset.len().div_ceil(SAMPLE).max(1);
    let sample: Vec<usize> = (0..dataset.len()).step_by(step).collect();
    let largest = compare(trained, &dataset.subset(&sample).values, |values| {
        let ids = (0..values.len() / GENES).map(|row| row.to_string()).collect();
        Ok(model.embed(&ProfileMatrix::new(ids, values.to_vec())?)?.into_values())
    })?;
    let engine =
        model.engine().map_or_else(String::new, |engine| format!("{} {}", engine.name(), engine.version()));
    Ok((largest, engine))
}
