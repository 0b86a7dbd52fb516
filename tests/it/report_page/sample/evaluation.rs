//! Pages of evaluations of made-up signatures, of a size and with names as real ones have them.

use l1kdb::Rows;
use l1kdb::eval::Tsne;
use l1kdb::eval::classification::{
    ClassOptions, Confident, DrugClasses, Method, Repurposing, Validation, classify,
};
use l1kdb::learn::Metric;
use l1kdb::page::{Class, Page};
use l1kdb::progress::Quiet;
use l1kdb::report::{ClassesReport, FileNote, Provenance, Report, RetrievalReport};
use l1kdb::split::{Grouping, KFold, Split};
use l1kdb::study::{DrugMap, Matrix, Protocol, Retrieval, Row, Study};

use super::Scatter;
use super::classes::{class_list, name};

const DRUGS: usize = 160;
const CLASSES: usize = 5;
const DIM: usize = 16;

/// A drug's place in the embedding: that of its class, and its own.
fn centres() -> Vec<[f64; DIM]> {
    let mut scatter = Scatter(23);
    let mut place = |spread: f64| [0; DIM].map(|_| spread * scatter.normal());
    let classes: Vec<[f64; DIM]> = (0..CLASSES).map(|_| place(0.5)).collect();
    let add = |drug: usize, own: [f64; DIM]| {
        let mut sum = own;
        sum.iter_mut().zip(classes[class(drug)]).for_each(|(a, b)| *a += b);
        sum
    };
    (0..DRUGS).map(|drug| add(drug, place(0.8))).collect()
}

/// Some classes have more drugs than others.
fn class(drug: usize) -> usize {
    [0, 1, 2, 3, 4, 0, 1, 2, 0, 1, 0][drug % 11]
}

fn row(at: usize, drug: usize) -> Row {
    Row {
        id: format!("CPC{:03}_{}:{at}", drug / 8 + at % 2, ["MCF7", "PC3", "A375"][at % 3]),
        drug: Some(name(drug)),
        name: name(drug),
        cell: Some(["MCF7", "PC3", "A375"][at % 3].into()),
        plate: Some(format!("CPC{:03}", drug / 8 + at % 2)),
        dose: ["10 uM", "0.5 uM", "3 uM", "10 uM"][at % 4].parse().ok(),
        time: ["6 h", "24 h"][at / 2 % 2].parse().ok(),
        ..Row::default()
    }
}

/// Drugs of two to eight signatures; z-scores that hold the same, under more noise.
fn study() -> Study {
    let mut scatter = Scatter(5);
    let centres = centres();
    let drugs: Vec<usize> = (0..DRUGS).flat_map(|drug| vec![drug; 2 + drug % 7]).collect();
    let mut noisy = |noise: f64, dim: usize| -> Vec<f32> {
        let values = drugs.iter().flat_map(|&drug| (0..dim).map(move |at| (drug, at)));
        values.map(|(drug, at)| (centres[drug][at % DIM] + noise * scatter.normal()) as f32).collect()
    };
    let (embedding, profiles) = (noisy(1.0, DIM), noisy(3.5, 4 * DIM));
    let rows = drugs.iter().enumerate().map(|(at, &drug)| row(at, drug)).collect();
    let study = Study::new(rows, Matrix::new("weighted discriminant", embedding, DIM).unwrap()).unwrap();
    study.with_profiles(Matrix::new("z-scores", profiles, 4 * DIM).unwrap()).unwrap()
}

fn protocol(study: &Study) -> Protocol {
    let ids: Vec<String> = study.rows.iter().map(|row| row.id.clone()).collect();
    let drugs = Grouping::by_one(study.rows.iter().map(|row| row.drug.as_deref()));
    let split = Split::k_fold(&ids, "drug", &drugs, KFold { folds: 3, repeats: 1 }, 1).unwrap();
    let label = "pert_iname".parse().unwrap();
    Protocol::new(label).split(split).bootstrap(200)
}

pub fn found() -> Retrieval {
    let study = study();
    study.retrieval(&protocol(&study), &Quiet).unwrap()
}

fn provenance() -> Provenance {
    let file = |role: &str, path: &str| FileNote {
        role: role.into(),
        path: path.into(),
        digest: format!("sha256:{}", "9f2c4b1e7a0d3358".repeat(4)),
    };
    Provenance {
        program: "l1kdb 0.1.0".into(),
        command: "l1kdb eval retrieval lincs.l1kdb --profiles level5_beta_trt_cp_n720216x12328.gctx --split split.toml \
                  --report page.html"
            .into(),
        model: Some(format!("weighted discriminant, sha256:{}", "0123456789abcdef".repeat(4))),
        engine: Some("ONNX Runtime 1.24.1 on the processor".into()),
        files: vec![file("profiles", "level5_beta_trt_cp_n720216x12328.gctx"), file("split", "split.toml")],
    }
}

fn embeddings() -> Vec<f32> {
    let mut scatter = Scatter(41);
    centres().iter().flatten().map(|&value| (value + 0.3 * scatter.normal()) as f32).collect()
}

fn map() -> DrugMap {
    let names = (0..DRUGS).map(name).collect();
    let classes = (0..DRUGS).map(|drug| Some(class(drug)).filter(|_| drug % 9 > 0)).collect();
    let class_names = classes_in_use().into_iter().map(|class| (class.code, class.name)).collect();
    let layout = Tsne::of(Rows::new(&embeddings(), DIM).unwrap(), &Quiet).unwrap();
    DrugMap::new(names, classes, class_names, layout)
}

fn classes_in_use() -> Vec<Class> {
    class_list().into_iter().take(CLASSES).collect()
}

pub fn retrieval() -> Page {
    let study = study();
    let shape = study.shape(&protocol(&study), &Quiet).unwrap();
    RetrievalReport::new(&found(), &provenance()).shape(&shape).map(Some(&map())).page()
}

pub fn classes() -> Page {
    let embeddings = embeddings();
    let drugs: Vec<String> = (0..DRUGS).map(name).collect();
    let class_of: Vec<Vec<u32>> = (0..DRUGS).map(|drug| vec![class(drug) as u32]).collect();
    let names: Vec<String> =
        classes_in_use().iter().map(|class| format!("{} {}", class.code, class.name)).collect();
    let rows = Rows::new(&embeddings, DIM).unwrap();
    let data = DrugClasses::new(rows, &drugs, &class_of, &names);
    let method =
        Method::Knn { k: vec![5, 9], metrics: vec![Metric::Cosine, Metric::Canberra], weighted: false };
    let validation = Validation::KFold { k: 5, repeats: 4 };
    let options = ClassOptions::new(method).validation(validation).bootstrap(200);
    let report = classify(&data, &options, &Quiet).unwrap();
    let listed = Repurposing::of(&data, &options, Confident::default(), &Quiet).unwrap();
    ClassesReport::new(&report, &provenance()).repurposing(Some(&listed)).map(Some(&map())).page()
}
