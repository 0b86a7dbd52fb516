//! The query's place among the drugs.

use std::collections::HashSet;

use crate::annotate::AtcNames;
use crate::page::{Class, Heading, Map, MapPoint, thousands};
use crate::question::{DrugPlaces, Overview};
use crate::report::hits::spoken;

const READING: &str = "Each dot is a drug, at the first two principal components of the drugs' mean embeddings. Two numbers keep little of \
                       an embedding: hits may lie far from the query here, and neighbours here may be no hits. Point at a dot for its name, \
                       at a class in the legend to see it alone.";

/// The drugs and some queries, whose hits are told apart where it is one.
pub(super) fn figure(places: &DrugPlaces, queries: &[Overview], names: &AtcNames) -> Map {
    let hits: HashSet<&str> = match queries {
        [one] => one.hits.iter().map(|hit| &*hit.drug).collect(),
        _ => HashSet::new(),
    };
    let mut letters: Vec<&String> = places.drugs.iter().flat_map(|drug| &drug.atc).collect();
    letters.sort();
    letters.dedup();
    let classes =
        letters.iter().map(|code| Class::new(code, &names.name(code).map_or_else(String::new, spoken)));
    let class = |drug: &crate::question::PlacedDrug| match (&drug.atc[..], hits.contains(&*drug.name)) {
        (_, true) => Some(1),
        ([one], _) => letters.iter().position(|code| *code == one).map(|at| at + 2),
        _ => None,
    };
    let point = |drug: &crate::question::PlacedDrug| MapPoint {
        x: drug.place[0] as f32,
        y: drug.place[1] as f32,
        class: class(drug),
        name: drug.name.clone(),
    };
    let query = |overview: &Overview| {
        let [x, y] = overview.place?.map(|along| along as f32);
        Some(MapPoint { x, y, class: Some(0), name: overview.query.clone() })
    };
    let (shown, all) = (places.drugs.len() as u64, places.all as u64);
    Map {
        heading: Heading::new("map", "Among the drugs").caption(READING).n(&format!(
            "{} of {} drugs",
            thousands(shown),
            thousands(all)
        )),
        classes: [
            Class::new(if queries.len() == 1 { "the query" } else { "queries" }, ""),
            Class::new("hits", "those of the table"),
        ]
        .into_iter()
        .chain(classes)
        .collect(),
        rest: "other, several or unknown".to_owned(),
        points: places.drugs.iter().map(point).chain(queries.iter().filter_map(query)).collect(),
    }
}
