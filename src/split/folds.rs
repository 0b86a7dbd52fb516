//! A division of rows, whichever way it was made.

use std::collections::HashMap;

use super::{Design, Grouping, HoldOut, KFold, LeakProof, SplitError, Straddling, assign};
use crate::random::{Purpose, Stream};

/// A division of rows into training and held-out ones, once or several times. See the [module](super).
#[derive(Debug, Clone, PartialEq)]
pub struct Split {
    pub(super) by: Vec<String>,
    pub(super) design: Design,
    pub(super) seed: u64,
    pub(super) ids: Vec<String>,
    /// One for each of `by`.
    pub(super) groupings: Vec<Grouping>,
    /// The place of every row in every repeat, `None` where it is in no fold; see [`Design::parts`].
    pub(super) places: Vec<Vec<Option<u32>>>,
}

/// One division into rows to train on and rows to evaluate on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fold {
    /// Which repeat, from 0.
    pub repeat: usize,
    /// As the file calls it: `1`, `2`, ... of k folds, `held_out`, or the block, such as `c2m4`.
    pub name: String,
    /// Rows to train on, ascending.
    pub train: Vec<usize>,
    /// Rows to evaluate on, ascending.
    pub held_out: Vec<usize>,
}

/// Where a row stands in a fold.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    Train,
    HeldOut,
    Neither,
}

/// The groupings of a [`LeakProof`] design, all of the same rows.
#[derive(Debug, Clone, Copy)]
pub struct Crossed<'a> {
    /// Cell lines.
    pub cells: &'a Grouping,
    /// Mechanisms of action, by [`Grouping::by_any`].
    pub moas: &'a Grouping,
    /// Drugs, for [`LeakProof::at_most`].
    pub drugs: &'a Grouping,
}

/// # Making one
impl Split {
    /// Holds every group out once, in each repeat. `by` names what `grouping` is made of: `drug`, `moa`, `cell`,
    /// `plate`, `scaffold`; `ids` are the signature ids of its rows.
    ///
    /// Groups are shuffled by `seed` and assigned in rounds, larger ones first, so that every fold has its share of the
    /// groups that have several rows: without those there is nothing to find in it.
    ///
    /// # Errors
    /// [`SplitError::Setting`], [`SplitError::TooFewGroups`] for fewer groups than folds, and what is wrong with the
    /// rows: [`SplitError::Rows`], [`SplitError::DuplicateId`], [`SplitError::Name`], [`SplitError::Text`].
    pub fn k_fold(
        ids: &[String],
        by: &str,
        grouping: &Grouping,
        design: KFold,
        seed: u64,
    ) -> Result<Self, SplitError> {
        let mut split = Self::unplaced(ids, &[(by, grouping)], Design::KFold(design), seed)?;
        let sizes = grouping.sizes();
        enough(by, grouping, &sizes, design.folds)?;
        split.place_groups(|repeat| assign::round_robin(&sizes, design.folds, seed, repeat));
        Ok(split)
    }

    /// Holds a share of the groups out, of those with several rows as of those with a single one; see
    /// [`k_fold`](Self::k_fold).
    ///
    /// # Errors
    /// As [`k_fold`](Self::k_fold); two groups are the fewest.
    pub fn hold_out(
        ids: &[String],
        by: &str,
        grouping: &Grouping,
        design: HoldOut,
        seed: u64,
    ) -> Result<Self, SplitError> {
        let mut split = Self::unplaced(ids, &[(by, grouping)], Design::HoldOut(design), seed)?;
        let sizes = grouping.sizes();
        enough(by, grouping, &sizes, 2)?;
        split.place_groups(|repeat| assign::hold_out(&sizes, design.share, seed, repeat));
        Ok(split)
    }

