//! Results of all queries, gathered drug by drug.

use std::collections::BTreeMap;

use super::rank_histogram::Ranks;
use super::strata::{ByStratum, StrataOf};
use crate::eval::{EvalError, ExactRanker, Positives, PreparedRows, QueryRanks};
use crate::progress::Progress;
use crate::stats::SimilarityHistogram;

/// Queries whose answers are held at a time.
const AT_ONCE: usize = 4096;

/// A query has a hit at k when its best positive is among the k most similar of best positive and negatives.
pub const HITS_AT: [u32; 3] = [1, 10, 100];

/// Rows that are queries and candidates of each other: all of them, or the held-out side of a split.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct RetrievalSet<'a> {
    /// The rows, ready to be compared.
    pub prepared: &'a PreparedRows,
    /// Which of them are alike.
    pub positives: &'a Positives<'a>,
    /// The drug of every row: what a bootstrap draws. With one label a row it is that label.
    pub drugs: &'a [u32],
    /// The rows that negatives are taken from; `None` for all.
    pub candidates: Option<&'a [u32]>,
    /// Parts of the pairs to report apart.
    pub(crate) strata: Option<&'a StrataOf<'a>>,
}

/// Everything about the queries of one drug.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DrugResults {
    /// Queries with a positive and a negative.
    pub queries: u64,
    /// The quantiles of their positives.
    pub ranks: Ranks,
    /// Sum over the queries of the median of their quantiles.
    pub query_medians: f64,
    /// Sum over the queries of 1 / (1 + negatives above the best positive).
    pub reciprocal_ranks: f64,
    /// Queries with a hit at [`HITS_AT`].
    pub hits: [u64; HITS_AT.len()],
    /// Sum over the queries of their negatives.
    pub negatives: u128,
    pub(super) strata: ByStratum,
}

/// Results of the queries of one or several sets. Sets are added one after another; folds are pooled so.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RetrievalResults {
    pub(super) drugs: BTreeMap<u32, DrugResults>,
    /// With several classes a row: of every class, what each of its drugs found of that class.
    pub(super) classes: BTreeMap<u32, BTreeMap<u32, Ranks>>,
    pub(super) single: bool,
    pub(super) overlaps: Vec<SimilarityHistogram>,
}

impl RetrievalResults {
    /// Ranks the positives of every row of `set` and adds what was found.
    ///
    /// # Errors
    /// When rows, labels and drugs are not of one number, no row has a positive, or no query a negative.
    #[doc(hidden)]
    pub fn add(&mut self, set: &RetrievalSet<'_>, progress: &dyn Progress) -> Result<(), EvalError> {
        let ranker = ExactRanker::new(set.prepared, set.positives, set.candidates)?;
        let queries = set.queries()?;
        self.single = set.drugs_are_labels();
        let mut overlap: Option<SimilarityHistogram> = None;
        let mut found_any = false;
        for queries in queries.chunks(AT_ONCE) {
            let (found, more) = ranker.rank(queries, progress, |found| Found::new(set, found))?;
            found_any |= !found.is_empty();
            found.iter().for_each(|found| self.take(set, found));
            match &mut overlap {
                Some(overlap) => overlap.add(&more),
                None => overlap = Some(more),
            }
        }
        self.overlaps.extend(overlap);
        self.drugs.values_mut().for_each(|drug| drug.ranks.sort());
        self.classes.values_mut().flat_map(BTreeMap::values_mut).for_each(Ranks::sort);
        let rows = set.prepared.rows();
        if found_any {
            return Ok(());
        }
        Err(match set.candidates {
            _ if set.positives.excludes_pairs() => EvalError::AllExcluded { rows },
            Some(candidates) if !set.has_one_label() => {
                EvalError::NoNegativeAmong { candidates: candidates.len() }
            }
            _ => EvalError::NoNegative { rows },
        })
    }

    fn take(&mut self, set: &RetrievalSet<'_>, found: &Found) {
        let drug = set.drugs[found.ranks.query];
        if !self.single {
            for &class in set.positives.classes_of(found.ranks.query) {
                let of_class = found.of_class(set.positives, class);
                let ranks = self.classes.entry(class).or_default().entry(drug).or_default();
                ranks.add(found.ranks.negatives, of_class.into_iter());
            }
        }
        self.drugs.entry(drug).or_default().take(found);
    }

    /// Pools the sets of another tally into this one.
    pub fn absorb(&mut self, other: Self) {
        self.single = other.single;
        for (label, drug) in other.drugs {
            self.drugs.entry(label).or_default().absorb(drug);
        }
        for (class, drugs) in other.classes {
            let own = self.classes.entry(class).or_default();
            drugs.into_iter().for_each(|(drug, ranks)| {
                let own: &mut Ranks = own.entry(drug).or_default();
                own.absorb(ranks);
                own.sort();
            });
        }
        self.overlaps.extend(other.overlaps);
    }

    /// Returns every drug that was asked about, by its number.
    pub(crate) fn drugs(&self) -> impl ExactSizeIterator<Item = (u32, &DrugResults)> {
        self.drugs.iter().map(|(&drug, tally)| (drug, tally))
    }

