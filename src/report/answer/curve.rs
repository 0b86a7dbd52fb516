//! Scores by rank, as a figure.

use crate::page::{Axis, Heading, Lines, Series, thousands};
use crate::question::RankCurve;

const READING: &str = "Scores of all drugs in standard deviations over drugs, by rank. The band is what 90 % of reference queries \
                       have at the same rank: a query whose first scores are above it finds something; one within it ranks drugs \
                       as any signature does.";
const WITHOUT: &str = "Scores of all drugs in standard deviations over drugs, by rank. What is usual at a rank is not known: the \
                       database is not calibrated for such a query.";

pub(super) fn figure(curve: &RankCurve) -> Lines {
    let ranks = || curve.ranks.iter().map(|&rank| rank as f64);
    let query = Series::new("the query", ranks().zip(curve.scores.iter().copied()).collect());
    let mut series = vec![query];
    if !curve.chance.is_empty() {
        let middle = |&[low, high]: &[f64; 2]| f64::midpoint(low, high);
        series.push(Series {
            name: "reference queries, 90 %".to_owned(),
            points: ranks().zip(curve.chance.iter().map(middle)).collect(),
            band: ranks().zip(&curve.chance).map(|(rank, &[low, high])| (rank, low, high)).collect(),
        });
    }
    let drugs = format!("{} drugs", thousands(curve.drugs as u64));
    Lines {
        heading: Heading::new("score-by-rank", "Score by rank")
            .caption(if curve.chance.is_empty() { WITHOUT } else { READING })
            .n(&drugs),
        x: Axis::log("rank"),
        y: Axis::linear("standardised score"),
        series,
        diagonal: None,
        verticals: Vec::new(),
    }
}
