//! Molecules as graphs: what hangs together, what is in a ring, and a hash for what looks alike.

use std::collections::HashMap;

/// A molecule without what does not count.
pub(super) struct Graph {
    pub(super) atoms: Vec<Vertex>,
    /// (neighbour, kind of the bond) of every atom.
    pub(super) links: Vec<Vec<(usize, Kind)>>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Vertex {
    pub(super) element: u8,
    /// Has a double bond to a neighbour in a ring.
    pub(super) unsaturated: bool,
}

/// A bond as scaffolds see it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Single = 1,
    Double,
    Triple,
    Quadruple,
    Ring,
    RingTriple,
}

impl Graph {
    /// The graph of some atoms and the bonds among them.
    pub(super) fn induced(&self, atoms: &[usize]) -> Self {
        let place: HashMap<usize, usize> = atoms.iter().copied().zip(0..).collect();
        let inner = |&atom: &usize| {
            let links = self.links[atom].iter();
            links.filter_map(|(to, kind)| Some((*place.get(to)?, *kind))).collect()
        };
        Self {
            atoms: atoms.iter().map(|&atom| self.atoms[atom]).collect(),
            links: atoms.iter().map(inner).collect(),
        }
    }

    /// Atoms that are bound to each other, directly or over others.
    pub(super) fn fragments(&self) -> Vec<Vec<usize>> {
        let mut seen = vec![false; self.atoms.len()];
        let mut fragments = Vec::new();
        for start in 0..self.atoms.len() {
            if std::mem::replace(&mut seen[start], true) {
                continue;
            }
            let mut fragment = vec![start];
            let mut next = 0;
            while let Some(&atom) = fragment.get(next) {
                next += 1;
                for &(to, _) in &self.links[atom] {
                    if !std::mem::replace(&mut seen[to], true) {
                        fragment.push(to);
                    }
                }
            }
            fragments.push(fragment);
        }
        fragments
    }

    /// Rings and linkers: what is left when atoms with one neighbour or none are taken off, again and again.
    pub(super) fn core(&self, fragment: &[usize]) -> Vec<bool> {
        let mut left = vec![false; self.atoms.len()];
        fragment.iter().for_each(|&atom| left[atom] = true);
        let mut neighbours: Vec<usize> = self.links.iter().map(Vec::len).collect();
        let mut ends: Vec<usize> = fragment.iter().copied().filter(|&atom| neighbours[atom] < 2).collect();
        while let Some(end) = ends.pop() {
            left[end] = false;
            for &(to, _) in self.links[end].iter().filter(|&&(to, _)| left[to]) {
                neighbours[to] -= 1;
                if neighbours[to] == 1 {
                    ends.push(to);
                }
            }
        }
        left
    }

    /// A hash that does not depend on the order of the atoms.
    ///
    /// Colours are refined by the colours of neighbours until that tells no more atoms apart (Weisfeiler and Leman 1968).
    /// This alone takes decalin for bicyclopentyl. So every atom that still looks like another one is marked in turn, and
    /// the colours are refined once more from there: which colours come out is part of the hash.
    pub(super) fn hash(&self) -> u64 {
        let first = |atom: &Vertex| mix(u64::from(atom.element) * 2 + u64::from(atom.unsaturated));
        let stable = self.refined(self.atoms.iter().map(first).collect());
        let mut count: HashMap<u64, usize> = HashMap::new();
        stable.iter().for_each(|&colour| *count.entry(colour).or_default() += 1);
        let marked = |atom: usize| {
            let mut colours = stable.clone();
            colours[atom] = mix(!colours[atom]);
            mix(of_set(self.refined(colours).into_iter()))
        };
        let twins = (0..stable.len()).filter(|&atom| count[&stable[atom]] > 1);
        mix(of_set(stable.iter().copied())).wrapping_add(of_set(twins.map(marked)))
    }

    fn refined(&self, mut colours: Vec<u64>) -> Vec<u64> {
        let mut different = distinct(&colours);
        loop {
            let next = |(atom, &colour): (usize, &u64)| {
                let link = |&(to, kind): &(usize, Kind)| mix(colours[to].wrapping_add(kind as u64));
                mix(colour.wrapping_mul(3).wrapping_add(of_set(self.links[atom].iter().map(link))))
            };
            colours = colours.iter().enumerate().map(next).collect();
            let now = distinct(&colours);
            if now <= different {
                return colours;
            }
            different = now;
        }
    }
}

/// Which bonds are in a ring.
///
/// Of a walk in depth, every bond that is not walked leads back to an atom on the way; the bonds of the way in between
/// are in a ring with it.
pub(super) fn in_rings(atoms: usize, bonds: &[[usize; 2]]) -> Vec<bool> {
    let mut bonds_of = vec![Vec::new(); atoms];
    for (bond, &[a, b]) in bonds.iter().enumerate() {
        bonds_of[a].push((bond, b));
        bonds_of[b].push((bond, a));
    }
    let mut in_ring = vec![false; bonds.len()];
    let mut entered = vec![false; atoms];
    // Bonds that lead back from an atom or what was reached over it, less those that lead back to it.
    let mut back = vec![0_i64; atoms];
    for start in 0..atoms {
        if entered[start] {
            continue;
        }
        entered[start] = true;
        let mut way = vec![(start, None)];
        while let Some(&(atom, via)) = way.last() {
            if let Some((bond, to)) = bonds_of[atom].pop() {
                if !entered[to] {
                    entered[to] = true;
                    way.push((to, Some(bond)));
                } else if Some(bond) != via && !in_ring[bond] {
                    in_ring[bond] = true;
                    back[atom] += 1;
                    back[to] -= 1;
                }
                continue;
            }
            way.pop();
            if let (Some(&(before, _)), Some(bond)) = (way.last(), via) {
                in_ring[bond] = back[atom] > 0;
                back[before] += back[atom];
            }
        }
    }
    in_ring
}

fn distinct(colours: &[u64]) -> usize {
    let mut colours = colours.to_vec();
    colours.sort_unstable();
    colours.dedup();
    colours.len()
}

/// A number for a set of numbers, whatever their order.
fn of_set(numbers: impl Iterator<Item = u64>) -> u64 {
    numbers.fold(0, |sum, number| sum.wrapping_add(mix(number)))
}

/// The finaliser of splitmix64 (Steele, Lea and Flood 2014). Keys are written into files, so it may never change.
fn mix(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}
