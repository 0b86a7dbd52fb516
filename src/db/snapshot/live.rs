//! The rows of a segment that a reader sees.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use l1kdb_index::{Index, Mapped};
use roaring::RoaringBitmap;

use crate::annotate::{AtcCode, AtcNames};
use crate::db::DbError;
use crate::db::segment::{
    DrugRecord, DrugRows, FilterDirectory, Profiles, Section, Segment, SignatureRecord,
};
use crate::profile::plate;

/// A segment and those of its rows that a reader sees, the *live* ones. Whoever reads rows, drugs or filters of a database does
/// so here; [`segment`](Self::segment) has all rows of the file, for those who look after files.
#[derive(Debug)]
pub(in crate::db) struct LiveSegment {
    segment: Segment,
    /// `None` where all rows are live, so that nothing is looked up then.
    live: Option<RoaringBitmap>,
    /// The name of the source of its signatures, where it has one.
    source: Option<String>,
    filters: OnceLock<FilterDirectory>,
    plates: OnceLock<BTreeMap<String, RoaringBitmap>>,
}

impl LiveSegment {
    /// Joins a segment with its live rows; `None` for all. What lies past the last row does not count.
    pub fn new(segment: Segment, live: Option<RoaringBitmap>) -> Self {
        let rows = segment.rows() as u32;
        let live = live.map(|mut live| {
            live.remove_range(rows..);
            live
        });
        let live = live.filter(|live| live.len() < u64::from(rows));
        Self { segment, live, source: None, filters: OnceLock::new(), plates: OnceLock::new() }
    }

    /// Names the source of its signatures.
    pub fn of_source(self, source: Option<&str>) -> Self {
        Self { source: source.map(str::to_owned), ..self }
    }

    /// Returns the name of the source of its signatures, where it has one.
    pub fn source(&self) -> Option<&str> {
        self.source.as_deref()
    }

    /// Lets only some rows live.
    #[cfg(test)]
    pub fn only(self, live: RoaringBitmap) -> Self {
        Self::new(self.segment, Some(live))
    }

    /// Returns the file, with all rows that it holds.
    pub fn segment(&self) -> &Segment {
        &self.segment
    }

    /// Returns the vectors and the graph. They hold all rows of the file: searches have to be kept within
    /// [`live`](Self::live).
    pub fn index(&self) -> &Index<Mapped> {
        self.segment.index()
    }

    /// Returns the number of live rows.
    pub fn rows(&self) -> usize {
        self.live.as_ref().map_or(self.segment.rows(), |live| live.len() as usize)
    }

    /// Returns the live rows; `None` where all are.
    pub fn live(&self) -> Option<&RoaringBitmap> {
        self.live.as_ref()
    }

    /// Returns the live rows, one by one.
    pub fn live_rows(&self) -> impl Iterator<Item = u32> {
        let all = if self.live.is_none() { 0..self.segment.rows() as u32 } else { 0..0 };
        all.chain(self.live.iter().flatten())
    }

    /// Returns the live rows, all if all are.
    pub fn live_set(&self) -> RoaringBitmap {
        let all = || {
            let mut all = RoaringBitmap::new();
            all.insert_range(..self.segment.rows() as u32);
            all
        };
        self.live.clone().unwrap_or_else(all)
    }

    fn is_live(&self, row: u32) -> bool {
        self.live.as_ref().is_none_or(|live| live.contains(row))
    }

    /// Reads the records of some rows, in the order given.
    pub fn signatures(&self, rows: impl IntoIterator<Item = u32>) -> Result<Vec<SignatureRecord>, DbError> {
        self.segment.signatures(rows)
    }

    /// Returns the live row of a signature id.
    pub fn row_of(&self, sig_id: &str) -> Result<Option<u32>, DbError> {
        Ok(self.segment.row_of(sig_id)?.filter(|&row| self.is_live(row)))
    }

    /// Returns the embedding of a row.
    pub fn vector(&self, row: u32) -> Result<&[f32], DbError> {
        self.segment.vector(row)
    }