    /// Returns the similarities of positives and negatives, one histogram for each set.
    pub(crate) fn overlaps(&self) -> &[SimilarityHistogram] {
        &self.overlaps
    }
}

impl DrugResults {
    fn take(&mut self, found: &Found) {
        self.queries += 1;
        self.ranks.add_query(&found.ranks);
        self.negatives += u128::from(found.ranks.negatives);
        self.query_medians += found.median;
        self.reciprocal_ranks += 1.0 / found.best;
        for (hits, k) in self.hits.iter_mut().zip(HITS_AT) {
            *hits += u64::from(found.best <= f64::from(k));
        }
        for (&stratum, sums) in &found.strata {
            self.strata.entry(stratum).or_default().add_times(1.0, sums);
        }
    }

    fn absorb(&mut self, other: Self) {
        self.queries += other.queries;
        self.ranks.absorb(other.ranks);
        self.ranks.sort();
        self.negatives += other.negatives;
        self.query_medians += other.query_medians;
        self.reciprocal_ranks += other.reciprocal_ranks;
        self.hits.iter_mut().zip(other.hits).for_each(|(hits, other)| *hits += other);
        for (stratum, sums) in other.strata {
            self.strata.entry(stratum).or_default().add_times(1.0, &sums);
        }
    }
}

impl<'a> RetrievalSet<'a> {
    /// Takes rows, their positives and the drug of each.
    pub fn new(prepared: &'a PreparedRows, positives: &'a Positives<'a>, drugs: &'a [u32]) -> Self {
        Self { prepared, positives, drugs, candidates: None, strata: None }
    }
}

impl RetrievalSet<'_> {
    fn drugs_are_labels(&self) -> bool {
        let is_label = |(row, drug): (usize, &u32)| self.positives.classes_of(row) == [*drug];
        self.positives.is_single() && self.drugs.iter().enumerate().all(is_label)
    }

    /// Tells whether some class has all rows.
    fn has_one_label(&self) -> bool {
        let first = if self.prepared.rows() == 0 { &[][..] } else { self.positives.classes_of(0) };
        first.iter().any(|&class| self.positives.members(class).len() == self.prepared.rows())
    }

    /// Rows with a positive, those of one drug together.
    fn queries(&self) -> Result<Vec<u32>, EvalError> {
        let rows = self.prepared.rows();
        if self.drugs.len() != rows {
            return Err(EvalError::Rows { embeddings: rows, labels: self.drugs.len() });
        }
        let has_positive = |row: &u32| {
            let classes = self.positives.classes_of(*row as usize);
            classes.iter().any(|&class| self.positives.members(class).len() > 1)
        };
        let mut queries: Vec<u32> = (0..rows as u32).filter(has_positive).collect();
        if queries.is_empty() {
            return Err(EvalError::NoPositive { labels: self.positives.classes_in_use() });
        }
        queries.sort_by_key(|&row| self.drugs[row as usize]);
        Ok(queries)
    }
}

/// Results of one query, and what is said about it alone.
struct Found {
    ranks: QueryRanks,
    median: f64,
    /// 1 + negatives above the best positive, ties half.
    best: f64,
    strata: ByStratum,
}

impl Found {
    fn new(set: &RetrievalSet<'_>, ranks: QueryRanks) -> Self {
        let best = ranks.doubled.iter().min().map_or(f64::NAN, |&rank| 1.0 + 0.5 * f64::from(rank));
        let mut found = Self { median: median(&ranks), best, strata: ByStratum::new(), ranks };
        if let Some(strata) = set.strata {
            found.divide(strata);
        }
        found
    }

    fn divide(&mut self, strata: &StrataOf<'_>) {
        let mut of_pair = Vec::new();
        for (&positive, quantile) in self.ranks.positives.iter().zip(self.ranks.quantiles()) {
            of_pair.clear();
            strata(self.ranks.query, positive as usize, &mut of_pair);
            for &stratum in &of_pair {
                self.strata.entry(stratum).or_default().add(quantile);
            }
        }
    }

    /// Returns the doubled ranks of the positives of one class.
    fn of_class(&self, positives: &Positives<'_>, class: u32) -> Vec<u32> {
        let ranked = self.ranks.positives.iter().zip(&self.ranks.doubled);
        let of_class = ranked.filter(|(row, _)| positives.classes_of(**row as usize).contains(&class));
        of_class.map(|(_, &rank)| rank).collect()
    }
}

fn median(ranks: &QueryRanks) -> f64 {
    let mut doubled = ranks.doubled.clone();
    let middle = doubled.len() / 2;
    let (below, &mut high, _) = doubled.select_nth_unstable(middle);
    let low = if ranks.doubled.len().is_multiple_of(2) {
        below.iter().max().copied().unwrap_or(high)
    } else {
        high
    };
    let quantile = |rank: u32| f64::from(rank) / (2.0 * f64::from(ranks.negatives));
    (quantile(low) + quantile(high)) / 2.0
}
