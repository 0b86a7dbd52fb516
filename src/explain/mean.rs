//! A query that is several profiles: the mean of their embeddings.

use super::error::ExplainError;
use super::explanation::{Explanation, GeneTerm};
use super::network::NetworkExplainer;
use super::side::Side;

impl NetworkExplainer<'_> {
    /// Divides the cosine of a mean embedding and that of a hit among genes, as [`explain`](Self::explain) does with one query.
    ///
    /// The mean of embeddings is the embedding of no profile. Its cosine is the sum of those of the profiles, over the length of the
    /// sum of their embeddings, and so is what a gene contributes. Beside it stands the mean of the profiles, of those that have a
    /// value; a gene is told to be cut where most of them are.
    ///
    /// # Errors
    /// As [`explain_hits`](Self::explain_hits); [`ExplainError::Zero`] for no profile, and for embeddings that cancel out.
    pub fn explain_mean(
        &self,
        queries: &[&[f32]],
        hit: &[f32],
        side: Side,
    ) -> Result<Explanation, ExplainError> {
        let [first, others @ ..] = queries else { return Err(ExplainError::Zero { side: Side::Query }) };
        if others.is_empty() {
            return self.explain(first, hit, side);
        }
        let length = self.length_of_sum(first, others)?;
        if length.is_nan() || length <= 0.0 {
            return Err(ExplainError::Zero { side: Side::Query });
        }
        let each = match side {
            Side::Query => {
                queries.iter().map(|query| self.explain(query, hit, side)).collect::<Result<_, _>>()?
            }
            // The hit's slopes are found once.
            Side::Hit => self.explain_hits(hit, queries, Side::Query)?,
        };
        Ok(sum_of(&each, length, queries, hit))
    }

    fn length_of_sum(&self, first: &[f32], others: &[&[f32]]) -> Result<f64, ExplainError> {
        let embeddings = self.embed(first, others)?;
        let mut sum = vec![0.0; embeddings.dim()];
        for row in 0..embeddings.len() {
            sum.iter_mut().zip(embeddings.row(row)).for_each(|(sum, &value)| *sum += f64::from(value));
        }
        Ok(sum.iter().map(|value| value * value).sum::<f64>().sqrt())
    }
}

/// The sum of explanations over `length`, with the mean of the queries beside.
fn sum_of(each: &[Explanation], length: f64, queries: &[&[f32]], hit: &[f32]) -> Explanation {
    let mut sums = vec![Sum::default(); hit.len()];
    for term in each.iter().flat_map(|explanation| &explanation.terms) {
        let sum = &mut sums[term.gene];
        sum.contribution += term.contribution;
        sum.terms += 1;
        sum.cut += usize::from(term.is_cut);
    }
    let over = |value: fn(&Explanation) -> f64| each.iter().map(value).sum::<f64>() / length;
    let term = |(gene, sum): (usize, &Sum)| GeneTerm {
        gene,
        contribution: sum.contribution / length,
        query: mean(queries, gene),
        hit: hit[gene],
        is_cut: 2 * sum.cut > sum.terms,
    };
    let terms = sums.iter().enumerate().filter(|(_, sum)| sum.terms > 0).map(term).collect();
    Explanation::new(terms, over(|one| one.similarity), over(|one| one.baseline), each[0].method)
}

/// What a gene contributes to the similarities of all profiles.
#[derive(Clone, Default)]
struct Sum {
    contribution: f64,
    terms: usize,
    cut: usize,
}

/// The mean of the values that there are; NaN where there is none.
fn mean(profiles: &[&[f32]], gene: usize) -> f32 {
    let known = || profiles.iter().map(|profile| profile[gene]).filter(|value| !value.is_nan());
    let count = known().count();
    if count == 0 { f32::NAN } else { known().sum::<f32>() / count as f32 }
}
