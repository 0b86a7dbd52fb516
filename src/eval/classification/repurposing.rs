//! Drugs that are predicted, confidently and again and again, as a class that is not theirs.
//!
//! The first study of this kind read such drugs off its confusion matrix (Aliper et al., "Deep learning applications for
//! predicting pharmacological properties of drugs and drug repurposing using transcriptomic data", 2016): a drug that
//! acts like those of another class may be of use where they are.

use super::cross_validation::{CrossValidation, TestPredictions};
use super::data::{DrugClasses, Selected};
use super::folds::plans;
use super::intervals::Spread;
use super::method::Method;
use super::options::{ClassOptions, Validation};
use super::permutations::with_permutations;
use crate::eval::EvalError;
use crate::learn::{Labels, Metric, Points};
use crate::progress::Progress;
use crate::{Rows, SettingError};

/// Drugs of the proposed class that are shown for a candidate.
const NEIGHBOURS: usize = 5;

/// When a drug is listed.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Confident {
    /// The share of repeats that predict the drug as the same other class, above 0 and at most 1.
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

impl Confident {
    /// Sets the share of repeats.
    #[must_use]
    pub fn agreement(self, agreement: f64) -> Self {
        Self { agreement, ..self }
    }

    /// Sets the mean score.
    #[must_use]
    pub fn confidence(self, confidence: f64) -> Self {
        Self { confidence, ..self }
    }

    fn check(self) -> Result<(), SettingError> {
        let Self { agreement, confidence } = self;
        let share = agreement > 0.0 && agreement <= 1.0;
        SettingError::check("agreement", agreement, "above 0 and at most 1", share)?;
        SettingError::check("confidence", confidence, "from -1 to 1", (-1.0..=1.0).contains(&confidence))
    }
}

/// The list, and how long it would be by chance.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Repurposing {
    /// Drugs that took part.
    pub drugs: usize,
    /// The configuration that predicted, the first of the classifier.
    pub configuration: String,
    /// How it was validated, such as `5-fold, 10 times`.
    pub validation: String,
    /// The drugs, those with the highest mean score first.
    pub candidates: Vec<Candidate>,
    /// Drugs that the same rule lists when classes are assigned at random; absent where no permutations were asked
    /// for. A list that is no longer than this tells nothing.
    pub by_chance: Option<Spread>,
    /// Number of permutations.
    pub permutations: usize,
}

/// A drug and the class it is predicted as.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Candidate {
    /// Its name.
    pub drug: String,
    /// Its row in the data.
    pub row: usize,
    /// Names of its own classes.
    pub classes: Vec<String>,
    /// Name of the class it is predicted as.
    pub proposed: String,
    /// The share of repeats that predict it.
    pub agreement: f64,
    /// The mean score of the class over all repeats; see [`Confident::confidence`].
    pub mean_score: f64,
    /// The nearest drugs of the proposed class, nearest first, at most five.
    pub neighbours: Vec<NearDrug>,
}

/// A drug that pulls a candidate to its class.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct NearDrug {
    /// Its name.
    pub drug: String,
    /// Its similarity, by the metric of the neighbours that vote, or the cosine.
    pub similarity: f32,
}

impl ClassOptions {
    /// Asks what [`Repurposing::of`] usually asks: seven neighbours by cosine, 5-fold, ten times.
    pub fn for_repurposing() -> Self {
        Self::new(Method::Knn { k: vec![7], metrics: vec![Metric::Cosine], weighted: false })
            .validation(Validation::KFold { k: 5, repeats: 10 })
    }
}

impl Repurposing {
    /// Lists drugs that repeated cross-validation predicts as a class that is not theirs.
    ///
    /// The first configuration of the classifier predicts. With leave-one-out or prescribed folds there is one repeat, so
    /// agreement says nothing and confidence alone decides. A large class draws drugs for its size alone:
    /// [`Repurposing::by_chance`] tells how many, and [`Sampling`](crate::learn::Sampling) balances it.
    ///
    /// # Errors
    /// As [`classify`](super::classify), and when a threshold is out of range or clusters are asked to predict.
    pub fn of(
        data: &DrugClasses<'_>,
        options: &ClassOptions,
        confident: Confident,
        progress: &dyn Progress,
    ) -> Result<Self, EvalError> {
        confident.check()?;
        listed(data, options, confident, progress).map_err(|error| error.placed(|row| data.place(row)))
    }
}

