//! Several embeddings on one split, drug by drug.

use std::collections::BTreeMap;

use crate::eval::{EvalError, RECALL_AT};
use crate::stats::why_none;
use crate::stats::{self, Bootstrap};

/// A retrieval as read again from its JSON: what a comparison needs of it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct StoredRetrieval {
    /// What was evaluated.
    pub embedding: String,
    /// What made rows alike.
    pub label: String,
    /// `signature` or `drug`.
    pub level: String,
    /// Candidates, where not all.
    pub candidates: Option<usize>,
    /// Positives that were left out.
    pub excluded: Vec<String>,
    /// Whether queries looked in other sources only.
    pub across_sources: bool,
    /// Digest of the division, where rows were held out.
    pub split: Option<String>,
    /// Every drug.
    pub(crate) per_drug: Vec<StoredDrug>,
    /// The file it was read from.
    pub file: String,
}

/// The figures of one drug.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredDrug {
    /// Its name.
    pub drug: String,
    /// Its (query, positive) pairs.
    pub positives: u64,
    /// 1 - mean quantile.
    pub auc_quantile: f64,
    /// Median quantile.
    pub median_q: f64,
    /// Recall by x.
    pub recall: BTreeMap<String, f64>,
}

/// Embeddings side by side.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Comparison {
    /// What made rows alike.
    pub label: String,
    /// `signature` or `drug`.
    pub level: String,
    /// Digest of the split they share.
    pub split: Option<String>,
    /// Drugs that all have.
    pub drugs: usize,
    /// (query, positive) pairs of them.
    pub positives: u64,
    /// Names of the figures, in the order of the values below.
    pub figures: Vec<String>,
    /// The embeddings, in the order given.
    pub embeddings: Vec<Compared>,
    /// What a reader has to know.
    pub warnings: Vec<String>,
}

/// One of several embeddings.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Compared {
    /// What it is.
    pub name: String,
    /// The file of its result.
    pub file: String,
    /// Every figure with its 95 % interval over drugs: value, low, high; the latter no numbers (null) where there is none.
    pub values: Vec<[f64; 3]>,
    /// Every figure minus that of the first embedding, over resampled drugs; empty for the first itself.
    pub differences: Vec<[f64; 3]>,
}

impl Comparison {
    /// Compares results with the first of them: `micro` figures weigh pairs alike, `macro` figures drugs.
    ///
    /// # Errors
    /// [`EvalError::Incomparable`] when two do not answer the same question on the same split and drugs,
    /// [`EvalError::NoResult`] for figures that no evaluation gives, [`EvalError::Setting`] for more resamples than can be kept.
    pub fn of(results: &[StoredRetrieval], replicates: usize, seed: u64) -> Result<Self, EvalError> {
        let Some(first) = results.first() else {
            return Err(EvalError::NoPositive { labels: 0 });
        };
        results.iter().try_for_each(check)?;
        for other in &results[1..] {
            same_question(first, other)?;
        }
        let bootstrap = Bootstrap { replicates, seed };
        bootstrap.check()?;
        let ones = vec![1.0; first.per_drug.len()];
        let draw = |result| bootstrap.replicate(ones.len(), |weights| values(result, weights));
        let draws: Vec<Vec<Vec<f64>>> = results.iter().map(draw).collect();
        let plain: Vec<Vec<f64>> = results.iter().map(|result| values(result, &ones)).collect();
        let embeddings = results.iter().enumerate().map(|(at, result)| Compared {
            name: result.embedding.clone(),
            file: result.file.clone(),
            values: intervals(&plain[at], ones.len(), &draws[at]),
            differences: if at == 0 {
                Vec::new()
            } else {
                let minus = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a - b).collect::<Vec<f64>>();
                let draws: Vec<Vec<f64>> =
                    draws[at].iter().zip(&draws[0]).map(|(a, b)| minus(a, b)).collect();
                intervals(&minus(&plain[at], &plain[0]), ones.len(), &draws)
            },
        });
        Ok(Self {
            label: first.label.clone(),
            level: first.level.clone(),
            split: first.split.clone(),
            drugs: first.per_drug.len(),
            positives: first.per_drug.iter().map(|drug| drug.positives).sum(),
            figures: names(),
            embeddings: embeddings.collect(),
            warnings: why_none(first.per_drug.len(), "drugs", replicates).into_iter().collect(),
        })
    }
}

