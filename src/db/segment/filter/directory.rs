//! Which values a filter section knows, and which of them is meant.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use roaring::RoaringBitmap;

use super::{Filters, SECTION, split};
use crate::annotate::{drug_key, nearest};
use crate::db::segment::records::{Blocks, FilterRecord};
use crate::db::segment::section::Fault;

/// The filter key of the drugs' names.
pub(crate) const DRUG_FILTER: &str = "drug";

/// Which values a filter section knows, and where it keeps the rows of each. Owned, so that a section that many queries
/// filter by is decoded once.
#[derive(Debug)]
pub(in crate::db) struct FilterDirectory {
    entries: Vec<FilterRecord>,
    /// By key, made when the key is first asked for.
    meant: BTreeMap<String, OnceLock<Meant>>,
}

/// The values of a key by what may be typed for them.
#[derive(Debug, Default)]
struct Meant {
    by_text: HashMap<String, Vec<usize>>,
    by_number: HashMap<u64, Vec<usize>>,
    most_commas: usize,
}

impl FilterDirectory {
    /// Reads the directory of a section, and none of its bitmaps.
    ///
    /// # Errors
    /// When the directory is damaged.
    pub fn read(section: &[u8]) -> Result<Self, Fault> {
        let (directory, _) = split(section)?;
        Ok(Self::new(Blocks::<FilterRecord>::open(SECTION, directory)?.all()?))
    }

    /// Reads the directory of a section, and keeps the values that one of some rows has. Reads all bitmaps.
    ///
    /// # Errors
    /// When the directory or a bitmap is damaged.
    pub fn of_rows(section: &[u8], rows: &RoaringBitmap) -> Result<Self, Fault> {
        let all = Self::read(section)?;
        let filters = Filters::open(&all, section)?;
        let mut kept = Vec::new();
        for entry in &all.entries {
            if !filters.bitmap(entry)?.is_disjoint(rows) {
                kept.push(entry.clone());
            }
        }
        Ok(Self::new(kept))
    }

    /// Takes entries in the order of their keys and values.
    pub(super) fn new(entries: Vec<FilterRecord>) -> Self {
        let mut keys: Vec<&str> = entries.iter().map(|entry| entry.key.as_str()).collect();
        keys.dedup();
        let meant = keys.into_iter().map(|key| (key.to_owned(), OnceLock::new())).collect();
        Self { entries, meant }
    }

    /// Returns the keys, sorted.
    pub fn keys(&self) -> Vec<String> {
        self.meant.keys().cloned().collect()
    }

    /// Returns the values of a key, sorted.
    pub fn values(&self, key: &str) -> impl Iterator<Item = &str> {
        self.of_key(key).iter().map(|entry| entry.value.as_str())
    }

    /// Returns the values of `key` that look like `value`, best first.
    pub fn near(&self, key: &str, value: &str) -> Vec<String> {
        nearest(value, self.values(key), 3)
    }

    /// Returns whether some value of `key` is what `value` means.
    ///
    /// Case does not count, and neither do blanks beside commas. A drug is found by any of its names, in any spelling
    /// ([`drug_key`]). A dose or time without a unit (`10`) fits any unit, and numbers of quality columns are compared
    /// as numbers.
    pub fn knows(&self, key: &str, value: &str) -> bool {
        !self.places(key, value).is_empty()
    }

    /// Returns whether some value of `key` is what `typed` means, its commas being those of the value and not those of a
    /// list. So `beta,mol` is two drugs, although a drug `beta mol` is known; and what stands between double quotes is
    /// not a value that has no such quotes.
    pub fn knows_typed(&self, key: &str, typed: &str) -> bool {
        let is_plain = !typed.contains([',', '"']);
        let parts = |value: &str| value.split(',').map(|part| Kind::of(key).text(part)).collect::<Vec<_>>();
        let alike = |stored: &str| match typed.contains('"') || stored.contains('"') {
            true => stored.trim().to_lowercase() == typed.trim().to_lowercase(),
            false => parts(stored) == parts(typed),
        };
        self.places(key, typed).into_iter().any(|place| is_plain || alike(&self.entries[place].value))
    }

    /// Returns the most commas that a value of `key` has.
    pub fn most_commas(&self, key: &str) -> usize {
        self.meant(key).map_or(0, |meant| meant.most_commas)
    }

    /// Returns whether each key and value stands once and where a search looks for it.
    pub fn is_sorted(&self) -> bool {
        self.entries.is_sorted_by(|a, b| (&a.key, &a.value) < (&b.key, &b.value))
    }

    pub(super) fn entries(&self) -> &[FilterRecord] {
        &self.entries
    }

    /// The entries that `value` means, by their places.
    pub(super) fn places(&self, key: &str, value: &str) -> Vec<usize> {
        let Some(meant) = self.meant(key) else { return Vec::new() };
        let mut places = meant.by_text.get(&Kind::of(key).text(value)).cloned().unwrap_or_default();
        if let Some((number, unit)) = Kind::of(key).number(value) {
            let of_unit = |place: &usize| {
                let stored = Kind::of(key).number(&self.entries[*place].value);
                unit.is_empty() || stored.is_some_and(|(_, stored)| stored == unit)
            };
            places.extend(meant.by_number.get(&number).into_iter().flatten().copied().filter(of_unit));
            places.sort_unstable();
            places.dedup();
        }
        places
    }

