//! Groups of groups, by the crate `kodama`.

use rayon::prelude::*;

use crate::Rows;

/// Most rows: all their pairs take 0.8 GB.
pub(crate) const MAX_ROWS: usize = 20_000;

/// Returns the cluster of every row by average linkage on cosine distance, cut where `clusters` are left.
///
/// `unit` holds rows of length 1; `clusters` is from 1 to their number. Clusters are numbered by their first row.
pub(crate) fn average_linkage(unit: Rows<'_>, clusters: usize) -> Vec<u32> {
    let rows: Vec<&[f32]> = unit.iter().collect();
    let distance = |a: &[f32], b: &[f32]| 1.0 - a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    let from = |at: usize| rows[at + 1..].iter().map(|other| distance(rows[at], other)).collect::<Vec<f32>>();
    let mut pairs: Vec<f32> = (0..rows.len()).into_par_iter().flat_map_iter(from).collect();
    let tree = kodama::linkage(&mut pairs, rows.len(), kodama::Method::Average);
    let merges = tree.steps().iter().map(|step| (step.cluster1, step.cluster2));
    cut(rows.len(), merges.take(rows.len().saturating_sub(clusters)))
}

/// Returns the groups after some merges; the n-th merge makes the group `rows + n` out of two others.
fn cut(rows: usize, merges: impl Iterator<Item = (usize, usize)>) -> Vec<u32> {
    let mut members: Vec<Vec<usize>> = (0..rows).map(|row| vec![row]).collect();
    for (a, b) in merges {
        let mut merged = std::mem::take(&mut members[a]);
        merged.append(&mut members[b]);
        members.push(merged);
    }
    members.iter_mut().for_each(|rows| rows.sort_unstable());
    members.sort_unstable_by_key(|rows| rows.first().copied());
    let mut cluster_of = vec![0; rows];
    for (cluster, rows) in members.iter().filter(|rows| !rows.is_empty()).enumerate() {
        rows.iter().for_each(|&row| cluster_of[row] = cluster as u32);
    }
    cluster_of
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on_circle(degrees: &[f32]) -> Vec<f32> {
        degrees.iter().flat_map(|degrees| [degrees.to_radians().cos(), degrees.to_radians().sin()]).collect()
    }

    #[test]
    fn near_directions_join_first() {
        let unit = on_circle(&[0.0, 90.0, 5.0, 100.0, 200.0]);
        let unit = Rows::new(&unit, 2).unwrap();
        assert_eq!(average_linkage(unit, 3), [0, 1, 0, 1, 2]);
        assert_eq!(average_linkage(unit, 5), [0, 1, 2, 3, 4]);
        assert_eq!(average_linkage(unit, 1), [0; 5]);
    }
}
