use super::super::LaidOut;
use super::*;

/// Numbers from -1 to 1, the same each time.
fn numbers(count: usize, seed: usize) -> Vec<f32> {
    let mut state = seed as u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 23) as f32 - 1.0
    };
    (0..count).map(|_| next()).collect()
}

fn in_double(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(&x, &y)| f64::from(x) * f64::from(y)).sum()
}

/// The definition, number by number.
fn by_definition(row: &[f32], query: &[f32]) -> f32 {
    let mut lanes = [0.0_f32; LANES];
    for (at, (x, y)) in row.iter().zip(query).enumerate() {
        lanes[at % LANES] = x.mul_add(*y, lanes[at % LANES]);
    }
    for half in [8, 4, 2, 1] {
        for lane in 0..half {
            lanes[lane] += lanes[lane + half];
        }
    }
    lanes[0]
}

const ROWS: usize = 37;

/// Compares the last `count` rows, found in all ways, with the definition.
fn compare(rows: Rows<'_>, query: &[f32], count: usize, laid_out: &mut LaidOut) {
    let (ready, first) = (Query::new(query), ROWS - count);
    let [mut scan, mut each, mut many] = [(); 3].map(|()| vec![0.0; count]);
    rows.dot_range(&ready, first, &mut scan);
    let backwards: Vec<u32> = (first..ROWS).rev().map(|row| row as u32).collect();
    rows.dot_each(&ready, &backwards, &mut each);
    each.reverse();
    laid_out.set(count, query.len(), |at| rows.row(first + at));
    laid_out.dot(rows.kernel, &ready, &mut many);
    for (at, ((found, again), third)) in scan.iter().zip(each).zip(many).enumerate() {
        let row = rows.row(first + at);
        assert!((f64::from(*found) - in_double(row, query)).abs() < 1e-5);
        assert_eq!([found.to_bits(); 2], [again.to_bits(), third.to_bits()]);
        if rows.kernel.fuses() {
            assert_eq!(*found, by_definition(row, query));
        }
    }
}

#[test]
fn every_kernel_gives_the_product_of_the_definition_in_every_dimension() {
    // One place for all, so that what a tile leaves behind would show in the next.
    let mut laid_out = LaidOut::default();
    for dim in 1..=130 {
        let (data, query) = (numbers(dim * ROWS + 1, dim), numbers(dim, 1000 + dim));
        for kernel in Kernel::all() {
            // The second begins where no register does.
            for data in [&data[..dim * ROWS], &data[1..]] {
                let rows = Rows::with(kernel, data, dim);
                for count in [1, 7, 8, 9, 16, 17, ROWS] {
                    compare(rows, &query, count, &mut laid_out);
                }
            }
        }
    }
}

#[test]
fn what_lies_beside_a_row_never_gets_into_its_product() {
    for (kernel, dim) in Kernel::all().into_iter().flat_map(|kernel| (1..70).map(move |dim| (kernel, dim))) {
        let mut data = vec![f32::NAN; 3 * dim];
        data[dim..2 * dim].fill(1.0);
        let (query, mut found, mut all) = (vec![1.0; dim], [0.0], [0.0; 3]);
        let (query, rows) = (Query::new(&query), Rows::with(kernel, &data, dim));
        rows.dot_range(&query, 1, &mut found);
        let mut laid_out = LaidOut::default();
        laid_out.set(3, dim, |row| rows.row(row));
        laid_out.dot(kernel, &query, &mut all);
        assert_eq!([found[0], all[1]], [dim as f32; 2], "{kernel:?}");
        assert!(all[0].is_nan() && all[2].is_nan());
    }
}
