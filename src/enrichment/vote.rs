//! Which class do the drugs at the top of an answer vote for?

use std::collections::BTreeMap;

use super::classes::{ClassKind, DrugAnnotations, names};

/// Drugs that vote, those of the highest scores.
const VOTERS: usize = 20;
/// How much more a vote weighs for each standard deviation that its drug scores higher: e to this power.
const STEEPNESS: f64 = 2.0;

/// The classes of one kind that drugs have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Voters {
    pub kind: ClassKind,
    /// Names of the classes.
    pub names: Vec<String>,
    /// Of each drug its classes; none of a drug that does not vote.
    of_drug: Vec<Vec<u32>>,
}

/// The class that most is voted for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Vote {
    /// The number of the class.
    pub class: usize,
    /// The share of all weights that is of its drugs.
    pub share: f64,
}

impl Voters {
    /// Collects the ATC classes of level 1, or the mechanisms, of drugs, which are numbered in their order.
    pub fn of<'a>(kind: ClassKind, drugs: impl IntoIterator<Item = DrugAnnotations<'a>>) -> Self {
        let (mut numbers, mut voters) =
            (BTreeMap::new(), Self { kind, names: Vec::new(), of_drug: Vec::new() });
        for drug in drugs {
            let names = names(kind, &drug);
            let is_called = |name: &&String| kind != ClassKind::Atc || name.len() == 1;
            let mut classes: Vec<u32> = Vec::new();
            for name in names.iter().filter(is_called) {
                let number = *numbers.entry(name.to_lowercase()).or_insert_with(|| {
                    voters.names.push(name.clone());
                    voters.names.len() as u32 - 1
                });
                if !classes.contains(&number) {
                    classes.push(number);
                }
            }
            voters.of_drug.push(classes);
        }
        voters
    }

    /// Returns the classes of a drug.
    pub fn classes(&self, drug: usize) -> &[u32] {
        self.of_drug.get(drug).map_or(&[], Vec::as_slice)
    }

    /// Returns the share of the drugs with any class that are of this one.
    pub fn prior(&self, class: usize) -> f64 {
        let members = self.of_drug.iter().filter(|classes| classes.contains(&(class as u32))).count();
        let voters = self.of_drug.iter().filter(|classes| !classes.is_empty()).count();
        members as f64 / voters.max(1) as f64
    }

    /// Lets the drugs of the highest scores vote for each of their classes: `scores` are [standardised](crate::stats::standardise), one a drug,
    /// NaN where it has none; `own` is the drug that is asked about. `None` where no drug with a class has a score.
    pub fn vote(&self, scores: &[f32], own: Option<usize>) -> Option<Vote> {
        let may_vote = |&drug: &usize| Some(drug) != own && !scores[drug].is_nan();
        let mut drugs: Vec<usize> =
            (0..scores.len()).filter(|drug| !self.classes(*drug).is_empty()).filter(may_vote).collect();
        drugs.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]).then(a.cmp(&b)));
        drugs.truncate(VOTERS);
        let most = f64::from(scores[*drugs.first()?]);
        let (mut votes, mut all) = (vec![0.0; self.names.len()], 0.0);
        for drug in drugs {
            let weight = (STEEPNESS * (f64::from(scores[drug]) - most)).exp();
            all += weight;
            self.classes(drug).iter().for_each(|&class| votes[class as usize] += weight);
        }
        let first_of_most = |(a, x): &(usize, &f64), (b, y): &(usize, &f64)| x.total_cmp(y).then(b.cmp(a));
        let (class, votes) = votes.iter().enumerate().max_by(first_of_most)?;
        Some(Vote { class, share: votes / all })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn voters(kind: ClassKind, codes: &[&[&str]]) -> Voters {
        let codes: Vec<Vec<String>> =
            codes.iter().map(|codes| codes.iter().map(|&code| code.to_owned()).collect()).collect();
        let drugs = codes.iter().map(|codes| match kind {
            ClassKind::Atc => DrugAnnotations { atc: codes, ..DrugAnnotations::default() },
            _ => DrugAnnotations { mechanisms: codes, ..DrugAnnotations::default() },
        });
        Voters::of(kind, drugs)
    }

    #[test]
    fn a_drug_votes_once_for_each_of_its_classes_by_its_score() {
        let voters =
            voters(ClassKind::Atc, &[&["L01EA01", "L01EA02", "A02BC01"], &["A02BC02"], &[], &["C07AB04"]]);
        assert_eq!(voters.names, ["L", "A", "C"]);
        let vote = voters.vote(&[1.0, 1.0, 9.0, 0.0], None).unwrap();
        let weights = [1.0, 1.0, (-2.0_f64).exp()];
        assert_eq!(vote.class, 1);
        assert!((vote.share - 2.0 / weights.iter().sum::<f64>()).abs() < 1e-12);
        // Without the drug that is asked about, and of equal votes the first.
        assert_eq!(voters.vote(&[1.0, 2.0, 0.0, f32::NAN], Some(1)).unwrap(), Vote { class: 0, share: 1.0 });
        assert!((voters.prior(1) - 2.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn names_are_one_whatever_their_case_and_nobody_may_vote() {
        let voters = voters(ClassKind::Mechanism, &[&["HDAC inhibitor"], &["hdac inhibitor"]]);
        assert_eq!((voters.names.len(), voters.classes(1)), (1, &[0][..]));
        assert_eq!(voters.vote(&[f32::NAN, 1.0], Some(1)), None);
        assert_eq!(voters.vote(&[], None), None);
    }
}
