//! Many runs of one data set: every combination of some settings, each in a folder of its own.
//!
//! ```toml
//! preset = "densenet:donner"
//! epochs = 20
//! steps = 0
//!
//! [grid]
//! depth = [4, 8, 16]
//! budget = [100_000, 400_000]
//! dim = [8, 16, 32]
//! ```

use toml::{Table, Value};

use crate::TrainError;
use crate::train::{Recipe, one_line};

/// A combination: its name, which is that of its folder, and its recipe.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// `budget-100000.depth-4`, the keys in alphabetical order.
    pub name: String,
    /// The values of the keys, in that order.
    pub values: Vec<String>,
    /// The recipe.
    pub recipe: Recipe,
}

/// The keys of a grid and its combinations, the last key changing fastest.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// Keys that vary.
    pub keys: Vec<String>,
    /// All combinations.
    pub points: Vec<Point>,
}

/// Reads a grid: the keys of a recipe, over those of its `preset`, and a table `grid` with lists of values.
///
/// # Errors
/// [`TrainError::Config`] for text that is no TOML, unknown keys, a grid without lists, and recipes that cannot work.
pub fn read(text: &str, origin: &str) -> Result<Grid, TrainError> {
    let mut table: Table = toml::from_str(text)
        .map_err(|error: toml::de::Error| TrainError::config(origin, one_line(&error)))?;
    let Some(Value::Table(axes)) = table.remove("grid") else {
        return Err(TrainError::config(origin, "no table [grid] with lists of values".to_owned()));
    };
    let base = Recipe::from_table(table, origin)?;
    let keys: Vec<String> = axes.keys().cloned().collect();
    let mut combinations = vec![Table::new()];
    for (key, values) in &axes {
        let Value::Array(values) = values else {
            return Err(TrainError::config(origin, format!("grid.{key} is {values}, expected a list")));
        };
        let with = |combination: &Table, value: &Value| {
            let mut combination = combination.clone();
            combination.insert(key.clone(), value.clone());
            combination
        };
        combinations = combinations
            .iter()
            .flat_map(|combination| values.iter().map(move |value| with(combination, value)))
            .collect();
    }
    let points = combinations.into_iter().map(|combination| point(&base, combination, origin));
    Ok(Grid { keys, points: points.collect::<Result<_, _>>()? })
}

fn point(base: &Recipe, combination: Table, origin: &str) -> Result<Point, TrainError> {
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let values: Vec<String> = combination.values().map(plain).collect();
    let parts: Vec<String> = combination.keys().zip(&values).map(|(key, v)| format!("{key}-{v}")).collect();
    let recipe = base.with_table(combination, origin)?;
    recipe.check()?;
    Ok(Point { name: parts.join("."), values, recipe })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "preset = \"densenet:donner\"\nnoise = 0\n[grid]\ndepth = [4, 8]\ndim = [8, 16, 32]";

    #[test]
    fn a_grid_is_every_combination_over_its_base() {
        let grid = read(TEXT, "grid.toml").unwrap();
        assert_eq!((grid.keys.len(), grid.points.len()), (2, 6));
        let point = &grid.points[4];
        assert_eq!((point.recipe.noise, point.recipe.margin), (0.0, 0.25));
        assert_eq!(point.name, format!("depth-{}.dim-{}", point.recipe.depth, point.recipe.dim));
        assert_eq!(point.values.len(), 2);
    }

    #[test]
    fn what_is_wrong_with_a_grid_is_said() {
        let error = |text: &str| read(text, "grid.toml").unwrap_err().to_string();
        assert!(error("preset = \"densenet:donner\"").contains("[grid]"));
        assert!(error("[grid]\ndepth = [1]").contains("preset"));
        assert!(error("preset = \"x\"\n[grid]\ndepth = [1]").contains("triplet:small-data"));
        assert!(error("preset = \"densenet:donner\"\n[grid]\ndeph = [1]").contains("`depth`"));
        assert!(error("preset = \"densenet:donner\"\n[grid]\ndepth = 1").contains("list"));
        assert!(error("preset = \"densenet:donner\"\n[grid]\ndim = [0]").contains("dim is 0"));
    }
}
