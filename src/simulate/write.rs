//! A simulation as files, in the form in which LINCS publishes signatures.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::error::SimulateError;
use super::simulator::Simulator;
use crate::progress::Progress;

/// Signatures that are computed and written together: 16 MB of values.
const BLOCK: usize = 4_096;

/// What [`Simulator::write`] has written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files {
    /// The profiles: `simulated_nNx978.gctx`, where N is the number of signatures.
    pub profiles: PathBuf,
    /// One row per signature, with the column names of GSE92742.
    pub sig_info: PathBuf,
    /// One row per drug identifier, with mechanism and targets.
    pub pert_info: PathBuf,
    /// One row per drug and ATC code; drugs without a code are absent.
    pub drug_atc: PathBuf,
}

impl Simulator {
    /// Writes `simulated_nNx978.gctx`, `sig_info.txt`, `pert_info.txt` and `drug_atc.tsv` into the folder `dir`, which is
    /// made if need be. Files of these names are replaced. Memory is bounded by a block of signatures and the list of
    /// their names.
    ///
    /// # Errors
    /// [`SimulateError::Io`] and [`SimulateError::Profiles`] when something cannot be written. The files written so
    /// far are then taken away again.
    pub fn write(&self, dir: impl AsRef<Path>, progress: &dyn Progress) -> Result<Files, SimulateError> {
        let dir = dir.as_ref();
        fs::create_dir_all(dir).map_err(|source| SimulateError::Io { path: dir.to_owned(), source })?;
        let files = Files {
            profiles: dir.join(format!("simulated_n{}x978.gctx", self.len())),
            sig_info: dir.join("sig_info.txt"),
            pert_info: dir.join("pert_info.txt"),
            drug_atc: dir.join("drug_atc.tsv"),
        };
        let written = self.write_tables(&files);
        match written {
            Ok(()) => Ok(files),
            Err(error) => {
                for path in [&files.profiles, &files.sig_info, &files.pert_info, &files.drug_atc] {
                    // The error that matters is the first one; a file that was never made cannot be removed.
                    let _ = fs::remove_file(path);
                }
                Err(error)
            }
        }
    }

    fn write_tables(&self, files: &Files) -> Result<(), SimulateError> {
        table(&files.sig_info, |out| self.write_sig_info(out))?;
        table(&files.pert_info, |out| self.write_pert_info(out))?;
        table(&files.drug_atc, |out| self.write_drug_atc(out))
    }

    fn write_sig_info(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(
            out,
            "sig_id\tpert_id\tpert_iname\tpert_type\tcell_id\tpert_dose\tpert_dose_unit\tpert_idose\tpert_time\t\
             pert_time_unit\tpert_itime"
        )?;
        for index in 0..self.len() {
            let s = self.signature(index);
            let name = &self.drugs()[s.drug].name;
            let (dose, hours) = (s.dose, s.hours);
            writeln!(
                out,
                "{}\t{}\t{name}\ttrt_cp\t{}\t{dose:?}\tum\t{dose} um\t{hours}\th\t{hours} h",
                s.sig_id, s.pert_id, s.cell
            )?;
        }
        Ok(())
    }

    fn write_pert_info(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "pert_id\tpert_iname\tpert_type\tdrug\tdrugbank_id\tmoa\ttarget")?;
        for drug in self.drugs() {
            let mechanism = &self.mechanisms()[drug.family];
            for pert_id in &drug.pert_ids {
                let (name, moa, targets) = (&drug.name, mechanism.name, mechanism.targets.join("|"));
                writeln!(out, "{pert_id}\t{name}\ttrt_cp\t{name}\t\t{moa}\t{targets}")?;
            }
        }
        Ok(())
    }

    fn write_drug_atc(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "drug\tdrugbank_id\tatc_code")?;
        for drug in self.drugs() {
            for code in &drug.atc_codes {
                writeln!(out, "{}\t\t{code}", drug.name)?;
            }
        }
        Ok(())
    }
}

/// Writes one table and hands it to the disk, with its path on every error.
fn table(path: &Path, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), SimulateError> {
    let write = || {
        let mut out = BufWriter::new(File::create(path)?);
        fill(&mut out)?;
        out.flush()
    };
    write().map_err(|source| SimulateError::Io { path: path.to_owned(), source })
}
