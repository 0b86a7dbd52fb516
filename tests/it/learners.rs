//! A classifier of another crate takes part in a class evaluation: written with public names only, it gives the figures that can
//! be worked out by hand, and those of a classifier of this crate that does the same.

use l1kdb::Rows;
use l1kdb::eval::EvalError;
use l1kdb::eval::classification::{
    ClassOptions, ClassReport, Confident, DrugClasses, LabelMode, Method, Repurposing, Validation, classify,
};
use l1kdb::learn::{Classifier, Fitted, Labels, LearnError, Metric, Predictions, Sampling, Training};
use l1kdb::progress::Quiet;

/// Scores every class by its share of the rows that are learned from.
#[derive(Debug)]
struct Majority;

struct Shares(Vec<f32>);

impl Classifier for Majority {
    fn configurations(&self) -> Vec<String> {
        vec!["majority".to_owned()]
    }

    fn fit<'a>(&'a self, _: usize, training: &Training<'a>) -> Result<Box<dyn Fitted + 'a>, LearnError> {
        let sizes = training.labels().select(&training.sample()).sizes();
        let all: usize = sizes.iter().sum();
        Ok(Box::new(Shares(sizes.iter().map(|&size| size as f32 / all as f32).collect())))
    }
}

impl Fitted for Shares {
    fn predict(&self, rows: Rows<'_>) -> Result<Predictions, LearnError> {
        Ok(Predictions::new(self.0.repeat(rows.len()), self.0.len()))
    }
}

/// The class of the nearest row, by the Euclidean distance or by the largest difference.
#[derive(Debug)]
struct NearestRow;

struct Rest<'a> {
    distance: fn(&[f32], &[f32]) -> f32,
    rows: Vec<(&'a [f32], u32)>,
    labels: &'a Labels,
}

impl Classifier for NearestRow {
    fn configurations(&self) -> Vec<String> {
        vec!["euclid".to_owned(), "largest difference".to_owned()]
    }

    fn fit<'a>(
        &'a self,
        configuration: usize,
        training: &Training<'a>,
    ) -> Result<Box<dyn Fitted + 'a>, LearnError> {
        let (rows, labels) = (training.rows(), training.labels());
        let rows =
            training.sample().into_iter().map(|at| (rows.row(at as usize), labels.first(at))).collect();
        Ok(Box::new(Rest { distance: [euclid, largest][configuration], rows, labels }))
    }
}

fn euclid(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f32>().sqrt()
}

fn largest(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

impl Fitted for Rest<'_> {
    fn predict(&self, rows: Rows<'_>) -> Result<Predictions, LearnError> {
        let mut scores = Vec::new();
        for row in rows {
            let nearer = |a: &&(&[f32], u32), b: &&(&[f32], u32)| {
                (self.distance)(row, a.0).total_cmp(&(self.distance)(row, b.0))
            };
            let nearest =
                self.rows.iter().min_by(nearer).ok_or_else(|| LearnError::Other("no row".into()))?;
            scores.extend(
                (0..self.labels.classes()).map(|class| f32::from(u8::from(class as u32 == nearest.1))),
            );
        }
        Ok(Predictions::new(scores, self.labels.classes()).chosen("the nearest"))
    }
}

/// Gives one score too few.
#[derive(Debug)]
struct Careless;

impl Classifier for Careless {
    fn configurations(&self) -> Vec<String> {
        vec!["careless".to_owned()]
    }

    fn fit<'a>(&'a self, _: usize, _: &Training<'a>) -> Result<Box<dyn Fitted + 'a>, LearnError> {
        Ok(Box::new(Shares(vec![1.0])))
    }
}

/// Drugs of two numbers: three around (0, 0), four around (4, 0), and one more of the first class among the second.
struct Drugs {
    embeddings: Vec<f32>,
    names: Vec<String>,
    classes: Vec<Vec<u32>>,
    class_names: Vec<String>,
}

impl Drugs {
    fn new() -> Self {
        let embeddings =
            vec![0.0, 0.0, 0.5, 0.2, 0.1, 0.6, 4.0, 0.0, 4.5, 0.3, 4.2, 0.7, 3.6, 0.4, 4.25, 0.35];
        let classes: Vec<Vec<u32>> = [0, 0, 0, 1, 1, 1, 1, 0].map(|class| vec![class]).to_vec();
        let names = (0..8).map(|drug| format!("drug {drug}")).collect();
        Self { embeddings, names, classes, class_names: vec!["heart".into(), "skin".into()] }
    }

    fn data<'a>(&'a self, folds: Option<&'a [Option<u32>]>) -> DrugClasses<'a> {
        let rows = Rows::new(&self.embeddings, 2).unwrap();
        DrugClasses::new(rows, &self.names, &self.classes, &self.class_names).folds(folds)
    }

    fn report(&self, options: &ClassOptions) -> ClassReport {
        classify(&self.data(None), options, &Quiet).unwrap()
    }
}

