//! The map of drugs that a report shows.

use l1kdb::annotate::AtcNames;
use l1kdb::eval::{EvalError, tsne};
use l1kdb::page::Class;
use l1kdb::progress::Progress;
use l1kdb::report::DrugMap;
use l1kdb::study::{Labels, Level, Study};

/// The drugs of a study, laid out by their mean embeddings and coloured by `labels`.
pub fn of_drugs(
    study: &Study,
    labels: &Labels,
    names: &AtcNames,
    progress: &dyn Progress,
) -> anyhow::Result<Option<DrugMap>> {
    let (part, level) = study.drugs();
    if level == Level::Signature || part.len() < 4 {
        return Ok(None);
    }
    let values = match part.values(&study.embedding, true) {
        Ok(values) => values,
        // A row of zeros has no direction, and the map is one of directions.
        Err(EvalError::ZeroRow { .. }) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let layout = tsne(&values, study.embedding.dim, progress)?;
    let row = |members: &Vec<u32>| members[0] as usize;
    let class = |members: &Vec<u32>| match labels.of_row[row(members)][..] {
        [class] => Some(class as usize),
        _ => None,
    };
    Ok(Some(DrugMap {
        names: part.members.iter().map(|members| study.rows[row(members)].name.clone()).collect(),
        classes: part.members.iter().map(class).collect(),
        class_names: labels
            .names
            .iter()
            .map(|code| Class::new(code, names.name(code).unwrap_or("")))
            .collect(),
        layout,
    }))
}
