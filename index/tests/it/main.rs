//! The promises of the index, seen from outside.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

mod batch;
mod building;
mod kernels;
mod oracle;
mod random;
mod shapes;
mod writing;

use l1kdb_index::{AlignedBytes, BuildParams, Graph, Index, SegmentWriter, Vectors, build_graph};
use random::Random;

impl Random {
    /// Roughly normal: a sum of four uniforms.
    fn value(&mut self) -> f32 {
        (0..4).map(|_| (self.next() >> 40) as f32 / (1 << 24) as f32 - 0.5).sum()
    }

    /// A unit vector near `centre`, or anywhere if that is zero.
    pub fn unit(&mut self, centre: &[f32], spread: f32) -> Vec<f32> {
        let vector: Vec<f32> = centre.iter().map(|c| c + spread * self.value()).collect();
        let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
        vector.iter().map(|x| x / length).collect()
    }
}

/// Clusters of some forty rows, and queries of the same clusters.
pub fn clustered(seed: u64, rows: usize, dim: usize, queries: usize) -> (Vectors, Vec<Vec<f32>>) {
    let mut random = Random(seed);
    let centres: Vec<_> = (0..rows.div_ceil(40)).map(|_| random.unit(&vec![0.0; dim], 1.0)).collect();
    let mut draw = || {
        let centre = &centres[random.next() as usize % centres.len()];
        random.unit(centre, 0.5)
    };
    let data = (0..rows).flat_map(|_| draw()).collect();
    (Vectors::new(dim, data).unwrap(), (0..queries).map(|_| draw()).collect())
}

/// A graph over these vectors.
pub fn graph_of(vectors: &Vectors, params: &BuildParams) -> Graph {
    build_graph(vectors, params, &|_| ()).unwrap()
}

/// The bytes of a segment of these vectors and this graph.
pub fn segment(vectors: &Vectors, graph: Option<&Graph>) -> AlignedBytes {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.l1k");
    let mut writer = SegmentWriter::create(&path, [3; 16]).unwrap();
    writer.vectors(vectors).unwrap();
    if let Some(graph) = graph {
        writer.graph(graph).unwrap();
    }
    writer.finish().unwrap();
    AlignedBytes::read(path).unwrap()
}

/// A segment with a graph by the default parameters, opened and verified.
pub fn index_of(vectors: &Vectors) -> Index<AlignedBytes> {
    let index = Index::open(segment(vectors, Some(&graph_of(vectors, &BuildParams::default())))).unwrap();
    index.verify().unwrap();
    index
}