    fn meant(&self, key: &str) -> Option<&Meant> {
        Some(self.meant.get(key)?.get_or_init(|| {
            let mut meant = Meant::default();
            let range = self.range(key);
            for (place, entry) in range.clone().zip(&self.entries[range]) {
                meant.by_text.entry(Kind::of(key).text(&entry.value)).or_default().push(place);
                if let Some((number, _)) = Kind::of(key).number(&entry.value) {
                    meant.by_number.entry(number).or_default().push(place);
                }
                meant.most_commas = meant.most_commas.max(entry.value.matches(',').count());
            }
            meant
        }))
    }

    pub(super) fn of_key(&self, key: &str) -> &[FilterRecord] {
        &self.entries[self.range(key)]
    }

    fn range(&self, key: &str) -> std::ops::Range<usize> {
        let start = self.entries.partition_point(|entry| entry.key.as_str() < key);
        start..start + self.entries[start..].partition_point(|entry| entry.key == key)
    }
}

/// How the values of a key are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Drug,
    /// A number with a unit.
    Quantity,
    Text,
    /// Whatever a quality column holds.
    Quality,
}

impl Kind {
    fn of(key: &str) -> Self {
        match key {
            DRUG_FILTER => Self::Drug,
            "pert_dose" | "pert_time" => Self::Quantity,
            "pert_id" | "pert_type" | "cell_id" | "moa" | "target" | "atc" => Self::Text,
            _ => Self::Quality,
        }
    }

    /// What a value is compared by.
    fn text(self, value: &str) -> String {
        match self {
            Self::Drug => drug_key(value),
            Self::Quantity => value.trim().to_lowercase().replace(['µ', 'μ'], "u"),
            Self::Text | Self::Quality if !value.contains(',') => value.trim().to_lowercase(),
            Self::Text | Self::Quality => {
                value.split(',').map(str::trim).collect::<Vec<_>>().join(",").to_lowercase()
            }
        }
    }

    /// The number of a value, as bits, and its unit; `None` where it is none.
    fn number(self, value: &str) -> Option<(u64, String)> {
        if matches!(self, Self::Drug | Self::Text) {
            return None;
        }
        let text = self.text(value);
        let number = text.trim_end_matches(|c: char| !c.is_ascii_digit());
        let unit = text[number.len()..].trim();
        let is_whole = self == Self::Quantity || unit.is_empty();
        // Adding nothing makes the two zeros one.
        let bits = number.trim().parse::<f64>().ok().map(|number| (number + 0.0).to_bits());
        is_whole.then_some(bits).flatten().map(|bits| (bits, unit.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::FilterBuilder;
    use super::{FilterDirectory, Kind};

    #[test]
    fn a_number_means_all_that_are_equal_to_it() {
        let mut builder = FilterBuilder::default();
        for (key, value) in [
            ("qc_pass", "1"),
            ("qc_pass", "1.0"),
            ("qc_pass", "0"),
            ("pert_dose", "10"),
            ("pert_dose", "10 uM"),
        ] {
            builder.add_value(0, key, value);
        }
        let directory = FilterDirectory::read(&builder.finish()).unwrap();
        assert_eq!(
            (directory.places("qc_pass", "1").len(), directory.places("qc_pass", "1.0").len()),
            (2, 2)
        );
        assert_eq!(
            (directory.places("pert_dose", "10").len(), directory.places("pert_dose", "10 uM").len()),
            (2, 1)
        );
    }

    fn fits(key: &str, stored: &str, typed: &str) -> bool {
        let kind = Kind::of(key);
        let same_number = || {
            let (stored, typed) = (kind.number(stored)?, kind.number(typed)?);
            Some(stored.0 == typed.0 && (typed.1.is_empty() || stored.1 == typed.1))
        };
        kind.text(stored) == kind.text(typed) || same_number().unwrap_or(false)
    }

    #[test]
    fn a_dose_fits_with_or_without_its_unit() {
        for typed in ["10", "10 uM", "10um", "10 µM", "10.0 uM"] {
            assert!(fits("pert_dose", "10 uM", typed), "{typed}");
        }
        for typed in ["1", "10 nM", "100", "uM", ""] {
            assert!(!fits("pert_dose", "10 uM", typed), "{typed}");
        }
    }

    #[test]
    fn a_number_is_no_name_that_begins_with_it() {
        for (key, stored) in
            [("drug", "5 alpha-blocker"), ("moa", "5 HT antagonist"), ("cell_id", "10 A"), ("pert_id", "5 x")]
        {
            assert!(!fits(key, stored, "5") && !fits(key, stored, "10"), "{key}={stored}");
        }
        assert!(fits("qc_pass", "1.0", "1") && fits("nsample", "3", "3.0") && !fits("nsample", "3 x", "3"));
    }

    #[test]
    fn a_drug_fits_in_every_spelling_and_with_its_own_signs_only() {
        assert!(fits("drug", "trichostatin-a", "Trichostatin A") && fits("drug", "(+)-JX1", "jx1 (+)"));
        assert!(!fits("drug", "(+)-JX1", "JX1") && !fits("drug", "(+)-JX1", "(-)-JX1"));
    }

    #[test]
    fn blanks_beside_commas_do_not_count() {
        assert!(fits("cell_id", "Jurkat, Clone E6-1", "jurkat,clone E6-1"));
        assert!(!fits("cell_id", "G-292, clone A", "G-292clone A"));
    }
}
