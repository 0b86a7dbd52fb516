//! Clusters beside classes.

use super::cluster_agreement::{adjusted_rand, normalised_information};
use super::data::Selected;
use super::intervals::Spread;
use super::method::ClusterMethod;
use super::options::ClassOptions;
use super::permutations::with_permutations;
use super::results::Clustering;
use crate::eval::EvalError;
use crate::learn::{Labels, MAX_ROWS, average_linkage, k_means};
use crate::progress::Progress;
use crate::{Rows, SettingError};

/// One clustering for each method, compared with the classes and with permutations of them.
pub(super) fn clusterings(
    data: &Selected,
    options: &ClassOptions,
    methods: &[ClusterMethod],
    clusters: Option<usize>,
    progress: &dyn Progress,
) -> Result<Vec<Clustering>, EvalError> {
    let clusters = clusters.unwrap_or(data.names.len());
    SettingError::check(
        "clusters",
        clusters,
        format!("at most the {} drugs", data.len()),
        clusters <= data.len(),
    )?;
    if methods.contains(&ClusterMethod::Hierarchical) {
        let expected = format!("at most {MAX_ROWS} for hierarchical clusters: use k-means");
        SettingError::check("drugs", data.len(), &expected, data.len() <= MAX_ROWS)?;
    }
    options.check_size(data.len(), 1, 1)?;
    let labelings = with_permutations(&data.labels, options.seed, options.permutations);
    let classes: Vec<Vec<u32>> = labelings.iter().map(Labels::firsts).collect();
    let unit = data.matrix().to_unit_lengths();
    let unit = Rows::whole(&unit, data.dim);
    progress.begin("cluster", methods.len() as u64);
    let one = |&method: &ClusterMethod| {
        let cluster_of = match method {
            ClusterMethod::KMeans => k_means(unit, clusters, options.seed),
            ClusterMethod::Hierarchical => average_linkage(unit, clusters),
        };
        progress.advance(1);
        compared(method, &cluster_of, &classes)
    };
    let compared = methods.iter().map(one).collect();
    progress.end();
    Ok(compared)
}

fn compared(method: ClusterMethod, cluster_of: &[u32], classes: &[Vec<u32>]) -> Clustering {
    let figures = |figure: fn(&[u32], &[u32]) -> f64| -> (f64, Option<Spread>) {
        let permuted = classes[1..].iter().map(|classes| figure(cluster_of, classes)).collect();
        (figure(cluster_of, &classes[0]), Spread::of(permuted))
    };
    let (ari, permuted_ari) = figures(adjusted_rand);
    let (nmi, permuted_nmi) = figures(normalised_information);
    let clusters = cluster_of.iter().max().map_or(0, |&last| last as usize + 1);
    let mut sizes = vec![0; clusters];
    cluster_of.iter().for_each(|&cluster| sizes[cluster as usize] += 1);
    sizes.sort_unstable_by(|a, b| b.cmp(a));
    Clustering { method: method.to_string(), sizes, ari, permuted_ari, nmi, permuted_nmi }
}