fn listed(
    data: &DrugClasses<'_>,
    options: &ClassOptions,
    confident: Confident,
    progress: &dyn Progress,
) -> Result<Repurposing, EvalError> {
    options.check()?;
    let classifier = options.method.classifier()?;
    let selected = Selected::new(data, options)?;
    let plans = plans(&selected, options)?;
    options.check_size(selected.len(), selected.names.len(), plans.len())?;
    let labelings = with_permutations(&selected.labels, options.seed, options.permutations);
    let validation = CrossValidation {
        data: &selected,
        classifier: classifier.as_ref(),
        configurations: 1,
        labelings: &labelings,
        sampling: options.sampling,
        seed: options.seed,
    };
    let predictions = validation.run(&plans, progress)?;
    let proposed = labelings.iter().zip(&predictions);
    let proposed: Vec<Vec<Proposal>> =
        proposed.map(|(labels, predictions)| proposals(labels, &predictions[0], confident)).collect();
    let metric = metric(&options.method);
    let candidate = |proposal| candidate(data, &selected, proposal, metric);
    Ok(Repurposing {
        drugs: selected.len(),
        configuration: classifier.configurations().swap_remove(0),
        validation: options.validation_name(&selected),
        candidates: proposed[0].iter().map(candidate).collect(),
        by_chance: Spread::of(proposed[1..].iter().map(|list| list.len() as f64).collect()),
        permutations: options.permutations,
    })
}

fn metric(method: &Method) -> Metric {
    match method {
        Method::Knn { metrics, .. } => metrics[0],
        _ => Metric::Cosine,
    }
}

/// A drug and the class, not its own, that it is predicted as most often.
struct Proposal {
    drug: u32,
    class: u32,
    agreement: f64,
    mean_score: f64,
}

/// Those that meet both thresholds, the highest mean score first.
fn proposals(labels: &Labels, predictions: &TestPredictions, confident: Confident) -> Vec<Proposal> {
    let drugs = 0..labels.len() as u32;
    let mut proposals: Vec<Proposal> = drugs
        .filter_map(|drug| proposal(labels, predictions, drug))
        // A share of repeats is a quotient of small numbers: 4 / 5 has to reach 0.8.
        .filter(|proposal| proposal.agreement + 1e-9 >= confident.agreement)
        .filter(|proposal| proposal.mean_score + 1e-6 >= confident.confidence)
        .collect();
    proposals.sort_by(|a, b| b.mean_score.total_cmp(&a.mean_score).then(b.agreement.total_cmp(&a.agreement)));
    proposals
}

fn proposal(labels: &Labels, predictions: &TestPredictions, drug: u32) -> Option<Proposal> {
    let mut times = vec![0_u32; labels.classes()];
    predictions.predicted.iter().for_each(|predicted| times[predicted[drug as usize] as usize] += 1);
    labels.of(drug).iter().for_each(|&own| times[own as usize] = 0);
    let class = (0..times.len()).fold(0, |best, class| if times[class] > times[best] { class } else { best });
    let score = |scores: &Vec<f32>| f64::from(scores[drug as usize * labels.classes() + class]);
    let repeats = predictions.predicted.len() as f64;
    (times[class] > 0).then(|| Proposal {
        drug,
        class: class as u32,
        agreement: f64::from(times[class]) / repeats,
        mean_score: predictions.scores.iter().map(score).sum::<f64>() / repeats,
    })
}

fn candidate(data: &DrugClasses<'_>, selected: &Selected, proposal: &Proposal, metric: Metric) -> Candidate {
    let all = 0..selected.len() as u32;
    let members = all.filter(|&drug| selected.labels.of(drug).contains(&proposal.class)).collect();
    let rows = selected.matrix();
    let own = Rows::whole(rows.row(proposal.drug as usize), selected.dim);
    let nearest = Points::new(metric, rows, members).nearest(own, NEIGHBOURS).swap_remove(0);
    let name = |drug: u32| data.drugs[selected.rows[drug as usize]].clone();
    let near = nearest.rows.iter().zip(&nearest.distances);
    let classes = selected.labels.of(proposal.drug).iter();
    Candidate {
        drug: name(proposal.drug),
        row: selected.rows[proposal.drug as usize],
        classes: classes.map(|&own| selected.names[own as usize].clone()).collect(),
        proposed: selected.names[proposal.class as usize].clone(),
        agreement: proposal.agreement,
        mean_score: proposal.mean_score,
        neighbours: near
            .map(|(&drug, &distance)| NearDrug { drug: name(drug), similarity: metric.similarity(distance) })
            .collect(),
    }
}
