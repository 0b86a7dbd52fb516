//! A network in parts: what standardises a profile, and the map from a standardised profile to the vector that becomes the
//! embedding when it is brought to length 1.
//!
//! A network takes profiles only, so that what it makes of a part of a standardised profile, or of none, cannot be asked of it
//! whole: a profile of half the size is brought to unit variance again. The parts are networks of their own, of the same nodes and
//! weights, and run on the same engine. Where to cut is told from the graph (`places`); whether the vector before the
//! last normalisation was found is asked of the network.
//!
//! | file | responsibility |
//! |---|---|
//! | `nodes` | the nodes of a graph, with their bytes |
//! | `places` | the values of a graph that it is cut at |
//! | `between` | the network between two values, as the bytes of an ONNX file |
//! | `part` | a part, opened by an engine, and its sessions |

mod between;
mod nodes;
mod part;
mod places;

use super::{EmbedError, Engine, Model, model::Kind};
use crate::profile::GENES;
use nodes::Nodes;
use part::Part;
use places::Places;

/// The parts of a network, opened.
pub(crate) struct Parts {
    /// From profiles to what may be cut; `None` where profiles are taken as they are.
    scale: Option<Part>,
    /// Cuts what is too large; `None` where nothing is cut.
    clip: Option<Part>,
    /// From standardised profiles to the vector that becomes the embedding.
    map: Part,
}

/// A profile as the layers of a network see it.
pub(crate) struct Standardised {
    /// 978 values.
    pub(crate) values: Vec<f32>,
    /// Of each gene, whether its value was cut.
    pub(crate) is_cut: Vec<bool>,
}

impl Model {
    /// Opens the parts of the network; `None` for the identity. A network that cannot be taken apart is one map from profiles to
    /// embeddings.
    ///
    /// # Errors
    /// Those of [`Model::prepare`], and [`EmbedError::Session`] when the engine refuses a part.
    pub(crate) fn parts(&self) -> Result<Option<Parts>, EmbedError> {
        let (Kind::Network(network), Some(engine)) = (self.kind(), self.prepare()?) else { return Ok(None) };
        let refuse = |fault| EmbedError::Network { origin: self.origin().to_owned(), fault };
        let nodes = Nodes::read(&network.onnx).map_err(refuse)?;
        let cutter = Cutter { model: self, engine, nodes };
        cutter.parts().map(Some)
    }
}

struct Cutter<'a> {
    model: &'a Model,
    engine: &'a Engine,
    nodes: Nodes<'a>,
}

impl Cutter<'_> {
    fn parts(&self) -> Result<Parts, EmbedError> {
        let places = Places::of(&self.nodes);
        let scale = (places.scaled != places::INPUT)
            .then(|| self.part((places::INPUT, GENES), (places.scaled, GENES)))
            .transpose()?;
        let clip = (places.clipped != places.scaled)
            .then(|| self.part((places.scaled, GENES), (places.clipped, GENES)))
            .transpose()?;
        let map = |output| self.part((places.clipped, GENES), (output, self.model.dim()));
        let whole = Parts { scale, clip, map: map(places::OUTPUT)? };
        // An engine that cannot run the part does not matter here: the embedding itself serves.
        let long = places.unnormalised.and_then(|output| map(output).ok());
        match long {
            Some(long) if whole.has_direction_of(&long)? => Ok(Parts { map: long, ..whole }),
            _ => Ok(whole),
        }
    }

    fn part(&self, from: (&str, usize), to: (&str, usize)) -> Result<Part, EmbedError> {
        let onnx = between::between(&self.nodes, from, to);
        Part::open(self.model, self.engine, onnx, [from.1, to.1])
    }
}

impl Parts {
    /// Standardises one profile of 978 values.
    pub(crate) fn standardise(&self, profile: &[f32]) -> Result<Standardised, EmbedError> {
        let scaled = match &self.scale {
            Some(scale) => scale.run(profile)?,
            None => profile.to_vec(),
        };
        match &self.clip {
            Some(clip) => {
                let values = clip.run(&scaled)?;
                let is_cut = scaled.iter().zip(&values).map(|(before, after)| before != after).collect();
                Ok(Standardised { values, is_cut })
            }
            None => Ok(Standardised { is_cut: vec![false; scaled.len()], values: scaled }),
        }
    }

    /// Maps standardised profiles, rows of 978, to rows of as many numbers as an embedding has. At length 1 they are embeddings.
    pub(crate) fn map(&self, standardised: &[f32]) -> Result<Vec<f32>, EmbedError> {
        self.map.run(standardised)
    }

    /// Whether `long` gives vectors in the direction of the embeddings: else what was taken for the last normalisation
    /// was something else.
    fn has_direction_of(&self, long: &Part) -> Result<bool, EmbedError> {
        let probes: Vec<f32> = (0..3).flat_map(probe).collect();
        let mut points = Vec::with_capacity(probes.len());
        for probe in probes.chunks_exact(GENES) {
            points.extend(self.standardise(probe)?.values);
        }
        let embeddings = self.map(&points)?;
        let Ok(vectors) = long.run(&points) else { return Ok(false) };
        let dim = embeddings.len() / (points.len() / GENES);
        let rows = embeddings.chunks_exact(dim).zip(vectors.chunks_exact(dim));
        Ok(rows.into_iter().all(|(embedding, vector)| is_along(embedding, vector)))
    }
}

/// z-scores that differ from row to row.
fn probe(row: usize) -> Vec<f32> {
    (0..GENES).map(|gene| (2.0 * ((row * GENES + gene) as f64 * 0.7).sin()) as f32).collect()
}

fn is_along(unit: &[f32], vector: &[f32]) -> bool {
    let length = vector.iter().map(|&value| f64::from(value).powi(2)).sum::<f64>().sqrt();
    let near = |(&unit, &value): (&f32, &f32)| (f64::from(unit) - f64::from(value) / length).abs() < 1e-4;
    unit.iter().zip(vector).all(near) // false for what is no number
}

#[cfg(test)]
mod tests;
