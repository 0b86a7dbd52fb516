//! Rows joined with what tables tell of them.

use std::collections::HashMap;
use std::mem;
use std::path::Path;

use super::label_file::LabelFile;
use super::{Note, Tables};
use crate::annotate::{Catalogue, DrugAtc, DrugKeys, unmet_atc, unmet_perturbagens};
use crate::profile::{
    PerturbagenTable, ProfileMatrix, ProfileReader, ReadOptions, ReadReport, Signature, SignatureTable,
    Universe, join,
};
use crate::progress::Progress;
use crate::study::{Matrix, Row, Study, StudyError};

/// The rows that are evaluated, and what is known of them.
pub(super) struct Described {
    /// The number of each among all rows of the file, from 0.
    pub numbers: Vec<usize>,
    rows: Vec<Row>,
    notes: Vec<Note>,
}

impl Described {
    /// Joins rows, given by their ids, with the table of signatures.
    pub fn joined(ids: &[String], tables: &Tables) -> Result<Self, StudyError> {
        let path = tables.sig_info.as_ref().ok_or(StudyError::NoSignatureTable)?;
        let table = SignatureTable::read(path)?;
        let joined = join(ids, &table, tables.keep_controls);
        if let Some(why) = joined.explanation() {
            return Err(StudyError::NothingJoined { path: path.clone(), why });
        }
        let signatures: Vec<&Signature> = joined.rows.iter().map(|&(_, row)| &table.rows()[row]).collect();
        let (rows, said) = rows_of(&table, &signatures, tables.pert_info.as_deref(), tables.atc.as_deref())?;
        let mut notes = Vec::new();
        if joined.profiles_without_row.count > 0 {
            notes.push(Note::Undescribed(joined.profiles_without_row));
        }
        notes.extend(controls(joined.controls));
        notes.extend(joined.respelt.note().map(Note::Reading));
        notes.extend(said);
        let numbers = joined.rows.iter().map(|&(number, _)| number).collect();
        Ok(Self { numbers, rows, notes })
    }

    /// Describes rows by what the file of labels tells of them.
    pub fn labelled(ids: &[String], labels: &LabelFile, keep_controls: bool) -> Self {
        let (left_out, numbers): (Vec<usize>, Vec<usize>) =
            (0..ids.len()).partition(|&at| labels.is_control(at) && !keep_controls);
        let rows = numbers.iter().map(|&at| labels.row(at, &ids[at])).collect();
        let notes = controls(left_out.len()).collect();
        Self { numbers, rows, notes }
    }

    /// Reads those profiles of a file that the table of signatures describes.
    pub fn profiles(
        path: &Path,
        tables: &Tables,
        options: &ReadOptions,
        progress: &dyn Progress,
    ) -> Result<(Self, ProfileMatrix, ReadReport), StudyError> {
        // Networks and baselines take the landmarks.
        let options = options.clone().universe(Universe::Landmark);
        let mut reader = ProfileReader::open(path, &options)?;
        let ids = reader.ids().to_vec();
        let mut described = Self::joined(&ids, tables)?;
        reader.select(&described.numbers)?;
        let (profiles, report) = reader.read_all(progress)?;
        if profiles.ids().is_empty() {
            return Err(StudyError::NoProfileLeft { path: path.to_owned(), why: report.notes().join("; ") });
        }
        described.keep(&ids, profiles.ids());
        Ok((described, profiles, report))
    }

    /// Keeps the rows of which the profile was read, given the ids of all rows and of these, both in the order of the file.
    fn keep(&mut self, all: &[String], read: &[String]) {
        let mut read = read.iter().peekable();
        let rows = mem::take(&mut self.numbers).into_iter().zip(mem::take(&mut self.rows));
        (self.numbers, self.rows) =
            rows.filter(|&(number, _)| read.next_if_eq(&&all[number]).is_some()).unzip();
    }

    /// Returns the study of an embedding of these rows.
    pub fn study(self, embedding: Matrix) -> Result<Study, StudyError> {
        let study = Study::new(self.rows, embedding)?;
        Ok(Study { numbers: self.numbers, notes: self.notes, ..study })
    }
}

fn controls(count: usize) -> impl Iterator<Item = Note> {
    (count > 0).then_some(Note::Controls(count)).into_iter()
}

impl Row {
    /// Reads a table of signatures, and what the other tables tell of their drugs: the rows of a split. Controls are left out
    /// unless they are kept.
    ///
    /// # Errors
    /// Without a table of signatures; a table of controls only; a table that cannot be read.
    pub fn read(tables: &Tables) -> Result<(Vec<Self>, Vec<Note>), StudyError> {
        let path = tables.sig_info.as_ref().ok_or(StudyError::NoSignatureTable)?;
        let table = SignatureTable::read(path)?;
        let kept = table.rows().iter().filter(|signature| tables.keep_controls || !signature.is_control());
        let signatures: Vec<&Signature> = kept.collect();
        if signatures.is_empty() {
            return Err(StudyError::AllControls { path: path.clone(), rows: table.rows().len() });
        }
        rows_of(&table, &signatures, tables.pert_info.as_deref(), tables.atc.as_deref())
    }
}

/// Returns what the tables tell of some signatures of one of them.
fn rows_of(
    table: &SignatureTable,
    signatures: &[&Signature],
    pert_info: Option<&Path>,
    atc: Option<&Path>,
) -> Result<(Vec<Row>, Vec<Note>), StudyError> {
    let perturbagens = pert_info.map(PerturbagenTable::read).transpose()?;
    let atc = atc.map(DrugAtc::read).transpose()?;
    let keys = DrugKeys::new(table.rows(), perturbagens.as_ref());
    let mut notes: Vec<Note> = keys.notes().iter().cloned().map(Note::Reading).collect();
    let catalogue = Catalogue::new(signatures.iter().copied(), &keys, atc.as_ref());
    notes.extend(unmet(signatures, &catalogue, perturbagens.as_ref(), atc.as_ref()));
    let known = perturbagens.as_ref().map_or(&[][..], PerturbagenTable::rows);
    let by_id: HashMap<&str, &str> =
        known.iter().filter_map(|row| Some((row.pert_id.as_deref()?, row.smiles.as_deref()?))).collect();
    let row = |(signature, &drug): (&&Signature, &u32)| {
        let smiles = signature.pert_id.as_deref().and_then(|id| by_id.get(id)).copied();
        let drug = &catalogue.drugs()[drug as usize];
        Row::new(signature, drug, keys.traits(&drug.key), smiles)
    };
    Ok((signatures.iter().zip(catalogue.of_signature()).map(row).collect(), notes))
}

/// Tables about drugs that tell of none of these.
fn unmet(
    signatures: &[&Signature],
    catalogue: &Catalogue,
    perturbagens: Option<&PerturbagenTable>,
    atc: Option<&DrugAtc>,
) -> impl Iterator<Item = Note> {
    let drugs = catalogue.drugs().iter().map(|drug| (drug.key.as_str(), !drug.atc.is_empty()));
    let unmet = perturbagens.and_then(|table| unmet_perturbagens(signatures.iter().copied(), table));
    unmet.into_iter().chain(atc.and_then(|atc| unmet_atc(drugs, atc))).map(Note::Doubt)
}
