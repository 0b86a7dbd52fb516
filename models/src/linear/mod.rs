//! Linear maps in closed form: baselines by themselves, and starts for networks. The only file that decomposes
//! matrices (with faer).

use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, MatRef, Par, Side};
use l1kdb::profile::GENES;
use serde::{Deserialize, Serialize};

use crate::data::Standardiser;
use crate::{Dataset, TrainError};

/// Profiles that are standardised and multiplied at a time.
const BLOCK: usize = 1_024;

/// Where the weights start. All but `Random` set the direct way from the profile to the embedding; what hidden layers
/// add to it starts scaled by [`Recipe::hidden`](crate::Recipe::hidden), and every class row at its drug's mean embedding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Start {
    /// At random (LeCun normal before SELU, He normal before ReLU).
    Random,
    /// The directions in which drugs differ most for their scatter within drugs.
    Discriminant,
    /// The leading principal components of the profiles, whitened by their scatter within drugs.
    Whitening,
    /// The leading principal components, each brought to variance 1.
    Components,
}

/// How directions are found; [`Recipe`](crate::Recipe) says what each number does.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Options {
    pub(crate) start: Start,
    pub(crate) shrinkage: f32,
    pub(crate) whitening_power: f32,
    pub(crate) spectrum_power: f32,
    pub(crate) drug_weight: f32,
    pub(crate) pair_share: f32,
    pub(crate) background_weight: f32,
}

/// Labelled profiles of a data set.
pub(crate) struct Profiles<'a> {
    pub(crate) dataset: &'a Dataset,
    pub(crate) standardiser: &'a Standardiser,
    pub(crate) rows: &'a [u32],
    /// The class of each row, from 0 on without gaps.
    pub(crate) labels: &'a [u32],
}

/// The leading `count` directions, 978 x `count`, row-major, scaled so that a projected coordinate of the profiles has
/// variance 1 on average.
///
/// With `T` the second moment of the profiles and `W` their covariance within drugs, shrunk by `shrinkage` to a multiple
/// of the identity:
///
/// - [`Start::Components`]: leading eigenvectors of `T`, each divided by the root of its eigenvalue.
/// - [`Start::Whitening`]: leading eigenvectors of `T` as seen through `P = W^-whitening_power`; all of them, at a power of
///   1/2, are `W^-1/2` itself, up to a rotation that changes no cosine.
/// - [`Start::Discriminant`]: leading eigenvectors of the scatter between drugs as seen through `P`, each times its
///   eigenvalue to the `spectrum_power` (regularised linear discriminant analysis at powers of 1/2 and 0). The scatter
///   between drugs is a sum of parts that are each brought to trace 1 after `P`: the drugs' means, pairs of different
///   profiles of a drug, and `background_weight` times the covariance of background profiles.
///
/// # Errors
/// [`TrainError::NotDecomposed`] when a decomposition does not converge, which no finite data have been seen to do.
pub(crate) fn directions(
    profiles: &Profiles<'_>,
    options: &Options,
    count: usize,
) -> Result<Vec<f32>, TrainError> {
    let with_pairs = options.start == Start::Discriminant && options.pair_share > 0.0;
    let moments = Moments::new(profiles, f64::from(options.drug_weight), with_pairs);
    let power = f64::from(options.whitening_power);
    let columns = match options.start {
        Start::Components => moments.components(count)?,
        Start::Whitening => {
            let seen_through = negative_power(&moments.shrunk_within(f64::from(options.shrinkage)), power)?;
            let (_, vectors) = leading(&(&seen_through * &moments.total * &seen_through), count)?;
            &seen_through * &vectors
        }
        Start::Discriminant | Start::Random => {
            let seen_through = negative_power(&moments.shrunk_within(f64::from(options.shrinkage)), power)?;
            let background = profiles.dataset.background_beside(profiles.rows);
            let scatter = moments.between_drugs(&seen_through, options, &background);
            let (values, vectors) = leading(&scatter, count)?;
            let largest = values.first().copied().unwrap_or(1.0).max(f64::MIN_POSITIVE);
            let weight = |k: usize| (values[k].max(0.0) / largest).powf(f64::from(options.spectrum_power));
            &seen_through * Mat::from_fn(GENES, count, |gene, k| vectors[(gene, k)] * weight(k))
        }
    };
    Ok(scaled(&columns, &moments.total))
}

/// Second moments of profiles, 978 x 978 each.
struct Moments {
    /// Mean of `x x^T`.
    total: Mat<f64>,
    /// Sum over drugs of their mean's `m m^T`, times the share of their profiles.
    means: Mat<f64>,
    /// Sum over pairs of different profiles of a drug of `x y^T`, every drug counted by its profiles; `None` when no
    /// drug has two, or nobody asks.
    pairs: Option<Mat<f64>>,
    /// Covariance around the drugs' means; `None` when no drug has two profiles.
    within: Option<Mat<f64>>,
}