    /// Holds blocks of cell lines x mechanisms out, each once; see [`LeakProof`]. Cell lines and mechanisms are divided
    /// into parts of about equally many rows: the largest first, each to the part that has the fewest rows so far.
    /// Rows without cell line or mechanism, and with [`LeakProof::at_most`] those without a drug, are in no fold.
    ///
    /// # Errors
    /// As [`k_fold`](Self::k_fold), and [`SplitError::EmptyFold`] when a block has no row.
    pub fn leak_proof(
        ids: &[String],
        by: Crossed<'_>,
        design: LeakProof,
        seed: u64,
    ) -> Result<Self, SplitError> {
        let factors = [("cell", by.cells), ("moa", by.moas)];
        let mut split = Self::unplaced(ids, &factors, Design::LeakProof(design), seed)?;
        check_rows("drug", ids, by.drugs)?;
        let kept = by.kept(ids, design.at_most, seed);
        let divide = |(what, grouping): (&str, &Grouping), parts, stream| {
            let sizes = grouping.sizes_among(|row| kept[row]);
            enough(what, grouping, &sizes, parts)?;
            Ok::<_, SplitError>(assign::balanced(
                &sizes,
                parts,
                &mut Stream::new(seed, Purpose::Division, stream),
            ))
        };
        let (cells, moas) = (divide(factors[0], design.cells, 0)?, divide(factors[1], design.moas, 1)?);
        let place = |row: usize| {
            let cells = cells[by.cells.of_row()[row]? as usize]?;
            let moas = moas[by.moas.of_row()[row]? as usize]?;
            kept[row].then_some(cells * design.moas as u32 + moas)
        };
        split.places = vec![(0..ids.len()).map(place).collect()];
        split.check_blocks()?;
        Ok(split)
    }

    fn unplaced(
        ids: &[String],
        factors: &[(&str, &Grouping)],
        design: Design,
        seed: u64,
    ) -> Result<Self, SplitError> {
        design.check()?;
        check_ids(ids)?;
        for (by, grouping) in factors {
            check_name(by)?;
            check_rows(by, ids, grouping)?;
            grouping.names().iter().try_for_each(|name| check_text(name))?;
        }
        Ok(Self {
            by: factors.iter().map(|(by, _)| (*by).to_owned()).collect(),
            design,
            seed,
            ids: ids.to_vec(),
            groupings: factors.iter().map(|(_, grouping)| (*grouping).clone()).collect(),
            places: Vec::new(),
        })
    }

    /// Puts every row where its group was assigned to.
    fn place_groups(&mut self, assign: impl Fn(usize) -> Vec<Option<u32>>) {
        let rows = self.groupings[0].of_row();
        let place = |repeat| {
            let assigned = assign(repeat);
            rows.iter().map(|group| group.and_then(|group| assigned[group as usize])).collect()
        };
        self.places = (0..self.design.repeats()).map(place).collect();
    }

    fn check_blocks(&self) -> Result<(), SplitError> {
        for fold in self.folds() {
            for (rows, side) in [(&fold.held_out, "hold out"), (&fold.train, "train on")] {
                if rows.is_empty() {
                    return Err(SplitError::EmptyFold { fold: fold.name, side });
                }
            }
        }
        Ok(())
    }
}

impl Crossed<'_> {
    /// The rows that a leak-proof split divides.
    fn kept(&self, ids: &[String], at_most: Option<usize>, seed: u64) -> Vec<bool> {
        let both = self.cells.of_row().iter().zip(self.moas.of_row());
        let known: Vec<bool> = both.map(|(cell, moa)| cell.is_some() && moa.is_some()).collect();
        match at_most {
            Some(most) => assign::cap_per_group(most, self.drugs, ids, &known, seed),
            None => known,
        }
    }
}

/// # Using one
impl Split {
    /// Returns what the groups are: `drug`, for example; `cell` and `moa` of a leak-proof split.
    pub fn by(&self) -> &[String] {
        &self.by
    }

    /// Returns how it was made.
    pub fn design(&self) -> Design {
        self.design
    }

    /// Returns the seed that it was made by.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Ids of the rows.
    pub fn ids(&self) -> &[String] {
        &self.ids
    }

    /// Returns the groups of the rows, for each of [`by`](Self::by).
    pub fn groupings(&self) -> &[Grouping] {
        &self.groupings
    }

    /// Returns the number of rows that are in no fold.
    pub fn outside(&self) -> usize {
        self.places.first().map_or(0, |places| places.iter().filter(|place| place.is_none()).count())
    }

