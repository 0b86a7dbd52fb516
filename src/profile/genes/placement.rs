//! Values of rows to their places in a profile.

/// Where in a profile each of some rows belongs.
#[derive(Debug, Clone)]
pub(in crate::profile) struct Placement {
    /// Of each row, the position of its gene.
    positions: Vec<usize>,
    /// How many rows are the gene at each position.
    counts: Vec<u32>,
}

impl Placement {
    /// Places no row yet in profiles of so many genes.
    pub(super) fn new(genes: usize) -> Self {
        Self { positions: Vec::new(), counts: vec![0; genes] }
    }

    /// Places the next row.
    pub(super) fn push(&mut self, position: usize) {
        self.positions.push(position);
        self.counts[position] += 1;
    }

    /// How many rows each gene has.
    pub(super) fn counts(&self) -> &[u32] {
        &self.counts
    }

    /// Number of genes that have a row.
    pub(super) fn found(&self) -> usize {
        self.counts.iter().filter(|&&count| count > 0).count()
    }

    /// Brings one signature's values of the rows into the order of the profile: several rows of a gene are averaged, genes
    /// without a row become 0.
    pub(super) fn place(&self, values: &[f32], profile: &mut [f32]) {
        profile.fill(0.0);
        for (&value, &position) in values.iter().zip(&self.positions) {
            profile[position] += value;
        }
        for (value, &count) in profile.iter_mut().zip(&self.counts) {
            if count > 1 {
                *value /= count as f32;
            }
        }
    }
}
