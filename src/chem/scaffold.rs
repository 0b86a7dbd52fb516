//! The chemical scaffold of a molecule, after Bemis and Murcko (J. Med. Chem. 1996, 39, 2887): its rings and what links
//! them.
//!
//! The rule in full. Of a salt or mixture the fragment with the most heavy atoms counts. Atoms with a single neighbour
//! are taken off until none is left, which leaves rings and linkers; then atoms return that are bound to these by a
//! double bond (a ketone's oxygen), as in RDKit. A molecule without rings is its own scaffold. Hydrogens, charges,
//! isotopes and stereochemistry do not count, so a salt form or an enantiomer never makes another scaffold.
//!
//! Within rings, it is not bonds that are compared but atoms: whether one has a double bond to a neighbour in a ring.
//! That is the same for `c1ccccc1` and both ways of writing `C1=CC=CC=C1`, and needs no notion of aromaticity. For a
//! lower-case atom it follows from its element: carbon has one, unless a double bond leads out of the ring; nitrogen
//! has one if it is bound to two atoms only; oxygen and sulphur have none.

use std::collections::BTreeMap;

use super::molecule_graph::{Graph, Kind, Vertex, in_rings};
use super::smiles::{Atom, Bond, Molecule, Order, SYMBOLS, molecule};
use super::{SmilesError, SmilesFault};

/// The most atoms of a scaffold. Drugs have a few dozen.
const MAX_ATOMS: usize = 400;

/// Returns the key of a molecule's scaffold: the formula of its heavy atoms, and a hash of how they are bound.
///
/// Equal scaffolds have equal keys, whatever the order in which their atoms are written. Different ones have different
/// keys but for chance (1 in 2^64) and for graphs that refinement by neighbours does not tell apart after any one atom
/// was marked, of which chemistry is not known to have any.
///
/// ```
/// use l1kdb::chem::scaffold;
///
/// let [aspirin, benzene, caffeine] =
///     ["CC(=O)Oc1ccccc1C(=O)O", "C1=CC=CC=C1", "CN1C=NC2=C1C(=O)N(C(=O)N2C)C"].map(|smiles| scaffold(smiles).unwrap());
/// assert_eq!(aspirin, benzene);
/// assert!(caffeine.starts_with("C5N4O2:"));
/// ```
///
/// # Errors
/// [`SmilesError`] for a text that is no SMILES, or a scaffold of more than 400 atoms.
pub fn scaffold(smiles: &str) -> Result<String, SmilesError> {
    let graph = Graph::new(&molecule(smiles)?);
    let fragments = graph.fragments();
    let largest = fragments.iter().map(Vec::len).max().unwrap_or(0);
    let scaffolds =
        fragments.iter().filter(|atoms| atoms.len() == largest).map(|atoms| graph.scaffold(atoms));
    let keys = scaffolds.map(|atoms| {
        let (atoms, most) = (atoms, MAX_ATOMS);
        if atoms.len() > most {
            return Err(SmilesError { at: 1, fault: SmilesFault::TooLarge { atoms: atoms.len(), most } });
        }
        Ok(graph.key(&atoms))
    });
    // Of two equally large fragments, the one with the smaller key: their order does not count.
    let keys = keys.collect::<Result<Vec<String>, _>>()?;
    keys.into_iter().min().ok_or(SmilesError { at: 1, fault: SmilesFault::Empty })
}

