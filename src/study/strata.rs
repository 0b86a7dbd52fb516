//! The parts of the pairs that are reported apart: what makes a retrieval easy, and what makes it hard.

use std::collections::BTreeMap;

use super::Row;

/// At most so many cell lines and times are reported apart, those with most rows.
const MAX_PARTS: usize = 12;

/// The name of the division of pairs by whether both are of one cell line.
pub(super) const CELL_LINE_OF_PAIR: &str = "cell line of the pair";
/// What divisions by source are called, of pairs and of queries.
pub(super) const SOURCE: &str = "source";
/// The parts of a division of pairs.
pub(super) const SAME_OR_OTHER: [&str; 2] = ["same", "other"];

/// The strata that each row brings to its pairs as a query, and what a pair is compared by.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RowStrata {
    /// (what is divided, which part).
    pub names: Vec<(String, String)>,
    /// Of every row, the strata of its pairs when it is the query.
    of_query: Vec<Vec<u16>>,
    cell: Vec<Option<u32>>,
    treatment: Vec<Option<u32>>,
    source: Vec<Option<u32>>,
    same_source: u16,
    same_cell: u16,
    same_treatment: u16,
}

impl RowStrata {
    /// Divides by same or other source, cell line, dose and time, and by the query's source, dose, time, cell line and strength.
    /// What a table does not tell makes no stratum, and one source is no division.
    pub fn new(rows: &[Row]) -> Self {
        let mut strata = Self { of_query: vec![Vec::new(); rows.len()], ..Self::default() };
        strata.cell = numbered(rows.iter().map(|row| row.cell.clone()));
        strata.treatment = numbered(rows.iter().map(treatment));
        strata.source = numbered(rows.iter().map(|row| row.source.clone()));
        if strata.source.iter().flatten().any(|&source| source > 0) {
            strata.same_source = strata.pair("source of the pair");
            strata.commonest(SOURCE, rows, |row| row.source.clone());
        } else {
            strata.source = vec![None; rows.len()];
        }
        strata.same_cell = strata.pair(CELL_LINE_OF_PAIR);
        strata.same_treatment = strata.pair("dose and time of the pair");
        strata.queries("dose", rows, |row| row.micromolar().map(dose_part));
        strata.commonest("time", rows, |row| row.time.as_ref().map(ToString::to_string));
        let bounds = thirds(rows);
        strata.queries("strength", rows, |row| Some(strength_part(bounds?, row.strength?)));
        strata.commonest("cell line", rows, |row| row.cell.clone());
        strata
    }

    /// Appends the strata of a pair, given by row.
    pub fn of_pair(&self, query: usize, other: usize, out: &mut Vec<u16>) {
        out.extend_from_slice(&self.of_query[query]);
        if let (Some(a), Some(b)) = (self.source[query], self.source[other]) {
            out.push(self.same_source + u16::from(a != b));
        }
        if let (Some(a), Some(b)) = (self.cell[query], self.cell[other]) {
            out.push(self.same_cell + u16::from(a != b));
        }
        if let (Some(a), Some(b)) = (self.treatment[query], self.treatment[other]) {
            out.push(self.same_treatment + u16::from(a != b));
        }
    }

    fn pair(&mut self, of: &str) -> u16 {
        let first = self.names.len() as u16;
        self.names.extend(SAME_OR_OTHER.map(|part| (of.to_owned(), part.to_owned())));
        first
    }

    fn queries(&mut self, of: &str, rows: &[Row], part: impl Fn(&Row) -> Option<(u8, String)>) {
        let parts: Vec<Option<(u8, String)>> = rows.iter().map(part).collect();
        let in_use: BTreeMap<&(u8, String), u16> =
            parts.iter().flatten().map(|part| (part, 0)).collect::<BTreeMap<_, _>>();
        let first = self.names.len() as u16;
        let in_use: BTreeMap<&(u8, String), u16> = in_use.into_keys().zip(first..).collect();
        self.names.extend(in_use.keys().map(|(_, part)| (format!("{of} of the query"), part.clone())));
        for (strata, part) in self.of_query.iter_mut().zip(&parts) {
            strata.extend(part.as_ref().map(|part| in_use[part]));
        }
    }

