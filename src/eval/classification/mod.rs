//! Classification of drugs by their embeddings, into classes such as the first level of ATC or mechanisms.
//!
//! [`classify`] answers with figures on drugs that the classifier did not learn from, beside two baselines: always naming
//! the largest class, and the same classifier after the classes were assigned at random. With a few hundred drugs the
//! figures are coarse (of 658 drugs, a quarter right is known to +- 3 points), so each comes with an interval over drugs.
//! [`Repurposing`] lists the drugs that are predicted again and again as a class that is not theirs. The classifiers
//! themselves, and how to write one, are in [`learn`](crate::learn).
//!
//! | file | responsibility |
//! |---|---|
//! | `options`, `method` | what is asked, and of which classifier |
//! | `data`, `folds`, `permutations` | the drugs that take part, train and test sets of each fold, permuted labels |
//! | `cross_validation` | one classifier over all folds, repeats and permutations |
//! | `cluster`, `cluster_agreement` | clusters, and how far they agree with classes |
//! | `scores`, `intervals`, `single_label`, `multi_label` | from predictions to figures |
//! | `results` | results of a classification |
//! | `repurposing` | drugs that are predicted as another class |
//!
//! Everything that is fitted, standardised, balanced or chosen is so on the training side alone. A seed gives the same
//! report on any number of threads.
//!
//! ```
//! use l1kdb::Rows;
//! use l1kdb::eval::classification::{ClassOptions, DrugClasses, Method, classify};
//! use l1kdb::learn::Metric;
//! use l1kdb::progress::Quiet;
//!
//! let drugs: Vec<String> = ["a", "b", "c", "d", "e", "f"].map(String::from).to_vec();
//! let names: Vec<String> = ["heart", "skin"].map(String::from).to_vec();
//! let embeddings = Rows::new(&[1.0, 0.0, 0.9, 0.1, 0.8, 0.0, 0.0, 1.0, 0.1, 0.9, 0.0, 0.7], 2)?;
//! let classes = [vec![0], vec![0], vec![0], vec![1], vec![1], vec![1]];
//! let data = DrugClasses::new(embeddings, &drugs, &classes, &names);
//! let method = Method::Knn { k: vec![1], metrics: vec![Metric::Cosine], weighted: false };
//! let report = classify(&data, &ClassOptions::new(method), &Quiet)?;
//! assert_eq!(report.configurations[0].accuracy.value, 1.0);
//! assert_eq!(report.baselines.map(|baselines| baselines.majority.accuracy), Some(0.5));
//! # Ok::<(), l1kdb::eval::EvalError>(())
//! ```

mod cluster;
mod cluster_agreement;
mod cross_validation;
mod data;
#[cfg(test)]
mod fixture;
mod folds;
mod intervals;
mod method;
mod multi_label;
mod options;
mod permutations;
mod repurposing;
mod results;
mod scores;
mod single_label;
#[cfg(test)]
mod tests;

pub use data::{DrugClasses, LeftOut};
pub use intervals::{Estimate, Spread};
pub use method::{ClusterMethod, Method};
pub use options::{ClassOptions, LabelMode, Validation};
pub use repurposing::{Candidate, Confident, NearDrug, Repurposing};
pub use results::{
    Baselines, ClassFigures, ClassReport, ClassSize, Clustering, Configuration, MultiLabel, MultiLabelClass,
    MultiLabelPermuted, MultiLabelResult, MultiLabelScores, OverRepeats, Permuted,
};
pub use scores::Scores;

use super::EvalError;
use crate::progress::Progress;
use cross_validation::CrossValidation;
use data::Selected;
use folds::plans;
use permutations::with_permutations;

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
    if let Method::Cluster { methods, clusters } = &options.method {
        let clusterings = cluster::clusterings(&data, options, methods, *clusters, progress)?;
        return Ok(ClassReport { validation: "none".to_owned(), clusterings, ..report });
    }
    validated(&data, options, report, progress)
}

fn validated(
    data: &Selected,
    options: &ClassOptions,
    report: ClassReport,
    progress: &dyn Progress,
) -> Result<ClassReport, EvalError> {
    let classifier = options.method.classifier()?;
    let names = classifier.configurations();
    let plans = plans(data, options)?;
    options.check_size(data.len(), data.names.len(), plans.len())?;
    let labelings = with_permutations(&data.labels, options.seed, options.permutations);
    let validation = CrossValidation {
        data,
        classifier: classifier.as_ref(),
        configurations: names.len(),
        labelings: &labelings,
        sampling: options.sampling,
        seed: options.seed,
    };
    let predictions = validation.run(&plans, progress)?;
    let report = ClassReport {
        validation: options.validation_name(data),
        folds: plans[0].parts(),
        repeats: plans.len(),
        ..report
    };
    Ok(match options.labels {
        LabelMode::SingleOnly => ClassReport {
            baselines: Some(single_label::baselines(data, &names, &labelings, &predictions)),
            configurations: single_label::configurations(data, options, &names, &predictions[0]),
            ..report
        },
        LabelMode::Multi => {
            let multi_label = multi_label::multi_label(data, options, &names, &labelings, &predictions);
            ClassReport { multi_label: Some(multi_label), ..report }
        }
    })
}
