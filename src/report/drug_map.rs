//! Drugs on a map.

use crate::eval::Tsne;
use crate::page::{Class, Heading, Map, MapPoint, thousands};

/// Drugs, their classes, and where they lie.
#[derive(Debug, Clone, PartialEq)]
pub struct DrugMap {
    /// Names of all drugs that were laid out.
    pub names: Vec<String>,
    /// The class of each, a position in `class_names`; `None`: no class, or several.
    pub classes: Vec<Option<usize>>,
    /// The classes.
    pub class_names: Vec<Class>,
    /// Where drugs lie; where they are many, not all of them do.
    pub layout: Tsne,
}

impl DrugMap {
    /// The figure. Classes with most drugs come first, since only some can be distinguished by their looks.
    pub(super) fn figure(&self) -> Map {
        let order = self.by_size();
        let place = |class: usize| order.iter().position(|&other| other == class);
        let points = self.layout.rows.iter().zip(&self.layout.points).map(|(&row, &[x, y])| MapPoint {
            x,
            y,
            class: self.classes.get(row).copied().flatten().and_then(place),
            name: self.names.get(row).cloned().unwrap_or_default(),
        });
        let (shown, all) = (self.layout.rows.len() as u64, self.names.len() as u64);
        let n = if shown < all {
            format!("{} of {} drugs", thousands(shown), thousands(all))
        } else {
            format!("{} drugs", thousands(all))
        };
        Map {
            heading: Heading::new("map", "Drugs by their embeddings").caption(CAPTION).n(&n),
            classes: order.iter().filter_map(|&class| self.class_names.get(class).cloned()).collect(),
            rest: "other, several or unknown".to_owned(),
            points: points.collect(),
        }
    }

    fn by_size(&self) -> Vec<usize> {
        let size = |class: usize| self.classes.iter().filter(|own| **own == Some(class)).count();
        let mut order: Vec<usize> = (0..self.class_names.len()).collect();
        order.sort_by_key(|&class| std::cmp::Reverse(size(class)));
        order
    }
}

const CAPTION: &str = "Each dot is a drug. Drugs that lie close together have similar embeddings; how far groups lie \
                       apart, and how large they look, means little (t-SNE). Point at a dot for its name, at a class in \
                       the legend to see it alone.";
