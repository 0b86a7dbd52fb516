//! What is held out, and how often.

use std::fmt;
use std::ops::RangeInclusive;

use crate::SettingError;

/// Every group is held out once in each repeat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KFold {
    /// Folds, 2 to 10,000 and no more than there are groups.
    pub folds: usize,
    /// Divisions into folds, 1 to 1,000, each by random numbers of its own.
    pub repeats: usize,
}

/// A share of the groups is held out in each repeat.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HoldOut {
    /// Share of the groups, above 0 and at most 0.9.
    pub share: f64,
    /// Divisions, 1 to 1,000, each by random numbers of its own.
    pub repeats: usize,
}

/// Blocks of cell lines x mechanisms: a fold holds out one block, and is trained on rows that share neither the cell
/// lines nor the mechanisms of the block. Rows that share one of the two are on neither side.
///
/// The design of Leak Proof CMap (arXiv 2404.18960), which takes 5 x 5 blocks of at most 200 profiles per treatment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeakProof {
    /// Parts that the cell lines are divided into, 2 to 100.
    pub cells: usize,
    /// Parts that the mechanisms are divided into, 2 to 100.
    pub moas: usize,
    /// Rows of a drug that are kept, chosen at random; the others are in no fold.
    pub at_most: Option<usize>,
}

/// How a split was made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Design {
    /// See [`KFold`].
    KFold(KFold),
    /// See [`HoldOut`].
    HoldOut(HoldOut),
    /// See [`LeakProof`].
    LeakProof(LeakProof),
}

/// The place of rows that are trained on, in a [`HoldOut`].
pub(super) const TRAIN: u32 = 0;
/// The place of rows that are held out, in a [`HoldOut`].
pub(super) const HELD_OUT: u32 = 1;

// What a design makes of a row is its *place*, a number: the fold that holds it out; `TRAIN` or `HELD_OUT`; or the block,
// cell part by cell part.
impl Design {
    /// Returns the number of divisions.
    pub fn repeats(&self) -> usize {
        match self {
            Self::KFold(design) => design.repeats,
            Self::HoldOut(design) => design.repeats,
            Self::LeakProof(_) => 1,
        }
    }

    /// Returns the number of folds in each division.
    pub fn folds(&self) -> usize {
        self.held_out().count()
    }

    /// The places that are held out in turn.
    pub(super) fn held_out(&self) -> std::ops::Range<u32> {
        match self {
            Self::KFold(design) => 0..design.folds as u32,
            Self::HoldOut(_) => HELD_OUT..HELD_OUT + 1,
            Self::LeakProof(design) => 0..(design.cells * design.moas) as u32,
        }
    }

    /// What a place consists of, one number for each grouping. A fold holds out the rows that share all of it, and
    /// trains on those that share nothing of it.
    pub(super) fn parts(&self, place: u32) -> [u32; 2] {
        match self {
            Self::LeakProof(design) => [place / design.moas as u32, place % design.moas as u32],
            // The same twice, so that sharing all and sharing nothing need no other rule.
            _ => [place, place],
        }
    }

    /// How a file writes a place.
    pub(super) fn name(&self, place: u32) -> String {
        match self {
            Self::KFold(_) => (place + 1).to_string(),
            Self::HoldOut(_) if place == TRAIN => "train".to_owned(),
            Self::HoldOut(_) => "held_out".to_owned(),
            Self::LeakProof(_) => {
                let [cells, moas] = self.parts(place);
                format!("c{}m{}", cells + 1, moas + 1)
            }
        }
    }

    /// The place that a file means by `name`.
    pub(super) fn place(&self, name: &str) -> Option<u32> {
        let number = |text: &str, most: usize| {
            let number = text.parse::<usize>().ok().filter(|number| (1..=most).contains(number));
            number.map(|number| number as u32 - 1)
        };
        match self {
            Self::KFold(design) => number(name, design.folds),
            Self::HoldOut(_) => [TRAIN, HELD_OUT].into_iter().find(|&place| self.name(place) == name),
            Self::LeakProof(design) => {
                let (cells, moas) = name.strip_prefix('c')?.split_once('m')?;
                Some(number(cells, design.cells)? * design.moas as u32 + number(moas, design.moas)?)
            }
        }
    }

    /// The names of all places, for a message.
    pub(super) fn names(&self) -> String {
        match self {
            Self::KFold(design) => format!("1 to {}", design.folds),
            Self::HoldOut(_) => "train or held_out".to_owned(),
            Self::LeakProof(design) => format!("c1m1 to c{}m{}", design.cells, design.moas),
        }
    }

