//! Contributions through a network.

use super::error::ExplainError;
use super::explanation::{Explanation, GeneTerm, Method};
use super::gene_space::cosine_terms;
use super::profile::{check_genes, check_values};
use super::side::Side;
use super::slopes::{Slopes, is_linear, length};
use crate::embed::{Embeddings, Model, Parts, Standardised};
use crate::profile::{GENES, ProfileMatrix};

/// Explains similarities of embeddings, by the genes of the 978 landmarks.
///
/// It opens parts of the model's network once; take one for all explanations by a model. What is computed is told in
/// [`explain`](super#through-a-network).
///
/// ```
/// use l1kdb::embed::{EngineOptions, Model};
/// use l1kdb::explain::{NetworkExplainer, Side};
///
/// let model = Model::shipped(&EngineOptions::default())?;
/// let query: Vec<f32> = (0..978).map(|gene| (gene as f32).sin()).collect();
/// let hit: Vec<f32> = (0..978).map(|gene| (gene as f32).sin() + (gene as f32 * 0.7).cos()).collect();
///
/// let explainer = NetworkExplainer::new(&model)?;
/// let explanation = explainer.explain(&query, &hit, Side::Query)?;
/// assert!(explanation.completeness < 0.01);
/// for term in &explanation.terms[..20] {
///     println!("{:4} {:.4} {:.2} {:.2}", term.gene, term.contribution, term.query, term.hit);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct NetworkExplainer<'m> {
    model: &'m Model,
    /// `None` for the identity.
    network: Option<Network>,
}

struct Network {
    parts: Parts,
    /// The vector of a standardised profile of zeros.
    start: Vec<f32>,
    /// Of a linear map.
    linear: Option<Slopes>,
}

/// The side that is explained: its profile behind the standardisation, and what the network does on the way there.
struct Explained<'n> {
    seen: Standardised,
    /// The length of its vector.
    length: f64,
    slopes: Found<'n>,
}

/// Slopes of a linear map, found once, or those on the way to one profile.
enum Found<'n> {
    Once(&'n Slopes),
    Here(Slopes),
}

impl Found<'_> {
    fn get(&self) -> &Slopes {
        match self {
            Self::Once(slopes) => slopes,
            Self::Here(slopes) => slopes,
        }
    }
}

impl<'m> NetworkExplainer<'m> {
    /// Opens the parts of a model's network, and asks whether it is linear behind its standardisation.
    ///
    /// # Errors
    /// Those of [`Model::prepare`]; [`ExplainError::NoBaseline`] for a network that gives no vector for a standardised profile of
    /// zeros.
    pub fn new(model: &'m Model) -> Result<Self, ExplainError> {
        let Some(parts) = model.parts()? else { return Ok(Self { model, network: None }) };
        let start = parts.map(&[0.0; GENES])?;
        if start.iter().any(|value| !value.is_finite()) {
            return Err(ExplainError::NoBaseline { model: model.card().name.clone() });
        }
        let linear = if is_linear(&parts)? { Some(Slopes::of_linear(&parts)?) } else { None };
        Ok(Self { model, network: Some(Network { parts, start, linear }) })
    }

    /// Divides the cosine of the embeddings of two profiles, of 978 z-scores each, among the genes of one side. Missing values, NaN,
    /// are 0 to the network, as they are to searches; genes that the explained side lacks are left out.
    ///
    /// # Errors
    /// [`ExplainError::Genes`] for profiles of another number of genes, [`ExplainError::NotFinite`] for an infinite value,
    /// [`ExplainError::Zero`] for a profile without a value but 0, [`ExplainError::Embed`] when the network fails.
    pub fn explain(&self, query: &[f32], hit: &[f32], side: Side) -> Result<Explanation, ExplainError> {
        let mut explained = self.explain_hits(query, &[hit], side)?;
        Ok(explained.remove(0))
    }