/// The most pairs of a drug that are whole numbers in double precision, and still are when summed over all drugs.
const MAX_PAIRS: f64 = 1e15;

/// Refuses figures that no evaluation gives: what is made of them would be none either.
fn check(result: &StoredRetrieval) -> Result<(), EvalError> {
    if result.per_drug.is_empty() {
        return Err(EvalError::NoPositive { labels: 0 });
    }
    for drug in &result.per_drug {
        let shares = [("auc_quantile", drug.auc_quantile), ("median_q", drug.median_q)];
        let recalls = drug.recall.values().map(|&recall| ("recall", recall));
        let mut shares = shares.into_iter().chain(recalls);
        let positives = drug.positives as f64;
        let wrong = match shares.find(|(_, share)| !(0.0..=1.0).contains(share)) {
            Some((figure, share)) => Some((figure, share, "0 to 1")),
            None => {
                (!(1.0..=MAX_PAIRS).contains(&positives)).then_some(("positives", positives, "1 to 1e15"))
            }
        };
        if let Some((figure, found, expected)) = wrong {
            let (file, drug) = (result.file.clone(), drug.drug.clone());
            return Err(EvalError::NoResult { file, drug, figure, found, expected });
        }
    }
    Ok(())
}

fn same_question(first: &StoredRetrieval, other: &StoredRetrieval) -> Result<(), EvalError> {
    let drugs = |result: &StoredRetrieval| -> Vec<(String, u64)> {
        result.per_drug.iter().map(|drug| (drug.drug.clone(), drug.positives)).collect()
    };
    let what = [
        ("label", first.label != other.label),
        ("level", first.level != other.level),
        ("number of candidates", first.candidates != other.candidates),
        ("excluded positives", first.excluded != other.excluded),
        ("sources that are looked in", first.across_sources != other.across_sources),
        ("split", first.split != other.split),
        ("drugs, or their pairs", drugs(first) != drugs(other)),
    ];
    match what.into_iter().find(|(_, differs)| *differs) {
        Some((what, _)) => {
            Err(EvalError::Incomparable { what, first: first.file.clone(), other: other.file.clone() })
        }
        None => Ok(()),
    }
}

fn names() -> Vec<String> {
    let part = |part: &str| {
        let recall = RECALL_AT.map(|x| format!("{part}.recall.{x}"));
        recall.into_iter().chain([format!("{part}.auc_quantile")]).collect::<Vec<_>>()
    };
    [part("micro"), part("macro"), vec!["macro.median_q".to_owned()]].concat()
}

/// Returns the figures when drug `i` counts `weights[i]` times, in the order of [`names`].
fn values(result: &StoredRetrieval, weights: &[f64]) -> Vec<f64> {
    let mean = |weight: &dyn Fn(&StoredDrug) -> f64, of: &dyn Fn(&StoredDrug) -> f64| {
        let drugs = || result.per_drug.iter().zip(weights);
        let sum: f64 = drugs().map(|(drug, times)| times * weight(drug) * of(drug)).sum();
        sum / drugs().map(|(drug, times)| times * weight(drug)).sum::<f64>()
    };
    let recall = |x: f64| {
        let x = x.to_string();
        move |drug: &StoredDrug| drug.recall.get(&x).copied().unwrap_or(f64::NAN)
    };
    let mut values = Vec::new();
    let by_pairs = |drug: &StoredDrug| drug.positives as f64;
    let alike = |_: &StoredDrug| 1.0;
    for weight in [&by_pairs as &dyn Fn(&StoredDrug) -> f64, &alike] {
        values.extend(RECALL_AT.map(|x| mean(weight, &recall(x))));
        values.push(mean(weight, &|drug| drug.auc_quantile));
    }
    values.push(mean(&alike, &|drug| drug.median_q));
    values
}

