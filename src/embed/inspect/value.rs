//! What is known of a value before a network runs: its shape and, of few integers, the numbers themselves.

/// Why shapes do not fit.
pub(super) type Misfit = String;

/// Longer lists of integers are no shapes.
const MAX_TOLD: usize = 512;
/// The largest dimension that is told from others, far beyond any that is run.
const LARGEST: u64 = 1 << 60;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) dims: Vec<u64>,
    /// Numbers in it.
    pub(super) count: u64,
    /// The numbers of a scalar or vector of integers, where they can be told.
    pub(super) integers: Option<Vec<i64>>,
}

impl Value {
    pub(super) fn of_shape(mut dims: Vec<u64>) -> Self {
        // Beside a dimension of 0 any other may stand; beyond this they are all the same.
        dims.iter_mut().for_each(|dim| *dim = (*dim).min(LARGEST));
        Self { count: product(&dims), dims, integers: None }
    }

    /// A vector.
    pub(super) fn of_integers(integers: Vec<i64>) -> Self {
        Self::of_shape(vec![integers.len() as u64]).with(Some(integers))
    }

    pub(super) fn with(self, integers: Option<Vec<i64>>) -> Self {
        let told = |integers: &Vec<i64>| integers.len() as u64 == self.count && integers.len() <= MAX_TOLD;
        Self { integers: integers.filter(told), ..self }
    }

    /// The same numbers in another shape.
    pub(super) fn reshaped(&self, dims: Vec<u64>) -> Self {
        Self { dims, ..self.clone() }
    }

    /// Other numbers, as many.
    pub(super) fn alike(&self) -> Self {
        Self { integers: None, ..self.clone() }
    }

    /// The position of an axis that may count from the end.
    pub(super) fn axis(&self, axis: i64) -> Result<usize, Misfit> {
        position(axis, self.dims.len())
    }
}

/// The position of an axis among `rank`.
pub(super) fn position(axis: i64, rank: usize) -> Result<usize, Misfit> {
    let from_start = if axis < 0 { axis.saturating_add(rank as i64) } else { axis };
    match usize::try_from(from_start) {
        Ok(position) if position < rank => Ok(position),
        _ => Err(format!("axis {axis} of a value of {rank} dimensions")),
    }
}

pub(super) fn product(dims: &[u64]) -> u64 {
    dims.iter().fold(1, |values: u64, &dim| values.saturating_mul(dim))
}

/// The shape of values that are brought together number by number, as numpy does.
pub(super) fn broadcast(shapes: &[&[u64]]) -> Result<Vec<u64>, Misfit> {
    let rank = shapes.iter().map(|shape| shape.len()).max().unwrap_or(0);
    let mut dims = vec![1; rank];
    for shape in shapes {
        for (dim, &size) in dims[rank - shape.len()..].iter_mut().zip(*shape) {
            match (*dim, size) {
                (dim, size) if dim == size || size == 1 => (),
                (1, size) => *dim = size,
                _ => return Err(format!("shapes {}", listed(shapes))),
            }
        }
    }
    Ok(dims)
}

/// The value of numbers that are brought together.
pub(super) fn together(values: &[&Value]) -> Result<Value, Misfit> {
    let shapes: Vec<&[u64]> = values.iter().map(|value| value.dims.as_slice()).collect();
    Ok(Value::of_shape(broadcast(&shapes)?))
}

fn listed(shapes: &[&[u64]]) -> String {
    shapes.iter().map(|shape| format!("{shape:?}")).collect::<Vec<_>>().join(" and ")
}

#[cfg(test)]
mod tests {
    use super::{broadcast, position};

    #[test]
    fn shapes_are_brought_together_as_numpy_does() {
        assert_eq!(broadcast(&[&[8, 1, 6], &[7, 1]]).unwrap(), [8, 7, 6]);
        assert_eq!(broadcast(&[&[], &[3]]).unwrap(), [3]);
        assert_eq!(broadcast(&[&[0], &[1]]).unwrap(), [0]);
        assert!(broadcast(&[&[2], &[3]]).unwrap_err().contains("[2] and [3]"));
    }

    #[test]
    fn an_axis_may_count_from_the_end_and_stays_within() {
        assert_eq!((position(-1, 3), position(2, 3)), (Ok(2), Ok(2)));
        for (axis, rank) in [(3, 3), (-4, 3), (0, 0), (i64::MIN, 2), (i64::MAX, 2)] {
            assert!(position(axis, rank).is_err());
        }
    }
}
