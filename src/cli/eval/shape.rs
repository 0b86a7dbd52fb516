//! What embeddings look like, whatever they are for: hubs, ties, dimensions in use, replicates.

use std::io::Write;

use l1kdb::eval::{EvalError, Geometry, Replicating, ReplicatingOptions, geometry, percent_replicating};
use l1kdb::progress::Progress;
use l1kdb::stats::{FEWEST_DRAWN, Interval};
use l1kdb::study::{Protocol, Row, Study};

use crate::cli::line;

/// Of a division only the first held-out set is looked at: embeddings of several folds may be of several networks, and
/// cannot be compared with each other.
pub struct Shape {
    pub geometry: Geometry,
    /// What was looked at, where not all rows.
    of: String,
    /// By what replicates share.
    pub replicates: Vec<(String, Replicating)>,
}

/// What replicates share.
type Shared = fn(&Row) -> Option<String>;

fn treatment(row: &Row) -> Option<String> {
    let (cell, dose, time) = (row.cell.as_ref()?, row.dose.as_ref()?, row.time.as_ref()?);
    Some(format!("{} {cell} {dose} {time}", row.drug.as_ref()?))
}

impl Shape {
    pub fn of(study: &Study, protocol: &Protocol, progress: &dyn Progress) -> anyhow::Result<Self> {
        let dim = study.embedding.dim;
        let first = protocol.split.as_ref().and_then(|split| split.folds().next());
        let (mut places, of) = match first {
            None => ((0..study.rows.len()).collect(), String::new()),
            Some(fold) => {
                let of = format!(", first held-out set ({} rows)", fold.held_out.len());
                (fold.held_out, of)
            }
        };
        // A row of zeros can be compared by distance, but has no direction, which is what is looked at here.
        places.retain(|&row| study.embedding.row(row).iter().any(|&value| value != 0.0));
        let values: Vec<f32> = places.iter().flat_map(|&row| study.embedding.row(row)).copied().collect();
        let rows: Vec<&Row> = places.iter().map(|&row| &study.rows[row]).collect();
        let mut geometry = geometry(&values, dim, rows.len(), protocol.seed, progress)?;
        geometry.hubness.largest_row = places[geometry.hubness.largest_row];
        let mut replicates = Vec::new();
        let kinds: [(&str, Shared); 2] =
            [("drug", |row| row.drug.clone()), ("drug, cell line, dose and time", treatment)];
        for (name, label) in kinds {
            let labels: Vec<Option<String>> = rows.iter().map(|row| label(row)).collect();
            let options = ReplicatingOptions { seed: protocol.seed, ..ReplicatingOptions::default() };
            match replicating(&values, dim, &labels, &options) {
                Ok(found) => replicates.push((name.to_owned(), found)),
                // Nothing repeats: there is nothing to say.
                Err(EvalError::NoPositive { .. } | EvalError::NoNegative { .. }) => (),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(Self { geometry, of, replicates })
    }

    pub fn write(&self, out: &mut dyn Write) -> anyhow::Result<()> {
        writeln!(out)?;
        for (name, value) in self.geometry_facts().iter().chain(&self.replicate_facts()) {
            line(out, &format!("{name}: {value}"))?;
        }
        Ok(())
    }

    pub fn geometry_facts(&self) -> Vec<(String, String)> {
        let Geometry {
            rows, sampled, effective_rank, mean_cosine, duplicate_rows, tied_pairs, hubness, ..
        } = &self.geometry;
        let of = if sampled < rows { format!(" (of {sampled} rows drawn by lot)") } else { String::new() };
        let number =
            |value: &Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.1}"));
        let facts = [
            ("dimensions in use (effective rank)", number(effective_rank)),
            ("mean cosine of two rows", format!("{mean_cosine:.3}{of}")),
            ("rows that equal another bit for bit", format!("{:.2} %", 100.0 * duplicate_rows)),
            ("pairs of rows that are equal", format!("{:.4} %", 100.0 * tied_pairs)),
            (
                "hubness",
                format!(
                    "skewness {} of how often a row is among the {} nearest of others; at most {:.0} times; {:.1} % never{of}",
                    number(&hubness.skewness),
                    hubness.neighbours,
                    hubness.largest,
                    100.0 * hubness.antihubs
                ),
            ),
        ];
        facts.into_iter().map(|(name, value)| (format!("{name}{}", self.of), value)).collect()
    }

    pub fn replicate_facts(&self) -> Vec<(String, String)> {
        let fact = |(of, found): &(String, Replicating)| {
            let Interval { value, low, high } = found.percent;
            let interval = match low.is_finite() {
                true => format!("[{low:.1}, {high:.1}]"),
                false => format!("(no interval of fewer than {FEWEST_DRAWN})"),
            };
            let value = format!(
                "{value:.1} % {interval} of {} with at least two rows are more alike than 95 % of random sets; 5 % is chance",
                found.labels
            );
            (format!("replicating, same {of}{}", self.of), value)
        };
        self.replicates.iter().map(fact).collect()
    }
}

/// Rows without a label are left out.
fn replicating(
    values: &[f32],
    dim: usize,
    labels: &[Option<String>],
    options: &ReplicatingOptions,
) -> Result<Replicating, EvalError> {
    let mut numbers = std::collections::BTreeMap::new();
    let (mut kept, mut of_row) = (Vec::new(), Vec::new());
    for (row, label) in values.chunks_exact(dim).zip(labels) {
        if let Some(label) = label {
            let next = numbers.len() as u32;
            of_row.push(*numbers.entry(label.as_str()).or_insert(next));
            kept.extend_from_slice(row);
        }
    }
    percent_replicating(&kept, dim, &of_row, options)
}
