//! Invented drugs.

use super::calibration::{LOG_HALF_DOSE, POTENCY_OF_MECHANISM, POTENCY_SIGMA};
use super::mechanism::{MECHANISMS, Mechanism};
use crate::random::{Purpose, Stream, golden, normal_quantile};

/// Names that can be made of three syllables, and so the largest number of drugs.
pub(super) const MAX_DRUGS: usize = SYLLABLES * SYLLABLES * SYLLABLES;

const CONSONANTS: &[u8; 20] = b"bcdfghjklmnpqrstvwxz";
const VOWELS: &[u8; 5] = b"aeiou";
const SYLLABLES: usize = CONSONANTS.len() * VOWELS.len();

/// A simulated drug and the truth about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Drug {
    /// An invented name that ends in `-sim`.
    pub name: String,
    /// One identifier (`SIM-K00000001`), or two for drugs that were registered twice (`SIM-A00000001`).
    pub pert_ids: Vec<String>,
    /// Which of [`Simulator::mechanisms`](super::Simulator::mechanisms) it has.
    pub family: usize,
    /// ATC codes, often one, sometimes none or several. They lie in real classes of level 4 that fit the mechanism;
    /// their last two digits count down from 99, where real codes are rare.
    pub atc_codes: Vec<String>,
    /// How strongly it acts at 10 uM; the median drug has 1.
    pub potency: f32,
    /// The dose at which it reaches half of its full effect, in uM.
    pub half_dose: f32,
    /// Where in the round of cell lines its experiments begin, in [0, 1).
    pub(super) phase: f64,
}

impl Drug {
    /// What acts at `dose` (uM), relative to 10 uM: a Hill curve with slope 1.
    pub(super) fn response(&self, dose: f32) -> f32 {
        dose / (dose + self.half_dose) * (10.0 + self.half_dose) / 10.0
    }

    /// The identifier used in run `run` of this drug.
    pub(super) fn pert_id(&self, run: u64) -> &str {
        // One run in three of a drug registered twice carries the younger identifier.
        let youngest = self.pert_ids.len() - 1;
        &self.pert_ids[if run % 3 == 2 { youngest } else { 0 }]
    }
}

/// Invents `count` drugs of the first `families` mechanisms, the most profiled first.
pub(super) fn invent(seed: u64, count: usize, families: usize) -> Vec<Drug> {
    let deviates: Vec<f64> = (0..count).map(potency_deviate).collect();
    let mut catalogue = Stream::new(seed, Purpose::Catalogue, 0);
    let family_of = deal_families(&mut catalogue, &deviates, families);
    let mut listed = vec![0; families];
    (0..count)
        .map(|rank| {
            let family = family_of[rank];
            let mut stream = Stream::new(seed, Purpose::Drug, rank as u64);
            let (mean, sd) = LOG_HALF_DOSE;
            Drug {
                name: name(seed, rank),
                half_dose: 10f64.powf(mean + sd * f64::from(stream.normal())) as f32,
                phase: stream.unit(),
                pert_ids: pert_ids(rank, stream.unit()),
                atc_codes: atc_codes(&MECHANISMS[family], stream.unit(), &mut listed[family]),
                potency: (POTENCY_SIGMA * deviates[rank]).exp() as f32,
                family,
            }
        })
        .collect()
}

/// Log-potency of the drug of this rank, in standard deviations.
///
/// It does not depend on the seed: a handful of much profiled drugs decides a pooled statistic, so with potencies
/// drawn at random two seeds would not be comparable.
fn potency_deviate(rank: usize) -> f64 {
    normal_quantile(golden(0.5, rank as u64).clamp(0.001, 0.999))
}

/// One drug of each family in every round of ranks, so that much and little profiled drugs are spread over all
/// families; within a round the stronger drugs tend to get the earlier, stronger families.
fn deal_families(stream: &mut Stream, deviates: &[f64], families: usize) -> Vec<usize> {
    let (own, luck) = (POTENCY_OF_MECHANISM.sqrt(), (1.0 - POTENCY_OF_MECHANISM).sqrt());
    let scores: Vec<f64> = deviates.iter().map(|z| own * z + luck * f64::from(stream.normal())).collect();
    let mut dealt = vec![0; deviates.len()];
    for round in (0..deviates.len()).step_by(families) {
        let mut ranks: Vec<usize> = (round..deviates.len().min(round + families)).collect();
        ranks.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
        for (family, rank) in ranks.into_iter().enumerate() {
            dealt[rank] = family;
        }
    }
    dealt
}

