//! Whether a split keeps apart what may be one drug.

use std::collections::BTreeSet;

use super::{DrugTraits, Likeness, drugs_that_may_be_one};

/// Pairs that a warning names.
const EXAMPLES: usize = 5;

/// Drugs, of which some may be one, to be held against splits.
#[derive(Debug, Clone)]
pub struct LeakCheck {
    names: Vec<String>,
    pairs: Vec<(usize, usize, Likeness)>,
}

impl LeakCheck {
    /// Takes drugs, each with the name to show.
    pub fn new(drugs: impl IntoIterator<Item = (String, DrugTraits)>) -> Self {
        let (names, traits): (Vec<String>, Vec<DrugTraits>) = drugs.into_iter().unzip();
        Self { names, pairs: drugs_that_may_be_one(&traits) }
    }

    /// Returns the pairs that stand on both sides of some fold: (training, held out), each a list of drugs by their place,
    /// as often as they have rows. A drug that is on both sides itself is not held out, so its pairs do not count.
    pub fn straddling<D: AsRef<[usize]>>(
        &self,
        folds: impl IntoIterator<Item = (D, D)>,
    ) -> BTreeSet<(usize, usize, Likeness)> {
        let mut found = BTreeSet::new();
        if self.pairs.is_empty() {
            return found;
        }
        for (train, held_out) in folds {
            let train: BTreeSet<usize> = train.as_ref().iter().copied().collect();
            let held_out: BTreeSet<usize> = held_out.as_ref().iter().copied().collect();
            let only = |drug: &usize, here: &BTreeSet<usize>, there: &BTreeSet<usize>| {
                here.contains(drug) && !there.contains(drug)
            };
            let apart = |one, other| only(one, &train, &held_out) && only(other, &held_out, &train);
            let pairs = self.pairs.iter().filter(|(one, other, _)| apart(one, other) || apart(other, one));
            found.extend(pairs.copied());
        }
        found
    }

    /// Returns a line that counts and names the pairs of [`straddling`](Self::straddling); `None` where there are none.
    pub fn warning<D: AsRef<[usize]>>(&self, folds: impl IntoIterator<Item = (D, D)>) -> Option<String> {
        let pairs = self.straddling(folds);
        let shown = |(one, other, likeness): &(usize, usize, Likeness)| {
            format!("{} / {} ({likeness})", self.names[*one], self.names[*other])
        };
        let named = pairs.iter().take(EXAMPLES).map(shown).collect::<Vec<_>>().join(", ");
        let more = if pairs.len() > EXAMPLES { ", ..." } else { "" };
        let (count, are) = (pairs.len(), if pairs.len() == 1 { "pair" } else { "pairs" });
        (count > 0).then(|| {
            format!(
                "{count} {are} of drugs that may be one stand on both sides of the split, so what was learnt of one may help \
                 on the other: {named}{more}"
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drugs_that_may_be_one_are_warned_of_where_they_are_on_both_sides() {
        let drug = |name: &str| {
            (name.to_owned(), DrugTraits { keys: [name.to_owned()].into(), ..DrugTraits::default() })
        };
        let check = LeakCheck::new(["metformin", "aspirin", "metforminhydrochloride"].map(drug));
        let warning = check.warning([(&[0, 1][..], &[2][..])]).unwrap();
        assert!(warning.contains("metformin / metforminhydrochloride (nearly one name)"));
        assert_eq!(check.warning([(&[0, 2][..], &[1][..])]), None);
    }
}
