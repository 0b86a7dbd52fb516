//! Reading what a command is to learn from, and describing it.

use std::path::{Path, PathBuf};

use l1kdb::profile::{NonFinite, ReadOptions};
use l1kdb::split::{HoldOut, KFold, Split};
use l1kdb::study::{Division, SplitBy};
use l1kdb_models::{Dataset, Files, TrainError};
use toml::{Table, Value};

use super::args::{DataArgs, NonFiniteArg, ProtocolArgs};
use super::print::note;
use super::watch::Bar;

impl DataArgs {
    /// Reads all files, with notes on standard error about what was left out.
    pub fn read(&self) -> Result<Dataset, TrainError> {
        let read = |profiles: &PathBuf, sig_info: &PathBuf, pert_info: &Option<PathBuf>, what: &str| {
            let (profiles, sig_info) = (profiles.clone(), sig_info.clone());
            let files = Files { profiles, sig_info, pert_info: pert_info.clone() };
            let dataset = Dataset::read(&files, &self.options(), &Bar::default())?;
            dataset.study.notes.iter().for_each(|line| note(&format!("note: {what}{line}")));
            Ok::<_, TrainError>(dataset)
        };
        let mut dataset = read(&self.profiles, &self.sig_info, &self.pert_info, "")?;
        if let (Some(profiles), Some(sig_info)) = (&self.background, &self.background_info) {
            let background = read(profiles, sig_info, &self.background_pert_info, "background: ")?;
            dataset.set_background(&background);
        }
        Ok(dataset)
    }

    fn options(&self) -> ReadOptions {
        let non_finite = match self.non_finite {
            NonFiniteArg::Refuse => NonFinite::Refuse,
            NonFiniteArg::Zero => NonFinite::Zero,
            NonFiniteArg::Drop => NonFinite::DropSignature,
        };
        ReadOptions::default().min_coverage(self.min_coverage).non_finite(non_finite).drop_zero(true)
    }

    /// Returns what the card says of the data.
    pub fn describe(&self, dataset: &Dataset) -> Table {
        let number = |n: usize| Value::Integer(n as i64);
        let sizes = dataset.drug_sizes();
        let mut table = Table::new();
        let files: [(&str, Option<&PathBuf>); 4] = [
            ("profiles", Some(&self.profiles)),
            ("sig_info", Some(&self.sig_info)),
            ("pert_info", self.pert_info.as_ref()),
            ("background", self.background.as_ref()),
        ];
        let named =
            files.into_iter().filter_map(|(key, path)| Some((key.to_owned(), file_name(path?).into())));
        table.extend(named);
        table.insert("digest".to_owned(), dataset.digest().into());
        table.insert("signatures".to_owned(), number(dataset.len()));
        table.insert("drugs".to_owned(), number(sizes.len()));
        let several = sizes.iter().filter(|&&size| size > 1).count();
        table.insert("drugs_with_several_signatures".to_owned(), number(several));
        if dataset.background_len() > 0 {
            table.insert("background_profiles".to_owned(), number(dataset.background_len()));
        }
        table
    }
}

impl ProtocolArgs {
    /// Divides the data, with notes on standard error; `None` where no drug is held out.
    pub fn split(&self, dataset: &Dataset, seed: u64) -> Result<Option<Split>, TrainError> {
        let division = match (self.folds, self.test_share) {
            (Some(folds), _) => Division::KFold(SplitBy::Drug, KFold { folds, repeats: self.repeats }),
            (None, 0.0) => return Ok(None),
            (None, share) => Division::HoldOut(SplitBy::Drug, HoldOut { share, repeats: 1 }),
        };
        let (split, notes) = dataset.split(division, seed)?;
        notes.iter().for_each(|line| note(&format!("note: {line}")));
        Ok(Some(split))
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
