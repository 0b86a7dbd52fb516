//! Several sources in one database: signatures that stand in two of them, levels and scales that do not go together.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use super::source::ProfileSource;
use crate::annotate::DrugKeys;
use crate::db::{DbError, hash};
use crate::profile::{ProfileMatrix, ReadReport, Signature};
use crate::rows::square;

/// How many times larger values of one source are before its scale is doubted.
const SCALE: f64 = 3.0;

/// What is known of a source before its profiles are read.
pub(super) struct Part<'a> {
    pub name: Option<&'a str>,
    /// Its signatures that are to be stored.
    pub signatures: Vec<&'a Signature>,
    /// Those that are left out since they are controls.
    pub controls: Vec<&'a Signature>,
}

/// What a source is called in messages.
pub(super) fn called(name: Option<&str>) -> String {
    name.unwrap_or("the profiles").to_owned()
}

/// Signatures that stand in several sources, each with the digest of its profile once one was read.
#[derive(Default)]
pub(super) struct Twice(HashMap<String, Option<(String, u64)>>);

impl Twice {
    /// Finds them. Those of one id have to be of one drug, cell line, dose and time.
    pub fn find(parts: &[Part<'_>], keys: &DrugKeys<'_>, refuse: bool) -> Result<Self, DbError> {
        let mut first: HashMap<&str, (&Part<'_>, &Signature)> = HashMap::new();
        let mut twice = HashMap::new();
        for part in parts {
            for signature in &part.signatures {
                let Some((other, same)) = first.insert(&signature.sig_id, (part, signature)) else {
                    continue;
                };
                let what = match refuse {
                    true => Some("it stands in both"),
                    false => (condition(keys, same) != condition(keys, signature))
                        .then_some("they are of other drugs or conditions"),
                };
                if let Some(what) = what {
                    let (id, sources) = (signature.sig_id.clone(), [called(other.name), called(part.name)]);
                    return Err(DbError::SameSignature { id, sources, what });
                }
                twice.insert(signature.sig_id.clone(), None);
            }
        }
        Ok(Self(twice))
    }
}

/// What one signature has in common with the same one in another source.
fn condition(keys: &DrugKeys<'_>, signature: &Signature) -> [String; 4] {
    let text = |quantity: Option<String>| quantity.unwrap_or_default();
    [
        text(keys.of(signature)),
        signature.cell_id.clone().unwrap_or_default().to_lowercase(),
        text(signature.dose.as_ref().map(ToString::to_string)),
        text(signature.time.as_ref().map(ToString::to_string)),
    ]
}

/// Returns what a user has to know of drugs that are controls here and treatments there.
pub(super) fn controls_elsewhere(parts: &[Part<'_>], keys: &DrugKeys<'_>) -> Option<String> {
    let treated: Vec<BTreeSet<String>> = parts
        .iter()
        .map(|part| {
            let treatments = part.signatures.iter().filter(|signature| !signature.is_control());
            treatments.filter_map(|signature| keys.of(signature)).collect()
        })
        .collect();
    let mut both = BTreeSet::new();
    for (at, part) in parts.iter().enumerate() {
        let elsewhere = |key: &String| {
            treated.iter().enumerate().any(|(other, drugs)| other != at && drugs.contains(key))
        };
        both.extend(part.controls.iter().filter_map(|signature| keys.of(signature)).filter(elsewhere));
    }
    let example = both.first()?;
    Some(format!(
        "drugs that are controls in one source and treatments in another: {} (such as {example})",
        both.len()
    ))
}

/// The level of LINCS that the ids of signatures tell: 4 for those of single wells, 5 for those of replicates.
pub(super) fn level(ids: &[String]) -> Option<u8> {
    let is_well = |text: &str| matches!(text.as_bytes(), [b'A'..=b'P', tens, ones] if tens.is_ascii_digit() && ones.is_ascii_digit());
    let told = ids.iter().filter_map(|id| id.split_once(':')).map(|(_, after)| is_well(after));
    let (mut wells, mut others) = (0_usize, 0_usize);
    told.for_each(|well| if well { wells += 1 } else { others += 1 });
    match (wells, others) {
        (0, 0) => None,
        (wells, others) if wells > others => Some(4),
        _ => Some(5),
    }
}

/// Profiles of a source, without those that an earlier one had.
pub(super) struct Once<'a, P> {
    inner: &'a mut P,
    name: String,
    twice: &'a mut Twice,
    /// Signatures that were left out, since an earlier source had them.
    pub left_out: usize,
    squares: f64,
    values: usize,
}

impl<'a, P: ProfileSource> Once<'a, P> {
    pub fn new(inner: &'a mut P, name: Option<&str>, twice: &'a mut Twice) -> Self {
        Self { inner, name: called(name), twice, left_out: 0, squares: 0.0, values: 0 }
    }

    /// Returns the root mean square of all values that were read.
    pub fn size(&self) -> f64 {
        (self.squares / self.values.max(1) as f64).sqrt()
    }

    /// Tells whether a signature is new; the same one with another profile is an error.
    fn is_new(&mut self, block: &ProfileMatrix, row: usize) -> Result<bool, DbError> {
        let id = &block.ids()[row];
        let Some(known) = self.twice.0.get_mut(id) else { return Ok(true) };
        let profile = hash::of_bytes(bytemuck::cast_slice(block.profile(row)));
        match known {
            None => {
                *known = Some((self.name.clone(), profile));
                Ok(true)
            }
            Some((_, same)) if *same == profile => {
                self.left_out += 1;
                Ok(false)
            }
            Some((source, _)) => {
                let sources = [source.clone(), self.name.clone()];
                Err(DbError::SameSignature { id: id.clone(), sources, what: "their profiles differ" })
            }
        }
    }
}

impl<P: ProfileSource> ProfileSource for Once<'_, P> {
    fn origin(&self) -> &Path {
        self.inner.origin()
    }

    fn ids(&self) -> &[String] {
        self.inner.ids()
    }

    fn select(&mut self, places: &[usize]) -> Result<(), DbError> {
        self.inner.select(places)
    }

    fn remaining(&self) -> usize {
        self.inner.remaining()
    }

    fn next_block(&mut self, rows: usize) -> Result<Option<ProfileMatrix>, DbError> {
        let Some(block) = self.inner.next_block(rows)? else { return Ok(None) };
        let mut new = Vec::with_capacity(block.len());
        for row in 0..block.len() {
            let profile = block.profile(row);
            self.squares += square(profile);
            self.values += profile.len();
            if self.is_new(&block, row)? {
                new.push(row);
            }
        }
        if new.len() == block.len() {
            return Ok(Some(block));
        }
        let ids = new.iter().map(|&row| block.ids()[row].clone()).collect();
        let values = new.iter().flat_map(|&row| block.profile(row)).copied().collect();
        Ok(Some(ProfileMatrix::of_universe(block.universe(), ids, values)?))
    }

    fn report(&self) -> Option<&ReadReport> {
        self.inner.report()
    }
}

/// Returns what a user has to know of sources whose values are of another size than those of the first: their names and the root
/// mean squares of their values.
pub(super) fn scales(sizes: &[(String, f64)]) -> Option<String> {
    let small = sizes.iter().min_by(|a, b| a.1.total_cmp(&b.1))?;
    let large = sizes.iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
    (large.1 > SCALE * small.1).then(|| {
        format!(
            "values of {} have a root mean square of {:.2}, those of {} of {:.2}: look whether both are z-scores",
            large.0, large.1, small.0, small.1
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_level_is_told_from_ids() {
        let level = |ids: &[&str]| level(&ids.iter().map(|&id| id.to_owned()).collect::<Vec<_>>());
        assert_eq!(level(&["CPC004_A375_6H_X1_B3:A03", "CPC004_A375_6H_X1_B3:P24"]), Some(4));
        assert_eq!(level(&["CPC004_A375_6H:BRD-A10188456-001-03-1:10"]), Some(5));
        assert_eq!(level(&["LINCSCP_1"]), None);
    }

    #[test]
    fn scales_that_differ_much_are_told() {
        let sizes = |a, b| scales(&[("a".to_owned(), a), ("b".to_owned(), b)]);
        assert_eq!(sizes(1.0, 2.5), None);
        assert!(sizes(1.0, 9.0).unwrap().starts_with("values of b have a root mean square of 9.00"));
    }
}
