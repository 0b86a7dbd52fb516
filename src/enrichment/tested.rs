//! A class, tested for an answer.

use super::classes::ClassKind;

/// A class, tested for an answer.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct TestedClass {
    /// What it is of.
    pub kind: ClassKind,
    /// Its names: several where they have the same drugs.
    pub names: Vec<String>,
    /// The numbers of its drugs that have a score, without the drug that is asked about.
    pub members: Vec<u32>,
    /// The mean of the best quarter of their standardised scores.
    pub statistic: f32,
    /// The share of reference queries for which the class scores as high, (1 + k) / (1 + n).
    pub p: f64,
    /// The false discovery rate among the classes of its kind.
    pub q: f64,
    /// The enrichment score of gene set enrichment analysis, among the drugs with a class of its kind; `None` where all of these are
    /// members.
    pub es: Option<f64>,
    /// The same over the mean of those of the same sign for reference queries.
    pub nes: Option<f64>,
    /// Members that carry the enrichment score, the highest score first.
    pub leading_edge: Vec<u32>,
    /// Of a significant ATC class (q below 0.1), whether none beneath it is. `None` for others.
    pub is_deepest: Option<bool>,
    /// Of a significant ATC class above others, its p without the drugs of those: large where it is significant only because of them.
    pub p_without_deeper: Option<f64>,
}
