//! The generative model: from an experiment to its 978 z-scores.
//!
//! A profile is a point in a latent space of some directions, carried to the genes by random loadings, plus each
//! gene's own noise:
//!
//! ```text
//! effect  = potency x dose response x luck
//! latent  = swing + (response floor + effect x response)
//!         + effect x (mechanism + drug + drug at this time + drug in this cell)
//!         + cell line + batch + noisiness x shared noise + nuisance
//! profile = gene scale x (latent x loadings + gene noise), cut at +-10
//! ```
//!
//! The swing, the cell, the batch and the shared noise say nothing about the drug and make up most of what moves
//! genes together, so a network that learns to look past them beats the plain cosine.

use super::calibration::{
    BATCH, BATCH_SIGMA, CELL, DRUG, DRUG_IN_CELL, EFFECT_SIGMA, GENE_SIGMA, LARGEST_Z, MECHANISM_SHARE,
    NOISE_NORM, NOISINESS_SIGMA, NUISANCE, NUISANCE_OF_BATCH, NUISANCE_SIGMA, PROGRAMMES, RESPONSE_FLOOR,
    RESPONSE_OF_EFFECT, SHARED_NOISE, SWING, TAIL, TIME_SHARE, decay,
};
use super::drug::Drug;
use super::layout::Experiment;
use crate::profile::GENES;
use crate::random::{Purpose, Stream};

/// The swing, the general response, the programmes, and the nuisance.
const LATENTS: usize = 2 + PROGRAMMES + NUISANCE;
/// Signatures that are carried to the genes together.
pub(super) const TILE: usize = 4;
/// Genes that are computed together; four signatures of eight genes fit into the registers of any x86-64 or ARM64.
const PANEL: usize = 8;

type Latent = [f32; LATENTS];
type Programmes = [f32; PROGRAMMES];

/// The simulated biology of one seed.
#[derive(Debug)]
pub(super) struct Model {
    seed: u64,
    effect: f32,
    nuisance: f32,
    /// Panels of eight genes, each latent by latent; the last panel is filled up with zeros.
    loadings: Vec<f32>,
    gene_scale: Vec<f32>,
    weights: Weights,
}

/// Square roots of the shares of a component's energy by programme.
#[derive(Debug)]
struct Weights {
    noise: Programmes,
    drug: Programmes,
    drug_in_cell: Programmes,
    cell: Programmes,
    batch: Programmes,
}

impl Model {
    pub(super) fn new(seed: u64, effect: f32, nuisance: f32) -> Self {
        let mut scale = Stream::new(seed, Purpose::GeneScale, 0);
        Self {
            seed,
            effect,
            nuisance,
            loadings: loadings(seed),
            gene_scale: (0..GENES).map(|_| scale.log_normal(GENE_SIGMA)).collect(),
            weights: Weights {
                noise: power_law(decay::NOISE),
                drug: power_law(decay::DRUG),
                drug_in_cell: power_law(decay::DRUG_IN_CELL),
                cell: power_law(decay::CELL),
                batch: power_law(decay::BATCH),
            },
        }
    }

    /// Profiles of up to [`TILE`] experiments with their signature numbers, into as many rows of `out`.
    pub(super) fn profiles(&self, experiments: &[(u64, Experiment, &Drug)], out: &mut [f32]) {
        let mut latents = [[0.0; LATENTS]; TILE];
        let mut streams = Vec::with_capacity(TILE);
        for ((index, experiment, drug), latent) in experiments.iter().zip(&mut latents) {
            let mut stream = Stream::new(self.seed, Purpose::Signature, *index);
            let noisiness = stream.log_normal(NOISINESS_SIGMA);
            self.fill_latent(latent, *index, experiment, drug, noisiness, &mut stream);
            streams.push((stream, noisiness));
        }
        self.carry_to_genes(&latents, out);
        for (row, (stream, noisiness)) in out.chunks_exact_mut(GENES).zip(&mut streams) {
            self.add_gene_noise(row, *noisiness, stream);
        }
    }

    fn fill_latent(
        &self,
        latent: &mut Latent,
        index: u64,
        experiment: &Experiment,
        drug: &Drug,
        noisiness: f32,
        stream: &mut Stream,
    ) {
        let luck = stream.log_normal(EFFECT_SIGMA);
        let effect = self.effect * drug.potency * drug.response(experiment.dose) * luck;
        let (head, rest) = latent.split_at_mut(2);
        let (programmes, nuisance) = rest.split_at_mut(PROGRAMMES);
        head[0] = SWING * noisiness * stream.normal();
        head[1] = RESPONSE_FLOOR * stream.log_normal(0.3) + RESPONSE_OF_EFFECT * effect;
        let shared = SHARED_NOISE.sqrt() * noisiness;
        add(programmes, shared, &self.weights.noise, stream);
        self.add_drug(programmes, effect, experiment, drug.family);
        self.add_surroundings(programmes, experiment);
        if self.nuisance > 0.0 {
            self.add_nuisance(nuisance, experiment, index);
        }
    }

    /// What has nothing to do with the drug and lies in a few directions: partly its batch's, partly the signature's own,
    /// and stronger in some signatures than in others.
    fn add_nuisance(&self, nuisance: &mut [f32], experiment: &Experiment, index: u64) {
        let mut own = Stream::new(self.seed, Purpose::Nuisance, index);
        let mut of_batch = Stream::new(self.seed, Purpose::NuisanceOfBatch, batch_key(experiment));
        let amplitude = self.nuisance * own.log_normal(NUISANCE_SIGMA) / (NUISANCE as f32).sqrt();
        for latent in nuisance {
            let shared = NUISANCE_OF_BATCH.sqrt() * of_batch.normal();
            *latent += amplitude * (shared + (1.0 - NUISANCE_OF_BATCH).sqrt() * own.normal());
        }
    }

