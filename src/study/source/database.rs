use crate::db::Db;
use crate::embed::{EngineOptions, Model};
use crate::profile::GENES;
use crate::study::{Matrix, Note, Row, Study, StudyError};

impl Study {
    /// Takes all rows of a database, with its embeddings and, where it keeps them, its profiles.
    ///
    /// ```no_run
    /// use l1kdb::db::Db;
    /// use l1kdb::embed::EngineOptions;
    /// use l1kdb::progress::Quiet;
    /// use l1kdb::study::Study;
    ///
    /// let study = Study::of_database(&Db::open("lincs.l1kdb")?, &EngineOptions::default())?;
    /// let found = study.retrieval(&study.protocol(None), &Quiet)?;
    /// println!("AUC {:.3}", found.outcome.micro.auc_quantile);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// A damaged database; a network in it that cannot be opened.
    pub fn of_database(db: &Db, engine: &EngineOptions) -> Result<Self, StudyError> {
        let model = db.model(engine)?;
        let export = db.export()?;
        let stored = export.signatures.iter().zip(&export.drug_of).zip(&export.sources);
        let row = |((signature, &drug), source): ((_, &usize), &String)| Row {
            source: Some(source.clone()).filter(|source| !source.is_empty()),
            ..Row::stored(signature, &export.drugs[drug])
        };
        let rows = stored.map(row).collect();
        let embedding = Matrix::new(model.card().name.clone(), export.embeddings, db.dim())?;
        let mut study = Self::new(rows, embedding)?.with_model(&model);
        study.atc_names = db.atc_names()?;
        match export.profiles {
            Some(profiles) => study = study.with_profiles(Matrix::new("raw", profiles, GENES)?)?,
            None => study.notes.push(Note::NoProfiles),
        }
        Ok(study)
    }

    /// Says which network made the embeddings, and that it has seen its training drugs.
    pub(super) fn with_model(mut self, model: &Model) -> Self {
        let card = model.card();
        self.model = Some(format!("{} ({})", card.name, model.digest()));
        self.is_raw = !model.is_network();
        self.warnings.extend(card.data.get("drugs").map(|drugs| {
            format!(
                "{} was trained on {drugs} drugs (see its card); on those its figures tell how well it remembers them",
                card.name
            )
        }));
        self
    }
}
