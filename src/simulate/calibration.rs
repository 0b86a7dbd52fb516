//! The numbers that make a simulation behave like the real signatures, and what each was fitted to.
//!
//! The reference are 1,645 level-5 signatures (MODZ z-scores, 978 landmark genes) of 244 drugs in 65 cell lines from
//! GSE92742. A least-squares fit moved the scalars below until a simulation of the same size, averaged over seeds,
//! showed the reference's summary statistics: the cosine of pairs of signatures by kind of pair, quantiles of the
//! norms and of the z-scores, eigenvalues of the gene-gene second moment, and raw-cosine retrieval. No value of any
//! gene, drug or cell line of the reference is in here.
//!
//! Amplitudes are in units of [`NOISE_NORM`]; one that multiplies the drug's potency says so.

/// Expression programmes: directions of gene space shared by drugs, cells, batches and noise. Real signatures keep
/// noticeable correlation beyond the hundredth eigenvalue.
pub(super) const PROGRAMMES: usize = 160;

/// Length of a profile that is all noise. Fitted to the lower quartile of the norms.
pub(super) const NOISE_NORM: f32 = 24.0;

/// Share of the noise's energy that moves genes together, along the programmes; the rest is each gene's own.
pub(super) const SHARED_NOISE: f32 = 0.185;

/// Log-sd of how noisy a signature is. Fitted to the spread of the norms.
pub(super) const NOISINESS_SIGMA: f64 = 0.37;

/// Heaviness of the tails of a gene's own noise: z becomes z (1 + h z^2), scaled to unit variance. Fitted to the
/// quantiles of |z|.
pub(super) const TAIL: f32 = 1.0;

/// The direction along which signatures differ most, with either sign and nothing to do with the drug. Fitted to the
/// first eigenvalue (7.5 % of the energy).
pub(super) const SWING: f32 = 0.343;

/// The general response that nearly all signatures share: what is always there, ...
pub(super) const RESPONSE_FLOOR: f32 = 0.095;
/// ... and what grows with the drug's effect. Fitted to the cosine of unrelated signatures (mean 0.026, more between
/// strong ones) and to the second eigenvalue.
pub(super) const RESPONSE_OF_EFFECT: f32 = 0.071;

/// What a drug does in every cell line, times its effect. Fitted to the cosine of one drug in two cell lines.
pub(super) const DRUG: f32 = 0.182;

/// What a drug does in one cell line only, times its effect. Fitted to the cosine of one drug in one cell line.
pub(super) const DRUG_IN_CELL: f32 = 0.158;

/// Share of the drug's own signal that differs between 6 h and 24 h. From the same pairs, at equal and unequal times.
pub(super) const TIME_SHARE: f32 = 0.3;

/// Share of the lasting signal that a drug has from its mechanism. Chosen higher than the reference shows (there the
/// annotated mechanisms of weak drugs hardly agree: 0.006 of cosine where this gives 0.016), so that neighbours of the same mechanism can be found at all.
pub(super) const MECHANISM_SHARE: f32 = 0.4;

/// Log-sd of the potency of drugs. Fitted to the upper quantiles of the cosine within drugs.
pub(super) const POTENCY_SIGMA: f64 = 0.76;

/// Share of the log-potency's variance that lies between mechanisms. Chosen.
pub(super) const POTENCY_OF_MECHANISM: f64 = 0.4;

/// Log-sd of the effect of one drug from signature to signature. Fitted to the largest norms.
pub(super) const EFFECT_SIGMA: f64 = 0.95;

/// Mean and sd of log10 of the dose (uM) at which a drug reaches half of its effect. Chosen: most act at 10 uM.
pub(super) const LOG_HALF_DOSE: (f64, f64) = (-0.3, 0.6);

/// What a cell line adds to all its signatures. Fitted to the cosine of different drugs in one cell line.
pub(super) const CELL: f32 = 0.163;

/// What a batch (plate series, cell line and time) adds to all its signatures, and the log-sd of that amplitude.
/// Fitted to mean and sd of the cosine of different drugs in one batch.
pub(super) const BATCH: f32 = 0.065;
/// Log-sd of [`BATCH`] between batches.
pub(super) const BATCH_SIGMA: f64 = 1.3;

/// Directions of the nuisance that can be added to a simulation; not fitted, for the reference has none beyond the rest.
pub(super) const NUISANCE: usize = 8;
/// Log-sd of its strength from signature to signature, so that some signatures of a drug look alike all the same.
pub(super) const NUISANCE_SIGMA: f64 = 1.0;
/// Share of its energy that signatures of one batch have in common.
pub(super) const NUISANCE_OF_BATCH: f32 = 0.5;

/// Log-sd of the scale of genes. Fitted to the standard deviations of the genes.
pub(super) const GENE_SIGMA: f64 = 0.15;

/// z-scores are cut at this size, as in the reference.
pub(super) const LARGEST_Z: f32 = 10.0;

/// Exponents of the power laws by which the energy of a component falls off over the programmes: programme k gets a
/// share proportional to k^-a.
///
/// Noise and drugs were fitted to the eigenvalues, and to how retrieval changes when the strongest directions are
/// taken out of the reference: it gains from losing the first and collapses after ten, so drugs act along few
/// directions and a small embedding can hold them. The others are chosen flatter.
pub(super) mod decay {
    pub(in super::super) const NOISE: f64 = 0.5;
    pub(in super::super) const DRUG: f64 = 1.0;
    pub(in super::super) const DRUG_IN_CELL: f64 = 0.3;
    pub(in super::super) const CELL: f64 = 0.3;
    pub(in super::super) const BATCH: f64 = 0.3;
}
