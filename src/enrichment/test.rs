//! The classes of one answer.

use std::collections::HashMap;

use super::classes::{ClassKind, DrugClass, DrugClasses, LEAST};
use super::levels;
use super::nulls::ClassNulls;
use super::running_sum::{Ranking, RunningSum};
use super::statistic::{BestQuarter, share};
use super::tested::TestedClass;
use crate::stats::benjamini_hochberg;

/// Classes of the same members as one: without the drug that is asked about, several may be.
fn joined(tested: impl Iterator<Item = TestedClass>) -> Vec<TestedClass> {
    let mut all: Vec<TestedClass> = Vec::new();
    let mut by_members: HashMap<Vec<u32>, usize> = HashMap::new();
    for class in tested {
        match by_members.get(&class.members) {
            Some(&same) => all[same].names.extend(class.names),
            None => {
                by_members.insert(class.members.clone(), all.len());
                all.push(class);
            }
        }
    }
    all.iter_mut().for_each(|class| class.names.sort());
    all
}

impl ClassNulls<'_> {
    /// Tests the classes of one answer: `scores` are [standardised](crate::stats::standardise), one a drug, NaN where it has none; `own` is
    /// the drug that is asked about, which takes no part. The most significant come first, of equal ones the highest. A class with fewer
    /// than three drugs with a score is left out.
    pub fn test(&self, classes: &DrugClasses, scores: &[f32], own: Option<usize>) -> Vec<TestedClass> {
        let mut scores = scores.to_vec();
        if let Some(score) = own.and_then(|own| scores.get_mut(own)) {
            *score = f32::NAN;
        }
        let rankings = ClassKind::ALL.map(|kind| Ranking::new(&scores, classes.annotated(kind)));
        let mut tested = Vec::new();
        for kind in ClassKind::ALL {
            let of_kind = classes.classes.iter().enumerate().filter(|(_, class)| class.kind == kind);
            let ranking = &rankings[kind as usize];
            let of_class = |(number, class)| self.class((number, class), &scores, own, ranking);
            let mut of_kind: Vec<TestedClass> = joined(of_kind.filter_map(of_class));
            let p: Vec<Option<f64>> = of_kind.iter().map(|class| Some(class.p)).collect();
            let q = benjamini_hochberg(&p).into_iter();
            of_kind.iter_mut().zip(q).for_each(|(class, q)| class.q = q.unwrap_or(1.0));
            if kind == ClassKind::Atc {
                levels::mark(&mut of_kind, self, &scores);
            }
            tested.append(&mut of_kind);
        }
        tested.sort_by(|a, b| {
            a.p.total_cmp(&b.p).then(b.statistic.total_cmp(&a.statistic)).then(a.names.cmp(&b.names))
        });
        tested
    }

    fn class(
        &self,
        (number, class): (usize, &DrugClass),
        scores: &[f32],
        own: Option<usize>,
        ranking: &Ranking,
    ) -> Option<TestedClass> {
        let is_scored = |&drug: &u32| scores.get(drug as usize).is_some_and(|score| !score.is_nan());
        let members: Vec<u32> = class.members.iter().copied().filter(is_scored).collect();
        let statistic = BestQuarter::of(members.iter().map(|&drug| scores[drug as usize]), LEAST)?.mean;
        // Statistic and null are of the same members.
        let own_member = own.map(|own| own as u32).filter(|own| class.members.binary_search(own).is_ok());
        let p = match (class.members.len() - members.len(), own_member) {
            (0, _) => share(self.of_class(number, own), statistic),
            (1, Some(member)) => share(self.without_member((number, class), member), statistic),
            _ => share(self.of_members(&members, &class.members).into_iter(), statistic),
        };
        let RunningSum { score, leading_edge } = ranking.of(&members, scores).unwrap_or_default();
        let (positive, negative) = self.mean_es(number);
        let mean = if score > 0.0 { positive } else { -negative };
        let has_sum = score != 0.0 || !leading_edge.is_empty();
        let nes = (has_sum && mean > 0.0).then(|| score / f64::from(mean));
        let (kind, names, es) = (class.kind, class.names.clone(), has_sum.then_some(score));
        let (is_deepest, p_without_deeper) = (None, None);
        Some(TestedClass {
            kind,
            names,
            members,
            statistic,
            p,
            q: 1.0,
            es,
            nes,
            leading_edge,
            is_deepest,
            p_without_deeper,
        })
    }
}
