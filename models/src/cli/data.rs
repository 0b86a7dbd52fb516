//! Reading what a command is to learn from, and describing it.

use std::path::{Path, PathBuf};

use l1kdb::profile::{NonFinite, ReadOptions};
use l1kdb_models::{Dataset, Files, Protocol, TrainError};
use toml::{Table, Value};

use super::args::{DataArgs, NonFiniteArg, ProtocolArgs};
use super::print::note;
use super::watch::Bar;

impl DataArgs {
    /// Reads all files, with notes on standard error about what was left out.
    pub fn read(&self) -> Result<Dataset, TrainError> {
        let bar = Bar::default();
        let files = Files {
            profiles: self.profiles.clone(),
            sig_info: self.sig_info.clone(),
            pert_info: self.pert_info.clone(),
        };
        let loaded = Dataset::read(&files, &self.options(), &bar)?;
        loaded.notes.iter().for_each(|line| note(&format!("note: {line}")));
        let mut dataset = loaded.dataset;
        if let (Some(profiles), Some(sig_info)) = (&self.background, &self.background_info) {
            let pert_info = self.background_pert_info.clone();
            let files = Files { profiles: profiles.clone(), sig_info: sig_info.clone(), pert_info };
            let loaded = Dataset::read(&files, &self.options(), &bar)?;
            loaded.notes.iter().for_each(|line| note(&format!("note: background: {line}")));
            dataset.set_background(&loaded.dataset);
        }
        Ok(dataset)
    }

    fn options(&self) -> ReadOptions {
        let non_finite = match self.non_finite {
            NonFiniteArg::Refuse => NonFinite::Refuse,
            NonFiniteArg::Zero => NonFinite::Zero,
            NonFiniteArg::Drop => NonFinite::DropSignature,
        };
        ReadOptions { min_coverage: self.min_coverage, non_finite, drop_zero: true }
    }

    /// What the card says of the data.
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
    pub fn protocol(&self) -> Protocol {
        match self.folds {
            Some(folds) => Protocol::CrossValidation { folds, repeats: self.repeats },
            None => Protocol::HoldOut { share: self.test_share },
        }
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
