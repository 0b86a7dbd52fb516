//! The segments of a database, as a filter asks of them.

use std::borrow::Cow;
use std::collections::BTreeSet;

use roaring::RoaringBitmap;

use super::filtered::{Filtered, Found, Plates, Rows};
use crate::db::DbError;
use crate::db::segment::FilterDirectory;
use crate::db::snapshot::{DrugAt, LiveSegment, Snapshot};

impl Filtered for Snapshot {
    fn parts(&self) -> usize {
        self.segments().len()
    }

    fn all(&self) -> Rows {
        self.segments().iter().map(LiveSegment::live_set).collect()
    }

    fn keys(&self) -> Result<Vec<String>, DbError> {
        let mut keys = BTreeSet::new();
        for segment in self.segments() {
            keys.extend(segment.filter_directory()?.keys());
        }
        Ok(keys.into_iter().collect())
    }

    fn directories(&self, _: &str) -> Result<Vec<&FilterDirectory>, DbError> {
        self.segments().iter().map(LiveSegment::filter_directory).collect()
    }

    fn rows_with(&self, key: &str, value: &str) -> Result<Found, DbError> {
        self.segments().iter().map(|segment| segment.rows_with(key, value)).collect()
    }

    fn rows_where(&self, key: &str, passes: &dyn Fn(&str) -> bool) -> Result<Found, DbError> {
        self.segments().iter().map(|segment| segment.rows_where(key, passes)).collect()
    }

    fn whole_drugs(&self, rows: &Found) -> Result<Found, DbError> {
        let mut groups = BTreeSet::new();
        for (segment, rows) in rows.iter().enumerate() {
            let live = &self.segments()[segment];
            let drugs: BTreeSet<u32> =
                rows.iter().flatten().map(|row| live.drug_of(row)).collect::<Result<_, _>>()?;
            for drug in drugs {
                groups.insert(self.group_of(DrugAt { segment, drug })?);
            }
        }
        let all = self.drug_groups()?;
        let mut whole: Found = vec![None; self.segments().len()];
        for &DrugAt { segment, drug } in groups.into_iter().flat_map(|group| all.members(group)) {
            let rows = self.segments()[segment].rows_of_drugs()?.of(drug);
            whole[segment].get_or_insert_with(RoaringBitmap::new).extend(rows);
        }
        Ok(whole)
    }

    fn plates(&self) -> Result<Vec<Cow<'_, Plates>>, DbError> {
        self.segments().iter().map(|segment| Ok(Cow::Borrowed(segment.plates()?))).collect()
    }

    fn rows_by_count(&self, passes: &dyn Fn(f64) -> bool) -> Result<Rows, DbError> {
        let mut drugs = Vec::new();
        for segment in self.segments() {
            drugs.push(vec![false; segment.segment().drugs()?]);
        }
        let groups = self.drug_groups()?;
        for group in 0..groups.len() {
            let mut count = 0;
            for &DrugAt { segment, drug } in groups.members(group) {
                count += live_rows(&self.segments()[segment], drug)?;
            }
            if passes(count as f64) {
                groups.members(group).iter().for_each(|at| drugs[at.segment][at.drug as usize] = true);
            }
        }
        self.segments().iter().zip(drugs).map(|(segment, drugs)| rows_of(segment, &drugs)).collect()
    }
}

fn live_rows(segment: &LiveSegment, drug: u32) -> Result<usize, DbError> {
    let rows = segment.rows_of_drugs()?.of(drug);
    Ok(match segment.live() {
        None => rows.len(),
        Some(live) => rows.iter().filter(|&&row| live.contains(row)).count(),
    })
}

/// The rows of some drugs of a segment, by a bit each.
fn rows_of(segment: &LiveSegment, drugs: &[bool]) -> Result<RoaringBitmap, DbError> {
    let passes = |drug: &u32| drugs.get(*drug as usize).copied().unwrap_or(false);
    let eight = |drugs: &[u32]| {
        drugs.iter().enumerate().fold(0, |bits, (at, drug)| bits | u8::from(passes(drug)) << at)
    };
    let bits: Vec<u8> = segment.segment().drug_of_rows()?.chunks(8).map(eight).collect();
    Ok(RoaringBitmap::from_lsb0_bytes(0, &bits))
}