impl Graph {
    fn new(molecule: &Molecule) -> Self {
        let ends: Vec<[usize; 2]> = molecule.bonds.iter().map(|bond| bond.ends).collect();
        let in_ring = in_rings(molecule.atoms.len(), &ends);
        let mut bonds_of = vec![Vec::new(); molecule.atoms.len()];
        for (bond, in_ring) in molecule.bonds.iter().zip(in_ring) {
            let oxide = bond.ends.iter().any(|&end| molecule.atoms[end].is_aromatic_nitrogen());
            let kind = Kind::of(bond, in_ring, oxide);
            let [a, b] = bond.ends;
            bonds_of[a].push((b, kind, bond.order));
            bonds_of[b].push((a, kind, bond.order));
        }
        let vertex = |(atom, bonds): (&Atom, &Vec<(usize, Kind, Order)>)| Vertex {
            element: atom.element,
            unsaturated: is_unsaturated(atom, bonds),
        };
        let graph = Self {
            atoms: molecule.atoms.iter().zip(&bonds_of).map(vertex).collect(),
            links: bonds_of
                .iter()
                .map(|bonds| bonds.iter().map(|&(to, kind, _)| (to, kind)).collect())
                .collect(),
        };
        let heavy: Vec<usize> =
            (0..graph.atoms.len()).filter(|&atom| !graph.is_bound_hydrogen(atom)).collect();
        graph.induced(&heavy)
    }

    /// A hydrogen that is written as an atom, and is bound to one heavy atom.
    fn is_bound_hydrogen(&self, atom: usize) -> bool {
        let is_hydrogen = |atom: usize| self.atoms[atom].element == 1;
        is_hydrogen(atom) && matches!(self.links[atom][..], [(to, _)] if !is_hydrogen(to))
    }

    /// The atoms of a fragment that make its scaffold.
    fn scaffold(&self, fragment: &[usize]) -> Vec<usize> {
        let core = self.core(fragment);
        let at_core = |&(to, kind): &(usize, Kind)| kind == Kind::Double && core[to];
        let belongs = |&atom: &usize| core[atom] || self.links[atom].iter().any(at_core);
        let scaffold: Vec<usize> = fragment.iter().copied().filter(belongs).collect();
        if scaffold.is_empty() { fragment.to_vec() } else { scaffold }
    }

    fn key(&self, atoms: &[usize]) -> String {
        let graph = self.induced(atoms);
        format!("{}:{:016x}", graph.formula(), graph.hash())
    }

    /// The heavy atoms in Hill's order: carbon first, then by the alphabet.
    fn formula(&self) -> String {
        let mut counts: BTreeMap<(bool, &str), usize> = BTreeMap::new();
        for atom in &self.atoms {
            let symbol = SYMBOLS[usize::from(atom.element)];
            *counts.entry((symbol != "C", symbol)).or_default() += 1;
        }
        let part = |((_, symbol), count): (&(bool, &str), &usize)| match count {
            1 => (*symbol).to_owned(),
            _ => format!("{symbol}{count}"),
        };
        counts.iter().map(part).collect()
    }
}

impl Kind {
    /// `O=n1ccccc1` is another way of writing the N-oxide `[O-][n+]1ccccc1`, so that double bond is none.
    fn of(bond: &Bond, in_ring: bool, oxide: bool) -> Self {
        match (bond.order, in_ring) {
            (Order::Triple, true) => Self::RingTriple,
            (_, true) => Self::Ring,
            (Order::Double, false) if oxide => Self::Single,
            (Order::Double, false) => Self::Double,
            (Order::Triple, false) => Self::Triple,
            (Order::Quadruple, false) => Self::Quadruple,
            // Between two aromatic rings, a bond that is not written is single.
            (Order::Unwritten | Order::Single | Order::Aromatic, false) => Self::Single,
        }
    }
}

