//! A small study for tests.

use super::*;
use crate::eval::fixture::scattered;
use crate::split::{KFold, Split};

/// 30 drugs of 6 signatures in two cell lines; the embedding knows the drug, the profiles do not.
pub(crate) fn study() -> Study {
    let row = |at: usize| Row {
        id: format!("P{}:{at}", at % 6),
        drug: Some(format!("drug{:02}", at / 6)),
        name: format!("Drug {}", at / 6),
        cell: Some(["PC3", "A375"][at % 2].into()),
        plate: Some(format!("P{}", at % 6 / 3)),
        dose: "10 uM".parse().ok(),
        time: "24 h".parse().ok(),
        moa: vec![format!("moa{}", at / 6 % 5), "all".into()],
        atc: vec![["A01AA01", "B01AA01", "C01AA01"][at / 6 % 3].parse().unwrap()],
        ..Row::default()
    };
    let rows: Vec<Row> = (0..180).map(row).collect();
    let (noise, centres) = (scattered(180 * 8, 1), scattered(30 * 8, 2));
    let values: Vec<f32> = (0..180 * 8).map(|at| noise[at] + 1.2 * centres[at / 48 * 8 + at % 8]).collect();
    Study::new(rows, Matrix::new("mine", values, 8).unwrap())
        .unwrap()
        .with_profiles(Matrix::new("raw", scattered(180 * 20, 5), 20).unwrap())
        .unwrap()
}

/// Everything against everything, with few resamples.
pub(crate) fn protocol(label: &str) -> Protocol {
    Protocol { bootstrap: 60, ..Protocol::new(label.parse().unwrap()) }
}

/// Three folds of drugs, twice.
pub(crate) fn by_drug(study: &Study) -> Split {
    let ids: Vec<String> = study.rows.iter().map(|row| row.id.clone()).collect();
    let drugs = Grouping::by_one(study.rows.iter().map(|row| row.drug.as_deref()));
    Split::k_fold(&ids, "drug", &drugs, KFold { folds: 3, repeats: 2 }, 4).unwrap()
}
