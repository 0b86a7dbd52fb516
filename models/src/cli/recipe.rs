//! The recipe that a command line asks for.

use std::fs;

use anyhow::{Context, Result};
use l1kdb_models::{Presets, Recipe, TrainError, assignment};
use toml::{Table, Value};

use super::args::RecipeArgs;

/// With fewer signatures than about this the published recipes learn their training drugs by heart.
const SMALL_DATA: usize = 20_000;

impl RecipeArgs {
    /// Returns the recipe for this number of signatures: the preset, then the file, then --set, then the options.
    pub fn recipe(&self, presets: Presets, signatures: usize) -> Result<Recipe> {
        let mut recipe = match &self.preset {
            Some(name) => preset(presets, name)?,
            None => fitting(presets, signatures),
        };
        if let Some(path) = &self.config {
            let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
            recipe = recipe.with_text(&text, &path.display().to_string())?;
        }
        for text in &self.set {
            recipe = recipe.with_table(assignment(text)?, "--set")?;
        }
        Ok(recipe.with_table(self.options()?, "the command line")?)
    }

    fn options(&self) -> Result<Table> {
        let mut options = Table::try_from(self)?;
        // One of the two takes the place of whatever the preset gave.
        if self.epochs.is_some() {
            options.insert("steps".to_owned(), Value::Integer(0));
        } else if self.steps.is_some() {
            options.insert("epochs".to_owned(), Value::Integer(0));
        }
        Ok(options)
    }
}

/// The preset of that name.
fn preset(presets: Presets, name: &str) -> Result<Recipe, TrainError> {
    let found = presets.iter().find(|(known, ..)| *known == name);
    found.map(|(_, recipe, _)| recipe()).ok_or_else(|| {
        let lines: Vec<String> = presets.iter().map(|(name, _, what)| format!("{name} ({what})")).collect();
        let cause = format!("no preset `{name}`, expected one of: {}", lines.join("; "));
        TrainError::Config { origin: "--preset".to_owned(), cause }
    })
}

/// Returns the one for so many signatures: `small-data` where there is such a preset and data are few, else the second, which
/// is the stronger of the published ones; of linear maps the first.
pub fn fitting(presets: Presets, signatures: usize) -> Recipe {
    let small = presets.iter().find(|(name, ..)| *name == "small-data");
    let by_default = match small {
        Some(small) if signatures <= SMALL_DATA => small,
        Some(_) => &presets[1],
        None => &presets[0],
    };
    (by_default.1)()
}
