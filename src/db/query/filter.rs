//! Which rows of which segments pass the filters of a query.

use std::collections::BTreeSet;

use roaring::RoaringBitmap;

use super::value_list::{ListFault, values_meant};
use crate::annotate::{AnnotateError, nearest};
use crate::db::segment::{DRUG_FILTER, Segment};
use crate::db::{Db, DbError};

impl Db {
    /// Returns the values that a text such as `MCF7,PC3` means here, for [`Query::filter`](super::Query::filter).
    ///
    /// A value that the database knows as a whole is what was meant, commas and all: `cell_id=Jurkat, Clone E6-1` is one
    /// cell line, and `drug=2,4-dinitrol,aspirin` are two drugs. Between double quotes anything is one value.
    ///
    /// # Errors
    /// A key or value that no segment knows, with those that look like it; an empty value; a damaged filter section.
    pub fn filter_values(&self, key: &str, text: &str) -> Result<Vec<String>, DbError> {
        let directories =
            self.segments.iter().map(|segment| segment.filter_directory()).collect::<Result<Vec<_>, _>>()?;
        let most_commas = directories.iter().map(|directory| directory.most_commas(key)).max().unwrap_or(0);
        let typed = |value: &str| {
            let by = |key| directories.iter().any(|directory| directory.knows_typed(key, value));
            by(key) || (key == DRUG_FILTER && by("pert_id"))
        };
        let fault = match values_meant(text, most_commas, typed) {
            Ok(values) => return Ok(values),
            Err(fault) => fault,
        };
        let known = self.filter_keys()?;
        if !known.iter().any(|known| known == key) {
            return Err(AnnotateError::UnknownKey { key: key.to_owned(), known }.into());
        }
        let ListFault::Unknown { part, run } = fault else {
            return Err(AnnotateError::EmptyValue { key: key.to_owned(), text: text.to_owned() }.into());
        };
        // A comma may stand in another spelling of a name: `L-690,330` for `L-690330`.
        if !text.contains('"') && directories.iter().any(|directory| directory.knows(key, text)) {
            return Ok(vec![text.trim().to_owned()]);
        }
        let may_be_one = run != part && run.matches(',').count() <= most_commas + 1;
        let with_commas = may_be_one && self.near(key, &run)?.iter().any(|value| value.contains(','));
        Err(self.unknown(key, if with_commas { &run } else { &part })?)
    }

    /// The rows of every segment that pass all filters; `None` where there is no filter.
    pub(super) fn rows_within(
        &self,
        filters: &[(String, Vec<String>)],
    ) -> Result<Vec<Option<RoaringBitmap>>, DbError> {
        // From the rows there are, so that a damaged filter cannot name others.
        let all = |segment: &Segment| RoaringBitmap::from_iter(0..segment.rows() as u32);
        let mut within: Vec<Option<RoaringBitmap>> =
            self.segments.iter().map(|segment| (!filters.is_empty()).then(|| all(segment))).collect();
        for (key, values) in filters {
            let rows = self.rows_of_values(key, values)?;
            within.iter_mut().flatten().zip(rows).for_each(|(within, rows)| *within &= rows);
        }
        Ok(within)
    }

    /// The rows of every segment that have one of some values.
    fn rows_of_values(&self, key: &str, values: &[String]) -> Result<Vec<RoaringBitmap>, DbError> {
        let mut rows = vec![RoaringBitmap::new(); self.segments.len()];
        for value in values {
            let found = self.rows_of_value(key, value)?;
            if found.iter().all(Option::is_none) {
                return Err(self.unknown(key, value)?);
            }
            rows.iter_mut().zip(found).for_each(|(rows, found)| *rows |= found.unwrap_or_default());
        }
        Ok(rows)
    }

    /// The rows of every segment that have a value. A drug is found by its names, else by an id of it; and all of it is
    /// found, also in segments that show it by another name.
    fn rows_of_value(&self, key: &str, value: &str) -> Result<Vec<Option<RoaringBitmap>>, DbError> {
        let stored = |key: &str| -> Result<Vec<Option<RoaringBitmap>>, DbError> {
            self.segments.iter().map(|segment| Ok(segment.filters()?.rows(key, value)?)).collect()
        };
        let found = stored(key)?;
        if key != DRUG_FILTER {
            return Ok(found);
        }
        let is_known = found.iter().any(Option::is_some);
        if is_known && found.len() == 1 {
            return Ok(found);
        }
        self.whole_drugs(&if is_known { found } else { stored("pert_id")? })
    }

    /// All rows of the drugs that some rows are of.
    fn whole_drugs(&self, rows: &[Option<RoaringBitmap>]) -> Result<Vec<Option<RoaringBitmap>>, DbError> {
        let mut groups = BTreeSet::new();
        for (place, rows) in rows.iter().enumerate() {
            let drugs = self.segments[place].drug_of_rows()?;
            let drugs: BTreeSet<u32> =
                rows.iter().flatten().filter_map(|row| drugs.get(row as usize)).copied().collect();
            for drug in drugs {
                groups.insert(self.group_of(place, drug)?);
            }
        }
        let all = self.drug_groups()?;
        let mut whole: Vec<Option<RoaringBitmap>> = vec![None; self.segments.len()];
        for (place, drug) in groups.into_iter().flat_map(|group| &all[group]) {
            let rows = self.segments[*place].rows_of_drugs()?.of(*drug as usize);
            whole[*place].get_or_insert_with(RoaringBitmap::new).extend(rows);
        }
        Ok(whole)
    }

    /// A key or value that no segment knows is more likely a slip than a wish.
    fn unknown(&self, key: &str, value: &str) -> Result<DbError, DbError> {
        let known = self.filter_keys()?;
        if !known.iter().any(|known| known == key) {
            return Ok(AnnotateError::UnknownKey { key: key.to_owned(), known }.into());
        }
        let near = self.near(key, value)?;
        Ok(AnnotateError::UnknownValue { key: key.to_owned(), value: value.to_owned(), near }.into())
    }

    /// The values of `key` that look like `value`, best first.
    fn near(&self, key: &str, value: &str) -> Result<Vec<String>, DbError> {
        let mut near = BTreeSet::new();
        for segment in &self.segments {
            near.extend(segment.filter_directory()?.near(key, value));
        }
        Ok(nearest(value, near.iter().map(String::as_str), 3))
    }
}
