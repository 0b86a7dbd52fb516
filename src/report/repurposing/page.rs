//! Drugs that are predicted to be in another class, on the page of their classes.

use crate::eval::classification::{Candidate, Repurposing};
use crate::page::{Block, Column, Heading, Table, thousands};

/// Returns the list, under how long it would be by chance.
pub fn blocks(found: &Repurposing) -> Vec<Block> {
    let mut blocks = vec![Block::Text(listed(found))];
    if !found.candidates.is_empty() {
        blocks.push(Block::Table(candidates(found)));
    }
    blocks
}

fn listed(found: &Repurposing) -> String {
    let (listed, drugs) = (found.candidates.len(), thousands(found.drugs as u64));
    let told = format!(
        "{listed} of {drugs} drugs are repeatedly predicted as a class that is not theirs ({}, {}). Such a drug may act \
         like those of the other class; it may as well be a mistake.",
        found.configuration, found.validation
    );
    let Some(chance) = found.by_chance else {
        return format!("{told} How many there would be by chance was not asked.");
    };
    let [low, high] = chance.range;
    let said = if listed as f64 > high {
        "The list is longer than that, so some of it is more than chance, but it does not say which."
    } else {
        "The list is no longer than that: it says nothing."
    };
    format!(
        "{told}\n\nWith randomly permuted classes ({} times) the same rule lists {:.1} drugs ({low:.1} to {high:.1}). {said}",
        found.permutations, chance.mean
    )
}

fn candidates(found: &Repurposing) -> Table {
    let row = |candidate: &Candidate| {
        let near = candidate.neighbours.iter().map(|near| format!("{} ({:.2})", near.drug, near.similarity));
        vec![
            candidate.drug.clone(),
            candidate.classes.join(", "),
            candidate.proposed.clone(),
            near.collect::<Vec<_>>().join(", "),
            format!("{:.0}", 100.0 * candidate.agreement),
            format!("{:.2}", candidate.mean_score),
        ]
    };
    let caption = "Repeats: the share of repeats of the validation that predict it. Score: how sure the \
                   classifier is, on average. Nearest: drugs of that class with the most similar embeddings, and their \
                   similarity.";
    let columns = ["drug", "its class", "predicted as", "nearest there"].map(Column::text).into_iter();
    Table {
        heading: Heading::new("repurposing", "Drugs predicted as another class").caption(caption),
        columns: columns.chain(["repeats %", "score"].map(Column::number)).collect(),
        rows: found.candidates.iter().map(row).collect(),
        highlighted: None,
    }
}