    /// Returns the parts with most rows, the most common first.
    fn commonest(&mut self, of: &str, rows: &[Row], part: impl Fn(&Row) -> Option<String>) {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        rows.iter().filter_map(&part).for_each(|part| *counts.entry(part).or_default() += 1);
        let mut counts: Vec<(String, usize)> = counts.into_iter().collect();
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        counts.truncate(MAX_PARTS);
        let place = |value: String| {
            let at = counts.iter().position(|(part, _)| *part == value)?;
            Some((at as u8, value))
        };
        self.queries(of, rows, |row| part(row).and_then(place));
    }
}

pub(super) fn numbered(values: impl Iterator<Item = Option<String>>) -> Vec<Option<u32>> {
    let mut numbers = BTreeMap::new();
    let number = |value: String| {
        let next = numbers.len() as u32;
        *numbers.entry(value).or_insert(next)
    };
    let mut number = number;
    values.map(|value| value.map(&mut number)).collect()
}

/// Dose and time in one.
pub(super) fn treatment(row: &Row) -> Option<String> {
    Some(format!("{} {}", row.dose.as_ref()?, row.time.as_ref()?))
}

/// Returns one of the three ranges of Donner et al. 2018.
fn dose_part(micromolar: f64) -> (u8, String) {
    // Nominal doses such as 9.99999 uM are 10 uM.
    let (place, name) = match micromolar {
        dose if dose < 0.995 => (0, "below 1 uM"),
        dose if dose < 9.95 => (1, "1 to 10 uM"),
        _ => (2, "10 uM and more"),
    };
    (place, name.to_owned())
}

fn thirds(rows: &[Row]) -> Option<(f64, f64)> {
    let mut strengths: Vec<f64> =
        rows.iter().filter_map(|row| row.strength).filter(|s| s.is_finite()).collect();
    strengths.sort_unstable_by(f64::total_cmp);
    let at = |share: usize| strengths.get(strengths.len() * share / 3).copied();
    Some((at(1)?, at(2)?)).filter(|(low, high)| low < high)
}

fn strength_part((low, high): (f64, f64), strength: f64) -> (u8, String) {
    let (place, name) = match strength {
        s if s < low => (0, "weakest third"),
        s if s < high => (1, "middle third"),
        _ => (2, "strongest third"),
    };
    (place, name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cell: &str, dose: &str, strength: f64) -> Row {
        Row {
            cell: Some(cell.into()),
            dose: dose.parse().ok(),
            time: "24 h".parse().ok(),
            strength: Some(strength),
            ..Row::default()
        }
    }

    #[test]
    fn a_pair_is_in_one_part_of_every_division_that_is_known() {
        let rows = [row("PC3", "10 uM", 1.0), row("PC3", "500 nM", 2.0), row("A375", "10 uM", 3.0)];
        let strata = RowStrata::new(&rows);
        let parts = |a, b| {
            let mut found = Vec::new();
            strata.of_pair(a, b, &mut found);
            found.sort_unstable();
            found.iter().map(|&at| strata.names[at as usize].1.as_str()).collect::<Vec<_>>()
        };
        assert_eq!(parts(0, 1), ["same", "other", "10 uM and more", "24 h", "weakest third", "PC3"]);
        assert_eq!(parts(1, 2), ["other", "other", "below 1 uM", "24 h", "middle third", "PC3"]);
        assert_eq!(parts(2, 0), ["other", "same", "10 uM and more", "24 h", "strongest third", "A375"]);
    }

    #[test]
    fn rows_of_which_nothing_is_known_are_in_no_part() {
        let strata = RowStrata::new(&[Row::default(), Row::default()]);
        let mut found = Vec::new();
        strata.of_pair(0, 1, &mut found);
        assert!(found.is_empty());
    }

    #[test]
    fn only_the_commonest_cell_lines_are_reported_apart() {
        let rows: Vec<Row> = (0..60).map(|at| row(&format!("C{}", at % 20 * at % 20), "1 uM", 0.0)).collect();
        let strata = RowStrata::new(&rows);
        assert!(strata.names.iter().filter(|(of, _)| of == "cell line of the query").count() <= MAX_PARTS);
    }
}
