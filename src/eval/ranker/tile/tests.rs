use super::*;
use crate::eval::Similarity;
use crate::eval::fixture::{matrix, scattered};
use crate::simd::{Work, with_each};

/// The products of all rows with all by [`product`], and by [`one`].
#[derive(Clone, Copy)]
struct Both<'a>(&'a PreparedRows);

impl Work for Both<'_> {
    type Output = (Vec<f32>, Vec<f32>);

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Self::Output {
        let Self(prepared) = self;
        let rows: Vec<u32> = (0..prepared.rows() as u32).collect();
        let blocks = Blocks::new(prepared, &rows);
        let (mut by_product, mut by_one) = (Vec::new(), Vec::new());
        let mut similarities = Similarities::new();
        for queries in rows.chunks(TOGETHER) {
            let asked = queries.iter().map(|&row| prepared.query(row as usize));
            let packed = Queries::new(prepared.dim(), asked.clone());
            let mut found: Vec<Vec<f32>> = vec![Vec::new(); queries.len()];
            for (tile, count) in blocks.tiles() {
                product(simd, &packed, tile, prepared.dim(), &mut similarities);
                found
                    .iter_mut()
                    .zip(similarities.rows())
                    .for_each(|(found, row)| found.extend(&row[..count]));
            }
            by_product.extend(found.into_iter().flatten());
            asked.for_each(|query| one(simd, prepared, query, &rows, &mut by_one));
        }
        (by_product, by_one)
    }
}

/// Products with every set of instructions, held against those in double precision.
fn check(rows: usize, dim: usize, similarity: Similarity) {
    let prepared = PreparedRows::new(matrix(&scattered(rows * dim, 7), dim), similarity).unwrap();
    let exact = |a: usize, b: usize| -> (f64, f64) {
        let terms =
            prepared.query(a).iter().zip(prepared.candidate(b)).map(|(&a, &b)| f64::from(a) * f64::from(b));
        terms.fold((0.0, 0.0), |(sum, size), term| (sum + term, size + term.abs()))
    };
    for (by_product, by_one) in with_each(Both(&prepared)) {
        assert_eq!(by_product.len(), rows * rows);
        for (at, (product, one)) in by_product.iter().zip(&by_one).enumerate() {
            assert_eq!(product.to_bits(), one.to_bits(), "{rows} x {dim}");
            let (expected, size) = exact(at / rows, at % rows);
            let error = (f64::from(*product) - expected).abs();
            assert!(error <= dim as f64 * f64::from(f32::EPSILON) * size, "{rows} x {dim}: off by {error}");
        }
    }
}

#[test]
fn products_of_any_dimension_are_those_of_double_precision_with_every_set_of_instructions() {
    for dim in 1..=130 {
        check(2 * LANES + 1 + dim % 7, dim, Similarity::Dot);
    }
}

#[test]
fn products_of_any_number_of_rows_are_those_of_double_precision_with_every_set_of_instructions() {
    for rows in (1..=2 * LANES).chain([TILE + 1]) {
        check(rows, 3, Similarity::Euclid);
    }
}