    fn add_drug(&self, programmes: &mut [f32], effect: f32, experiment: &Experiment, family: usize) {
        let drug = experiment.drug as u64;
        let weights = &self.weights.drug;
        let lasting = effect * DRUG * (1.0 - TIME_SHARE).sqrt();
        let mut of = |purpose, index, amplitude, weights| {
            add(programmes, amplitude, weights, &mut Stream::new(self.seed, purpose, index));
        };
        of(Purpose::Family, family as u64, lasting * MECHANISM_SHARE.sqrt(), weights);
        of(Purpose::DrugProgramme, drug, lasting * (1.0 - MECHANISM_SHARE).sqrt(), weights);
        let at_time = drug << 1 | u64::from(experiment.late);
        of(Purpose::DrugAtTime, at_time, effect * DRUG * TIME_SHARE.sqrt(), weights);
        let in_cell = drug << 32 | experiment.cell as u64;
        of(Purpose::DrugInCell, in_cell, effect * DRUG_IN_CELL, &self.weights.drug_in_cell);
    }

    fn add_surroundings(&self, programmes: &mut [f32], experiment: &Experiment) {
        let cell = experiment.cell as u64;
        let mut stream = Stream::new(self.seed, Purpose::Cell, cell);
        add(programmes, CELL, &self.weights.cell, &mut stream);
        let mut stream = Stream::new(self.seed, Purpose::Batch, batch_key(experiment));
        let amplitude = BATCH * stream.log_normal(BATCH_SIGMA);
        add(programmes, amplitude, &self.weights.batch, &mut stream);
    }

    /// `out` = `latents` x loadings. Every value is summed over the latents in the same order, whatever the tile.
    fn carry_to_genes(&self, latents: &[Latent; TILE], out: &mut [f32]) {
        for (panel, loadings) in self.loadings.chunks_exact(LATENTS * PANEL).enumerate() {
            let mut sums = [[0.0f32; PANEL]; TILE];
            for (k, genes) in loadings.as_chunks::<PANEL>().0.iter().enumerate() {
                for (sums, latent) in sums.iter_mut().zip(latents) {
                    for (sum, gene) in sums.iter_mut().zip(genes) {
                        *sum += latent[k] * gene;
                    }
                }
            }
            let genes = panel * PANEL..GENES.min((panel + 1) * PANEL);
            for (row, sums) in out.chunks_exact_mut(GENES).zip(&sums) {
                let width = genes.len();
                row[genes.clone()].copy_from_slice(&sums[..width]);
            }
        }
    }

    /// Adds each gene's own noise and brings the row, so far in units of the noise norm, to z-scores.
    fn add_gene_noise(&self, row: &mut [f32], noisiness: f32, stream: &mut Stream) {
        let mut noise = [0.0; GENES];
        stream.fill_normal(&mut noise);
        // Variance of z (1 + h z^2) for a standard normal z.
        let spread = (1.0 + 6.0 * TAIL + 15.0 * TAIL * TAIL).sqrt();
        // Noisy signatures are so in what genes share more than in each gene alone.
        let size = ((1.0 - SHARED_NOISE) * noisiness / GENES as f32).sqrt() / spread;
        for ((value, z), scale) in row.iter_mut().zip(noise).zip(&self.gene_scale) {
            let profile = *value + size * z * (1.0 + TAIL * z * z);
            *value = (NOISE_NORM * scale * profile).clamp(-LARGEST_Z, LARGEST_Z);
        }
    }
}

/// Plate series, cell line and time.
fn batch_key(experiment: &Experiment) -> u64 {
    experiment.series << 32 | (experiment.cell as u64) << 1 | u64::from(experiment.late)
}

/// Adds `amplitude` times a random direction whose programmes have the given weights.
fn add(programmes: &mut [f32], amplitude: f32, weights: &Programmes, stream: &mut Stream) {
    let mut direction = [0.0; PROGRAMMES];
    stream.fill_normal(&mut direction);
    for ((programme, z), weight) in programmes.iter_mut().zip(direction).zip(weights) {
        *programme += amplitude * weight * z;
    }
}

/// A random direction of about unit length for every latent, laid out in panels of genes.
fn loadings(seed: u64) -> Vec<f32> {
    let mut panels = vec![0.0; GENES.div_ceil(PANEL) * LATENTS * PANEL];
    let mut direction = [0.0; GENES];
    let unit = 1.0 / (GENES as f32).sqrt();
    for latent in 0..LATENTS {
        Stream::new(seed, Purpose::Loadings, latent as u64).fill_normal(&mut direction);
        for (gene, z) in direction.iter().enumerate() {
            panels[(gene / PANEL * LATENTS + latent) * PANEL + gene % PANEL] = unit * z;
        }
    }
    panels
}

/// Square roots of shares proportional to k^-`exponent`, k from 1, that add up to 1.
fn power_law(exponent: f64) -> Programmes {
    let share = |k: usize| ((k + 1) as f64).powf(-exponent);
    let total: f64 = (0..PROGRAMMES).map(share).sum();
    std::array::from_fn(|k| (share(k) / total).sqrt() as f32)
}
