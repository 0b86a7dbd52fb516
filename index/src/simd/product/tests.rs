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

/// Compares the last `count` rows, found by both ways, with the definition.
fn compare(rows: Rows<'_>, query: &[f32], count: usize) {
    let (ready, first) = (Query::new(query), ROWS - count);
    let (mut scan, mut each) = (vec![0.0; count], vec![0.0; count]);
    rows.dot_range(&ready, first, &mut scan);
    let backwards: Vec<u32> = (first..ROWS).rev().map(|row| row as u32).collect();
    rows.dot_each(&ready, &backwards, &mut each);
    each.reverse();
    for (at, (found, again)) in scan.iter().zip(each).enumerate() {
        let row = rows.row(first + at);
        assert!((f64::from(*found) - in_double(row, query)).abs() < 1e-5);
        assert_eq!(found.to_bits(), again.to_bits());
        if rows.kernel.fuses() {
            assert_eq!(*found, by_definition(row, query));
        }
    }
}

#[test]
fn every_kernel_gives_the_product_of_the_definition_in_every_dimension() {
    for dim in 1..=130 {
        let (data, query) = (numbers(dim * ROWS + 1, dim), numbers(dim, 1000 + dim));
        for kernel in Kernel::all() {
            // The second begins where no register does.
            for data in [&data[..dim * ROWS], &data[1..]] {
                let rows = Rows::with(kernel, data, dim);
                for count in [1, 7, 8, 9, 16, 17, ROWS] {
                    compare(rows, &query, count);
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
        let mut found = [0.0];
        Rows::with(kernel, &data, dim).dot_range(&Query::new(&vec![1.0; dim]), 1, &mut found);
        assert_eq!(found[0], dim as f32, "{kernel:?}");
    }
}
