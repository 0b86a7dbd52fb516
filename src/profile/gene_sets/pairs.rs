//! Which down set belongs to which up set.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use super::{NamedSet, SetFile};
use crate::profile::ProfileError;

/// The genes that rise and those that fall, or one of both.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SetPair {
    /// The name of the up set without `_UP`; of a down set alone, its name without `_DN`.
    pub name: String,
    /// Genes that rise.
    pub up: Option<NamedSet>,
    /// Genes that fall.
    pub down: Option<NamedSet>,
}

/// Pairs of sets.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SetPairs {
    /// In the order of the file of up sets, and then those of down sets alone.
    pub pairs: Vec<SetPair>,
    /// Pairs that were made by position, and sets that stayed alone in spite of a second file.
    pub warnings: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Up,
    Down,
}

impl SetPair {
    /// Makes a pair of ids in memory; an empty side is absent.
    ///
    /// ```
    /// use l1kdb::profile::{GeneIds, SetPair, Universe};
    ///
    /// let pair = SetPair::of_ids("p53", &["CDKN1A", "MDM2"], &["MYC"]);
    /// let set = pair.map(&GeneIds::built_in(), Universe::All)?;
    /// assert_eq!((set.up.unwrap().genes.len(), set.down.unwrap().genes.len()), (2, 1));
    /// # Ok::<(), l1kdb::profile::ProfileError>(())
    /// ```
    pub fn of_ids<S: AsRef<str>>(name: &str, up: &[S], down: &[S]) -> Self {
        let set = |ids: &[S], side: &str| {
            let cells = ids.iter().map(|id| id.as_ref().trim());
            let name = format!("{name} ({side})");
            (!ids.is_empty()).then(|| NamedSet::new((Path::new("genes"), 1), &name, "", cells))
        };
        Self { name: name.to_owned(), up: set(up, "up"), down: set(down, "down") }
    }
}

impl SetPairs {
    /// Pairs the sets of one file: `NAME_UP` with `NAME_DN` or `NAME_DOWN`, in any case. A set with another name, and one without
    /// its counterpart, stands alone; what has no suffix is a set of genes that rise.
    ///
    /// # Errors
    /// [`ProfileError::DuplicateId`] for two sets of one side with one name, such as `X_DN` and `x_down`.
    pub fn of_file(file: SetFile) -> Result<Self, ProfileError> {
        let mut pairs: Vec<SetPair> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        for set in file.sets {
            let (stem, side) = split(&set.name);
            let Some(side) = side else {
                pairs.push(SetPair { name: set.name.clone(), up: Some(set), down: None });
                continue;
            };
            let place = *places.entry(stem.to_lowercase()).or_insert(pairs.len());
            if place == pairs.len() {
                pairs.push(SetPair { name: stem.to_owned(), up: None, down: None });
            }
            let pair = &mut pairs[place];
            if side == Side::Up {
                pair.name = stem.to_owned();
            }
            let there = if side == Side::Up { &mut pair.up } else { &mut pair.down };
            if let Some(first) = there {
                return Err(twice(first, &set));
            }
            *there = Some(set);
        }
        Ok(Self { pairs: told_apart(pairs), warnings: Vec::new() })
    }

    /// Takes one pair.
    pub fn of_pair(pair: SetPair) -> Self {
        Self { pairs: vec![pair], warnings: Vec::new() }
    }

    /// Takes the sets of a file as genes that fall, whatever their names say.
    ///
    /// # Errors
    /// [`ProfileError::DuplicateId`] for two sets with one name but for a suffix.
    pub fn of_down_file(file: SetFile) -> Result<Self, ProfileError> {
        stems(&file)?;
        let warnings = contradictions(&file, Side::Down);
        let alone =
            |set: NamedSet| SetPair { name: split(&set.name).0.to_owned(), up: None, down: Some(set) };
        Ok(Self { pairs: told_apart(file.sets.into_iter().map(alone).collect()), warnings })
    }

    /// Pairs the sets of a file of up sets with those of a file of down sets: by name without suffix; where no names match, by
    /// position, with a warning.
    ///
    /// # Errors
    /// [`ProfileError::SetPairing`] where no names match and the numbers differ, and [`ProfileError::DuplicateId`] for two sets
    /// of one file with one name.
    pub fn of_files(up: SetFile, down: SetFile) -> Result<Self, ProfileError> {
        let mut warnings = [contradictions(&up, Side::Up), contradictions(&down, Side::Down)].concat();
        let (stems, of_down) = (stems(&up)?, stems(&down)?);
        let matching = stems.keys().filter(|stem| of_down.contains_key(*stem)).count();
        let pairs = if matching > 0 {
            warnings.extend(alone(matching, &up, &down));
            by_name(up.sets, down.sets, &of_down)
        } else if up.sets.len() == down.sets.len() {
            warnings.push(format!(
                "no names of up and down sets match, so they were paired by position, `{}` with `{}` first",
                up.sets[0].name, down.sets[0].name
            ));
            let both = up.sets.into_iter().zip(down.sets);
            both.map(|(up, down)| SetPair {
                name: split(&up.name).0.to_owned(),
                up: Some(up),
                down: Some(down),
            })
            .collect()
        } else {
            return Err(unpaired(&up, &down));
        };
        Ok(Self { pairs: told_apart(pairs), warnings })
    }
}