/// Whether an atom has a double bond to a neighbour in a ring, once the aromatic bonds are written as single and double
/// ones.
fn is_unsaturated(atom: &Atom, bonds: &[(usize, Kind, Order)]) -> bool {
    if bonds.iter().any(|&(_, kind, order)| kind == Kind::Ring && order == Order::Double) {
        return true;
    }
    if !atom.aromatic {
        return false;
    }
    let symbol = SYMBOLS[usize::from(atom.element)];
    let leads_out = bonds.iter().any(|&(_, kind, order)| kind != Kind::Ring && order == Order::Double);
    match symbol {
        "N" | "P" | "As" if leads_out => true,
        _ if leads_out => false,
        "N" | "P" | "As" => match atom.charge {
            0 => bonds.len() + usize::from(atom.hydrogens) < 3,
            charge => charge > 0,
        },
        "O" | "S" | "Se" | "Te" => atom.charge > 0,
        "B" => false,
        _ => atom.charge == 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(smiles: &str) -> String {
        scaffold(smiles).unwrap_or_else(|error| panic!("{smiles}: {error}"))
    }

    fn same(smiles: &[&str]) {
        for other in &smiles[1..] {
            assert_eq!(key(smiles[0]), key(other), "{} and {other}", smiles[0]);
        }
    }

    fn different(smiles: &[&str]) {
        for (at, one) in smiles.iter().enumerate() {
            smiles[..at].iter().for_each(|other| assert_ne!(key(one), key(other), "{one} and {other}"));
        }
    }

    #[test]
    fn side_chains_do_not_count() {
        same(&[
            "c1ccccc1",
            "Cc1ccccc1",
            "CC(=O)Oc1ccccc1C(=O)O",
            "CC(C)Cc1ccc(cc1)C(C)C(=O)O",
            "c1ccc(cc1)[N+](=O)[O-]",
        ]);
        same(&["c1ccccc1CCc1ccccc1", "CC(Cc1ccccc1)c1ccc(O)cc1"]);
    }

    #[test]
    fn linkers_and_what_is_bound_to_them_by_two_bonds_count() {
        different(&[
            "c1ccccc1",
            "c1ccccc1-c1ccccc1",
            "c1ccccc1Cc1ccccc1",
            "c1ccccc1C=Cc1ccccc1",
            "c1ccccc1C#Cc1ccccc1",
        ]);
        different(&["c1ccccc1C(=O)c1ccccc1", "c1ccccc1C(O)c1ccccc1", "c1ccccc1C(=N)c1ccccc1"]);
        same(&["c1ccccc1C(O)c1ccccc1", "c1ccccc1Cc1ccccc1"]);
        different(&["C1CCCCC1", "C1CCCCC1=O", "C1CCC=CC1", "C1=CCC=CC1", "C1=CC=CCC1", "c1ccccc1"]);
    }

    #[test]
    fn either_way_of_writing_an_aromatic_ring_is_the_same() {
        same(&["c1ccccc1", "C1=CC=CC=C1", "C=1C=CC=CC1"]);
        same(&["c1ccc2ccccc2c1", "C1=CC=C2C=CC=CC2=C1", "C1=CC2=CC=CC=C2C=C1"]);
        same(&["c1cc[nH]c1", "C1=CNC=C1", "CCn1cccc1"]);
        same(&["c1ccncc1", "C1=CC=NC=C1", "C[n+]1ccccc1", "O=n1ccccc1", "[O-][n+]1ccccc1"]);
        same(&["O=c1cccc[nH]1", "O=C1C=CC=CN1"]);
        same(&["c1ccsc1", "C1=CSC=C1"]);
        same(&["O=c1ccc2ccccc2o1", "O=C1C=CC2=CC=CC=C2O1"]);
        same(&["Cn1cnc2c1c(=O)n(C)c(=O)n2C", "CN1C=NC2=C1C(=O)N(C(=O)N2C)C"]);
        same(&["c1nnn[n-]1", "C1=NN=N[N-]1", "c1nnn[nH]1"]);
        different(&["c1cc[nH]c1", "c1ccsc1", "c1ccoc1", "c1cnc[nH]1", "c1cn[nH]c1", "c1ccncc1"]);
    }

    #[test]
    fn salts_isotopes_hydrogens_and_handedness_do_not_count() {
        same(&["C1CCNCC1", "C1CC[NH2+]CC1.[Cl-]", "OC(=O)CC.C1CCNCC1", "[2H]C1([2H])CCNCC1", "[H]N1CCCCC1"]);
        same(&["C[C@@H]1CCCCN1", "C[C@H]1CCCCN1", "CC1CCCCN1"]);
    }

    #[test]
    fn a_molecule_without_rings_is_its_own_scaffold() {
        different(&["CCO", "CCN", "CC=O", "CCCO", "C", "CC(O)C"]);
        same(&["OCC", "CCO", "C(C)O", "[OH]CC"]);
        assert!(key("CCO").starts_with("C2O:"));
    }

    /// Graphs of equal degrees that refinement by neighbours alone takes for one.
    #[test]
    fn fused_and_linked_rings_are_told_apart() {
        different(&["C1CCC2CCCCC2C1", "C1CCCC1C1CCCC1"]);
        different(&["C1CCCCC1.C", "C1CC1.C1CC1"]);
        different(&["C12C3C4C1C5C2C3C45", "C12C3C4C5C1C6C5C4C3C62"]);
    }

    #[test]
    fn a_scaffold_too_large_to_compare_is_an_error_and_side_chains_are_none() {
        let ring = |atoms: usize| format!("C1{}C1", "C".repeat(atoms - 2));
        key(&ring(MAX_ATOMS));
        key(&format!("c1ccccc1{}", "C".repeat(5000)));
        let fault = scaffold(&ring(MAX_ATOMS + 1)).unwrap_err().fault;
        assert_eq!(fault, SmilesFault::TooLarge { atoms: 401, most: 400 });
    }

    /// Keys stand in files, so they may never change.
    #[test]
    fn keys_are_the_same_for_ever() {
        assert_eq!([key("c1ccccc1"), key("C1CCC2CCCCC2C1")], ["C6:dae7ae58d5f548fe", "C10:8c992a1ed7f44458"]);
    }

    /// Writes a molecule with its atoms in another order: every bond as a ring, every atom in a fragment of its own.
    fn rewritten(molecule: &Molecule, order: &[usize]) -> String {
        let mut text = Vec::new();
        for &atom in order {
            let Atom { element, aromatic, hydrogens, charge } = molecule.atoms[atom];
            let symbol = SYMBOLS[usize::from(element)];
            let symbol = if aromatic { symbol.to_lowercase() } else { symbol.to_owned() };
            let charge = ["-", "", "+"]
                [usize::from(charge.unsigned_abs() > 0) * (charge + 1) as usize + usize::from(charge == 0)];
            let mut part = format!("[{symbol}H{hydrogens}{charge}]");
            for (number, bond) in
                molecule.bonds.iter().enumerate().filter(|(_, bond)| bond.ends.contains(&atom))
            {
                let sign = match bond.order {
                    Order::Unwritten => "",
                    Order::Single => "-",
                    Order::Double => "=",
                    Order::Triple => "#",
                    Order::Quadruple => "$",
                    Order::Aromatic => ":",
                };
                part += &format!("{sign}%{number:02}");
            }
            text.push(part);
        }
        text.join(".")
    }

    const TEXTBOOK: [&str; 8] = [
        "CC(=O)Oc1ccccc1C(=O)O",
        "CN1C=NC2=C1C(=O)N(C(=O)N2C)C",
        "CN1CC[C@]23c4c5ccc(O)c4O[C@H]2[C@@H](O)C=C[C@H]3[C@H]1C5",
        "OC(=O)c1ccccc1-c1c2ccc(=O)cc-2oc2cc(O)ccc12",
        "C[n+]1cccc(C(=O)N)c1.[I-]",
        "CC12CCC3C(CCC4=CC(=O)CCC34C)C1CCC2O",
        "NS(=O)(=O)c1cc2c(cc1Cl)NC=NS2(=O)=O",
        "OC[C@H]1OC(O)[C@H](O)[C@@H](O)[C@@H]1O",
    ];

    proptest! {
        #[test]
        fn the_order_of_the_atoms_makes_no_difference(
            (at, order) in (0..TEXTBOOK.len()).prop_flat_map(|at| {
                let atoms = molecule(TEXTBOOK[at]).unwrap().atoms.len();
                (Just(at), Just((0..atoms).collect::<Vec<_>>()).prop_shuffle())
            })
        ) {
            let text = rewritten(&molecule(TEXTBOOK[at]).unwrap(), &order);
            prop_assert_eq!(key(TEXTBOOK[at]), key(&text), "{}", text);
        }

        #[test]
        fn no_text_brings_it_down(text in "[CNOScnos()=#12%3.]{0,60}") {
            let _ = scaffold(&text);
        }
    }
}
