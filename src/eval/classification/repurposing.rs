//! Drugs that are placed, confidently and again and again, in a class that is not theirs.
//!
//! The first study of this kind read such drugs off its confusion matrix (Aliper et al., "Deep learning applications for
//! predicting pharmacological properties of drugs and drug repurposing using transcriptomic data", 2016): a drug that
//! acts like those of another class may be of use where they are.

use super::choice::learner;
use super::data::Selected;
use super::distance::Points;
use super::folds::plans;
use super::intervals::Spread;
use super::labels::Labeling;
use super::learner::{Judgements, Work};
use super::{ClassOptions, Classifier, DrugClasses, Metric, Validation, passes_over, validation};
use crate::SettingError;
use crate::eval::EvalError;
use crate::progress::Progress;

/// Drugs of the proposed class that are shown for a candidate.
const NEIGHBOURS: usize = 5;

/// When a drug is listed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Confident {
    /// The share of repeats that place the drug in the same other class, above 0 and at most 1.
    pub agreement: f64,
    /// The mean score of that class over all repeats: the share of votes for neighbours, the probability for a network,
    /// the share of machines for a support vector machine, the cosine for class means.
    pub confidence: f64,
}

impl Default for Confident {
    /// Four repeats in five, and half of the votes.
    fn default() -> Self {
        Self { agreement: 0.8, confidence: 0.5 }
    }
}

/// The list, and how long it would be by chance.
#[derive(Debug, Clone, PartialEq)]
pub struct Repurposing {
    /// Drugs that took part.
    pub drugs: usize,
    /// The configuration that judged, the first of the classifier.
    pub configuration: String,
    /// How it was validated, such as `5-fold, 10 times`.
    pub validation: String,
    /// The drugs, those with the highest mean score first.
    pub candidates: Vec<Candidate>,
    /// Drugs that the same rule lists when classes are dealt out at random; absent where no permutations were asked
    /// for. A list that is no longer than this tells nothing.
    pub by_chance: Option<Spread>,
    /// Number of permutations.
    pub permutations: usize,
}

/// A drug and the class it is placed in.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Its name.
    pub drug: String,
    /// Its row in the data.
    pub row: usize,
    /// Names of its own classes.
    pub classes: Vec<String>,
    /// Name of the class it is placed in.
    pub proposed: String,
    /// The share of repeats that place it there.
    pub agreement: f64,
    /// The mean score of the class over all repeats; see [`Confident::confidence`].
    pub mean_score: f64,
    /// The nearest drugs of the proposed class, nearest first, at most five.
    pub neighbours: Vec<NearDrug>,
}

/// A drug that pulls a candidate to its class.
#[derive(Debug, Clone, PartialEq)]
pub struct NearDrug {
    /// Its name.
    pub drug: String,
    /// Its similarity, by the metric of the neighbours that vote, or the cosine.
    pub similarity: f32,
}

impl ClassOptions {
    /// What [`repurposing`] usually asks: seven neighbours by cosine, 5-fold, ten times.
    pub fn for_repurposing() -> Self {
        Self {
            classifier: Classifier::Knn { k: vec![7], metrics: vec![Metric::Cosine], weighted: false },
            validation: Validation::KFold { k: 5, repeats: 10 },
            ..Self::default()
        }
    }
}

/// Lists drugs that repeated cross-validation places in a class that is not theirs.
///
/// The first configuration of the classifier judges. With leave-one-out or prescribed folds there is one repeat, so
/// agreement says nothing and confidence alone decides. A large class draws drugs for its size alone:
/// [`Repurposing::by_chance`] tells how many, and [`Sampling`](super::Sampling) levels it.
///
/// # Errors
/// As [`classify`](super::classify), and when a threshold is out of range or clusters are asked to judge.
pub fn repurposing(
    data: &DrugClasses<'_>,
    options: &ClassOptions,
    confident: Confident,
    progress: &dyn Progress,
) -> Result<Repurposing, EvalError> {
    let share = |value: f64| value > 0.0 && value <= 1.0;
    SettingError::check(
        "agreement",
        confident.agreement,
        "above 0 and at most 1",
        share(confident.agreement),
    )?;
    SettingError::check(
        "confidence",
        confident.confidence,
        "from -1 to 1",
        (-1.0..=1.0).contains(&confident.confidence),
    )?;
    let options = ClassOptions { classifier: first(&options.classifier), ..options.clone() };
    options.check()?;
    let Some(learner) = learner(&options.classifier) else {
        return Err(SettingError::new("classifier", "clusters", "a classifier that learns").into());
    };
    let named = |error: EvalError| error.placed(|row| data.place(row));
    let selected = Selected::new(data, &options).map_err(named)?;
    let plans = plans(&selected, &options, passes_over(learner.as_ref(), &options))?;
    options.check_size(selected.len(), selected.names.len(), plans.len())?;
    let labelings = selected.labels.with_permutations(options.seed, options.permutations);
    let work =
        Work { data: &selected, labelings: &labelings, sampling: options.sampling, seed: options.seed };
    let judged = work.run(learner.as_ref(), &plans, progress).map_err(named)?;
    let found: Vec<Vec<Placed>> =
        labelings.iter().zip(&judged).map(|(labels, judged)| placed(labels, &judged[0], confident)).collect();
    let metric = metric(&options.classifier);
    Ok(Repurposing {
        drugs: selected.len(),
        configuration: learner.configurations().swap_remove(0),
        validation: validation(&selected, &options),
        candidates: found[0].iter().map(|placed| candidate(data, &selected, placed, metric)).collect(),
        by_chance: Spread::of(found[1..].iter().map(|list| list.len() as f64).collect()),
        permutations: options.permutations,
    })
}