/// The name without suffix, and what the suffix says.
fn split(name: &str) -> (&str, Option<Side>) {
    const SUFFIXES: [(&str, Side); 3] = [("UP", Side::Up), ("DN", Side::Down), ("DOWN", Side::Down)];
    let found = SUFFIXES.into_iter().find_map(|(suffix, side)| {
        let at =
            name.len().checked_sub(suffix.len() + 1).filter(|&at| at > 0 && name.is_char_boundary(at))?;
        let (stem, end) = name.split_at(at);
        let is_suffix = end.starts_with(['_', '-', '.', ' ']) && end[1..].eq_ignore_ascii_case(suffix);
        is_suffix.then_some((stem, Some(side)))
    });
    found.unwrap_or((name, None))
}

fn twice(first: &NamedSet, second: &NamedSet) -> ProfileError {
    ProfileError::DuplicateId {
        path: second.path.clone(),
        kind: "gene set",
        id: format!(
            "{}` = `{}",
            crate::profile::table::shown(&first.name),
            crate::profile::table::shown(&second.name)
        ),
        place: "places",
        first: first.place,
        second: second.place,
    }
}

/// The sets of a file by their names without suffix, in lower case.
fn stems(file: &SetFile) -> Result<HashMap<String, usize>, ProfileError> {
    let mut stems = HashMap::new();
    for (at, set) in file.sets.iter().enumerate() {
        if let Some(first) = stems.insert(split(&set.name).0.to_lowercase(), at) {
            return Err(twice(&file.sets[first], set));
        }
    }
    Ok(stems)
}

fn by_name(up: Vec<NamedSet>, down: Vec<NamedSet>, of_down: &HashMap<String, usize>) -> Vec<SetPair> {
    let mut down: Vec<Option<NamedSet>> = down.into_iter().map(Some).collect();
    let mut pairs: Vec<SetPair> = Vec::with_capacity(up.len());
    for set in up {
        let stem = split(&set.name).0.to_owned();
        let counterpart = of_down.get(&stem.to_lowercase()).and_then(|&at| down[at].take());
        pairs.push(SetPair { name: stem, up: Some(set), down: counterpart });
    }
    let alone = down.into_iter().flatten();
    pairs.extend(alone.map(|set| SetPair { name: split(&set.name).0.to_owned(), up: None, down: Some(set) }));
    pairs
}

/// Sets whose suffix says the other side than their file.
fn contradictions(file: &SetFile, side: Side) -> Vec<String> {
    let is_other = |set: &&NamedSet| split(&set.name).1.is_some_and(|found| found != side);
    let side = if side == Side::Up { "up" } else { "down" };
    let first = file.sets.iter().find(is_other);
    first
        .map(|set| format!("`{}` was given among the {side} sets and taken as one", set.name))
        .into_iter()
        .collect()
}

fn alone(matching: usize, up: &SetFile, down: &SetFile) -> Option<String> {
    let alone = up.sets.len() + down.sets.len() - 2 * matching;
    (alone > 0).then(|| {
        format!("{alone} sets have no counterpart of the same name in the other file and stand alone")
    })
}

fn unpaired(up: &SetFile, down: &SetFile) -> ProfileError {
    ProfileError::SetPairing {
        up_path: up.path.clone(),
        down_path: down.path.clone(),
        up: up.sets.len(),
        down: down.sets.len(),
        reason: format!(
            "no names match (such as `{}` and `{}`), and the numbers differ; name them alike but for `_UP` and `_DN`",
            up.sets[0].name, down.sets[0].name
        ),
    }
}

/// Pairs whose names coincide without suffix (`X` and `X_UP`) are named as their sets are.
fn told_apart(mut pairs: Vec<SetPair>) -> Vec<SetPair> {
    let mut seen = HashSet::new();
    for pair in &mut pairs {
        if !seen.insert(pair.name.clone())
            && let Some(set) = pair.up.as_ref().or(pair.down.as_ref())
        {
            pair.name = set.name.clone();
        }
    }
    pairs
}
