//! What classes score for reference queries.

use std::borrow::Cow;

use rayon::prelude::*;

use super::classes::{DrugClass, DrugClasses, LEAST};
use super::running_sum::Ranking;
use super::statistic::BestQuarter;
use crate::SettingError;

/// Scores of all drugs for reference queries, and what classes made of them. Plain numbers side by side, borrowed or owned.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassNulls<'a> {
    /// Standardised scores, queries x drugs, row-major.
    pub(crate) scores: Cow<'a, [f32]>,
    /// Of each query the drug that it stems from.
    pub(crate) own: Cow<'a, [Option<usize>]>,
    /// Of each class its best quarter for each query, classes x queries x 3: the mean, the smallest score in it, the largest beyond it. The
    /// mean is NaN where the query stems from a member, the second where some member has no score.
    pub(crate) quarters: Cow<'a, [f32]>,
    /// Of each class the mean of its positive enrichment scores for these queries, and that of its negative ones; NaN of none.
    pub(crate) mean_es: Cow<'a, [f32]>,
}

impl ClassNulls<'static> {
    /// Computes what classes score for reference queries. `scores` are queries x drugs, row-major, each row
    /// [standardised](crate::stats::standardise), NaN where a drug has none; `own` says which drug each query stems from, if it is one
    /// of these: it takes no part in its own row.
    ///
    /// # Errors
    /// Another number of scores than of queries times drugs.
    pub fn of(scores: &[f32], own: &[Option<usize>], classes: &DrugClasses) -> Result<Self, SettingError> {
        let drugs = classes.drugs;
        let expected = format!("{} queries x {drugs} drugs", own.len());
        SettingError::check("scores", scores.len(), expected, scores.len() == own.len() * drugs)?;
        let mut scores = scores.to_vec();
        for (row, own) in scores.chunks_exact_mut(drugs.max(1)).zip(own) {
            if let Some(own) = own.filter(|&own| own < drugs) {
                row[own] = f32::NAN;
            }
        }
        let queries = own.len();
        let of_query = |query: usize| of_query(&scores[query * drugs..][..drugs], own[query], classes);
        let found: Vec<Vec<OfQuery>> = (0..queries).into_par_iter().map(of_query).collect();
        let quarters = (0..classes.classes.len())
            .flat_map(|class| found.iter().map(move |of_query| of_query[class].quarter));
        let quarters: Vec<f32> = quarters.flatten().collect();
        let mean_es = (0..classes.classes.len()).flat_map(|class| {
            let of_class = found.iter().map(|of_query| of_query[class].es);
            [mean(of_class.clone().filter(|&es| es > 0.0)), mean(of_class.filter(|&es| es < 0.0))]
        });
        let mean_es = mean_es.collect::<Vec<f32>>().into();
        Ok(Self { quarters: quarters.into(), mean_es, scores: scores.into(), own: own.to_vec().into() })
    }
}

/// What a class scores for a query.
struct OfQuery {
    /// As a row of the table has it.
    quarter: [f32; 3],
    /// The enrichment score; NaN where there is none.
    es: f32,
}

/// What every class scores for one reference query.
fn of_query(scores: &[f32], own: Option<usize>, classes: &DrugClasses) -> Vec<OfQuery> {
    let rankings = super::ClassKind::ALL.map(|kind| Ranking::new(scores, classes.annotated(kind)));
    let of_class = |class: &DrugClass| {
        if own.is_some_and(|own| class.members.binary_search(&(own as u32)).is_ok()) {
            return OfQuery { quarter: [f32::NAN; 3], es: f32::NAN };
        }
        let members = || class.members.iter().map(|&drug| scores[drug as usize]);
        let is_whole = members().all(|score| !score.is_nan());
        let quarter = BestQuarter::of(members(), LEAST).map_or([f32::NAN; 3], |found| {
            [found.mean, if is_whole { found.last } else { f32::NAN }, found.next]
        });
        let sum = rankings[class.kind as usize].of(&class.members, scores);
        OfQuery { quarter, es: sum.map_or(f32::NAN, |sum| sum.score as f32) }
    };
    classes.classes.iter().map(of_class).collect()
}

fn mean(values: impl Iterator<Item = f32>) -> f32 {
    let (sum, count) = values.fold((0.0, 0), |(sum, count), value| (sum + f64::from(value), count + 1));
    (sum / f64::from(count)) as f32
}

impl ClassNulls<'_> {
    /// Returns the number of reference queries.
    pub fn queries(&self) -> usize {
        self.own.len()
    }

    /// The best quarters of a class for each reference query that stems neither from a member nor from the drug that is asked about, with
    /// the number of the query.
    fn quarters_of(
        &self,
        class: usize,
        without: Option<usize>,
    ) -> impl Iterator<Item = (usize, BestQuarter)> {
        let width = 3 * self.queries();
        let quarters = self.quarters.get(class * width..(class + 1) * width).unwrap_or_default();
        let rows = quarters.chunks_exact(3).zip(&*self.own).enumerate();
        let others =
            rows.filter(move |(_, (row, own))| !row[0].is_nan() && (own.is_none() || **own != without));
        others.map(|(query, (row, _))| (query, BestQuarter { mean: row[0], last: row[1], next: row[2] }))
    }

    /// The statistics of a class for the reference queries that stem neither from a member nor from the drug that is asked about.
    pub(super) fn of_class(&self, class: usize, without: Option<usize>) -> impl Iterator<Item = f32> {
        self.quarters_of(class, without).map(|(_, quarter)| quarter.mean)
    }

    /// The statistics of a class without one of its drugs, for the reference queries that stem from none.
    pub(super) fn without_member<'s>(
        &'s self,
        (number, class): (usize, &'s DrugClass),
        member: u32,
    ) -> impl Iterator<Item = f32> + 's {
        let drugs = self.scores.len() / self.queries().max(1);
        self.quarters_of(number, None).filter_map(move |(query, quarter)| {
            let row = self.scores.get(query * drugs..(query + 1) * drugs)?;
            if !quarter.last.is_nan() {
                return Some(quarter.mean_without(row[member as usize], class.members.len()));
            }
            let others = class.members.iter().filter(|&&drug| drug != member).map(|&drug| row[drug as usize]);
            BestQuarter::of(others, 1).map(|found| found.mean)
        })
    }

    /// The statistics of any drugs for the reference queries that stem from none of `strangers`.
    pub(super) fn of_members(&self, members: &[u32], strangers: &[u32]) -> Vec<f32> {
        let drugs = self.scores.len() / self.queries().max(1);
        let is_stranger =
            |own: &Option<usize>| own.is_none_or(|own| strangers.binary_search(&(own as u32)).is_err());
        let rows = self.scores.chunks_exact(drugs.max(1)).zip(&*self.own).filter(|(_, own)| is_stranger(own));
        let statistic = |(row, _): (&[f32], _)| {
            let found =
                BestQuarter::of(members.iter().filter_map(|&drug| row.get(drug as usize).copied()), 1);
            found.map(|found| found.mean)
        };
        rows.filter_map(statistic).collect()
    }

    /// The means of a class's positive and negative enrichment scores for reference queries.
    pub(super) fn mean_es(&self, class: usize) -> (f32, f32) {
        match self.mean_es.get(2 * class..2 * class + 2) {
            Some(&[positive, negative]) => (positive, negative),
            _ => (f32::NAN, f32::NAN),
        }
    }
}
