//! What is known of the query.

use crate::page::Block;
use crate::question::Overview;

pub(super) fn blocks(overview: &Overview) -> Vec<Block> {
    let mut facts = vec![("query".to_owned(), overview.query.clone())];
    if let Some((signature, drug)) = &overview.known {
        let known = [
            ("drug", drug.name.clone()),
            ("cell line", signature.cell_id.clone()),
            ("dose", signature.pert_dose.clone()),
            ("time", signature.pert_time.clone()),
            ("ATC", drug.atc.join(", ")),
            ("mechanism", drug.moa.join(", ")),
            ("target", drug.targets.join(", ")),
        ];
        facts.extend(
            known
                .into_iter()
                .filter(|(_, value)| !value.is_empty())
                .map(|(name, value)| (name.to_owned(), value)),
        );
    }
    facts.extend(overview.genes.map(|genes| ("genes".to_owned(), genes.to_string())));
    vec![Block::Facts(facts)]
}
