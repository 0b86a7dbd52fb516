//! A simulation as files, in the form in which LINCS publishes signatures.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use super::error::SimulateError;
use super::simulator::{SimulatedSignature, Simulator};
use crate::profile::{AtomicFile, GctxWriter, GeneSpace, ProfileError};
use crate::progress::Progress;

/// Signatures that are computed and written together: 16 MB of values.
const BLOCK: usize = 4_096;

/// Column names of GSE92742's table of signatures.
const SIG_INFO: &str = "sig_id\tpert_id\tpert_iname\tpert_type\tcell_id\tpert_dose\tpert_dose_unit\tpert_idose\t\
                        pert_time\tpert_time_unit\tpert_itime\n";
const PERT_INFO: &str = "pert_id\tpert_iname\tpert_type\tdrug\tdrugbank_id\tmoa\ttarget\n";
const DRUG_ATC: &str = "drug\tdrugbank_id\tatc_code\n";

/// What [`Simulator::write`] has written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files {
    /// The profiles: `simulated_nNx978.gctx`, where N is the number of signatures. Rows are named by Entrez id.
    pub profiles: PathBuf,
    /// One row per signature, with the column names of GSE92742.
    pub sig_info: PathBuf,
    /// One row per drug identifier, with mechanism and targets. There is no DrugBank id.
    pub pert_info: PathBuf,
    /// One row per drug and ATC code; drugs without a code are absent.
    pub drug_atc: PathBuf,
}

impl Simulator {
    /// Writes `simulated_nNx978.gctx`, `sig_info.txt`, `pert_info.txt` and `drug_atc.tsv` into the folder `dir`, which
    /// is made if need be. Files of these names are replaced, each as a whole.
    ///
    /// Memory is bounded by one block of 4,096 signatures and the identifiers of all.
    ///
    /// # Errors
    /// [`SimulateError::Folder`] and [`SimulateError::File`]. None of the four files appears then, unless the error
    /// struck while they were being given their names.
    pub fn write(&self, dir: impl AsRef<Path>, progress: &dyn Progress) -> Result<Files, SimulateError> {
        let dir = dir.as_ref();
        fs::create_dir_all(dir).map_err(|source| SimulateError::Folder { path: dir.to_owned(), source })?;
        let files = Files {
            profiles: dir.join(format!("simulated_n{}x978.gctx", self.len())),
            sig_info: dir.join("sig_info.txt"),
            pert_info: dir.join("pert_info.txt"),
            drug_atc: dir.join("drug_atc.tsv"),
        };
        progress.begin("simulating signatures", self.len() as u64);
        let written = self.write_files(&files, progress);
        progress.end();
        written?;
        Ok(files)
    }

    /// The small tables go first, so that a folder that cannot be written is known at once; all get their names last.
    fn write_files(&self, files: &Files, progress: &dyn Progress) -> Result<(), ProfileError> {
        let pert_info = table(&files.pert_info, &self.pert_info())?;
        let drug_atc = table(&files.drug_atc, &self.drug_atc())?;
        let mut sig_info = table(&files.sig_info, SIG_INFO)?;
        let genes: Vec<String> = GeneSpace::landmarks().entrez().iter().map(u32::to_string).collect();
        let mut profiles = GctxWriter::create(&files.profiles, &genes)?;
        for start in (0..self.len()).step_by(BLOCK) {
            let range = start..self.len().min(start + BLOCK);
            let signatures: Vec<_> = range.clone().map(|index| self.signature(index)).collect();
            sig_info.put(self.sig_info(&signatures).as_bytes())?;
            let ids: Vec<String> = signatures.into_iter().map(|signature| signature.sig_id).collect();
            profiles.block(&ids, &self.block(range))?;
            progress.advance(ids.len() as u64);
        }
        profiles.finish(None, None)?;
        [sig_info, pert_info, drug_atc].into_iter().try_for_each(AtomicFile::commit)
    }

    fn sig_info(&self, signatures: &[SimulatedSignature]) -> String {
        let mut rows = String::with_capacity(signatures.len() * 128);
        for SimulatedSignature { sig_id, pert_id, drug, cell, dose, hours, .. } in signatures {
            let name = &self.drugs()[*drug].name;
            push_row(
                &mut rows,
                format_args!(
                    "{sig_id}\t{pert_id}\t{name}\ttrt_cp\t{cell}\t{dose:?}\tum\t{dose} um\t{hours}\th\t{hours} h"
                ),
            );
        }
        rows
    }

    fn pert_info(&self) -> String {
        let mut rows = PERT_INFO.to_owned();
        for drug in self.drugs() {
            let mechanism = &self.mechanisms()[drug.family];
            let (name, moa, targets) = (&drug.name, mechanism.name, mechanism.targets.join("|"));
            for pert_id in &drug.pert_ids {
                push_row(&mut rows, format_args!("{pert_id}\t{name}\ttrt_cp\t{name}\t\t{moa}\t{targets}"));
            }
        }
        rows
    }

    fn drug_atc(&self) -> String {
        let mut rows = DRUG_ATC.to_owned();
        for drug in self.drugs() {
            for code in &drug.atc_codes {
                push_row(&mut rows, format_args!("{}\t\t{code}", drug.name));
            }
        }
        rows
    }
}

fn push_row(rows: &mut String, row: std::fmt::Arguments<'_>) {
    writeln!(rows, "{row}").expect("a string takes everything");
}

fn table(path: &Path, rows: &str) -> Result<AtomicFile, ProfileError> {
    let mut file = AtomicFile::create(path)?;
    file.put(rows.as_bytes())?;
    Ok(file)
}