#[test]
fn a_classifier_of_another_crate_gives_the_figures_worked_out_by_hand() {
    let drugs = Drugs::new();
    // Four drugs of each class: whoever is left out is of the smaller class, so that all eight are predicted as the other.
    let left_out = drugs.report(&ClassOptions::new(Method::custom(Majority)));
    assert_eq!((left_out.folds, left_out.validation.as_str()), (8, "leave-one-out"));
    let majority = &left_out.configurations[0];
    assert_eq!((majority.name.as_str(), majority.accuracy.value), ("majority", 0.0));
    assert_eq!(majority.confusion, [[0, 4], [4, 0]]);
    // Permuted classes are of the same sizes, so that chance gives nothing either.
    let permuted = left_out.baselines.unwrap().permuted.unwrap();
    assert_eq!((permuted.runs, permuted.accuracy.range), (20, [0.0, 0.0]));

    // Folds of drugs 0 to 3 and 4 to 7: each learns from the other, where classes are 1 to 3 and then 3 to 1.
    let folds: Vec<Option<u32>> = (0..8).map(|drug| Some(drug / 4)).collect();
    let options = ClassOptions::new(Method::custom(Majority));
    let folded = classify(&drugs.data(Some(&folds)), &options, &Quiet).unwrap();
    assert_eq!(folded.configurations[0].confusion, [[1, 3], [3, 1]]);
    // Where classes are balanced both have the same share, and the first of equals is predicted.
    for sampling in [Sampling::Up, Sampling::Down] {
        let options = options.clone().sampling(sampling);
        let balanced = classify(&drugs.data(Some(&folds)), &options, &Quiet).unwrap();
        assert_eq!(balanced.configurations[0].confusion, [[4, 0], [4, 0]]);
    }
}

#[test]
fn every_configuration_of_it_has_figures_and_says_what_it_chose() {
    let drugs = Drugs::new();
    let report = drugs.report(&ClassOptions::new(Method::custom(NearestRow)));
    let names: Vec<&str> = report.configurations.iter().map(|found| found.name.as_str()).collect();
    assert_eq!(names, ["euclid", "largest difference"]);
    for found in &report.configurations {
        // The drug among the others is predicted as them, and those whose nearest it is as the first class.
        assert_eq!(found.confusion[0], [3, 1], "{}", found.name);
        assert_eq!(found.chosen["the nearest"], 8);
    }
}

#[test]
fn it_goes_through_the_folds_and_permutations_that_a_classifier_of_this_crate_goes_through() {
    let drugs = Drugs::new();
    let own = Method::Knn { k: vec![1], metrics: vec![Metric::Euclid], weighted: false };
    for validation in [Validation::LeaveOneOut, Validation::KFold { k: 4, repeats: 3 }] {
        let of =
            |method: Method| drugs.report(&ClassOptions::new(method).validation(validation).bootstrap(100));
        let (own, other) = (of(own.clone()), of(Method::custom(NearestRow)));
        assert_eq!((own.folds, own.repeats), (other.folds, other.repeats));
        let (known, found) = (&own.configurations[0], &other.configurations[0]);
        assert_eq!((&known.confusion, known.accuracy), (&found.confusion, found.accuracy));
        let permuted = |report: ClassReport| report.baselines.unwrap().permuted.unwrap();
        let (known, found) = (permuted(own), permuted(other));
        assert_eq!((known.accuracy, known.macro_f1), (found.accuracy, found.macro_f1));
    }
}

#[test]
fn it_scores_drugs_of_several_classes_and_lists_drugs_predicted_as_another() {
    let mut drugs = Drugs::new();
    let options = ClassOptions::for_repurposing().method(Method::custom(NearestRow)).permutations(0);
    let listed = Repurposing::of(&drugs.data(None), &options, Confident::default(), &Quiet).unwrap();
    assert!(listed.candidates.iter().any(|found| found.drug == "drug 7" && found.proposed == "skin"));
    drugs.classes[0] = vec![0, 1];
    let options = ClassOptions::new(Method::custom(Majority)).labels(LabelMode::Multi);
    let found = drugs.report(&options).multi_label.unwrap();
    assert_eq!(
        (found.results[0].configuration.as_str(), found.results[0].classes[1].support),
        ("majority", 5)
    );
}

#[test]
fn predictions_that_do_not_fit_are_an_error_and_no_panic() {
    let drugs = Drugs::new();
    let refused = |method| classify(&drugs.data(None), &ClassOptions::new(method), &Quiet).unwrap_err();
    let error = refused(Method::custom(Careless));
    assert!(matches!(error, EvalError::Learn(LearnError::Predictions { .. })), "{error}");
    assert_eq!(
        error.to_string(),
        "a classifier gave 1 scores and 1 predictions, expected a score for each of 2 classes, and one prediction, for each \
         of 1 rows"
    );
}