    /// Whether rows with a group may be in no fold.
    pub(super) fn leaves_out(&self) -> bool {
        matches!(self, Self::LeakProof(LeakProof { at_most: Some(_), .. }))
    }

    pub(super) fn check(&self) -> Result<(), SettingError> {
        let within = |name, value: usize, range: RangeInclusive<usize>| {
            let expected = format!("{} to {}", range.start(), range.end());
            SettingError::check(name, value, expected, range.contains(&value))
        };
        within("repeats", self.repeats(), 1..=1000)?;
        match *self {
            Self::KFold(design) => within("folds", design.folds, 2..=10_000),
            Self::HoldOut(HoldOut { share, .. }) => {
                let fits = share > 0.0 && share <= 0.9;
                SettingError::check("the share to hold out", share, "more than 0 and at most 0.9", fits)
            }
            Self::LeakProof(design) => {
                within("parts of the cell lines", design.cells, 2..=100)?;
                within("parts of the mechanisms", design.moas, 2..=100)?;
                within("rows of a drug to keep", design.at_most.unwrap_or(1), 1..=usize::MAX)
            }
        }
    }

    /// Reads what [`Display`](fmt::Display) writes; `None` for anything else.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut words = text.split(' ');
        let kind = words.next()?;
        let mut value = |key: &str| words.next()?.strip_prefix(key)?.strip_prefix('=');
        let design = match kind {
            "k-fold" => Self::KFold(KFold {
                folds: value("folds")?.parse().ok()?,
                repeats: value("repeats")?.parse().ok()?,
            }),
            "hold-out" => Self::HoldOut(HoldOut {
                share: value("share")?.parse().ok()?,
                repeats: value("repeats")?.parse().ok()?,
            }),
            "leak-proof" => Self::LeakProof(LeakProof {
                cells: value("cells")?.parse().ok()?,
                moas: value("moas")?.parse().ok()?,
                at_most: match value("at-most")? {
                    "all" => None,
                    number => Some(number.parse().ok()?),
                },
            }),
            _ => return None,
        };
        words.next().is_none().then_some(design)
    }
}

/// As the header of a file says it.
impl fmt::Display for Design {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KFold(KFold { folds, repeats }) => write!(f, "k-fold folds={folds} repeats={repeats}"),
            Self::HoldOut(HoldOut { share, repeats }) => {
                write!(f, "hold-out share={share} repeats={repeats}")
            }
            Self::LeakProof(LeakProof { cells, moas, at_most }) => {
                let at_most = at_most.map_or("all".to_owned(), |number| number.to_string());
                write!(f, "leak-proof cells={cells} moas={moas} at-most={at_most}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn designs() -> [Design; 4] {
        let leak_proof = |at_most| Design::LeakProof(LeakProof { cells: 3, moas: 4, at_most });
        [
            Design::KFold(KFold { folds: 12, repeats: 3 }),
            Design::HoldOut(HoldOut { share: 0.1, repeats: 2 }),
            leak_proof(None),
            leak_proof(Some(200)),
        ]
    }

    #[test]
    fn a_design_reads_what_it_writes() {
        for design in designs() {
            design.check().unwrap();
            assert_eq!(Design::parse(&design.to_string()), Some(design));
            for damaged in [format!("{design} "), design.to_string().replace('=', "")] {
                assert_eq!(Design::parse(&damaged), None, "{damaged}");
            }
        }
    }

    #[test]
    fn every_place_has_a_name_of_its_own() {
        for design in designs() {
            for place in design.held_out() {
                assert_eq!(design.place(&design.name(place)), Some(place));
            }
            for other in ["0", "13", "c0m1", "c4m1", "c1m5", "c1", "-", ""] {
                assert_eq!(design.place(other), None, "{design}: {other}");
            }
        }
    }

    #[test]
    fn settings_out_of_bounds_are_errors_that_say_the_bounds() {
        let fold = |folds, repeats| Design::KFold(KFold { folds, repeats }).check();
        let share = |share| Design::HoldOut(HoldOut { share, repeats: 1 }).check();
        let leak_proof = |cells, moas, at_most| {
            Design::LeakProof(LeakProof { cells, moas, at_most: Some(at_most) }).check()
        };
        for result in [fold(1, 1), fold(5, 0), fold(5, 1001), share(0.0), share(f64::NAN), share(0.95)] {
            assert!(matches!(result, Err(SettingError { .. })), "{result:?}");
        }
        for result in [leak_proof(1, 5, 200), leak_proof(5, 101, 200), leak_proof(5, 5, 0)] {
            assert!(matches!(result, Err(SettingError { .. })), "{result:?}");
        }
        let error = fold(1, 1).unwrap_err().to_string();
        assert_eq!(error, "folds is 1, expected 2 to 10000");
    }
}
