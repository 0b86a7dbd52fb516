//! The map of a study's drugs.

use super::{Label, Level, Study};
use crate::Rows;
use crate::eval::{EvalError, Tsne};
use crate::progress::Progress;

/// Drugs on a map, by their mean embeddings.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct DrugMap {
    /// Their names.
    pub names: Vec<String>,
    /// The class of each, where it has one and no other.
    pub classes: Vec<Option<usize>>,
    /// Classes and, where they have one, their names.
    pub class_names: Vec<(String, String)>,
    /// Where each drug is.
    pub layout: Tsne,
}

impl DrugMap {
    /// Puts drugs, their classes and their places together.
    pub fn new(
        names: Vec<String>,
        classes: Vec<Option<usize>>,
        class_names: Vec<(String, String)>,
        layout: Tsne,
    ) -> Self {
        Self { names, classes, class_names, layout }
    }
}

impl Study {
    /// Lays out the drugs by their mean embeddings, with the classes of `label`; by drug, with the first level of ATC. `None`
    /// where fewer than four drugs are known, or a row has no direction.
    ///
    /// # Errors
    /// [`EvalError::NoColumn`], and values that are not finite.
    pub fn drug_map(&self, label: &Label, progress: &dyn Progress) -> Result<Option<DrugMap>, EvalError> {
        let labels = self.labels(if *label == Label::Drug { &Label::Atc(1) } else { label })?;
        let (drugs, level) = self.drugs();
        if level == Level::Signature || drugs.len() < 4 {
            return Ok(None);
        }
        let values = match drugs.values(&self.embedding, true) {
            Ok(values) => values,
            Err(EvalError::ZeroRow { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        let first = |members: &Vec<u32>| members[0] as usize;
        let class = |members: &Vec<u32>| match labels.of_row[first(members)][..] {
            [class] => Some(class as usize),
            _ => None,
        };
        let named = |code: &String| (code.clone(), self.atc_names.name(code).unwrap_or_default().to_owned());
        Ok(Some(DrugMap {
            layout: Tsne::of(Rows::whole(&values, self.embedding.rows().dim()), progress)?,
            names: drugs.members.iter().map(|members| self.rows[first(members)].name.clone()).collect(),
            classes: drugs.members.iter().map(class).collect(),
            class_names: labels.names.iter().map(named).collect(),
        }))
    }
}
