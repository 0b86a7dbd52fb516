//! SMILES, the line notation of molecules (<http://opensmiles.org/opensmiles.html>), read into atoms and bonds.
//!
//! Stereochemistry, isotopes and atom classes are read over. Valences are not checked: a group of molecules needs no
//! more than which atoms are bound. Nothing here recurses, so no text, however deeply nested, exhausts the stack.

use std::collections::HashSet;

use super::{SmilesError, SmilesFault};

/// What is bound to what.
#[derive(Debug, Default)]
pub(super) struct Molecule {
    pub(super) atoms: Vec<Atom>,
    pub(super) bonds: Vec<Bond>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Atom {
    /// Atomic number; 0 for `*`.
    pub(super) element: u8,
    /// Written in lower case.
    pub(super) aromatic: bool,
    /// Hydrogens that stand in the bracket of the atom. Those left out by the organic subset are not counted.
    pub(super) hydrogens: u8,
    /// -1, 0 or 1.
    pub(super) charge: i8,
}

impl Atom {
    pub(super) fn is_aromatic_nitrogen(&self) -> bool {
        self.aromatic && self.element == 7
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Bond {
    pub(super) ends: [usize; 2],
    pub(super) order: Order,
}

/// The kind of a bond as it is written; one that is not written is single or aromatic, as its atoms are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Unwritten,
    Single,
    Double,
    Triple,
    Quadruple,
    Aromatic,
}

impl Order {
    fn written(byte: u8) -> Option<Self> {
        Some(match byte {
            b'-' | b'/' | b'\\' => Self::Single,
            b'=' => Self::Double,
            b'#' => Self::Triple,
            b'$' => Self::Quadruple,
            b':' => Self::Aromatic,
            _ => return None,
        })
    }
}

/// Symbols of the elements by atomic number, from 0: `*` is any.
pub(super) const SYMBOLS: [&str; 119] = [
    "*", "H", "He", "Li", "Be", "B", "C", "N", "O", "F", "Ne", "Na", "Mg", "Al", "Si", "P", "S", "Cl", "Ar",
    "K", "Ca", "Sc", "Ti", "V", "Cr", "Mn", "Fe", "Co", "Ni", "Cu", "Zn", "Ga", "Ge", "As", "Se", "Br", "Kr",
    "Rb", "Sr", "Y", "Zr", "Nb", "Mo", "Tc", "Ru", "Rh", "Pd", "Ag", "Cd", "In", "Sn", "Sb", "Te", "I", "Xe",
    "Cs", "Ba", "La", "Ce", "Pr", "Nd", "Pm", "Sm", "Eu", "Gd", "Tb", "Dy", "Ho", "Er", "Tm", "Yb", "Lu",
    "Hf", "Ta", "W", "Re", "Os", "Ir", "Pt", "Au", "Hg", "Tl", "Pb", "Bi", "Po", "At", "Rn", "Fr", "Ra",
    "Ac", "Th", "Pa", "U", "Np", "Pu", "Am", "Cm", "Bk", "Cf", "Es", "Fm", "Md", "No", "Lr", "Rf", "Db",
    "Sg", "Bh", "Hs", "Mt", "Ds", "Rg", "Cn", "Nh", "Fl", "Mc", "Lv", "Ts", "Og",
];

/// What may stand without a bracket; two letters before one.
const ORGANIC: [&str; 11] = ["Cl", "Br", "B", "C", "N", "O", "P", "S", "F", "I", "*"];
const AROMATIC: [&str; 6] = ["b", "c", "n", "o", "p", "s"];
const AROMATIC_IN_BRACKETS: [&str; 10] = ["se", "as", "te", "si", "b", "c", "n", "o", "p", "s"];

/// Reads a whole text. Blanks around it do not count.
pub(super) fn molecule(smiles: &str) -> Result<Molecule, SmilesError> {
    let trimmed = smiles.trim_start();
    let before = smiles[..smiles.len() - trimmed.len()].chars().count();
    Reader::new(trimmed.trim_end()).read().map_err(|(at, fault)| {
        // `at` counts bytes of the trimmed text.
        let at = trimmed.char_indices().take_while(|&(byte, _)| byte < at).count() + before + 1;
        SmilesError { at, fault }
    })
}

/// A fault and the byte where it is.
type At<T> = Result<T, (usize, SmilesFault)>;

/// A ring number in use.
#[derive(Clone, Copy)]
struct Opened {
    atom: usize,
    order: Order,
    at: usize,
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    molecule: Molecule,
    bound: HashSet<[usize; 2]>,
    /// The atom that the next one is bound to.
    previous: Option<usize>,
    /// A bond that was written and waits for its second atom, and where it stands.
    bond: Option<(Order, usize)>,
    /// Atoms to go back to at `)`, and where the branches begin.
    branches: Vec<(usize, usize)>,
    rings: [Option<Opened>; 100],
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            molecule: Molecule::default(),
            bound: HashSet::new(),
            previous: None,
            bond: None,
            branches: Vec::new(),
            rings: [None; 100],
        }
    }

