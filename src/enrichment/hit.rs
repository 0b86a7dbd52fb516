//! A class of an answer, with names.

use super::DrugClasses;
use super::classes::ClassKind;
use super::tested::TestedClass;

/// A class of an answer.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ClassHit {
    /// Place in the answer, from 1.
    pub rank: usize,
    /// What it is of.
    pub kind: ClassKind,
    /// Its names: several where they have the same drugs.
    pub names: Vec<String>,
    /// How many of its drugs have a score, without the drug that is asked about.
    pub drugs: usize,
    /// The mean of the best quarter of their scores, in standard deviations over all drugs.
    pub score: f32,
    /// The share of reference queries of other drugs for which the class scores as high.
    pub p: f64,
    /// The false discovery rate among the classes of its kind.
    pub q: f64,
    /// The enrichment score of gene set enrichment analysis.
    pub es: Option<f64>,
    /// The same over the mean of those of the same sign for reference queries.
    pub nes: Option<f64>,
    /// Of a significant ATC class, whether none beneath it is.
    pub is_deepest: Option<bool>,
    /// Of a significant ATC class above others, its p without the drugs of those.
    pub p_without_deeper: Option<f64>,
    /// Drugs that carry the enrichment score, the highest first.
    pub leading_edge: Vec<String>,
}

impl ClassHit {
    /// Ranks tested classes, and names their drugs.
    pub(crate) fn ranked<'a>(
        tested: Vec<TestedClass>,
        top: usize,
        drug: impl Fn(usize) -> &'a str,
    ) -> Vec<Self> {
        let hit = |(rank, class): (usize, TestedClass)| Self {
            rank,
            kind: class.kind,
            names: class.names,
            drugs: class.members.len(),
            score: class.statistic,
            p: class.p,
            q: class.q,
            es: class.es,
            nes: class.nes,
            is_deepest: class.is_deepest,
            p_without_deeper: class.p_without_deeper,
            leading_edge: class.leading_edge.iter().map(|&number| drug(number as usize).to_owned()).collect(),
        };
        (1..).zip(tested.into_iter().take(top)).map(hit).collect()
    }
}

impl DrugClasses {
    /// Returns all classes with their drugs as bytes, for a digest.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for class in &self.classes {
            bytes.extend_from_slice(class.kind.name().as_bytes());
            for name in &class.names {
                bytes.push(0);
                bytes.extend_from_slice(name.as_bytes());
            }
            bytes.push(1);
            bytes.extend(class.members.iter().flat_map(|drug| drug.to_le_bytes()));
        }
        bytes
    }
}