/// The classifier with its first configuration alone.
fn first(classifier: &Classifier) -> Classifier {
    let mut classifier = classifier.clone();
    match &mut classifier {
        Classifier::Knn { k, metrics, .. } => {
            k.truncate(1);
            metrics.truncate(1);
        }
        Classifier::Svm { kernels, .. } => kernels.truncate(1),
        Classifier::Ann { .. } | Classifier::Centroid | Classifier::Cluster { .. } => {}
    }
    classifier
}

fn metric(classifier: &Classifier) -> Metric {
    match classifier {
        Classifier::Knn { metrics, .. } => metrics[0],
        _ => Metric::Cosine,
    }
}

struct Placed {
    drug: u32,
    class: u32,
    agreement: f64,
    mean_score: f64,
}

/// The drugs that meet both thresholds, the highest mean score first.
fn placed(labels: &Labeling, judged: &Judgements, confident: Confident) -> Vec<Placed> {
    let drugs = 0..labels.len() as u32;
    let mut placed: Vec<Placed> = drugs
        .filter_map(|drug| elsewhere(labels, judged, drug))
        // A share of repeats is a quotient of small numbers: 4 / 5 has to reach 0.8.
        .filter(|placed| placed.agreement + 1e-9 >= confident.agreement)
        .filter(|placed| placed.mean_score + 1e-6 >= confident.confidence)
        .collect();
    placed.sort_by(|a, b| b.mean_score.total_cmp(&a.mean_score).then(b.agreement.total_cmp(&a.agreement)));
    placed
}

/// The class, not its own, in which a drug is placed most often.
fn elsewhere(labels: &Labeling, judged: &Judgements, drug: u32) -> Option<Placed> {
    let mut times = vec![0_u32; labels.classes()];
    judged.best.iter().for_each(|best| times[best[drug as usize] as usize] += 1);
    labels.of(drug).iter().for_each(|&own| times[own as usize] = 0);
    let class = (0..times.len()).fold(0, |best, class| if times[class] > times[best] { class } else { best });
    let score = |scores: &Vec<f32>| f64::from(scores[drug as usize * labels.classes() + class]);
    let repeats = judged.best.len() as f64;
    (times[class] > 0).then(|| Placed {
        drug,
        class: class as u32,
        agreement: f64::from(times[class]) / repeats,
        mean_score: judged.scores.iter().map(score).sum::<f64>() / repeats,
    })
}

fn candidate(data: &DrugClasses<'_>, selected: &Selected, placed: &Placed, metric: Metric) -> Candidate {
    let all = 0..selected.len() as u32;
    let members = all.filter(|&drug| selected.labels.of(drug).contains(&placed.class)).collect();
    let points = Points::new(metric, &selected.features, selected.dim, members);
    let nearest = points.nearest(&selected.features, &[placed.drug], NEIGHBOURS).swap_remove(0);
    let name = |drug: u32| data.drugs[selected.rows[drug as usize]].clone();
    let near = nearest.drugs.iter().zip(&nearest.distances);
    Candidate {
        drug: name(placed.drug),
        row: selected.rows[placed.drug as usize],
        classes: selected
            .labels
            .of(placed.drug)
            .iter()
            .map(|&own| selected.names[own as usize].clone())
            .collect(),
        proposed: selected.names[placed.class as usize].clone(),
        agreement: placed.agreement,
        mean_score: placed.mean_score,
        neighbours: near
            .map(|(&drug, &distance)| NearDrug { drug: name(drug), similarity: metric.similarity(distance) })
            .collect(),
    }
}
