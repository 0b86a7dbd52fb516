//! Labels, which say what rows belong together: by drug, mechanism, target, ATC class, or a column of the user's.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use super::Row;
use crate::annotate::ATC_LEVELS;
use crate::eval::EvalError;
use crate::split::Fold;

/// A label: what makes two rows alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Label {
    /// The drug.
    Drug,
    /// A mechanism of action; a drug may have several.
    Moa,
    /// A target; a drug may have several.
    Target,
    /// An ATC class of this level, 1 to 5; a drug may be in several.
    Atc(u8),
    /// Another column of the user's table.
    Column(String),
}

impl Label {
    /// Tells whether drugs are compared by default, each by the mean of its rows, and not signatures.
    pub fn is_of_drugs(&self) -> bool {
        matches!(self, Self::Moa | Self::Target | Self::Atc(_))
    }

    fn values(&self, row: &Row) -> Vec<String> {
        match self {
            Self::Drug => row.drug.iter().cloned().collect(),
            Self::Moa => row.moa.clone(),
            Self::Target => row.targets.clone(),
            Self::Atc(level) => {
                row.atc.iter().filter_map(|code| code.at_level(*level)).map(str::to_owned).collect()
            }
            Self::Column(_) => Vec::new(),
        }
    }
}

impl FromStr for Label {
    type Err = EvalError;

    /// Reads `pert_iname` (also `cmap_name`, `drug`), `moa`, `target`, `atc1` to `atc5`; anything else is a column.
    fn from_str(text: &str) -> Result<Self, EvalError> {
        let lower = text.to_ascii_lowercase();
        Ok(match lower.as_str() {
            "pert_iname" | "cmap_name" | "drug" => Self::Drug,
            "moa" => Self::Moa,
            "target" | "targets" => Self::Target,
            _ => match lower.strip_prefix("atc").map(str::parse) {
                Some(Ok(level)) if (1..=ATC_LEVELS).contains(&level) => Self::Atc(level),
                Some(_) => return Err(EvalError::NotALabel { text: text.to_owned() }),
                None => Self::Column(text.to_owned()),
            },
        })
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Drug => f.write_str("pert_iname"),
            Self::Moa => f.write_str("moa"),
            Self::Target => f.write_str("target"),
            Self::Atc(level) => write!(f, "atc{level}"),
            Self::Column(name) => f.write_str(name),
        }
    }
}

/// The classes of every row, by number.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Labels {
    /// Names, sorted.
    pub names: Vec<String>,
    /// The numbers of each row's classes, ascending; none where it is unknown.
    pub of_row: Vec<Vec<u32>>,
}

impl Labels {
    /// Numbers the classes of rows.
    pub fn new(values: impl IntoIterator<Item = Vec<String>>) -> Self {
        let values: Vec<Vec<String>> = values.into_iter().collect();
        let numbers: BTreeMap<&str, u32> = values.iter().flatten().map(|name| (name.as_str(), 0)).collect();
        let numbers: BTreeMap<&str, u32> = numbers.into_keys().zip(0..).collect();
        let of_row = values.iter().map(|names| {
            let mut classes: Vec<u32> = names.iter().map(|name| numbers[name.as_str()]).collect();
            classes.sort_unstable();
            classes.dedup();
            classes
        });
        Self { of_row: of_row.collect(), names: numbers.into_keys().map(str::to_owned).collect() }
    }

    /// Returns what `label` says of `rows`; `column` are the values of the user's own column, for [`Label::Column`].
    pub fn of(label: &Label, rows: &[Row], column: Option<&[Vec<String>]>) -> Result<Self, EvalError> {
        match (label, column) {
            (Label::Column(_), Some(column)) => Ok(Self::new(column.iter().cloned())),
            (Label::Column(name), None) => Err(EvalError::NoColumn { name: name.clone() }),
            (label, _) => Ok(Self::new(rows.iter().map(|row| label.values(row)))),
        }
    }

    /// Refuses a division that has a label on both sides.
    pub(super) fn refuse_shared(
        &self,
        folds: impl Iterator<Item = Fold>,
        rows: &[Row],
    ) -> Result<(), EvalError> {
        for fold in folds {
            let mut trained: BTreeMap<u32, usize> = BTreeMap::new();
            for &row in &fold.train {
                self.of_row[row].iter().for_each(|&class| {
                    trained.entry(class).or_insert(row);
                });
            }
            for &row in &fold.held_out {
                if let Some(class) = self.of_row[row].iter().find(|class| trained.contains_key(class)) {
                    return Err(EvalError::Straddles {
                        label: self.names[*class as usize].clone(),
                        fold: fold.name.clone(),
                        trained: rows[trained[class]].id.clone(),
                        held_out: rows[row].id.clone(),
                    });
                }
            }
        }
        Ok(())
    }

    /// Rows without a class.
    pub fn unknown(&self) -> usize {
        self.of_row.iter().filter(|classes| classes.is_empty()).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_numbered_by_name_and_repeats_count_once() {
        let values = [vec!["b", "a", "b"], vec![], vec!["c"]];
        let labels = Labels::new(values.map(|row| row.into_iter().map(String::from).collect()));
        assert_eq!(labels.names, ["a", "b", "c"]);
        assert_eq!(labels.of_row, [vec![0, 1], vec![], vec![2]]);
        assert_eq!(labels.unknown(), 1);
    }

    #[test]
    fn labels_are_read_in_the_spellings_of_both_generations() {
        for (text, label) in
            [("cmap_name", Label::Drug), ("ATC3", Label::Atc(3)), ("site", Label::Column("site".into()))]
        {
            assert_eq!(text.parse::<Label>().unwrap(), label);
        }
        assert!(matches!("atc9".parse::<Label>(), Err(EvalError::NotALabel { .. })));
    }

    #[test]
    fn a_drug_of_several_codes_is_in_every_class() {
        let row = Row { atc: vec!["D01AC02".parse().unwrap(), "J02AB01".parse().unwrap()], ..Row::default() };
        let labels = Labels::of(&Label::Atc(1), &[row], None).unwrap();
        assert_eq!(labels.names, ["D", "J"]);
    }
}