    /// [`explain`](Self::explain) of each of several hits of one query, in their order. By the query's genes they cost hardly more
    /// than one.
    ///
    /// # Errors
    /// As [`explain`](Self::explain), of the first hit that cannot be explained.
    pub fn explain_hits(
        &self,
        query: &[f32],
        hits: &[&[f32]],
        side: Side,
    ) -> Result<Vec<Explanation>, ExplainError> {
        check(Side::Query, query)?;
        hits.iter().try_for_each(|hit| check(Side::Hit, hit))?;
        let Some(network) = &self.network else {
            return hits.iter().map(|hit| by_identity(query, hit, side)).collect();
        };
        let embeddings = self.embed(query, hits)?;
        let by_query = match side {
            Side::Query if !hits.is_empty() => Some(network.explained(query)?),
            _ => None,
        };
        let of_hit = |(at, hit): (usize, &&[f32])| {
            let (of_query, of_hit) = (embeddings.row(0), embeddings.row(at + 1));
            let similarity = product(of_query, of_hit);
            match &by_query {
                Some(explained) => Ok(network.explanation(explained, of_hit, similarity, [query, hit], side)),
                None => {
                    let explained = network.explained(hit)?;
                    Ok(network.explanation(&explained, of_query, similarity, [query, hit], side))
                }
            }
        };
        hits.iter().enumerate().map(of_hit).collect()
    }

    /// Tells whether contributions are exact: whether the model is the identity, or linear behind its standardisation.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.network.as_ref().is_none_or(|network| network.linear.is_some())
    }

    /// The embeddings of the query and the hits.
    pub(super) fn embed(&self, query: &[f32], hits: &[&[f32]]) -> Result<Embeddings, ExplainError> {
        let profiles = [query].into_iter().chain(hits.iter().copied());
        let values = profiles.flat_map(|profile| profile.iter().map(|&value| known(value))).collect();
        let ids = [Side::Query].into_iter().chain(hits.iter().map(|_| Side::Hit));
        let profiles = ProfileMatrix::new(ids.map(|side| side.to_string()).collect(), values);
        let profiles = profiles.expect("values that were checked");
        Ok(self.model.embed(&profiles)?)
    }
}

impl Network {
    fn explained(&self, profile: &[f32]) -> Result<Explained<'_>, ExplainError> {
        let profile: Vec<f32> = profile.iter().map(|&value| known(value)).collect();
        let seen = self.parts.standardise(&profile)?;
        let end = self.parts.map(&seen.values)?;
        let slopes = match &self.linear {
            Some(slopes) => Found::Once(slopes),
            None => Found::Here(Slopes::on_the_way(&self.parts, &seen.values, &self.start, &end)?),
        };
        Ok(Explained { seen, length: length(end.iter().map(|&value| f64::from(value))), slopes })
    }

    fn explanation(
        &self,
        explained: &Explained<'_>,
        other: &[f32],
        similarity: f64,
        [query, hit]: [&[f32]; 2],
        side: Side,
    ) -> Explanation {
        let direction: Vec<f64> = other.iter().map(|&value| f64::from(value) / explained.length).collect();
        let own = if side == Side::Query { query } else { hit };
        let term = |gene: usize| GeneTerm {
            gene,
            contribution: f64::from(explained.seen.values[gene])
                * explained.slopes.get().along(gene, &direction),
            query: query[gene],
            hit: hit[gene],
            is_cut: explained.seen.is_cut[gene],
        };
        let terms = (0..GENES).filter(|&gene| !own[gene].is_nan()).map(term).collect();
        let baseline = product(&self.start, other) / explained.length;
        let method = if self.linear.is_some() { Method::Exact } else { Method::IntegratedGradients };
        Explanation::new(terms, similarity, baseline, method)
    }
}

/// The cosine of two profiles is that of their embeddings, and missing values are 0 on both sides.
fn by_identity(query: &[f32], hit: &[f32], side: Side) -> Result<Explanation, ExplainError> {
    let filled = |profile: &[f32]| profile.iter().map(|&value| known(value)).collect::<Vec<f32>>();
    let Explanation { mut terms, similarity, .. } = cosine_terms(&filled(query), &filled(hit))?;
    let own = if side == Side::Query { query } else { hit };
    terms.retain(|term| !own[term.gene].is_nan());
    terms.iter_mut().for_each(|term| (term.query, term.hit) = (query[term.gene], hit[term.gene]));
    Ok(Explanation::new(terms, similarity, 0.0, Method::Exact))
}

fn check(side: Side, profile: &[f32]) -> Result<(), ExplainError> {
    check_genes(side, profile, GENES)?;
    check_values(side, profile, f32::is_infinite)?;
    let is_nothing = profile.iter().all(|&value| known(value) == 0.0);
    if is_nothing { Err(ExplainError::Zero { side }) } else { Ok(()) }
}

/// A value as a network takes it.
fn known(value: f32) -> f32 {
    if value.is_nan() { 0.0 } else { value }
}

fn product(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum()
}
