//! Which experiment stands behind each signature: drug, cell line, dose, time and batch.
//!
//! Everything is a function of the signature's number, so a million signatures need no table.

use super::drug::Drug;
use crate::random::{Purpose, Stream, golden};

/// One drug in six is profiled much, and those have this share of all signatures between them.
const CORE_SHARE: f64 = 0.85;
/// Cell lines in which nearly everything is profiled.
const CORE_CELLS: usize = 12;
/// How often a cell line outside the core is used, relative to the most used one.
const RARE_CELL: f64 = 0.02;
/// Share of the signatures at 24 h; the others are at 6 h.
const LATE_SHARE: f64 = 0.45;
/// Share of the signatures at 10 uM.
const MAIN_DOSE_SHARE: f64 = 0.85;
/// The doses of the others, in uM.
const LOWER_DOSES: [f32; 4] = [3.33, 1.11, 0.37, 0.12];
/// Signatures in a series of plates, all cell lines and times together.
const SERIES_SIGNATURES: u64 = 365;
/// Experiments of one drug in one series: each core cell line at both times.
const RUNS_PER_SERIES: u64 = 24;

/// One experiment, by numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Experiment {
    pub drug: usize,
    /// Number of the experiment among those of its drug.
    pub run: u64,
    pub cell: usize,
    /// 24 h rather than 6 h.
    pub late: bool,
    /// In uM.
    pub dose: f32,
    pub series: u64,
}

impl Experiment {
    pub(super) fn hours(&self) -> u32 {
        if self.late { 24 } else { 6 }
    }
}

/// The plan of all experiments.
#[derive(Debug)]
pub(super) struct Layout {
    seed: u64,
    /// First slot of each drug, and the number of signatures at the end.
    starts: Vec<u64>,
    /// Cumulative shares of the cell lines; the last is 1.
    cells: Vec<f64>,
    series: u64,
    stride: u64,
    shift: u64,
}

impl Layout {
    /// `signatures` is at least `drugs`, and both are at least 1, as is `cells`.
    pub(super) fn new(seed: u64, signatures: u64, drugs: usize, cells: usize) -> Self {
        Self {
            seed,
            starts: starts(&signatures_per_drug(signatures, drugs)),
            cells: cumulative_shares(cells),
            series: signatures.div_ceil(SERIES_SIGNATURES),
            stride: scattering_stride(signatures),
            shift: Stream::new(seed, Purpose::Layout, u64::MAX).below(signatures),
        }
    }

    pub(super) fn signatures(&self) -> u64 {
        *self.starts.last().expect("the plan ends with the number of signatures")
    }

    /// The experiment behind signature `index`, which is below [`signatures`](Self::signatures).
    pub(super) fn experiment(&self, index: u64, drugs: &[Drug]) -> Experiment {
        let slot = self.slot(index);
        let drug = self.starts.partition_point(|&start| start <= slot) - 1;
        let run = slot - self.starts[drug];
        let (cell, late) = self.cell_and_time(golden(drugs[drug].phase, run));
        Experiment { drug, run, cell, late, dose: self.dose(slot), series: self.series(drug, run) }
    }

    /// Signatures of a drug are scattered over the file, as in one that is ordered by plate.
    fn slot(&self, index: u64) -> u64 {
        let product = u128::from(self.stride) * u128::from(index) + u128::from(self.shift);
        (product % u128::from(self.signatures())) as u64
    }

    fn cell_and_time(&self, share: f64) -> (usize, bool) {
        let cell = self.cells.partition_point(|&end| end <= share).min(self.cells.len() - 1);
        let start = if cell == 0 { 0.0 } else { self.cells[cell - 1] };
        let within = (share - start) / (self.cells[cell] - start);
        (cell, within < LATE_SHARE)
    }

    fn dose(&self, slot: u64) -> f32 {
        let mut stream = Stream::new(self.seed, Purpose::Layout, slot);
        if stream.unit() < MAIN_DOSE_SHARE {
            return 10.0;
        }
        LOWER_DOSES[stream.below(LOWER_DOSES.len() as u64) as usize]
    }

    fn series(&self, drug: usize, run: u64) -> u64 {
        let visit = ((drug as u64) << 32) | (run / RUNS_PER_SERIES);
        Stream::new(self.seed, Purpose::Series, visit).below(self.series)
    }
}

