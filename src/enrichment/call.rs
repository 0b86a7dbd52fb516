//! A call of the class that a query's own drug is of, with a probability that holds.

use super::classes::ClassKind;
use super::vote::Voters;
use crate::stats::{Isotonic, calibration_error};

/// The fewest reference queries of one probability.
const LEAST: usize = 20;
/// The fewest drugs that reference queries are of.
const DRUGS: usize = 100;
/// Parts that reference queries are divided into, by drug.
const FOLDS: usize = 10;
/// From this probability on, a class is called.
const CALLED: f64 = 0.5;

/// How often a vote of reference queries is right, by its share: what makes a share a probability.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CallCalibration {
    /// What classes are of.
    pub kind: ClassKind,
    /// The probability by the share of the vote.
    pub by_share: Isotonic,
    /// Reference queries of drugs that have a class of this kind.
    pub queries: usize,
    /// Their drugs.
    pub drugs: usize,
    /// How far probabilities are from how often votes are right, for drugs that were not fitted.
    pub error: f64,
    /// The share of reference queries with a call, for drugs that were not fitted.
    pub coverage: f64,
    /// How often those are right; `None` where there is none.
    pub precision: Option<f64>,
}

/// The class that a query's own drug may be of.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ClassCall {
    /// What it is of: ATC classes of level 1, or mechanisms.
    pub kind: ClassKind,
    /// The class that the drugs at the top of the answer vote for.
    pub class: String,
    /// How probable it is.
    pub p: f64,
    /// The share of drugs with any class that are of this one.
    pub prior: f64,
    /// Reference queries behind the probability.
    pub queries: usize,
    /// Their drugs.
    pub drugs: usize,
    /// How far such probabilities are from how often they hold, for drugs that were not fitted (expected calibration error).
    pub error: f64,
}

impl ClassCall {
    /// Tells whether the class is called: whether it is right more often than not.
    pub fn is_called(&self) -> bool {
        self.p >= CALLED
    }
}

/// A vote of a reference query, by the drug that it stems from.
struct Case {
    drug: usize,
    share: f64,
    is_right: bool,
}

impl CallCalibration {
    /// Fits the votes of reference queries: `scores` are queries x drugs, row-major, [standardised](crate::stats::standardise); `own` says
    /// which drug each query stems from. `None` where they are of fewer than 100 drugs with a class.
    pub(crate) fn of(voters: &Voters, scores: &[f32], own: &[Option<usize>], drugs: usize) -> Option<Self> {
        let mut cases = Vec::new();
        for (scores, own) in scores.chunks_exact(drugs.max(1)).zip(own) {
            let Some(drug) = own.filter(|&drug| !voters.classes(drug).is_empty()) else { continue };
            if let Some(vote) = voters.vote(scores, Some(drug)) {
                let is_right = voters.classes(drug).contains(&(vote.class as u32));
                cases.push(Case { drug, share: vote.share, is_right });
            }
        }
        let mut of_drugs: Vec<usize> = cases.iter().map(|case| case.drug).collect();
        of_drugs.sort_unstable();
        of_drugs.dedup();
        if of_drugs.len() < DRUGS {
            return None;
        }
        let fold = |case: &Case| of_drugs.partition_point(|&drug| drug < case.drug) % FOLDS;
        let said = out_of_fold(&cases, fold);
        let called: Vec<bool> =
            said.iter().filter(|(p, _)| *p >= CALLED).map(|(_, is_right)| *is_right).collect();
        let right = called.iter().filter(|is_right| **is_right).count();
        Some(Self {
            kind: voters.kind,
            by_share: fit(&cases),
            queries: cases.len(),
            drugs: of_drugs.len(),
            error: calibration_error(&said)?,
            coverage: called.len() as f64 / said.len() as f64,
            precision: (!called.is_empty()).then(|| right as f64 / called.len() as f64),
        })
    }

    /// Returns the class that drugs vote for and how probable it is; `None` where nobody votes. As [`Voters::vote`].
    pub(crate) fn call(&self, voters: &Voters, scores: &[f32], own: Option<usize>) -> Option<ClassCall> {
        let vote = voters.vote(scores, own)?;
        Some(ClassCall {
            kind: self.kind,
            class: voters.names[vote.class].clone(),
            p: self.by_share.of(vote.share)?,
            prior: voters.prior(vote.class),
            queries: self.queries,
            drugs: self.drugs,
            error: self.error,
        })
    }
}

fn fit<'a>(cases: impl IntoIterator<Item = &'a Case>) -> Isotonic {
    let cases: Vec<(f64, bool)> = cases.into_iter().map(|case| (case.share, case.is_right)).collect();
    Isotonic::fit(&cases, LEAST)
}

/// Of each case the probability that was fitted to drugs of the other folds, and whether it is right.
fn out_of_fold(cases: &[Case], fold: impl Fn(&Case) -> usize) -> Vec<(f64, bool)> {
    let mut said = Vec::with_capacity(cases.len());
    for left_out in 0..FOLDS {
        let fitted = fit(cases.iter().filter(|case| fold(case) != left_out));
        let of_fold = cases.iter().filter(|case| fold(case) == left_out);
        said.extend(of_fold.filter_map(|case| Some((fitted.of(case.share)?, case.is_right))));
    }
    said
}

#[cfg(test)]
mod tests {
    use super::super::DrugAnnotations;
    use super::*;

    /// Drugs of two mechanisms in turn, each asked with once; the first `alike` of them score their own class higher.
    fn world(drugs: usize, alike: usize) -> (Voters, Vec<f32>, Vec<Option<usize>>) {
        let names = [vec!["a".to_owned()], vec!["b".to_owned()]];
        let annotations = (0..drugs)
            .map(|drug| DrugAnnotations { mechanisms: &names[drug % 2], ..DrugAnnotations::default() });
        let voters = Voters::of(ClassKind::Mechanism, annotations);
        let noise = |query: usize, drug: usize| ((query * 7919 + drug * 104_729) % 997) as f32 / 997.0;
        let score = |query: usize, drug: usize| {
            let alike = if query < alike && query % 2 == drug % 2 { 2.0 } else { 0.0 };
            noise(query, drug) + alike
        };
        let scores = (0..drugs * drugs).map(|at| score(at / drugs, at % drugs)).collect();
        (voters, scores, (0..drugs).map(Some).collect())
    }

    #[test]
    fn a_probability_is_how_often_votes_of_its_share_are_right() {
        let (voters, scores, own) = world(400, 200);
        let calibration = CallCalibration::of(&voters, &scores, &own, 400).unwrap();
        assert_eq!((calibration.queries, calibration.drugs), (400, 400));
        assert!(calibration.error < 0.1, "{calibration:?}");
        // Half of the queries vote for their own class, of the others half are right by chance.
        assert!(calibration.precision.unwrap() > 0.7 && calibration.coverage > 0.4, "{calibration:?}");
        let sure = calibration.call(&voters, &scores[..400], Some(0)).unwrap();
        assert!(
            sure.p > 0.9 && sure.is_called() && sure.class == "a" && (sure.prior - 0.5).abs() < 1e-9,
            "{sure:?}"
        );
    }

    #[test]
    fn too_few_drugs_make_no_probability() {
        let (voters, scores, own) = world(99, 99);
        assert_eq!(CallCalibration::of(&voters, &scores, &own, 99), None);
        let (voters, scores, _) = world(200, 0);
        assert_eq!(CallCalibration::of(&voters, &scores, &[None; 200], 200), None);
    }
}
