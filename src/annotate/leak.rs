//! Which drugs may be one although they are not known to be: they must not stand on both sides of a split.

mod check;

pub use check::LeakCheck;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

use super::name::letters_and_digits;

/// Names shorter than this hold each other by chance.
const LONG: usize = 6;

/// Words that a salt, a hydrate or a form of a drug adds to its name.
const FORMS: [&str; 32] = [
    "trihydrochloride",
    "dihydrochloride",
    "hydrochloride",
    "hcl",
    "dihydrobromide",
    "hydrobromide",
    "hbr",
    "disodium",
    "sodium",
    "potassium",
    "calcium",
    "magnesium",
    "mesylate",
    "mesilate",
    "besylate",
    "tosylate",
    "dimaleate",
    "maleate",
    "hemifumarate",
    "fumarate",
    "bitartrate",
    "tartrate",
    "citrate",
    "succinate",
    "diphosphate",
    "phosphate",
    "sulfate",
    "acetate",
    "trifluoroacetate",
    "monohydrate",
    "hydrate",
    "salt",
];

/// What tells whether a drug may be another one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct DrugTraits {
    /// Its keys: all that stand for it, or the one that is known.
    pub keys: BTreeSet<String>,
    /// The first blocks of its InChIKeys, where they are known.
    pub connectivity: BTreeSet<String>,
}

/// Why two drugs may be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// The same bonds: mirror images, or one drawn more carefully than the other.
    Bonds,
    /// One name but for a salt, a form, signs, or what stands between numbers; or a long name within another one, as
    /// esters and pro-drugs have it.
    Name,
}

impl fmt::Display for Likeness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bonds => "same bonds",
            Self::Name => "nearly one name",
        })
    }
}

/// Returns why two drugs may be one, although [`DrugKeys`](super::DrugKeys) tells them apart; `None` where nothing says
/// so. On the safe side: `testosterone` and `methyltestosterone` are taken for nearly one name.
pub fn may_be_one_drug(one: &DrugTraits, other: &DrugTraits) -> Option<Likeness> {
    if !one.connectivity.is_disjoint(&other.connectivity) {
        return Some(Likeness::Bonds);
    }
    let alike = |one: &String| other.keys.iter().any(|other| nearly_one_name(one, other));
    one.keys.iter().any(alike).then_some(Likeness::Name)
}

fn nearly_one_name(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    let (one, other) = (letters_and_digits(one), letters_and_digits(other));
    let long = one.len() >= LONG && other.len() >= LONG;
    let alike = without_form(&one) == without_form(&other) && !one.is_empty();
    alike || (long && (one.contains(&other) || other.contains(&one)))
}

/// A name without the words of its salt or form at its end.
fn without_form(name: &str) -> &str {
    let mut rest = name;
    while let Some(shorter) =
        FORMS.iter().filter_map(|form| rest.strip_suffix(form)).find(|rest| !rest.is_empty())
    {
        rest = shorter;
    }
    rest
}

/// Returns the pairs of `drugs` that may be one, with the reason, as places in the slice, the smaller one first, sorted.
///
/// Time grows with the number of drugs and the length of their names, not with the number of pairs.
pub fn drugs_that_may_be_one(drugs: &[DrugTraits]) -> Vec<(usize, usize, Likeness)> {
    let mut holders: HashMap<&str, Vec<usize>> = HashMap::new();
    let names: Vec<Vec<String>> =
        drugs.iter().map(|drug| drug.keys.iter().map(|key| letters_and_digits(key)).collect()).collect();
    for (at, drug) in drugs.iter().enumerate() {
        let own = names[at].iter().flat_map(|name| [name.as_str(), without_form(name)]);
        own.chain(drug.connectivity.iter().map(String::as_str)).for_each(|word| {
            holders.entry(word).or_default().push(at);
        });
    }
    let mut pairs: BTreeMap<(usize, usize), Likeness> = BTreeMap::new();
    let mut look = |at: usize, word: &str| {
        for &other in holders.get(word).into_iter().flatten().filter(|&&other| other != at) {
            if let Some(likeness) = may_be_one_drug(&drugs[at], &drugs[other]) {
                pairs.insert((at.min(other), at.max(other)), likeness);
            }
        }
    };
    let lengths: BTreeSet<usize> =
        names.iter().flatten().map(String::len).filter(|length| *length >= LONG).collect();
    for (at, drug) in drugs.iter().enumerate() {
        drug.connectivity.iter().for_each(|bonds| look(at, bonds));
        for name in &names[at] {
            look(at, without_form(name));
            for length in lengths.range(..=name.len()) {
                (0..=name.len() - length)
                    .filter_map(|from| name.get(from..from + length))
                    .for_each(|part| look(at, part));
            }
        }
    }
    pairs.into_iter().map(|((one, other), likeness)| (one, other, likeness)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{DrugTraits, Likeness, drugs_that_may_be_one, may_be_one_drug};

    fn drug(name: &str, bonds: &str) -> DrugTraits {
        let set = |text: &str| text.split('|').filter(|part| !part.is_empty()).map(str::to_owned).collect();
        DrugTraits { keys: set(name), connectivity: set(bonds) }
    }

    #[test]
    fn salts_forms_and_spellings_may_be_one_drug() {
        let name = |one: &str, other: &str| may_be_one_drug(&drug(one, ""), &drug(other, ""));
        for (one, other) in [
            ("naltrexone", "naltrexonedepot"),
            ("metformin", "metforminhydrochloride"),
            ("tsa", "tsahydrochloride"),
            ("pj34", "pj34hydrochloride"),
            ("ku0060648hydrochloride", "ku0060648trihydrochloride"),
            ("(+)jq1", "(-)jq1"),
            ("(+)jq1", "jq1"),
            ("1-25d3", "125d3"),
            ("citalopram", "escitalopram"),
            ("saha|vorinostat", "vorinostatsodium"),
        ] {
            assert_eq!(name(one, other), Some(Likeness::Name), "{one} and {other}");
        }
        for (one, other) in
            [("tsa", "tsatest"), ("docetaxel", "paclitaxel"), ("sodium", "potassium"), ("", "hydrochloride")]
        {
            assert_eq!(name(one, other), None, "{one} and {other}");
        }
    }

    #[test]
    fn the_same_bonds_may_be_one_drug_whatever_the_names() {
        let bonds =
            may_be_one_drug(&drug("tretinoin", "SHGAZHPCJJPHSC"), &drug("accutane", "SHGAZHPCJJPHSC|OTHER"));
        assert_eq!(bonds, Some(Likeness::Bonds));
        assert_eq!(may_be_one_drug(&drug("a", ""), &drug("b", "")), None);
    }

    proptest! {
        #[test]
        fn all_pairs_are_found_without_looking_at_all_pairs(
            drugs in prop::collection::vec(("(ab?c?|abcabc|citrate|é){1,3}", "[XY]?"), 0..12)
        ) {
            let drugs: Vec<DrugTraits> = drugs.iter().map(|(name, bonds)| drug(name, bonds)).collect();
            let mut expected = Vec::new();
            for one in 0..drugs.len() {
                for other in one + 1..drugs.len() {
                    let likeness = may_be_one_drug(&drugs[one], &drugs[other]);
                    expected.extend(likeness.map(|likeness| (one, other, likeness)));
                }
            }
            prop_assert_eq!(drugs_that_may_be_one(&drugs), expected);
        }
    }
}
