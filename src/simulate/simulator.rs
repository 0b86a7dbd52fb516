//! Signatures on demand, one or many at a time.

use std::ops::Range;

use rayon::prelude::*;

use super::Simulation;
use super::drug::{Drug, invent};
use super::layout::{Experiment, Layout};
use super::mechanism::{MECHANISMS, Mechanism};
use super::model::{Model, TILE};
use crate::profile::GENES;

/// A simulation that has been set up. See the [module](super) for an example.
#[derive(Debug)]
pub struct Simulator {
    drugs: Vec<Drug>,
    families: usize,
    cells: usize,
    layout: Layout,
    model: Model,
}

/// What a row of `sig_info.txt` says of a simulated signature, and which drug is behind it.
#[derive(Debug, Clone, PartialEq)]
pub struct SimulatedSignature {
    /// Unique, in the manner of LINCS: `SIM001_CELL03_6H:SIM-K00000042-0007:10` (batch, drug and run, dose).
    pub sig_id: String,
    /// The drug's identifier in this experiment.
    pub pert_id: String,
    /// Row of [`Simulator::drugs`].
    pub drug: usize,
    /// Name of the cell line.
    pub cell: String,
    /// Dose in uM.
    pub dose: f32,
    /// Time in hours.
    pub hours: u32,
    /// Plate series, cell line and time: signatures of a batch share its artefacts.
    pub batch: String,
}

impl Simulator {
    pub(super) fn new(simulation: &Simulation) -> Self {
        let Simulation { signatures, drugs, families, cells, effect, nuisance, seed } = *simulation;
        Self {
            drugs: invent(seed, drugs, families),
            families,
            cells,
            layout: Layout::new(seed, signatures as u64, drugs, cells),
            model: Model::new(seed, effect, nuisance),
        }
    }

    /// Returns the number of signatures.
    pub fn len(&self) -> usize {
        self.layout.signatures() as usize
    }

    /// Never true: a simulation has at least one signature.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns all drugs, the most profiled first, with the truth about each.
    pub fn drugs(&self) -> &[Drug] {
        &self.drugs
    }

    /// Returns the mechanism families; [`Drug::family`] is an index into them.
    pub fn mechanisms(&self) -> &[Mechanism] {
        &MECHANISMS[..self.families]
    }

    /// Names of the cell lines.
    pub fn cells(&self) -> Vec<String> {
        (0..self.cells).map(|cell| self.cell_name(cell)).collect()
    }

    /// Profiles of the signatures `range`: as many rows of 978 z-scores in gene-space order, row after row. Computed on
    /// all threads of the current rayon pool; the values do not depend on their number, nor on the range.
    ///
    /// # Panics
    /// If `range` ends after the last signature.
    pub fn block(&self, range: Range<usize>) -> Vec<f32> {
        assert!(range.end <= self.len(), "signatures {range:?} of a simulation of {}", self.len());
        let mut values = vec![0.0; range.len() * GENES];
        values.par_chunks_mut(TILE * GENES).enumerate().for_each(|(tile, rows)| {
            let first = range.start + tile * TILE;
            let indices = first..first + rows.len() / GENES;
            let experiments: Vec<_> = indices.map(|index| self.numbered_experiment(index)).collect();
            self.model.profiles(&experiments, rows);
        });
        values
    }

    /// Returns metadata of signature `index`.
    ///
    /// # Panics
    /// If there is no such signature.
    pub fn signature(&self, index: usize) -> SimulatedSignature {
        assert!(index < self.len(), "signature {index} of a simulation of {}", self.len());
        let (_, experiment, drug) = self.numbered_experiment(index);
        let cell = self.cell_name(experiment.cell);
        let batch = format!("SIM{:03}_{cell}_{}H", experiment.series + 1, experiment.hours());
        let pert_id = drug.pert_id(experiment.run).to_owned();
        SimulatedSignature {
            sig_id: format!("{batch}:{pert_id}-{:04}:{}", experiment.run + 1, experiment.dose),
            pert_id,
            drug: experiment.drug,
            cell,
            dose: experiment.dose,
            hours: experiment.hours(),
            batch,
        }
    }

    fn numbered_experiment(&self, index: usize) -> (u64, Experiment, &Drug) {
        let experiment = self.layout.experiment(index as u64, &self.drugs);
        (index as u64, experiment, &self.drugs[experiment.drug])
    }

    /// `CELL01`, with as many digits as the last one needs and at least two.
    fn cell_name(&self, cell: usize) -> String {
        let digits = if self.cells < 100 { 2 } else { 4 };
        format!("CELL{:0digits$}", cell + 1)
    }
}