/// Three syllables and the mark of a simulation. Different ranks below [`MAX_DRUGS`] get different names.
fn name(seed: u64, rank: usize) -> String {
    // 600,011 is prime and shares no factor with 100^3, so this runs through all names in scattered order.
    let start = Stream::new(seed, Purpose::Catalogue, 1).below(MAX_DRUGS as u64);
    let mut number = ((rank as u64 * 600_011 + start) % MAX_DRUGS as u64) as usize;
    let mut name = String::with_capacity(10);
    for _ in 0..3 {
        let syllable = number % SYLLABLES;
        name.push(CONSONANTS[syllable / VOWELS.len()].into());
        name.push(VOWELS[syllable % VOWELS.len()].into());
        number /= SYLLABLES;
    }
    name + "-sim"
}

/// In the reference 19 % of the drugs have more than one identifier.
fn pert_ids(rank: usize, draw: f64) -> Vec<String> {
    let number = rank + 1;
    let mut ids = vec![format!("SIM-K{number:08}")];
    if draw < 0.19 {
        ids.push(format!("SIM-A{number:08}"));
    }
    ids
}

/// A quarter of the drugs have no code, most have one, some have one in every class of the mechanism.
///
/// `listed` counts the coded drugs of the family; past 99 of them a class is full and codes are shared.
fn atc_codes(mechanism: &Mechanism, draw: f64, listed: &mut usize) -> Vec<String> {
    let classes = mechanism.atc_classes;
    let codes = match draw {
        d if d < 0.25 => return Vec::new(),
        d if d < 0.80 => 1,
        _ => classes.len(),
    };
    let number = 99 - *listed % 99;
    let first = *listed % classes.len();
    *listed += 1;
    let mut codes: Vec<String> =
        (0..codes).map(|k| format!("{}{number:02}", classes[(first + k) % classes.len()])).collect();
    codes.sort_unstable();
    codes
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_and_identifiers_are_unique_and_marked_as_simulated() {
        let drugs = invent(11, 5_000, 32);
        let names: HashSet<_> = drugs.iter().map(|d| &d.name).collect();
        let ids: HashSet<_> = drugs.iter().flat_map(|d| &d.pert_ids).collect();
        assert_eq!(names.len(), drugs.len());
        assert_eq!(ids.len(), drugs.iter().map(|d| d.pert_ids.len()).sum::<usize>());
        assert!(names.iter().all(|n| n.ends_with("-sim") && n.len() == 10));
        assert!(ids.iter().all(|id| id.starts_with("SIM-")));
        assert!(ids.len() > drugs.len(), "no drug has two identifiers");
    }

    #[test]
    fn every_atc_code_lies_in_a_class_of_the_drugs_mechanism() {
        let drugs = invent(3, 2_000, 32);
        for drug in &drugs {
            let classes = MECHANISMS[drug.family].atc_classes;
            for code in &drug.atc_codes {
                assert_eq!(code.len(), 7, "{code}");
                assert!(classes.contains(&&code[..5]) && code[5..].parse::<u8>().is_ok(), "{code}");
            }
        }
        let with = |n: fn(usize) -> bool| drugs.iter().filter(|d| n(d.atc_codes.len())).count();
        assert!(with(|n| n == 0) > 400 && with(|n| n == 1) > 900 && with(|n| n > 1) > 100);
    }

    #[test]
    fn early_families_are_stronger_and_the_median_potency_is_one() {
        let drugs = invent(5, 960, 32);
        let mut potencies: Vec<f32> = drugs.iter().map(|d| d.potency).collect();
        potencies.sort_by(f32::total_cmp);
        assert!((potencies[480] - 1.0).abs() < 0.1, "{}", potencies[480]);
        let mean = |f: usize| {
            let of: Vec<f32> = drugs.iter().filter(|d| d.family == f).map(|d| d.potency).collect();
            of.iter().sum::<f32>() / of.len() as f32
        };
        assert!(mean(0) > 2.0 * mean(31));
    }

    #[test]
    fn the_response_is_one_at_ten_micromolar_and_rises_with_the_dose() {
        for drug in invent(1, 50, 8) {
            assert!((drug.response(10.0) - 1.0).abs() < 1e-6);
            assert!(drug.response(0.12) < drug.response(1.11));
        }
    }
}
