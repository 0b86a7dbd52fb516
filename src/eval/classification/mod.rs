//! Does an embedding of drugs tell their class, such as the first level of ATC or a mechanism?
//!
//! [`classify`] answers with figures on drugs that the classifier did not learn from, beside two baselines: always naming
//! the largest class, and the same classifier after the classes were dealt out at random. With a few hundred drugs the
//! figures are coarse (of 658 drugs, a quarter right is known to +- 3 points), so each comes with an interval over drugs.
//! [`repurposing`] lists the drugs that are placed again and again in a class that is not theirs.
//!
//! | file | responsibility |
//! |---|---|
//! | `options`, `data`, `report` | what is asked, of whom, and what came out |
//! | `labeling`, `folds`, `sampling`, `standard` | permutations, test sides, and what is fitted on training sides |
//! | `learner`, `choice` | one classifier over all parts of all repeats, and which it is |
//! | `distance`, `knn`, `centroid`, `svm`, `smo`, `ann` | the classifiers |
//! | `cluster`, `kmeans`, `hierarchy`, `agreement` | clusters, and how far they agree with classes |
//! | `scores`, `single`, `multi`, `intervals` | from predictions to figures |
//! | `repurposing` | drugs that are placed in another class |
//!
//! Everything that is fitted, standardised, sampled or chosen is so on the training side alone. A seed gives the same
//! report on any number of threads.
//!
//! ```
//! use l1kdb::eval::classification::{ClassOptions, Classifier, DrugClasses, Metric, classify};
//! use l1kdb::progress::Quiet;
//!
//! let drugs: Vec<String> = ["a", "b", "c", "d", "e", "f"].map(String::from).to_vec();
//! let names: Vec<String> = ["heart", "skin"].map(String::from).to_vec();
//! let data = DrugClasses {
//!     embeddings: &[1.0, 0.0, 0.9, 0.1, 0.8, 0.0, 0.0, 1.0, 0.1, 0.9, 0.0, 0.7],
//!     dim: 2,
//!     drugs: &drugs,
//!     classes: &[vec![0], vec![0], vec![0], vec![1], vec![1], vec![1]],
//!     names: &names,
//!     folds: None,
//! };
//! let classifier = Classifier::Knn { k: vec![1], metrics: vec![Metric::Cosine], weighted: false };
//! let report = classify(&data, &ClassOptions { classifier, ..ClassOptions::default() }, &Quiet)?;
//! assert_eq!(report.configurations[0].accuracy.value, 1.0);
//! assert_eq!(report.baselines.map(|baselines| baselines.majority.accuracy), Some(0.5));
//! # Ok::<(), l1kdb::eval::EvalError>(())
//! ```

mod centroid;
mod choice;
mod cluster;
mod cluster_agreement;
mod data;
mod distance;
#[cfg(test)]
mod fixture;
mod folds;
mod hierarchical;
mod intervals;
mod kmeans;
mod knn;
mod labels;
mod learner;
mod mlp;
mod multi_label;
mod options;
mod repurposing;
mod results;
mod sampling;
mod scores;
mod single_label;
mod smo;
mod standardizer;
mod svm;
#[cfg(test)]
mod tests;

pub use data::{DrugClasses, LeftOut};
pub use intervals::{Estimate, Spread};
pub use options::{ClassOptions, Classifier, ClusterMethod, Kernel, Labels, Metric, Sampling, Validation};
pub use repurposing::{Candidate, Confident, NearDrug, Repurposing, repurposing};
pub use results::{
    Baselines, ClassFigures, ClassReport, ClassSize, Clustering, Configuration, MultiLabel, MultiLabelClass,
    MultiLabelPermuted, MultiLabelResult, MultiLabelScores, OverRepeats, Permuted,
};
pub use scores::Scores;

use super::EvalError;
use crate::progress::Progress;
use choice::learner;
use data::Selected;
use folds::plans;
use learner::{Learner, Work};

/// Tests how well a classifier tells the classes of drugs, or how well clusters agree with them.
///
/// A class of fewer than two drugs does not take part, and neither do the drugs that then have none; the report counts
/// them. Leave-one-out with a support vector machine or a network learns as many times as there are drugs.
///
/// # Errors
/// [`EvalError`] when shapes do not fit, a value is not finite, a setting is out of range, fewer than two classes
/// remain, or more neighbours are asked for than there are drugs on a training side.
pub fn classify(
    data: &DrugClasses<'_>,
    options: &ClassOptions,
    progress: &dyn Progress,
) -> Result<ClassReport, EvalError> {
    classified(data, options, progress).map_err(|error| error.placed(|row| data.place(row)))
}

fn classified(
    data: &DrugClasses<'_>,
    options: &ClassOptions,
    progress: &dyn Progress,
) -> Result<ClassReport, EvalError> {
    options.check()?;
    let data = Selected::new(data, options)?;
    let report = ClassReport::of(&data, options);
    if let Classifier::Cluster { methods, clusters } = &options.classifier {
        let clusterings = cluster::clusterings(&data, options, methods, *clusters, progress)?;
        return Ok(ClassReport { validation: "none".to_owned(), clusterings, ..report });
    }
    let Some(learner) = learner(&options.classifier) else { return Ok(report) };
    validated(&data, options, learner.as_ref(), report, progress)
}

fn validated(
    data: &Selected,
    options: &ClassOptions,
    learner: &dyn Learner,
    report: ClassReport,
    progress: &dyn Progress,
) -> Result<ClassReport, EvalError> {
    let plans = plans(data, options, passes_over(learner, options))?;
    options.check_size(data.len(), data.names.len(), plans.len())?;
    let labelings = data.labels.with_permutations(options.seed, options.permutations);
    let work = Work { data, labelings: &labelings, sampling: options.sampling, seed: options.seed };
    let judged = work.run(learner, &plans, progress)?;
    let names = learner.configurations();
    let report = ClassReport {
        validation: validation(data, options),
        folds: if data.folds.is_none() && options.validation == Validation::LeaveOneOut {
            data.len()
        } else {
            plans[0].parts()
        },
        repeats: plans.len(),
        ..report
    };
    Ok(match options.labels {
        Labels::SingleOnly => ClassReport {
            baselines: Some(single_label::baselines(data, &names, &labelings, &judged)),
            configurations: single_label::configurations(data, options, &names, &judged[0]),
            ..report
        },
        Labels::Multi => {
            let multi_label = multi_label::multi_label(data, options, &names, &labelings, &judged);
            ClassReport { multi_label: Some(multi_label), ..report }
        }
    })
}

/// Whether leave-one-out can be one part. Where classes are levelled, every drug has a training side of its own.
fn passes_over(learner: &dyn Learner, options: &ClassOptions) -> bool {
    learner.passes_over_itself() && options.sampling == Sampling::AsIs
}

fn validation(data: &Selected, options: &ClassOptions) -> String {
    match options.validation {
        _ if data.folds.is_some() => "folds of the split".to_owned(),
        Validation::LeaveOneOut => "leave-one-out".to_owned(),
        Validation::KFold { k, repeats: 1 } => format!("{k}-fold"),
        Validation::KFold { k, repeats } => format!("{k}-fold, {repeats} times"),
    }
}
