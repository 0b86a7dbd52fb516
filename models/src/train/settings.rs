//! Recipes as text: reading them over a preset, and saying which key was meant.

use toml::{Table, Value};

use super::recipe::Recipe;
use crate::TrainError;

impl Recipe {
    /// This recipe with the keys of `text` (TOML) in place of its own; `origin` names it in errors.
    ///
    /// # Errors
    /// [`TrainError::Config`] for text that is no TOML, an unknown key, with the nearest that exists, or a value of the
    /// wrong type.
    pub fn with_text(&self, text: &str, origin: &str) -> Result<Self, TrainError> {
        let table: Table = toml::from_str(text)
            .map_err(|error: toml::de::Error| TrainError::config(origin, one_line(&error)))?;
        self.with_table(table, origin)
    }

    /// As [`with_text`](Self::with_text), from a table.
    ///
    /// # Errors
    /// As [`with_text`](Self::with_text).
    pub fn with_table(&self, changes: Table, origin: &str) -> Result<Self, TrainError> {
        let mut table = self.to_table();
        for (key, value) in changes {
            let Some(old) = table.get(&key) else {
                return Err(TrainError::config(origin, unknown(&key, table.keys())));
            };
            let value = as_type_of(value, old);
            table.insert(key, value);
        }
        table.try_into().map_err(|error: toml::de::Error| TrainError::config(origin, one_line(&error)))
    }

    /// Returns the recipe that `table` describes: the preset that its key `preset` [names](Self::named), changed by its other
    /// keys.
    ///
    /// # Errors
    /// As [`with_text`](Self::with_text), and without a preset.
    pub fn from_table(mut table: Table, origin: &str) -> Result<Self, TrainError> {
        match table.remove("preset") {
            Some(Value::String(name)) => Self::named(&name, origin)?.with_table(table, origin),
            _ => Err(TrainError::config(
                origin,
                "no `preset` to start from, such as \"densenet:donner\"".to_owned(),
            )),
        }
    }

    /// Returns all keys and values.
    pub fn to_table(&self) -> Table {
        Table::try_from(self).expect("a recipe has only strings, numbers and booleans")
    }
}

/// `KEY=VALUE` as a table of one key: the value as TOML, or as a string if it is none.
///
/// # Errors
/// [`TrainError::Config`] without a `=`.
pub fn assignment(text: &str) -> Result<Table, TrainError> {
    let Some((key, value)) = text.split_once('=') else {
        return Err(TrainError::config("--set", format!("`{text}` has no `=`, expected KEY=VALUE")));
    };
    let line = format!("value = {value}");
    let parsed = toml::from_str::<Table>(&line).ok().and_then(|mut table| table.remove("value"));
    let value = parsed.unwrap_or_else(|| Value::String(value.to_owned()));
    Ok([(key.trim().to_owned(), value)].into_iter().collect())
}

/// A whole number where a fraction is expected is one.
fn as_type_of(value: Value, old: &Value) -> Value {
    match (value, old) {
        (Value::Integer(number), Value::Float(_)) => Value::Float(number as f64),
        (value, _) => value,
    }
}

fn unknown<'a>(key: &str, known: impl Iterator<Item = &'a String>) -> String {
    let distance = |name: &&String| strsim::damerau_levenshtein(key, name);
    match known.min_by_key(distance) {
        Some(nearest) => format!("unknown key `{key}`; the nearest is `{nearest}`"),
        None => format!("unknown key `{key}`"),
    }
}

pub(crate) fn one_line(error: &toml::de::Error) -> String {
    error.message().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Loss, Scale};

    #[test]
    fn a_recipe_survives_being_written_and_read() {
        for recipe in [Recipe::donner(), Recipe::small_data(), Recipe::triplet004()] {
            let text = recipe.to_table().to_string();
            assert_eq!(Recipe::paper004().with_text(&text, "run.toml").unwrap(), recipe);
        }
    }

    #[test]
    fn keys_that_are_named_replace_those_of_the_preset() {
        let text = "noise = 1\nloss = \"triplet-margin\"\ngene-scale = \"common\"";
        let recipe = Recipe::donner().with_text(text, "run.toml").unwrap();
        assert_eq!((recipe.noise, recipe.loss, recipe.gene_scale), (1.0, Loss::TripletMargin, Scale::Common));
        assert_eq!(recipe.margin, 0.25);
    }

    #[test]
    fn an_unknown_key_is_answered_with_the_nearest() {
        let error = Recipe::donner().with_text("margn = 1.0", "my.toml").unwrap_err().to_string();
        assert!(
            error.contains("my.toml") && error.contains("`margn`") && error.contains("`margin`"),
            "{error}"
        );
    }

    #[test]
    fn a_wrong_type_and_a_wrong_word_are_errors() {
        let error = |text: &str| Recipe::donner().with_text(text, "run.toml").unwrap_err().to_string();
        assert!(error("depth = \"deep\"").contains("run.toml"));
        assert!(error("loss = \"hinge\"").contains("softmax"), "{}", error("loss = \"hinge\""));
        assert!(error("depth = ").contains("run.toml"));
    }

    #[test]
    fn an_assignment_is_a_key_and_a_value() {
        let recipe = |text| Recipe::donner().with_table(assignment(text).unwrap(), "--set");
        assert_eq!(recipe("depth=3").unwrap().depth, 3);
        assert_eq!(recipe("loss=triplet-stages").unwrap().loss, Loss::TripletStages);
        assert!(assignment("depth").is_err());
    }
}
