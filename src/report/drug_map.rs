//! Drugs on a map.

use crate::page::{Class, Heading, Map, MapPoint, thousands};
use crate::study::DrugMap;

/// The figure of a map. Classes with most drugs come first, since only some can be distinguished by their looks.
pub(super) fn figure(map: &DrugMap) -> Map {
    let order = by_size(map);
    let place = |class: usize| order.iter().position(|&other| other == class);
    let points = map.layout.rows.iter().zip(&map.layout.points).map(|(&row, &[x, y])| MapPoint {
        x,
        y,
        class: map.classes.get(row).copied().flatten().and_then(place),
        name: map.names.get(row).cloned().unwrap_or_default(),
    });
    let (shown, all) = (map.layout.rows.len() as u64, map.names.len() as u64);
    let n = if shown < all {
        format!("{} of {} drugs", thousands(shown), thousands(all))
    } else {
        format!("{} drugs", thousands(all))
    };
    let class = |&class: &usize| map.class_names.get(class).map(|(code, name)| Class::new(code, name));
    Map {
        heading: Heading::new("map", "Drugs by their embeddings").caption(CAPTION).n(&n),
        classes: order.iter().filter_map(class).collect(),
        rest: "other, several or unknown".to_owned(),
        points: points.collect(),
    }
}

fn by_size(map: &DrugMap) -> Vec<usize> {
    let size = |class: usize| map.classes.iter().filter(|own| **own == Some(class)).count();
    let mut order: Vec<usize> = (0..map.class_names.len()).collect();
    order.sort_by_key(|&class| std::cmp::Reverse(size(class)));
    order
}

const CAPTION: &str = "Each dot is a drug. Drugs that lie close together have similar embeddings; how far groups lie \
                       apart, and how large they look, means little (t-SNE). Point at a dot for its name, at a class in \
                       the legend to see it alone.";
