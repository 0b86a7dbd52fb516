//! A simulator of L1000 data: invented drugs in mechanism families, profiled in cell lines at several doses and times.
//!
//! It stands in where real data cannot: in the demo, in tests, and in benchmarks of any size. Its files look like
//! those of LINCS (a GCTX matrix of level-5 z-scores, `sig_info.txt`, `pert_info.txt`, and a table of ATC codes), and
//! its signatures behave like real ones: the cosine of two signatures of one drug is hardly larger than that of two
//! unrelated ones, cell lines and batches leave their mark, and some drugs do next to nothing. How close it comes is
//! kept by a test (`tests/it/simulate.rs`); the fitted numbers stand in `calibration.rs`.
//!
//! Nothing in it is real. Drug names end in `-sim`, identifiers begin with `SIM-`, cell lines are called `CELL01`
//! and so on. Only the names, targets and ATC classes of the mechanisms are those of real ones.
//!
//! A signature is a function of the seed and its number. Blocks can be computed in any order and on any number of
//! threads, and a million signatures need no more memory than a thousand.
//!
//! ```
//! use l1kdb::profile::GENES;
//! use l1kdb::simulate::Simulation;
//!
//! let simulator = Simulation::of_size(500).seed(7).start()?;
//! let block = simulator.block(100..108);
//! assert_eq!(block.len(), 8 * GENES);
//!
//! let signature = simulator.signature(100);
//! let drug = &simulator.drugs()[signature.drug];
//! println!("{}: {} is a {}", signature.sig_id, drug.name, simulator.mechanisms()[drug.family].name);
//! # Ok::<(), l1kdb::simulate::SimulateError>(())
//! ```

mod calibration;
mod drug;
mod error;
mod layout;
mod mechanism;
mod model;
mod simulator;
mod write;

use crate::SettingError;
pub use drug::Drug;
pub use error::SimulateError;
pub use mechanism::Mechanism;
pub use simulator::{SimulatedSignature, Simulator};
pub use write::Files;

/// What to simulate. [`start`](Self::start) checks it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
#[must_use]
pub struct Simulation {
    /// Number of signatures, at least 1.
    pub signatures: usize,
    /// Number of drugs, from 1 to the number of signatures and to 1,000,000. One in six has most of the signatures,
    /// as in reality.
    pub drugs: usize,
    /// Number of mechanism families, from 1 to 32. Drugs are spread evenly over them.
    pub families: usize,
    /// Number of cell lines, from 1 to 1,000. Twelve of them have nearly all signatures.
    pub cells: usize,
    /// Multiplies what drugs do. At 1 they behave like real ones; at 0 no signature tells which drug was given.
    pub effect: f32,
    /// How far signatures move along a few directions that have nothing to do with the drug, such as growth, stress or
    /// handling, in units of the noise. At 0, as in the reference, there is nothing of it beyond what batches and cells
    /// do; the larger it is, the less the plain cosine tells, and the more a network can win by looking past it.
    pub nuisance: f32,
    /// Same seed, same bytes.
    pub seed: u64,
}

impl Default for Simulation {
    /// 3,000 signatures of 329 drugs.
    fn default() -> Self {
        Self::of_size(3_000)
    }
}

impl Simulation {
    /// Most mechanism families.
    pub const MAX_FAMILIES: usize = mechanism::MECHANISMS.len();
    /// Most cell lines.
    pub const MAX_CELLS: usize = 1_000;

    /// Returns a simulation of `signatures` signatures with as many drugs as real sets of that size have: six times the
    /// square root (243 at 1,645 signatures, where the reference has 244; 2,061 at 118,050, where GSE70138 has 2,107).
    pub fn of_size(signatures: usize) -> Self {
        let drugs = (6.0 * (signatures as f64).sqrt()).round() as usize;
        Self {
            signatures,
            drugs: drugs.min(signatures),
            families: Self::MAX_FAMILIES,
            cells: 65,
            effect: 1.0,
            nuisance: 0.0,
            seed: 1,
        }
    }

    /// Sets the number of drugs.
    pub fn drugs(self, drugs: usize) -> Self {
        Self { drugs, ..self }
    }

    /// Sets the number of mechanism families.
    pub fn families(self, families: usize) -> Self {
        Self { families, ..self }
    }

    /// Sets the number of cell lines.
    pub fn cells(self, cells: usize) -> Self {
        Self { cells, ..self }
    }

    /// Sets what multiplies the effects of drugs.
    pub fn effect(self, effect: f32) -> Self {
        Self { effect, ..self }
    }

    /// Sets the size of effects that no drug has.
    pub fn nuisance(self, nuisance: f32) -> Self {
        Self { nuisance, ..self }
    }

    /// Sets the seed.
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// Checks every parameter.
    ///
    /// # Errors
    /// [`SimulateError::Setting`] names the first one that is out of range.
    pub fn check(&self) -> Result<(), SimulateError> {
        let most_drugs = self.signatures.min(drug::MAX_DRUGS);
        in_range("signatures", self.signatures, u32::MAX as usize)?;
        in_range("drugs", self.drugs, most_drugs)?;
        in_range("families", self.families, Self::MAX_FAMILIES)?;
        in_range("cells", self.cells, Self::MAX_CELLS)?;
        factor("effect", self.effect)?;
        factor("nuisance", self.nuisance)?;
        Ok(())
    }

    /// Checks the parameters and invents drugs, cell lines and biology. Signatures are made when asked for.
    ///
    /// # Errors
    /// As [`check`](Self::check).
    pub fn start(&self) -> Result<Simulator, SimulateError> {
        self.check()?;
        Ok(Simulator::new(self))
    }
}

fn factor(name: &'static str, found: f32) -> Result<(), SettingError> {
    SettingError::check(name, found, "a number from 0 to 100", (0.0..=100.0).contains(&found))
}

fn in_range(name: &'static str, found: usize, most: usize) -> Result<(), SettingError> {
    SettingError::check(name, found, format!("a number from 1 to {most}"), (1..=most).contains(&found))
}