impl Moments {
    fn new(profiles: &Profiles<'_>, drug_weight: f64, with_pairs: bool) -> Self {
        let sizes = sizes(profiles.labels);
        let sums = sums(profiles, sizes.len());
        let number = profiles.rows.len() as f64;
        let of_rows =
            |weight: &dyn Fn(usize) -> f64| weighted_square(profiles, &|label| weight(sizes[label]));
        // Rows of drugs' sums, each times the root of a weight of the drug.
        let of_sums = |weight: &dyn Fn(f64) -> f64| {
            let root = |drug: usize| weight(sizes[drug].max(1) as f64).sqrt();
            let rows = Mat::from_fn(sizes.len(), GENES, |drug, gene| root(drug) * sums[(drug, gene)]);
            rows.transpose() * &rows
        };
        let several: usize = sizes.iter().filter(|&&size| size > 1).sum();
        let degrees = |&size: &usize| (size.max(1) - 1) as f64 * (size.max(1) as f64).powf(-drug_weight);
        let degrees: f64 = sizes.iter().map(degrees).sum();
        let pair = |size: f64| if size > 1.0 { 1.0 / (size - 1.0) } else { 0.0 };
        let total = of_rows(&|_| 1.0);
        let pairs = (with_pairs && several > 0)
            .then(|| scale(&(of_sums(&pair) - of_rows(&|size| pair(size as f64))), 1.0 / several as f64));
        let within = (degrees > 0.0).then(|| {
            // At large numbers of profiles this is most of the work.
            let squares = if drug_weight == 0.0 {
                total.clone()
            } else {
                of_rows(&|size| (size as f64).powf(-drug_weight))
            };
            scale(&(squares - of_sums(&|size| size.powf(-drug_weight - 1.0))), 1.0 / degrees)
        });
        let means = scale(&of_sums(&|size| 1.0 / size), 1.0 / number);
        Self { total: scale(&total, 1.0 / number), means, pairs, within }
    }

    /// Eigenvectors of the total, each over the root of its eigenvalue.
    fn components(&self, count: usize) -> Result<Mat<f64>, TrainError> {
        let (values, vectors) = leading(&self.total, count)?;
        let smallest = 1e-6 * values.first().copied().unwrap_or(1.0).max(f64::MIN_POSITIVE);
        Ok(Mat::from_fn(GENES, count, |gene, k| vectors[(gene, k)] / values[k].max(smallest).sqrt()))
    }

    /// How drugs differ, as seen through a matrix: a sum of parts of trace 1.
    fn between_drugs(&self, seen_through: &Mat<f64>, options: &Options, background: &[&[f32]]) -> Mat<f64> {
        let pair_share = if self.pairs.is_some() { f64::from(options.pair_share) } else { 0.0 };
        let mut scatter = Mat::<f64>::zeros(GENES, GENES);
        let mut add = |part: &Mat<f64>, weight: f64| {
            if weight > 0.0 {
                let seen = seen_through * part * seen_through;
                let trace: f64 = (0..GENES).map(|gene| seen[(gene, gene)]).sum();
                scatter += scale(&seen, weight / trace.max(f64::MIN_POSITIVE));
            }
        };
        add(&self.means, 1.0 - pair_share);
        if let Some(pairs) = &self.pairs {
            add(pairs, pair_share);
        }
        if background.len() > 1 {
            add(&covariance(background), f64::from(options.background_weight));
        }
        scatter
    }

    /// `(1 - s) W + s mean(diagonal of W) I`; the identity where there is no scatter within drugs.
    fn shrunk_within(&self, shrinkage: f64) -> Mat<f64> {
        let Some(within) = &self.within else { return Mat::identity(GENES, GENES) };
        let mean = (0..GENES).map(|gene| within[(gene, gene)]).sum::<f64>() / GENES as f64;
        let mean = if mean > 0.0 { mean } else { 1.0 };
        let diagonal = |row, column| if row == column { shrinkage * mean } else { 0.0 };
        Mat::from_fn(GENES, GENES, |row, column| {
            (1.0 - shrinkage) * within[(row, column)] + diagonal(row, column)
        })
    }
}

/// Number of profiles of every class.
fn sizes(labels: &[u32]) -> Vec<usize> {
    let mut sizes = vec![0; labels.iter().max().map_or(0, |&label| label as usize + 1)];
    labels.iter().for_each(|&label| sizes[label as usize] += 1);
    sizes
}

/// Calls `each` with the number of a profile among `rows` and its standardised values.
fn for_each_standard(profiles: &Profiles<'_>, mut each: impl FnMut(usize, &[f32])) {
    let mut standard = vec![0.0; GENES];
    for (at, &row) in profiles.rows.iter().enumerate() {
        profiles.standardiser.apply_to(profiles.dataset.profile(row as usize), &mut standard);
        each(at, &standard);
    }
}

