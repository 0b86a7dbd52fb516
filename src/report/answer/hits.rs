//! The hits as a table.

use crate::annotate::AtcNames;
use crate::page::{Column, Heading, Table};
use crate::question::Overview;
use crate::report::hits::{further_cell, some_of, uses};

const READING: &str = "The score is made of the similarities of the drug's signatures, of which there are n. p is the share of \
                       reference queries of other drugs that the drug scores as high for; q is the share of false ones to expect among \
                       all drugs with a p this small. Drugs are in order of their scores.";

pub(super) fn table(overview: &Overview, names: &AtcNames) -> Table {
    let further = overview.hits.first().map_or(&[][..], |hit| &hit.further);
    let mut columns = vec![Column::text("drug"), Column::number("rank"), Column::number("score")];
    columns.extend([Column::number("best"), Column::number("n")]);
    columns.extend(further.iter().map(|score| Column::number(score.name)));
    columns.extend(["ATC", "used for", "mechanism", "target", "best signature"].map(Column::text));
    let row = |hit: &crate::db::DrugHit| {
        let mut row = vec![hit.drug.clone(), hit.rank.to_string(), format!("{:.3}", hit.score)];
        row.extend([format!("{:.3}", hit.best_similarity), hit.n_signatures.to_string()]);
        row.extend(hit.further.iter().map(further_cell));
        row.extend([&hit.atc, &uses(&hit.atc, names), &hit.moa, &hit.targets].map(|texts| some_of(texts)));
        row.push(hit.best_sig_id.clone());
        row
    };
    Table {
        heading: Heading::new("hits", "Hits").caption(READING),
        columns,
        rows: overview.hits.iter().map(row).collect(),
        highlighted: None,
    }
}
