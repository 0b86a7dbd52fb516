//! Warnings of what would mislead a reader if it were not said.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::level::Level;
use super::outcome::Outcome;
use super::results::{Baseline, DrugFigures};
use super::row::Row;
use super::run::Run;
use crate::annotate::{DrugTraits, LeakCheck};
use crate::split::Split;
use crate::stats::why_none;

impl Run<'_> {
    pub(super) fn warnings(
        &self,
        outcome: &Outcome,
        per_drug: &[DrugFigures],
        baselines: &[Baseline],
    ) -> Vec<String> {
        let mut warnings = self.study.warnings.clone();
        if self.protocol.split.is_none() {
            warnings.push(
                "no split was given: if the embedding was trained on these drugs, its figures tell how well it remembers \
                 them, not what it can do"
                    .to_owned(),
            );
        }
        warnings.extend(why_none(outcome.drugs, "drugs", self.protocol.bootstrap));
        if self.protocol.level == Level::Drug {
            warnings.push(
                "intervals draw the drugs that ask and not those that answer, so they are somewhat too narrow".to_owned(),
            );
        }
        if let Some(split) = self.protocol.split.as_ref().filter(|_| self.protocol.label.is_of_drugs())
            && self.labels.refuse_shared(split.folds(), &self.study.rows).is_err()
        {
            warnings.push(format!(
                "drugs of one {} stand on both sides of the split, so what was learnt of a class on some drugs may help on \
                 others",
                self.protocol.label
            ));
        }
        warnings.extend(
            self.protocol.split.as_ref().and_then(|split| Row::leak_warning(&self.study.rows, split)),
        );
        if let (Some(finest), n) = (outcome.finer_than_one_negative.last(), outcome.negatives_mean) {
            warnings.push(format!(
                "recall at {finest} and below is finer than one of {n:.0} negatives (1/N = {:.1e})",
                1.0 / n
            ));
        }
        warnings.extend(self.heaviest(outcome, per_drug));
        if let Some(sampled) = baselines.iter().find(|b| b.candidates != self.candidates()) {
            let count = sampled.candidates.unwrap_or(0);
            warnings.push(format!(
                "raw profiles were ranked among {count} randomly sampled candidates: compare them with \"{}\", as the differences \
                 do; hits and MRR depend on the number of candidates",
                sampled.name
            ));
        }
        if self.study.profiles.is_none() && self.protocol.baselines {
            warnings.push(
                "no profiles were given, so raw cosine and raw Euclid are not compared with".to_owned(),
            );
        }
        warnings
    }

    /// Says so where a few drugs make up most of the pairs.
    fn heaviest(&self, outcome: &Outcome, per_drug: &[DrugFigures]) -> Option<String> {
        let mut drugs: Vec<&DrugFigures> = per_drug.iter().collect();
        drugs.sort_by_key(|drug| Reverse(drug.positives));
        let [first, second, _, _, _, ..] = drugs[..] else { return None };
        let share = (first.positives + second.positives) as f64 / outcome.positives as f64;
        let is_of_drugs = self.protocol.level == Level::Signature && outcome.labels == outcome.drugs;
        (is_of_drugs && share > 0.25).then(|| {
            format!(
                "{} and {} make up {:.0} % of all pairs: read the macro figures, which weigh every drug alike",
                first.drug,
                second.drug,
                100.0 * share
            )
        })
    }
}

impl Row {
    /// Says which drugs that may be one stand on both sides of a split of these rows; `None` where none do.
    pub fn leak_warning(rows: &[Self], split: &Split) -> Option<String> {
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        let mut drugs: Vec<(String, DrugTraits)> = Vec::new();
        let mut of_row: Vec<Option<usize>> = Vec::new();
        for row in rows {
            of_row.push(row.drug.as_deref().map(|drug| {
                *places.entry(drug).or_insert_with(|| {
                    let name = if row.name.is_empty() { drug } else { &row.name };
                    drugs.push((name.to_owned(), row.traits.clone()));
                    drugs.len() - 1
                })
            }));
        }
        let of_rows = |rows: &[usize]| rows.iter().filter_map(|&row| of_row[row]).collect::<Vec<_>>();
        LeakCheck::new(drugs)
            .warning(split.folds().map(|fold| (of_rows(&fold.train), of_rows(&fold.held_out))))
    }
}