    /// Returns the stored profiles, if they were kept.
    pub fn profiles(&self) -> Result<Option<Profiles<'_>>, DbError> {
        self.segment.profiles()
    }

    /// Returns the stored profile of a row, if profiles were kept: a z-score for each gene of the universe, rounded to half
    /// precision.
    pub fn profile(&self, row: u32) -> Result<Option<Vec<f32>>, DbError> {
        let Some(profiles) = self.segment.profiles()? else { return Ok(None) };
        let mut profile = vec![0.0; profiles.universe().size()];
        if profiles.read(row, &mut profile) { Ok(Some(profile)) } else { Err(self.no_profile(row)) }
    }

    /// The error of a row without a profile.
    pub fn no_profile(&self, row: u32) -> DbError {
        self.segment.no_row(Section::Profiles, row)
    }

    /// Returns the drugs that have a live row, ascending.
    pub fn drugs(&self) -> Result<Vec<u32>, DbError> {
        let drugs = 0..self.segment.drugs()? as u32;
        let Some(live) = &self.live else { return Ok(drugs.collect()) };
        let rows = self.segment.rows_of_drugs()?;
        Ok(drugs.filter(|&drug| rows.of(drug).iter().any(|&row| live.contains(row))).collect())
    }

    /// Reads the records of some drugs, in the order given.
    pub fn drug_records(&self, drugs: impl IntoIterator<Item = u32>) -> Result<Vec<DrugRecord>, DbError> {
        self.segment.drug_records(drugs)
    }

    /// Returns the drug of a row.
    pub fn drug_of(&self, row: u32) -> Result<u32, DbError> {
        let drug = self.segment.drug_of_rows()?.get(row as usize).copied();
        drug.ok_or_else(|| self.segment.no_row(Section::DrugOfRow, row))
    }

    /// Returns the rows of every drug, among them those that are not live.
    pub fn rows_of_drugs(&self) -> Result<DrugRows<'_>, DbError> {
        self.segment.rows_of_drugs()
    }

    /// Returns the values that live rows have, which the first call decodes.
    pub fn filter_directory(&self) -> Result<&FilterDirectory, DbError> {
        if let Some(directory) = self.filters.get() {
            return Ok(directory);
        }
        let directory = self.segment.filter_directory(self.live.as_ref())?;
        Ok(self.filters.get_or_init(|| directory))
    }

    /// Returns the live rows that have what `value` means; `None` where no row has.
    pub fn rows_with(&self, key: &str, value: &str) -> Result<Option<RoaringBitmap>, DbError> {
        let filters = self.segment.filters(self.filter_directory()?)?;
        let rows = self.segment.checked(filters.rows(key, value))?;
        Ok(rows.map(|rows| self.only_live(rows)))
    }

    /// Returns the live rows that have a value which passes; `None` where no value of `key` does.
    pub fn rows_where(
        &self,
        key: &str,
        passes: &dyn Fn(&str) -> bool,
    ) -> Result<Option<RoaringBitmap>, DbError> {
        let filters = self.segment.filters(self.filter_directory()?)?;
        let rows = self.segment.checked(filters.rows_where(key, passes))?;
        Ok(rows.map(|rows| self.only_live(rows)))
    }

    /// Returns the live rows of each plate, which the first call gathers from all ids.
    pub fn plates(&self) -> Result<&BTreeMap<String, RoaringBitmap>, DbError> {
        if let Some(plates) = self.plates.get() {
            return Ok(plates);
        }
        let mut plates: BTreeMap<String, RoaringBitmap> = BTreeMap::new();
        for (row, record) in self.live_rows().zip(self.signatures(self.live_rows())?) {
            let Some(plate) = plate(&record.sig_id) else { continue };
            match plates.get_mut(plate) {
                Some(rows) => rows.insert(row),
                None => plates.entry(plate.to_owned()).or_default().insert(row),
            };
        }
        Ok(self.plates.get_or_init(|| plates))
    }

    fn only_live(&self, rows: RoaringBitmap) -> RoaringBitmap {
        match &self.live {
            Some(live) => rows & live,
            None => rows,
        }
    }

    /// Reads the names of the ATC classes that the drugs fall in.
    pub fn atc_names(&self) -> Result<AtcNames, DbError> {
        let names = self.segment.atc_names()?;
        if self.live.is_none() {
            return Ok(names);
        }
        let drugs = self.drug_records(self.drugs()?)?;
        let codes = drugs.iter().flat_map(|drug| &drug.atc).filter_map(|code| code.parse().ok());
        Ok(names.only(&codes.collect::<Vec<AtcCode>>()))
    }
}
