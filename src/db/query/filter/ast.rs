//! A filter as a tree.

use std::ops;

use super::number::Number;

/// The key of the number of signatures that a row's drug has in the database.
pub(super) const N_SIGNATURES: &str = "n_signatures";

/// The key of the plate that a row's `sig_id` names, before the colon.
pub(super) const PLATE: &str = "plate";

/// What the rows of a database have to fulfil to take part in an answer.
///
/// Read from a text, made by constructors, or both:
/// ```
/// use l1kdb::db::Filter;
///
/// let typed = Filter::parse("cell_id in (MCF7, PC3) and not atc ^= L and pert_time >= 24")?;
/// let made = Filter::any_of("cell_id", ["MCF7", "PC3"])
///     .and(!Filter::begins_with("atc", "L"))
///     .and(Filter::parse("pert_time >= 24 h")?);
/// assert_eq!(typed.to_string(), "cell_id in (MCF7, PC3) and not atc ^= L and pert_time >= 24");
/// assert_eq!(made.to_string(), "cell_id in (MCF7, PC3) and not atc ^= L and pert_time >= 24 h");
/// # Ok::<(), l1kdb::db::FilterError>(())
/// ```
///
/// | written | a row passes that has |
/// |---|---|
/// | `KEY = V`, `KEY in (V1, V2)` | one of these values |
/// | `KEY ^= V` | a value that begins with this |
/// | `KEY ~ V` | a value that contains this |
/// | `KEY < N`, `<=`, `>`, `>=` | a smaller number, and so on |
/// | `KEY != V`, `KEY not in (V1, V2)` | what `not KEY = V` says |
/// | `not F`, `F and G`, `F or G`, `(F)` | `not` binds closest, then `and` |
///
/// Keys are those of [`Db::filter_keys`](crate::db::Db::filter_keys), `n_signatures`, the number of signatures that the row's drug
/// has in the database, and `plate`, what is before the colon of its `sig_id`. Letter case counts in keys only, not in values and words such as `and`.
///
/// `=` and `in` take values as tables have them: a dose or time without a unit fits any unit, a drug is found by any of its names
/// and ids, an ATC class holds for every code below it. A value that no row has is an error, and so is one that none begins with or
/// contains. `<`, `<=`, `>` and `>=` compare doses, times, quality columns and `n_signatures` as numbers, to twelve digits. Doses
/// are converted into uM and times into h, which a number without a unit is taken to be in; ng/ml, %, ng and ul are compared
/// with their own kind.
///
/// A row either passes a filter or passes its negation. What has no value, no number or one of another kind passes no comparison: a
/// row without a dose passes `not pert_dose < 20`, but not `pert_dose >= 20`.
///
/// A value may be several words, up to the next `and`, `or`, `not`, comma, bracket or operator. One that holds any of these, or
/// `"`, is written between double quotes, in which `""` is a quote. The text of a filter ([`Display`](std::fmt::Display)) is read as
/// the same filter.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter(pub(super) Node);

/// A part of a filter. Of two nested ones that mean the same as one, there is one: no negation of a negation, no
/// conjunction in a conjunction.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    Clause(Clause),
    Not(Box<Node>),
    /// Two parts or more.
    All(Vec<Node>),
    /// Two parts or more.
    Any(Vec<Node>),
}

/// What is asked of one key.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Clause {
    pub key: String,
    pub test: Test,
}

/// What is asked of a value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Test {
    AnyOf(Vec<String>),
    BeginsWith(String),
    Contains(String),
    Compare(Comparison, Number),
}

/// How a number is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
}

impl Comparison {
    /// Returns whether `a` compares so with `b`.
    pub(super) fn holds(self, a: f64, b: f64) -> bool {
        match self {
            Self::Less => a < b,
            Self::AtMost => a <= b,
            Self::Greater => a > b,
            Self::AtLeast => a >= b,
        }
    }
}

impl Filter {
    /// Makes a filter of signatures whose `key` has one of `values`, each taken as it is, commas and all
    /// ([`Db::filter_values`](crate::db::Db::filter_values) takes a list apart). Without values no row passes, which a
    /// text cannot say.
    pub fn any_of<V: Into<String>>(key: impl Into<String>, values: impl IntoIterator<Item = V>) -> Self {
        Self::of(key, Test::AnyOf(values.into_iter().map(Into::into).collect()))
    }

    /// Makes a filter of signatures whose `key` has a value that begins with `start`.
    pub fn begins_with(key: impl Into<String>, start: impl Into<String>) -> Self {
        Self::of(key, Test::BeginsWith(start.into()))
    }

    /// Makes a filter of signatures whose `key` has a value that contains `part`.
    pub fn contains(key: impl Into<String>, part: impl Into<String>) -> Self {
        Self::of(key, Test::Contains(part.into()))
    }

    /// Makes a filter of signatures whose `key` compares so with a number: a dose in uM, a time in h, any other as it is. `None` for a
    /// number that is not finite.
    ///
    /// ```
    /// use l1kdb::db::{Comparison, Filter};
    ///
    /// let filter = Filter::compare("pert_dose", Comparison::AtMost, 10.0).unwrap();
    /// assert_eq!(filter, Filter::parse("pert_dose <= 10")?);
    /// # Ok::<(), l1kdb::db::FilterError>(())
    /// ```
    pub fn compare(key: impl Into<String>, comparison: Comparison, number: f64) -> Option<Self> {
        Some(Self::of(key, Test::Compare(comparison, Number::plain(number)?)))
    }

    pub(super) fn of(key: impl Into<String>, test: Test) -> Self {
        Self(Node::Clause(Clause { key: key.into(), test }))
    }

    /// Requires another filter too.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let mut parts = conjuncts(self.0);
        parts.append(&mut conjuncts(other.0));
        Self(Node::All(parts))
    }

    /// Requires a filter that was there before, if any, too.
    pub(crate) fn after(self, before: Option<Self>) -> Self {
        match before {
            Some(before) => before.and(self),
            None => self,
        }
    }

    /// Lets through what passes another filter too.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        let mut parts = alternatives(self.0);
        parts.append(&mut alternatives(other.0));
        Self(Node::Any(parts))
    }
}

/// Lets through what the filter does not.
impl ops::Not for Filter {
    type Output = Self;

    fn not(self) -> Self {
        match self.0 {
            Node::Not(inner) => Self(*inner),
            node => Self(Node::Not(Box::new(node))),
        }
    }
}

fn conjuncts(node: Node) -> Vec<Node> {
    match node {
        Node::All(parts) => parts,
        node => vec![node],
    }
}

fn alternatives(node: Node) -> Vec<Node> {
    match node {
        Node::Any(parts) => parts,
        node => vec![node],
    }
}
