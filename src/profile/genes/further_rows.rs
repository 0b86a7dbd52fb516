//! Which rows of a matrix are genes of a universe beyond the landmarks.

use super::landmark_rows::may_hold_numbers;
use super::placement::Placement;
use super::{GeneIdKind, GeneIds, GeneMap, GeneMapping, Species, Universe};
use crate::profile::Table;

/// A universe needs one in so many of its genes beyond the landmarks to be in a file.
const LEAST: usize = 10;

/// The rows of a matrix that are genes of a universe beyond the landmarks, and where in the universe each belongs.
#[derive(Debug, Clone)]
pub(in crate::profile) struct FurtherRows {
    universe: Universe,
    /// Rows of the file, ascending.
    pub(in crate::profile) rows: Vec<usize>,
    placement: Placement,
    kind: GeneIdKind,
}

impl FurtherRows {
    /// Matches by row id, or by the metadata column that finds more genes than the row id does. Rows that are landmarks stay
    /// what they are.
    pub(in crate::profile) fn find(
        universe: Universe,
        ids: &[String],
        metadata: &Table,
        landmarks: &GeneMap,
    ) -> Self {
        let mut best = Self::none(universe);
        if universe == Universe::Landmark {
            return best;
        }
        // Landmarks of a file of mouse are taken for those of human, and the reader tells it.
        let names = GeneIds::built_in().species(Species::Mouse);
        best = Self::of(universe, &names.map(ids, universe), landmarks);
        for (column, name) in metadata.header().iter().enumerate().skip(1) {
            if best.found() == best.expected() {
                break;
            }
            let cells: Vec<&str> = (0..metadata.len()).map(|row| metadata.cell(row, column)).collect();
            let mapping = names.map(&cells, universe);
            if mapping.report().kind == GeneIdKind::Entrez && !may_hold_numbers(name) {
                continue;
            }
            let next = Self::of(universe, &mapping, landmarks);
            if next.found() > best.found() {
                best = next;
            }
        }
        best
    }

    fn none(universe: Universe) -> Self {
        let placement = Placement::new(universe.size());
        Self { universe, rows: Vec::new(), placement, kind: GeneIdKind::Entrez }
    }

    fn of(universe: Universe, mapping: &GeneMapping, landmarks: &GeneMap) -> Self {
        let mut further = Self { kind: mapping.report().kind, ..Self::none(universe) };
        let is_further = |position: usize| universe.gene(position).is_some_and(|gene| !gene.is_landmark());
        for (row, position) in mapping.positions().iter().enumerate() {
            let Some(position) = position.filter(|&position| is_further(position)) else { continue };
            if landmarks.rows.binary_search(&row).is_err() {
                further.rows.push(row);
                further.placement.push(position);
            }
        }
        further
    }

    /// The universe whose genes these are.
    pub(in crate::profile) fn universe(&self) -> Universe {
        self.universe
    }

    /// How many genes the universe has beyond the landmarks.
    pub(in crate::profile) fn expected(&self) -> usize {
        self.universe.size() - Universe::Landmark.size()
    }

    /// How many of them are there.
    pub(in crate::profile) fn found(&self) -> usize {
        self.placement.found()
    }

    /// Positions in the universe of genes that are not there, landmarks among them, ascending.
    pub(in crate::profile) fn missing(&self, landmarks: &GeneMap) -> Vec<usize> {
        if self.universe == Universe::Landmark {
            // Without the table of all genes, which takes longer to read than a query takes.
            return (0..Universe::Landmark.size()).filter(|&landmark| !landmarks.has(landmark)).collect();
        }
        let mut is_there: Vec<bool> = self.placement.counts().iter().map(|&count| count > 0).collect();
        for (landmark, &place) in self.universe.landmark_positions().iter().enumerate() {
            is_there[place] = landmarks.has(landmark);
        }
        (0..is_there.len()).filter(|&position| !is_there[position]).collect()
    }

    /// Whether hardly any is there of those that there should be.
    pub(in crate::profile) fn are_few(&self) -> bool {
        LEAST * self.found() < self.expected()
    }

    /// Why few are there, where that is known.
    pub(in crate::profile) fn why_few(&self) -> &'static str {
        match self.kind {
            GeneIdKind::Probe => ", since of probe sets only those of landmarks are known",
            GeneIdKind::Entrez | GeneIdKind::Ensembl | GeneIdKind::Symbol => "",
        }
    }

    /// Genes with several rows, with their number.
    pub(in crate::profile) fn duplicates(&self) -> Vec<(&'static str, usize)> {
        let counts = self.placement.counts().iter().enumerate().filter(|(_, count)| **count > 1);
        let symbol =
            |(position, &count): (usize, &u32)| Some((self.universe.symbol(position)?, count as usize));
        counts.filter_map(symbol).collect()
    }

    /// Brings one signature's values of `rows` into the order of the universe; landmarks and genes without a row become 0.
    pub(in crate::profile) fn place(&self, values: &[f32], profile: &mut [f32]) {
        self.placement.place(values, profile);
    }

    /// Puts the values of the landmarks into a profile of the universe.
    pub(in crate::profile) fn add_landmarks(&self, landmarks: &[f32], profile: &mut [f32]) {
        if self.universe == Universe::Landmark {
            return profile.copy_from_slice(landmarks);
        }
        for (&place, &value) in self.universe.landmark_positions().iter().zip(landmarks) {
            profile[place] = value;
        }
    }
}
