//! The best of a chain as hits.

use std::collections::BTreeMap;

use super::chain::Chain;
use crate::db::{DrugHit, FurtherScore, Population, SignatureHit};

/// Hits that can be made of a chain.
pub trait Connected: Sized {
    /// Returns everything that has a score, best first, without ranks.
    fn connected(chain: &Chain<'_>, reverse: bool) -> Vec<Self>;
}

impl Connected for SignatureHit {
    fn connected(chain: &Chain<'_>, reverse: bool) -> Vec<Self> {
        let population = &chain.ground().population;
        let rows = (0..population.signatures.len()).filter(|&row| chain.kept[row]);
        let scored = rows.filter_map(|row| Some((row, chain.norm(row)?)));
        let name = |row: usize| &population.signatures[row].sig_id;
        let hit = |(row, norm): (usize, f64)| Self {
            rank: 0,
            signature: population.signatures[row].clone(),
            drug: population.drugs[population.drug_of[row]].clone(),
            source: population.sources[row].clone(),
            similarity: norm as f32,
            further: further(chain.of_signature(row)),
        };
        best_first(scored.collect(), reverse, name).into_iter().map(hit).collect()
    }
}

impl Connected for DrugHit {
    fn connected(chain: &Chain<'_>, reverse: bool) -> Vec<Self> {
        let population = &chain.ground().population;
        let best = best_signatures(chain, reverse);
        let sources = sources(population);
        let scored = chain.drugs().into_iter().filter_map(|(drug, summary)| Some((drug, summary.score?)));
        let hit = |(drug, norm): (usize, f64)| {
            let (row, similarity, signatures) = best[&drug];
            let best = (population.signatures[row].sig_id.clone(), similarity as f32);
            let hit = Self::new(population.drugs[drug].clone(), (norm as f32, signatures), best);
            let sources = sources.get(&drug).cloned().unwrap_or_default();
            Self { sources, further: further(chain.of_drug(drug, norm, row)), ..hit }
        };
        let name = |drug: usize| &population.drugs[drug].name;
        best_first(scored.collect(), reverse, name).into_iter().map(hit).collect()
    }
}

/// Of each drug the sources of its signatures, in the order of the database; none where signatures have none.
fn sources(population: &Population) -> BTreeMap<usize, Vec<String>> {
    let mut sources: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for (drug, source) in population.drug_of.iter().zip(&population.sources) {
        let of_drug = sources.entry(*drug).or_default();
        if !source.is_empty() && !of_drug.contains(source) {
            of_drug.push(source.clone());
        }
    }
    sources
}

/// Of each drug its best signature, the score of that, and how many signatures have one.
fn best_signatures(chain: &Chain<'_>, reverse: bool) -> BTreeMap<usize, (usize, f64, usize)> {
    let population = &chain.ground().population;
    let mut best: BTreeMap<usize, (usize, f64, usize)> = BTreeMap::new();
    for row in (0..population.signatures.len()).filter(|&row| chain.kept[row]) {
        let Some(norm) = chain.norm(row) else { continue };
        let entry = best.entry(population.drug_of[row]).or_insert((row, norm, 0));
        entry.2 += 1;
        if (norm > entry.1) != reverse && norm != entry.1 {
            (entry.0, entry.1) = (row, norm);
        }
    }
    best
}

fn best_first<'a>(
    mut scored: Vec<(usize, f64)>,
    reverse: bool,
    name: impl Fn(usize) -> &'a String,
) -> Vec<(usize, f64)> {
    let key = |score: f64| if reverse { -score } else { score };
    scored.sort_by(|a, b| key(b.1).total_cmp(&key(a.1)).then_with(|| name(a.0).cmp(name(b.0))));
    scored
}

fn further(columns: Vec<(&'static str, Option<f64>)>) -> Vec<FurtherScore> {
    columns.into_iter().map(|(name, value)| FurtherScore::new(name, value)).collect()
}
