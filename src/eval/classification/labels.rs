//! Which drug has which classes.

use crate::random::{Purpose, Stream};

/// The classes of every drug, ascending; at least one each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Labeling {
    starts: Vec<u32>,
    ids: Vec<u32>,
    classes: usize,
}

impl Labeling {
    pub(super) fn new(lists: impl Iterator<Item = Vec<u32>>, classes: usize) -> Self {
        let (mut starts, mut ids) = (vec![0], Vec::new());
        for list in lists {
            ids.extend(list);
            starts.push(ids.len() as u32);
        }
        Self { starts, ids, classes }
    }

    /// Number of classes.
    pub(super) fn classes(&self) -> usize {
        self.classes
    }

    /// Number of drugs.
    pub(super) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    pub(super) fn of(&self, drug: u32) -> &[u32] {
        let drug = drug as usize;
        &self.ids[self.starts[drug] as usize..self.starts[drug + 1] as usize]
    }

    /// The only class of a drug, or the first of several.
    pub(super) fn first(&self, drug: u32) -> u32 {
        self.ids[self.starts[drug as usize] as usize]
    }

    /// The first class of every drug.
    pub(super) fn firsts(&self) -> Vec<u32> {
        (0..self.len() as u32).map(|drug| self.first(drug)).collect()
    }

    /// Number of drugs of each class.
    pub(super) fn sizes(&self) -> Vec<usize> {
        let mut sizes = vec![0; self.classes];
        self.ids.iter().for_each(|&class| sizes[class as usize] += 1);
        sizes
    }

    /// The drugs among `drugs` by their first class, in the order given.
    pub(super) fn members(&self, drugs: &[u32]) -> Vec<Vec<u32>> {
        let mut members = vec![Vec::new(); self.classes];
        drugs.iter().for_each(|&drug| members[self.first(drug) as usize].push(drug));
        members
    }

    /// The same lists of classes, dealt out to the drugs at random.
    pub(super) fn permuted(&self, seed: u64, run: u64) -> Self {
        let mut order: Vec<u32> = (0..self.len() as u32).collect();
        Stream::new(seed, Purpose::ClassPermutation, run).shuffle(&mut order);
        Self::new(order.iter().map(|&drug| self.of(drug).to_vec()), self.classes)
    }

    /// These labels, followed by `runs` permutations of them.
    pub(super) fn with_permutations(&self, seed: u64, runs: usize) -> Vec<Self> {
        let permuted = (0..runs as u64).map(|run| self.permuted(seed, run));
        std::iter::once(self.clone()).chain(permuted).collect()
    }
}
