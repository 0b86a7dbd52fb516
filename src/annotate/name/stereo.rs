//! All marks in a name that tell a compound from its mirror image or its other isomers in space.

use std::collections::{BTreeMap, BTreeSet};

use super::drug_key;
use super::sign::{Piece, pieces};
use super::spelling::folded;

/// A question that a mark answers. Two answers to one question are two compounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Question {
    /// `(+)`, `(-)`, `(±)`.
    Rotation,
    /// `R`, `S`, `RS`, with or without the number of an atom.
    Centre,
    /// `E`, `Z`.
    DoubleBond,
    /// `cis`, `trans`, `endo`, `exo`, `erythro`, `threo`.
    Side,
    /// `D`, `L`, `DL`.
    Series,
    /// `alpha`, `beta`, with or without the number of an atom.
    Face,
    /// `rac`, `ent`.
    Whole,
}

impl Question {
    /// The question that a word of a name answers, if it is a mark.
    fn of(word: &str) -> Option<Self> {
        Some(match word.trim_start_matches(|c: char| c.is_ascii_digit()) {
            "r" | "s" | "rs" | "sr" => Self::Centre,
            "e" | "z" | "ez" => Self::DoubleBond,
            "alpha" | "beta" => Self::Face,
            _ => match word {
                "cis" | "trans" | "endo" | "exo" | "erythro" | "threo" => Self::Side,
                "d" | "l" | "dl" | "ld" => Self::Series,
                "rac" | "racemic" | "ent" | "rel" => Self::Whole,
                _ => return None,
            },
        })
    }
}

/// What the marks of a name answer, question by question.
pub type Answers = BTreeMap<Question, Vec<String>>;

/// The marks of a name, and the name without them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct StereoMarks {
    bare: String,
    answers: Answers,
}

impl StereoMarks {
    /// Reads the marks of a name. A mark is a sign, or a word of its own: `S-flurbal`, `17beta-estradiol`.
    pub fn of(name: &str) -> Self {
        let mut marks = Self { bare: String::new(), answers: BTreeMap::new() };
        let mut word = String::new();
        let mut bare = String::new();
        for piece in pieces(&folded(name)) {
            match piece {
                Piece::Letter(letter) => word.push(letter),
                Piece::Sign(sign) => {
                    marks.answers.entry(Question::Rotation).or_default().push(sign.written().to_owned());
                    marks.take(&mut word, &mut bare);
                }
                Piece::And | Piece::Apart => marks.take(&mut word, &mut bare),
            }
        }
        marks.take(&mut word, &mut bare);
        marks.bare = drug_key(&bare);
        marks
    }

    fn take(&mut self, word: &mut String, bare: &mut String) {
        match Question::of(word) {
            Some(question) => self.answers.entry(question).or_default().push(std::mem::take(word)),
            None => {
                bare.push_str(word);
                bare.push(' ');
                word.clear();
            }
        }
    }

    /// Returns what the marks say, whatever the name.
    pub fn answers(&self) -> &Answers {
        &self.answers
    }

    /// Tells whether the name has no mark.
    pub fn is_empty(&self) -> bool {
        self.answers.is_empty()
    }

    /// Tells whether two names are one but for marks that cannot both be true.
    pub fn contradict(&self, other: &Self) -> bool {
        let unlike = |(question, answer): (&Question, &Vec<String>)| {
            other.answers.get(question).is_some_and(|theirs| theirs != answer)
        };
        self.bare == other.bare && self.answers.iter().any(unlike)
    }
}

/// Tells whether some of `names` contradict each other.
pub fn any_contradict<'a>(names: impl IntoIterator<Item = &'a StereoMarks>) -> bool {
    let marked: BTreeSet<&StereoMarks> = names.into_iter().filter(|marks| !marks.is_empty()).collect();
    let mut by_bare: BTreeMap<&str, Vec<&StereoMarks>> = BTreeMap::new();
    marked.into_iter().for_each(|marks| by_bare.entry(&marks.bare).or_default().push(marks));
    by_bare.values().any(|alike| {
        alike.iter().enumerate().any(|(at, one)| alike[at + 1..].iter().any(|other| one.contradict(other)))
    })
}
