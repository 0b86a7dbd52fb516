//! Classification of a study's drugs.

use super::{Label, Level, Row, Study, StudyError};
use crate::Rows;
use crate::eval::classification::{ClassOptions, ClassReport, Confident, DrugClasses, Repurposing, classify};
use crate::progress::Progress;
use crate::split::Split;

/// The protocol of a classification of drugs.
#[derive(Debug, Clone)]
#[non_exhaustive]
#[must_use]
pub struct ClassProtocol {
    /// The classes.
    pub label: Label,
    /// Classifier, validation and sampling.
    pub options: ClassOptions,
    /// Folds of drugs, in place of those of `options`; of several repeats, the first.
    pub split: Option<Split>,
    /// Whether drugs are listed that are repeatedly and confidently predicted as another class.
    pub repurposing: bool,
}

impl ClassProtocol {
    /// Asks for the classes of `label` with `options`.
    pub fn new(label: Label, options: ClassOptions) -> Self {
        Self { label, options, split: None, repurposing: false }
    }

    /// Sets the folds.
    pub fn split(mut self, split: Option<Split>) -> Self {
        self.split = split;
        self
    }

    /// Also lists drugs that are predicted as another class.
    pub fn repurposing(mut self, list: bool) -> Self {
        self.repurposing = list;
        self
    }
}

/// Results of a classification of drugs.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Classification {
    /// The figures.
    pub report: ClassReport,
    /// Drugs that are predicted as another class, where they were asked for.
    pub repurposing: Option<Repurposing>,
    /// What the reader of a report has to know about the data.
    pub warnings: Vec<String>,
}

impl Study {
    /// Classifies drugs by their mean embeddings; where no drug is known, rows.
    ///
    /// # Errors
    /// [`StudyError::DrugInTwoFolds`]; as [`classify`].
    pub fn classification(
        &self,
        protocol: &ClassProtocol,
        progress: &dyn Progress,
    ) -> Result<Classification, StudyError> {
        let drugs = Drugs::new(self, protocol)?;
        let data = drugs.data(self.embedding.rows().dim());
        let report = classify(&data, &protocol.options, progress)?;
        let list =
            || Repurposing::of(&data, &for_repurposing(&protocol.options), Confident::default(), progress);
        let mut warnings = self.warnings.clone();
        warnings.extend(protocol.split.as_ref().and_then(|split| Row::leak_warning(&self.rows, split)));
        Ok(Classification { report, repurposing: protocol.repurposing.then(list).transpose()?, warnings })
    }
}

/// The list has a protocol of its own: neighbours by cosine, five folds, ten times.
fn for_repurposing(options: &ClassOptions) -> ClassOptions {
    let ClassOptions { seed, top, permutations, .. } = *options;
    ClassOptions::for_repurposing().seed(seed).top(top).permutations(permutations)
}

/// The drugs of a study, each by its mean embedding.
struct Drugs {
    embeddings: Vec<f32>,
    names: Vec<String>,
    classes: Vec<Vec<u32>>,
    class_names: Vec<String>,
    folds: Option<Vec<Option<u32>>>,
}

impl Drugs {
    fn new(study: &Study, protocol: &ClassProtocol) -> Result<Self, StudyError> {
        let labels = study.labels(&protocol.label)?;
        let (drugs, level) = study.drugs();
        let first = |members: &Vec<u32>| members[0] as usize;
        let shown = |members: &Vec<u32>| {
            let row = &study.rows[first(members)];
            if row.name.is_empty() { row.id.clone() } else { row.name.clone() }
        };
        Ok(Self {
            embeddings: drugs
                .values(&study.embedding, level == Level::Drug)
                .map_err(|error| error.placed(|row| study.place(row)))?,
            names: drugs.members.iter().map(shown).collect(),
            classes: drugs.members.iter().map(|members| labels.of_row[first(members)].clone()).collect(),
            folds: protocol.split.as_ref().map(|split| folds(study, split, &drugs.members)).transpose()?,
            class_names: labels.names,
        })
    }

    fn data(&self, dim: usize) -> DrugClasses<'_> {
        let rows = Rows::whole(&self.embeddings, dim);
        DrugClasses::new(rows, &self.names, &self.classes, &self.class_names).folds(self.folds.as_deref())
    }
}

/// Returns the fold in which each drug is held out, by the first repeat of a split.
fn folds(study: &Study, split: &Split, drugs: &[Vec<u32>]) -> Result<Vec<Option<u32>>, StudyError> {
    let mut of_row = vec![None; study.rows.len()];
    for (number, fold) in (0..).zip(split.folds().filter(|fold| fold.repeat == 0)) {
        fold.held_out.iter().for_each(|&row| of_row[row] = Some(number));
    }
    let id = |row: u32| study.rows[row as usize].id.clone();
    let of_drug = |members: &Vec<u32>| {
        let fold = of_row[members[0] as usize];
        match members.iter().find(|&&row| of_row[row as usize] != fold) {
            Some(&other) => Err(StudyError::DrugInTwoFolds { first: id(members[0]), second: id(other) }),
            None => Ok(fold),
        }
    };
    drugs.iter().map(of_drug).collect()
}