fn intervals(values: &[f64], drugs: usize, draws: &[Vec<f64>]) -> Vec<[f64; 3]> {
    let intervals = stats::intervals(values, drugs, draws).into_iter();
    intervals.map(|interval| [interval.value, interval.low, interval.high]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(name: &str, aucs: &[f64]) -> StoredRetrieval {
        let drug = |(at, &auc): (usize, &f64)| StoredDrug {
            drug: format!("d{at}"),
            positives: 10 + at as u64,
            auc_quantile: auc,
            median_q: 1.0 - auc,
            recall: RECALL_AT.iter().map(|x| (x.to_string(), auc / 2.0)).collect(),
        };
        StoredRetrieval {
            embedding: name.into(),
            label: "pert_iname".into(),
            level: "signature".into(),
            candidates: None,
            excluded: Vec::new(),
            across_sources: false,
            split: None,
            per_drug: aucs.iter().enumerate().map(drug).collect(),
            file: format!("{name}.json"),
        }
    }

    #[test]
    fn a_difference_of_every_drug_is_sure_even_where_the_intervals_overlap() {
        let one: Vec<f64> = (0..20).map(|at| 0.5 + f64::from(at) * 0.02).collect();
        let other: Vec<f64> = one.iter().map(|auc| auc + 0.05).collect();
        let found = Comparison::of(&[result("a", &one), result("b", &other)], 300, 1).unwrap();
        let at = found.figures.iter().position(|name| name == "macro.auc_quantile").unwrap();
        let [a, b] = [0, 1].map(|e| found.embeddings[e].values[at]);
        assert!(a[2] > b[1], "the intervals overlap: {a:?} {b:?}");
        let [value, low, high] = found.embeddings[1].differences[at];
        assert!((value - 0.05).abs() < 1e-12 && low > 0.049 && high < 0.051);
        assert!(found.embeddings[0].differences.is_empty());
    }

    #[test]
    fn few_drugs_or_draws_give_no_interval_and_the_comparison_says_why() {
        let four: Vec<f64> = vec![0.5, 0.6, 0.7, 0.8];
        let five = [&four[..], &[0.9]].concat();
        for (aucs, draws, says) in [(&four, 300, "4 drugs"), (&five, 1, "1 resamples"), (&five, 300, "")] {
            let found = Comparison::of(&[result("a", aucs), result("b", aucs)], draws, 1).unwrap();
            let has = |values: &[f64; 3]| values[1..].iter().all(|end| end.is_finite());
            let all = found.embeddings.iter().flat_map(|one| one.values.iter().chain(&one.differences));
            assert!(all.clone().all(|values| has(values) == says.is_empty()), "{says}");
            assert!(found.warnings.concat().contains(says) && found.warnings.is_empty() == says.is_empty());
        }
        assert!(Comparison::of(&[result("a", &five)], 1_000_000_000, 1).is_err());
    }

    #[test]
    fn figures_that_no_evaluation_gives_are_refused_by_file_and_drug() {
        let five = [0.5, 0.6, 0.7, 0.8, 0.9];
        let refused = |change: &dyn Fn(&mut StoredDrug)| {
            let mut bad = result("bad", &five);
            change(&mut bad.per_drug[2]);
            Comparison::of(&[result("a", &five), bad], 100, 1).unwrap_err().to_string()
        };
        let changes: [&dyn Fn(&mut StoredDrug); 4] = [
            &|drug| drug.auc_quantile = -6_907_110.0,
            &|drug| drug.median_q = 1e308,
            &|drug| drug.positives = u64::MAX,
            &|drug| drug.positives = 0,
        ];
        for change in changes {
            let error = refused(change);
            assert!(error.contains("bad.json") && error.contains("d2"), "{error}");
        }
    }

    #[test]
    fn results_of_other_questions_are_refused_by_name() {
        let a = result("a", &[0.5, 0.6]);
        let other_drugs = result("b", &[0.5]);
        let error = Comparison::of(&[a.clone(), other_drugs], 10, 1).unwrap_err().to_string();
        assert!(error.contains("drugs") && error.contains("a.json") && error.contains("b.json"), "{error}");
        let other_split = StoredRetrieval { split: Some("x".into()), ..a.clone() };
        assert!(Comparison::of(&[a, other_split], 10, 1).unwrap_err().to_string().contains("split"));
    }
}