    fn read(mut self) -> At<Molecule> {
        while let Some(byte) = self.peek() {
            match byte {
                b'(' => self.open_branch()?,
                b')' => self.close_branch()?,
                b'.' => self.dot()?,
                b'0'..=b'9' | b'%' => self.ring()?,
                b'[' => self.bracket()?,
                _ => self.bond_or_atom(byte)?,
            }
        }
        self.finish()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Goes on if the next byte is `byte`.
    fn take(&mut self, byte: u8) -> bool {
        let taken = self.peek() == Some(byte);
        self.at += usize::from(taken);
        taken
    }

    fn unexpected<T>(&self) -> At<T> {
        Err((self.at, SmilesFault::Unexpected(self.text.get(self.at..).and_then(|rest| rest.chars().next()))))
    }

    /// The atom that what stands here refers to.
    fn atom_before(&self, what: &'static str) -> At<usize> {
        self.previous.ok_or((self.at, SmilesFault::NoAtom(what)))
    }

    /// A bond has to be followed by an atom or a ring number.
    fn no_bond_waits(&self) -> At<()> {
        self.bond.map_or(Ok(()), |(_, at)| Err((at, SmilesFault::NoAtom("bond"))))
    }

    fn open_branch(&mut self) -> At<()> {
        self.no_bond_waits()?;
        let atom = self.atom_before("branch")?;
        self.branches.push((atom, self.at));
        self.at += 1;
        if self.peek() == Some(b')') { self.unexpected() } else { Ok(()) }
    }

    fn close_branch(&mut self) -> At<()> {
        self.no_bond_waits()?;
        self.atom_before("end of a branch")?;
        let Some((atom, _)) = self.branches.pop() else { return self.unexpected() };
        self.previous = Some(atom);
        self.at += 1;
        Ok(())
    }

    fn dot(&mut self) -> At<()> {
        self.no_bond_waits()?;
        self.atom_before("dot")?;
        self.previous = None;
        self.at += 1;
        Ok(())
    }

    fn bond_or_atom(&mut self, byte: u8) -> At<()> {
        if let Some(order) = Order::written(byte) {
            self.no_bond_waits()?;
            self.atom_before("bond")?;
            self.bond = Some((order, self.at));
            self.at += 1;
            return Ok(());
        }
        match self.symbol(&ORGANIC, &AROMATIC) {
            Some((element, aromatic)) => self.add(Atom { element, aromatic, hydrogens: 0, charge: 0 }),
            None => self.unexpected(),
        }
    }

    /// The element that stands here, if it is one of these, and whether it is aromatic.
    fn symbol(&mut self, elements: &[&str], aromatic: &[&str]) -> Option<(u8, bool)> {
        let rest = self.text.get(self.at..)?;
        let starts = |symbol: &&&str| rest.starts_with(**symbol);
        let plain = elements.iter().filter(starts).max_by_key(|symbol| symbol.len());
        let found = plain.or_else(|| aromatic.iter().find(starts))?;
        let element = SYMBOLS.iter().position(|symbol| symbol.eq_ignore_ascii_case(found))?;
        self.at += found.len();
        Some((element as u8, plain.is_none()))
    }

    fn add(&mut self, atom: Atom) -> At<()> {
        let new = self.molecule.atoms.len();
        self.molecule.atoms.push(atom);
        let order = self.bond.take().map_or(Order::Unwritten, |(order, _)| order);
        self.previous.replace(new).map_or(Ok(()), |previous| self.bind([previous, new], order))
    }

    fn bind(&mut self, ends: [usize; 2], order: Order) -> At<()> {
        if ends[0] == ends[1] || !self.bound.insert([ends[0].min(ends[1]), ends[0].max(ends[1])]) {
            return Err((self.at - 1, SmilesFault::BoundTwice));
        }
        self.molecule.bonds.push(Bond { ends, order });
        Ok(())
    }

    fn ring(&mut self) -> At<()> {
        let (atom, at) = (self.atom_before("ring number")?, self.at);
        let digits = if self.take(b'%') { 2 } else { 1 };
        let mut number = 0;
        for _ in 0..digits {
            let Some(digit @ b'0'..=b'9') = self.peek() else { return self.unexpected() };
            number = 10 * number + (digit - b'0');
            self.at += 1;
        }
        let order = self.bond.take().map_or(Order::Unwritten, |(order, _)| order);
        let Some(opened) = self.rings[usize::from(number)].take() else {
            self.rings[usize::from(number)] = Some(Opened { atom, order, at });
            return Ok(());
        };
        let order = match (opened.order, order) {
            (one, Order::Unwritten) => one,
            (Order::Unwritten, other) => other,
            (one, other) if one == other => one,
            _ => return Err((at, SmilesFault::RingBond(number))),
        };
        self.bind([opened.atom, atom], order)
    }

    /// `[` isotope, symbol, chirality, hydrogens, charge, class `]`.
    fn bracket(&mut self) -> At<()> {
        let opened = self.at;
        self.at += 1;
        self.digits();
        let Some((element, aromatic)) = self.symbol(&SYMBOLS, &AROMATIC_IN_BRACKETS) else {
            return Err((opened, SmilesFault::NoElement));
        };
        self.chirality();
        let hydrogens = if self.take(b'H') { self.digits().unwrap_or(1).min(9) as u8 } else { 0 };
        let charge = self.charge();
        if self.take(b':') && self.digits().is_none() {
            return self.unexpected();
        }
        match self.peek() {
            Some(b']') => self.at += 1,
            Some(_) => return self.unexpected(),
            None => return Err((opened, SmilesFault::Unclosed("bracket"))),
        }
        self.add(Atom { element, aromatic, hydrogens, charge })
    }

    /// The number that stands here; one too large to be meant is cut.
    fn digits(&mut self) -> Option<u32> {
        let mut number = None;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            number = Some((10 * number.unwrap_or(0_u32) + u32::from(digit - b'0')).min(1_000_000));
            self.at += 1;
        }
        number
    }

