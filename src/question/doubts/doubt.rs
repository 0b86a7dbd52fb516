//! A doubt, in a sentence.

use std::fmt;

/// Something that makes an answer doubtful.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Doubt {
    /// The query lacks many genes.
    FewGenes {
        /// Landmarks that it has.
        known: usize,
        /// Landmarks.
        of: usize,
    },
    /// The query's z-scores are small.
    Weak {
        /// Their root mean square.
        size: f64,
        /// That of the weakest hundredth of reference queries.
        usual: f64,
    },
    /// The query's replicates are not alike.
    Replicates {
        /// Their correlation.
        correlation: f32,
    },
    /// Nothing is much like the query.
    Far {
        /// The mean similarity to the ten nearest signatures.
        similarity: f64,
        /// That of the lowest tenth of reference queries.
        usual: f64,
    },
    /// What is nearest is of one cell line.
    OneCellLine {
        /// The cell line.
        cell_line: String,
        /// How many of the nearest signatures are of it.
        of_it: usize,
        /// How many were looked at.
        nearest: usize,
    },
    /// What is nearest is of one plate.
    OnePlate {
        /// The plate.
        plate: String,
        /// How many of the nearest signatures are of it.
        of_it: usize,
        /// How many were looked at.
        nearest: usize,
    },
    /// Drugs that score high for everything.
    Hubs {
        /// Those among the first ten hits.
        drugs: Vec<String>,
    },
    /// Drugs whose score is that of a single signature.
    OneSignature {
        /// Those among the first ten hits.
        drugs: Vec<String>,
    },
}

impl Doubt {
    /// Returns its name: `few-genes`, `weak`, `replicates`, `far`, `one-cell-line`, `one-plate`, `hubs`, `one-signature`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::FewGenes { .. } => "few-genes",
            Self::Weak { .. } => "weak",
            Self::Replicates { .. } => "replicates",
            Self::Far { .. } => "far",
            Self::OneCellLine { .. } => "one-cell-line",
            Self::OnePlate { .. } => "one-plate",
            Self::Hubs { .. } => "hubs",
            Self::OneSignature { .. } => "one-signature",
        }
    }
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FewGenes { known, of } => write!(
                f,
                "the query has values of {known} of {of} landmark genes; with 70 % of them the right drug is found among the \
                 first ten for 54 % of queries, with 40 % for 48 %, with 20 % for 42 %, with all for 56 %"
            ),
            Self::Weak { size, usual } => write!(
                f,
                "the query is weak: the root mean square of its z-scores is {size:.2}, that of 99 % of reference queries above \
                 {usual:.2}; its direction may be noise"
            ),
            Self::Replicates { correlation } => write!(
                f,
                "the query's replicates correlate at {correlation:.2}; CMap calls a signature reproducible from 0.2 on"
            ),
            Self::Far { similarity, usual } => write!(
                f,
                "nothing is much like the query: its ten nearest signatures have a mean similarity of {similarity:.2}, those of 90 % \
                 of reference queries more than {usual:.2}; of such queries the right drug is found among the first ten for 15 %, \
                 of all for 55 %"
            ),
            Self::OneCellLine { cell_line, of_it, nearest } => write!(
                f,
                "{of_it} of the {nearest} nearest signatures are of {cell_line}, so that the cell line may be what is alike; of such \
                 queries the right drug is found among the first ten for 11 %, of others for 58 %"
            ),
            Self::OnePlate { plate, of_it, nearest } => write!(
                f,
                "{of_it} of the {nearest} nearest signatures are of plate {plate}, so that the plate may be what is alike; of such \
                 queries the right drug is found among the first ten for 5 %, of others for 58 %"
            ),
            Self::Hubs { drugs } => write!(
                f,
                "{} among the first ten {} high for all queries: such drugs are among the first ten of 20 % of queries that they \
                 have nothing to do with, others of 3 %",
                listed(drugs),
                if drugs.len() == 1 { "scores" } else { "score" }
            ),
            Self::OneSignature { drugs } => write!(
                f,
                "{} among the first ten {} one signature only; such hits share an ATC class with the query's drug 1.3 times as often \
                 as by chance, hits of more than 20 signatures 2.1 times",
                listed(drugs),
                if drugs.len() == 1 { "has" } else { "have" }
            ),
        }
    }
}

fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [others @ .., last] => format!("{} and {last}", others.join(", ")),
    }
}