/// The sum of the profiles of every class.
fn sums(profiles: &Profiles<'_>, classes: usize) -> Mat<f64> {
    let mut sums = Mat::<f64>::zeros(classes, GENES);
    for_each_standard(profiles, |at, standard| {
        let label = profiles.labels[at] as usize;
        standard.iter().enumerate().for_each(|(gene, &value)| sums[(label, gene)] += f64::from(value));
    });
    sums
}

/// The sum of `w x x^T` over the profiles, `w` depending on the class.
fn weighted_square(profiles: &Profiles<'_>, weight: &dyn Fn(usize) -> f64) -> Mat<f64> {
    let mut square = Mat::<f64>::zeros(GENES, GENES);
    let mut block = Mat::<f64>::zeros(BLOCK, GENES);
    let add = |square: &mut Mat<f64>, block: &Mat<f64>, rows: usize| {
        let filled = block.as_ref().subrows(0, rows);
        matmul(square.as_mut(), Accum::Add, filled.transpose(), filled, 1.0, Par::rayon(0));
    };
    for_each_standard(profiles, |at, standard| {
        let root = weight(profiles.labels[at] as usize).sqrt();
        for (gene, &value) in standard.iter().enumerate() {
            block[(at % BLOCK, gene)] = root * f64::from(value);
        }
        if at % BLOCK == BLOCK - 1 {
            add(&mut square, &block, BLOCK);
        }
    });
    add(&mut square, &block, profiles.rows.len() % BLOCK);
    square
}

/// The covariance of the genes over some profiles.
fn covariance(profiles: &[&[f32]]) -> Mat<f64> {
    let number = profiles.len() as f64;
    let mean = |gene: usize| profiles.iter().map(|profile| f64::from(profile[gene])).sum::<f64>() / number;
    let means: Vec<f64> = (0..GENES).map(mean).collect();
    let centred =
        Mat::from_fn(profiles.len(), GENES, |row, gene| f64::from(profiles[row][gene]) - means[gene]);
    scale(&(centred.transpose() * &centred), 1.0 / number)
}

fn scale(matrix: &Mat<f64>, factor: f64) -> Mat<f64> {
    Mat::from_fn(matrix.nrows(), matrix.ncols(), |row, column| factor * matrix[(row, column)])
}

/// The largest `count` eigenvalues of a symmetric matrix, descending, and their vectors, with the sign that makes the
/// largest coordinate positive.
fn leading(matrix: &Mat<f64>, count: usize) -> Result<(Vec<f64>, Mat<f64>), TrainError> {
    let (values, vectors) = eigen(matrix.as_ref())?;
    let last = matrix.nrows() - 1;
    let sign = |k: usize| {
        let column = (0..=last).map(|row| vectors[(row, last - k)]);
        column.fold(0.0_f64, |largest, v| if v.abs() > largest.abs() { v } else { largest }).signum()
    };
    let signs: Vec<f64> = (0..count).map(sign).collect();
    let vectors = Mat::from_fn(last + 1, count, |row, k| signs[k] * vectors[(row, last - k)]);
    Ok(((0..count).map(|k| values[last - k]).collect(), vectors))
}

/// A symmetric positive definite matrix to the power of -`power`.
fn negative_power(matrix: &Mat<f64>, power: f64) -> Result<Mat<f64>, TrainError> {
    let (values, vectors) = eigen(matrix.as_ref())?;
    let largest = values.last().copied().unwrap_or(1.0);
    let root = |k: usize| values[k].max(1e-9 * largest).powf(-0.5 * power);
    let half = Mat::from_fn(matrix.nrows(), matrix.ncols(), |row, k| vectors[(row, k)] * root(k));
    Ok(&half * half.transpose())
}

/// Eigenvalues, ascending, and eigenvectors of a symmetric matrix.
fn eigen(matrix: MatRef<'_, f64>) -> Result<(Vec<f64>, Mat<f64>), TrainError> {
    let decomposed = matrix.self_adjoint_eigen(Side::Lower).map_err(|_| TrainError::NotDecomposed)?;
    let values = decomposed.S().column_vector().iter().copied().collect();
    Ok((values, decomposed.U().to_owned()))
}

/// Row-major 978 x columns, of unit average variance under the moment `total`.
fn scaled(columns: &Mat<f64>, total: &Mat<f64>) -> Vec<f32> {
    let seen = total * columns;
    let count = columns.ncols();
    let variance = |k: usize| (0..GENES).map(|gene| columns[(gene, k)] * seen[(gene, k)]).sum::<f64>();
    let mean = (0..count).map(variance).sum::<f64>() / count.max(1) as f64;
    let factor = if mean > 0.0 { 1.0 / mean.sqrt() } else { 1.0 };
    (0..GENES)
        .flat_map(|gene| (0..count).map(move |k| (gene, k)))
        .map(|at| (factor * columns[at]) as f32)
        .collect()
}

#[cfg(test)]
mod tests;
