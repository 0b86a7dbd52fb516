//! The drugs of a database in two dimensions.

use crate::Rows;
use crate::annotate::AtcCode;
use crate::db::{Db, DbError, DrugRecord};
use crate::stats::PrincipalComponents;

/// Drugs that have a place, at most; of more every second, third and so on.
const MOST: usize = 4000;

/// The drugs of a database in two dimensions: principal components of the drugs' mean embeddings.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct DrugPlaces {
    /// The drugs.
    pub drugs: Vec<PlacedDrug>,
    /// Drugs of the database.
    pub all: usize,
}

/// Drugs with their places, and the places of queries.
pub(super) type Placed = (DrugPlaces, Vec<[f64; 2]>);

/// A drug with its place.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PlacedDrug {
    /// Its name.
    pub name: String,
    /// Its ATC classes of level 1.
    pub atc: Vec<String>,
    /// Across and up.
    pub place: [f64; 2],
}

impl DrugPlaces {
    /// Places the drugs, and some embeddings among them.
    pub(super) fn of(db: &Db, drugs: &[DrugRecord], embeddings: &[f32]) -> Result<Placed, DbError> {
        let (dim, sums) = (db.dim(), db.sums_of_embeddings()?);
        let step = drugs.len().div_ceil(MOST).max(1);
        let of_drug = |drug: usize| &sums[drug * dim..][..dim];
        let has_direction = |&drug: &usize| of_drug(drug).iter().any(|&value| value != 0.0);
        let shown: Vec<usize> = (0..drugs.len()).step_by(step).filter(has_direction).collect();
        let rows: Vec<f32> = shown.iter().flat_map(|&drug| of_drug(drug)).copied().collect();
        let rows = Rows::whole(&rows, dim).to_unit_lengths();
        let components = PrincipalComponents::of(Rows::whole(&rows, dim));
        let queries = embeddings.chunks_exact(dim).map(|row| components.place(row)).collect();
        let drug = |(&drug, place): (&usize, &[f64; 2])| {
            let atc = classes(&drugs[drug]);
            PlacedDrug { name: drugs[drug].name.clone(), atc, place: *place }
        };
        let placed = shown.iter().zip(&components.places).map(drug).collect();
        Ok((DrugPlaces { drugs: placed, all: drugs.len() }, queries))
    }
}

fn classes(drug: &DrugRecord) -> Vec<String> {
    let codes = drug.atc.iter().filter_map(|code| code.parse::<AtcCode>().ok());
    let mut classes: Vec<String> = codes.filter_map(|code| code.at_level(1).map(str::to_owned)).collect();
    classes.sort();
    classes.dedup();
    classes
}