/// At least one each. In the core the most profiled drug has some six times as many as the least, at any size of the
/// simulation; the other drugs share the rest evenly.
fn signatures_per_drug(signatures: u64, drugs: usize) -> Vec<u64> {
    let core = drugs.div_ceil(6);
    let weight = |rank: usize| 1.0 / (rank as f64 / core as f64 + 1.0 / 41.0).sqrt();
    let all_weights: f64 = (0..core).map(weight).sum();
    let spare = signatures - drugs as u64;
    let mut counts: Vec<u64> = (0..drugs)
        .map(|rank| {
            let share = match rank {
                r if r < core => CORE_SHARE * weight(r) / all_weights,
                _ => (1.0 - CORE_SHARE) / (drugs - core) as f64,
            };
            1 + (share * spare as f64) as u64
        })
        .collect();
    let missing = signatures - counts.iter().sum::<u64>();
    for extra in 0..missing {
        counts[(extra % drugs as u64) as usize] += 1;
    }
    counts
}

fn starts(counts: &[u64]) -> Vec<u64> {
    let mut starts = vec![0];
    let mut end = 0;
    for count in counts {
        end += count;
        starts.push(end);
    }
    starts
}

fn cumulative_shares(cells: usize) -> Vec<f64> {
    let weight = |cell: usize| if cell < CORE_CELLS { 1.0 / (1.0 + 0.2 * cell as f64) } else { RARE_CELL };
    let total: f64 = (0..cells).map(weight).sum();
    let mut end = 0.0;
    (0..cells)
        .map(|cell| {
            end += weight(cell) / total;
            end
        })
        .collect()
}

/// The stride nearest below the golden section of `n` that shares no factor with it, so that stepping by it visits all.
fn scattering_stride(n: u64) -> u64 {
    let golden = (n as f64 * 0.618_033_988_749_894_9) as u64;
    (1..=golden).rev().find(|&stride| greatest_common_divisor(stride, n) == 1).unwrap_or(1)
}

fn greatest_common_divisor(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::drug::invent;
    use super::*;

    #[test]
    fn counts_add_up_and_leave_no_drug_out() {
        for (signatures, drugs) in [(1, 1), (7, 7), (100, 99), (1_645, 244), (118_050, 2_107)] {
            let counts = signatures_per_drug(signatures, drugs);
            assert_eq!(counts.iter().sum::<u64>(), signatures);
            assert!(counts.iter().all(|&c| c >= 1));
        }
    }

    #[test]
    fn a_few_drugs_hold_most_signatures() {
        let counts = signatures_per_drug(1_645, 244);
        assert!((100..=180).contains(&counts[0]), "{}", counts[0]);
        assert!(counts[..41].iter().sum::<u64>() > 1_200);
        assert!(counts[100] <= 3);
    }

    #[test]
    fn every_experiment_happens_once() {
        for signatures in [1, 2, 6, 365, 1_000] {
            let drugs = invent(2, (signatures as usize).min(40), 4);
            let layout = Layout::new(2, signatures, drugs.len(), 30);
            let seen: HashSet<_> = (0..signatures)
                .map(|i| {
                    let e = layout.experiment(i, &drugs);
                    assert!(e.cell < 30 && e.drug < drugs.len() && e.series < layout.series);
                    (e.drug, e.run)
                })
                .collect();
            assert_eq!(seen.len() as u64, signatures);
        }
    }

    #[test]
    fn doses_and_times_have_the_shares_they_should() {
        let drugs = invent(2, 200, 10);
        let layout = Layout::new(9, 20_000, 200, 20);
        let all: Vec<_> = (0..20_000).map(|i| layout.experiment(i, &drugs)).collect();
        let share = |f: fn(&Experiment) -> bool| all.iter().filter(|e| f(e)).count() as f64 / 20_000.0;
        assert!((share(|e| e.late) - LATE_SHARE).abs() < 0.02);
        assert!((share(|e| e.dose == 10.0) - MAIN_DOSE_SHARE).abs() < 0.02);
        assert!(share(|e| e.cell < CORE_CELLS) > 0.9);
    }
}