    /// Returns all folds, repeat after repeat.
    pub fn folds(&self) -> impl Iterator<Item = Fold> + '_ {
        self.fold_places().map(|(repeat, place)| self.fold(repeat, place))
    }

    /// Checks that no label stands on both sides of a fold. `what` names the labels in the error.
    ///
    /// By its own groups a split never does. By others it may: signatures of one drug stand in many cell lines, so a
    /// split by cell line shows a model the drugs that it is asked about.
    ///
    /// # Errors
    /// [`SplitError::Straddles`] with a row of either side, and [`SplitError::Rows`].
    pub fn check(&self, what: &str, labels: &Grouping) -> Result<(), SplitError> {
        check_rows(what, &self.ids, labels)?;
        for (repeat, place) in self.fold_places() {
            let mut seen = vec![[None; 2]; labels.names().len()];
            for (row, label) in labels.of_row().iter().enumerate() {
                let (Some(label), side) = (*label, self.side(repeat, place, row)) else { continue };
                if side == Side::Neither {
                    continue;
                }
                let sides = &mut seen[label as usize];
                sides[usize::from(side == Side::HeldOut)].get_or_insert(row);
                if let [Some(train), Some(held_out)] = *sides {
                    let straddling = Straddling {
                        what: what.to_owned(),
                        label: labels.names()[label as usize].clone(),
                        fold: self.design.name(place),
                        repeat: repeat + 1,
                        train_id: self.ids[train].clone(),
                        held_out_id: self.ids[held_out].clone(),
                        by: self.by.join(" x "),
                    };
                    return Err(Box::new(straddling).into());
                }
            }
        }
        Ok(())
    }

    /// (repeat, held-out place) of every fold.
    fn fold_places(&self) -> impl Iterator<Item = (usize, u32)> + use<> {
        let places = self.design.held_out();
        (0..self.places.len()).flat_map(move |repeat| places.clone().map(move |place| (repeat, place)))
    }

    fn fold(&self, repeat: usize, place: u32) -> Fold {
        let (mut train, mut held_out) = (Vec::new(), Vec::new());
        for row in 0..self.ids.len() {
            match self.side(repeat, place, row) {
                Side::Train => train.push(row),
                Side::HeldOut => held_out.push(row),
                Side::Neither => (),
            }
        }
        Fold { repeat, name: self.design.name(place), train, held_out }
    }

    fn side(&self, repeat: usize, fold: u32, row: usize) -> Side {
        let Some(place) = self.places[repeat][row] else { return Side::Neither };
        let (ours, held_out) = (self.design.parts(place), self.design.parts(fold));
        match [ours[0] == held_out[0], ours[1] == held_out[1]] {
            [true, true] => Side::HeldOut,
            [false, false] => Side::Train,
            _ => Side::Neither,
        }
    }
}

fn enough(by: &str, grouping: &Grouping, sizes: &[usize], expected: usize) -> Result<(), SplitError> {
    let found = sizes.iter().filter(|&&size| size > 0).count();
    if found >= expected {
        return Ok(());
    }
    let (unknown, rows) = (grouping.unknown(), grouping.rows());
    Err(SplitError::TooFewGroups { by: by.to_owned(), expected, found, unknown, rows })
}

fn check_rows(by: &str, ids: &[String], grouping: &Grouping) -> Result<(), SplitError> {
    let (expected, found) = (ids.len(), grouping.rows());
    if expected == found { Ok(()) } else { Err(SplitError::Rows { by: by.to_owned(), expected, found }) }
}

pub(super) fn check_ids(ids: &[String]) -> Result<(), SplitError> {
    let mut first_row = HashMap::new();
    for (row, id) in ids.iter().enumerate() {
        check_text(id)?;
        if let Some(first) = first_row.insert(id, row) {
            return Err(SplitError::DuplicateId { id: id.clone(), first: first + 1, second: row + 1 });
        }
    }
    Ok(())
}

fn check_text(text: &str) -> Result<(), SplitError> {
    let fits = !text.is_empty() && !text.contains(char::is_control);
    if fits { Ok(()) } else { Err(SplitError::Text { found: text.to_owned() }) }
}

fn check_name(name: &str) -> Result<(), SplitError> {
    if is_name(name) { Ok(()) } else { Err(SplitError::Name { found: name.to_owned() }) }
}

/// Whether rows may be grouped by what is called so.
pub(super) fn is_name(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
    !name.is_empty() && name.bytes().all(fits)
}
