//! The shape of embeddings, whatever they are for: hubs, ties, dimensions in use, replicates.

use std::collections::BTreeMap;

use super::{Protocol, Row, Study};
use crate::Rows;
use crate::eval::{EvalError, Geometry, Replicating, ReplicatingOptions};
use crate::progress::Progress;

/// The shape of an embedding. Of a split only the first held-out set is looked at: embeddings of several folds may be of
/// several networks, and cannot be compared with each other.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Shape {
    /// Dimensions in use, ties and hubs.
    pub geometry: Geometry,
    /// Rows of the held-out set that was looked at; `None` for all rows.
    pub held_out: Option<usize>,
    /// Replicates by what they share, where anything is shared.
    pub replicates: Vec<(String, Replicating)>,
}

type Shared = fn(&Row) -> Option<String>;

/// What replicates share.
const SHARED: [(&str, Shared); 2] =
    [("drug", |row| row.drug.clone()), ("drug, cell line, dose and time", treatment)];

fn treatment(row: &Row) -> Option<String> {
    let (cell, dose, time) = (row.cell.as_ref()?, row.dose.as_ref()?, row.time.as_ref()?);
    Some(format!("{} {cell} {dose} {time}", row.drug.as_ref()?))
}

impl Study {
    /// Looks at the embedding on the rows of the first held-out set, or on all.
    ///
    /// # Errors
    /// [`EvalError`] for fewer than two rows that are not zero, or values that are not finite.
    pub fn shape(&self, protocol: &Protocol, progress: &dyn Progress) -> Result<Shape, EvalError> {
        let embeddings = self.embedding.rows();
        let first = protocol.split.as_ref().and_then(|split| split.folds().next());
        let held_out = first.as_ref().map(|fold| fold.held_out.len());
        let mut looked_at = first.map_or_else(|| (0..self.rows.len()).collect(), |fold| fold.held_out);
        // A row of zeros can be compared by distance, but has no direction, which is what is looked at here.
        looked_at.retain(|&row| embeddings.row(row).iter().any(|&value| value != 0.0));
        let values = embeddings.select(looked_at.iter().copied());
        let embeddings = Rows::whole(&values, embeddings.dim());
        let rows: Vec<&Row> = looked_at.iter().map(|&row| &self.rows[row]).collect();
        let mut geometry = Geometry::of(embeddings, protocol.seed, progress)?;
        geometry.hubness.largest_row = looked_at[geometry.hubness.largest_row];
        let options = ReplicatingOptions::default().seed(protocol.seed);
        let mut replicates = Vec::new();
        for (name, shared) in SHARED {
            let labels: Vec<Option<String>> = rows.iter().map(|row| shared(row)).collect();
            match replicating(embeddings, &labels, &options) {
                Ok(found) => replicates.push((name.to_owned(), found)),
                // Nothing repeats: there is nothing to say.
                Err(EvalError::NoPositive { .. } | EvalError::NoNegative { .. }) => (),
                Err(error) => return Err(error),
            }
        }
        Ok(Shape { geometry, held_out, replicates })
    }
}

/// Rows without a label are left out.
fn replicating(
    embeddings: Rows<'_>,
    labels: &[Option<String>],
    options: &ReplicatingOptions,
) -> Result<Replicating, EvalError> {
    let mut numbers = BTreeMap::new();
    let (mut kept, mut of_row) = (Vec::new(), Vec::new());
    for (row, label) in embeddings.iter().zip(labels) {
        if let Some(label) = label {
            let next = numbers.len() as u32;
            of_row.push(*numbers.entry(label.as_str()).or_insert(next));
            kept.extend_from_slice(row);
        }
    }
    Replicating::of(Rows::whole(&kept, embeddings.dim()), &of_row, options)
}