    fn chirality(&mut self) {
        if !self.take(b'@') || self.take(b'@') {
            return;
        }
        let rest = &self.text.as_bytes()[self.at..];
        let class = |name: &&[u8; 2]| rest.starts_with(*name) && rest.get(2).is_some_and(u8::is_ascii_digit);
        if [b"TH", b"AL", b"SP", b"TB", b"OH"].iter().any(class) {
            self.at += 2;
            self.digits();
        }
    }

    /// The sign of the charge; how strong it is makes no difference here.
    fn charge(&mut self) -> i8 {
        let (sign, charge) = match self.peek() {
            Some(sign @ b'+') => (sign, 1),
            Some(sign @ b'-') => (sign, -1),
            _ => return 0,
        };
        while self.take(sign) {}
        if self.digits() == Some(0) { 0 } else { charge }
    }

    fn finish(self) -> At<Molecule> {
        self.no_bond_waits()?;
        if let Some(&(_, at)) = self.branches.last() {
            return Err((at, SmilesFault::Unclosed("branch")));
        }
        if let Some(opened) = self.rings.iter().flatten().min_by_key(|opened| opened.at) {
            return Err((opened.at, SmilesFault::Unclosed("ring")));
        }
        match self.previous {
            Some(_) => Ok(self.molecule),
            None if self.at == 0 => Err((0, SmilesFault::Empty)),
            None => Err((self.at - 1, SmilesFault::NoAtom("dot"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fault(smiles: &str) -> (usize, SmilesFault) {
        let error = molecule(smiles).map(|read| read.atoms.len()).expect_err(smiles);
        (error.at, error.fault)
    }

    #[test]
    fn atoms_and_bonds_are_those_that_are_written() {
        let counts = |smiles| {
            let read = molecule(smiles).unwrap();
            (read.atoms.len(), read.bonds.len())
        };
        assert_eq!(counts("CC(=O)Oc1ccccc1C(=O)O"), (13, 13));
        assert_eq!(counts(" C1CC1.[Na+].[Cl-] "), (5, 3));
        assert_eq!(counts("C%10CC%10"), (3, 3));
        assert_eq!(counts("C1.C1"), (2, 1));
        assert_eq!(counts("F/C=C\\F"), (4, 3));
        assert_eq!(counts("[13CH4:7]"), (1, 0));
    }

    #[test]
    fn brackets_tell_element_hydrogens_and_charge() {
        let atom = |smiles: &str| {
            let Atom { element, aromatic, hydrogens, charge } = molecule(smiles).unwrap().atoms[0];
            (SYMBOLS[usize::from(element)], aromatic, hydrogens, charge)
        };
        assert_eq!(atom("[C@@H](F)(Cl)Br"), ("C", false, 1, 0));
        assert_eq!(atom("[nH]1cccc1"), ("N", true, 1, 0));
        assert_eq!(atom("[se]1cccc1"), ("Se", true, 0, 0));
        assert_eq!(atom("[Sn+4]"), ("Sn", false, 0, 1));
        assert_eq!(atom("[O--]"), ("O", false, 0, -1));
        assert_eq!(atom("[Co@OH12H2]"), ("Co", false, 2, 0));
        assert_eq!(atom("[C@H]"), ("C", false, 1, 0));
        assert_eq!(atom("Clc1ccccc1"), ("Cl", false, 0, 0));
        assert_eq!(atom("*C"), ("*", false, 0, 0));
    }

    #[test]
    fn a_bad_text_is_an_error_at_its_place() {
        use SmilesFault::*;
        let cases = [
            ("", 1, Empty),
            ("C?C", 2, Unexpected(Some('?'))),
            ("C\u{e9}", 2, Unexpected(Some('\u{e9}'))),
            ("  Cx", 4, Unexpected(Some('x'))),
            ("[Xy]", 1, NoElement),
            ("C[NH3+", 2, Unclosed("bracket")),
            ("C(C", 2, Unclosed("branch")),
            ("CC)", 3, Unexpected(Some(')'))),
            ("C()C", 3, Unexpected(Some(')'))),
            ("C1CC", 2, Unclosed("ring")),
            ("=C", 1, NoAtom("bond")),
            ("CC=", 3, NoAtom("bond")),
            ("C(=)C", 3, NoAtom("bond")),
            ("C.", 2, NoAtom("dot")),
            ("C%1", 4, Unexpected(None)),
            ("C=1CC#1", 7, RingBond(1)),
            ("C11", 3, BoundTwice),
            ("C12CC12", 7, BoundTwice),
        ];
        for (smiles, at, expected) in cases {
            assert_eq!(fault(smiles), (at, expected), "{smiles}");
        }
    }

    #[test]
    fn deep_nesting_is_no_danger() {
        let depth = 200_000;
        let nested = "C(".repeat(depth) + "C" + &")".repeat(depth);
        assert_eq!(molecule(&nested).unwrap().atoms.len(), depth + 1);
    }

    proptest! {
        #[test]
        fn no_text_brings_the_reader_down(text in "[ -~\t]{0,40}") {
            if let Err(error) = molecule(&text) {
                prop_assert!(error.at <= text.chars().count() + 1);
            }
        }

        #[test]
        fn no_text_of_smiles_letters_does(text in "[CNOcnos\\[\\]()=#:/%0-9@H+.-]{0,40}") {
            let _ = molecule(&text);
        }
    }
}
