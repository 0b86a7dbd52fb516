//! Shapes of values that are cut, joined, turned, and made from a size.

use super::given::{Given, Made, Trouble};
use super::value::{Misfit, Value, broadcast, position, product};

/// The constant that a node holds.
pub(super) fn constant(given: &Given<'_, '_>) -> Result<Made, Trouble> {
    let [attribute] = given.node.attributes.as_slice() else {
        return Err("not one value".to_owned().into());
    };
    Ok(match (attribute.name, &attribute.tensor) {
        ("value", Some(tensor)) => Value::of_shape(tensor.dims.clone()).with(tensor.integers.clone()),
        ("value_int", _) => Value::of_shape(Vec::new()).with(attribute.integer.map(|integer| vec![integer])),
        ("value_ints", _) => Value::of_integers(attribute.integers.clone()),
        ("value_float", _) => Value::of_shape(Vec::new()),
        ("value_floats", _) => Value::of_shape(vec![attribute.floats as u64]),
        (name, _) => return Err(format!("a constant in `{name}`").into()),
    }
    .into())
}

/// Sizes as they are told to an operator.
fn whole(integers: &[i64]) -> Result<Vec<u64>, Misfit> {
    integers.iter().map(|&size| u64::try_from(size).map_err(|_| format!("the size {size}"))).collect()
}

/// The integers of an input that says how large an output is.
fn sizes(given: &Given<'_, '_>, at: usize) -> Result<Vec<i64>, Trouble> {
    given.input(at)?.integers.clone().ok_or(Trouble::Unsized)
}

pub(super) fn constant_of_shape(given: &Given<'_, '_>) -> Result<Made, Trouble> {
    let value = Value::of_shape(whole(&sizes(given, 0)?)?);
    let fill = given.attribute("value").and_then(|attribute| attribute.tensor.as_ref());
    let fill = fill.and_then(|tensor| tensor.integers.as_ref()?.first().copied());
    let told = fill.filter(|_| value.count <= 64).map(|fill| vec![fill; value.count as usize]);
    Ok(value.with(told).into())
}

pub(super) fn shape(given: &Given<'_, '_>) -> Result<Made, Trouble> {
    let dims = &given.input(0)?.dims;
    let rank = dims.len() as i64;
    let end = |name, by_default| {
        let end: i64 = given.integer(name, by_default);
        (if end < 0 { end.saturating_add(rank) } else { end }).clamp(0, rank) as usize
    };
    let (start, stop) = (end("start", 0), end("end", rank));
    let sizes = dims.get(start..stop).unwrap_or_default();
    Ok(Value::of_integers(sizes.iter().map(|&size| size.cast_signed()).collect()).into())
}

pub(super) fn size(given: &Given<'_, '_>) -> Result<Made, Trouble> {
    let count = given.input(0)?.count.cast_signed();
    Ok(Value::of_shape(Vec::new()).with(Some(vec![count])).into())
}

pub(super) fn reshaped(given: &Given<'_, '_>) -> Result<Made, Trouble> {
    let value = given.input(0)?;
    let shape = given.told("shape", 1)?.ok_or_else(|| "no shape".to_owned())?;
    let dims = &value.dims;
    let misfit = || format!("{dims:?} as {shape:?}");
    let keeps_zero = given.integer("allowzero", 0) != 0;
    let mut target = Vec::new();
    for (at, &size) in shape.iter().enumerate() {
        target.push(match size {
            // The rest, as soon as it is known.
            -1 => 1,
            0 if !keeps_zero => *dims.get(at).ok_or_else(misfit)?,
            size => u64::try_from(size).map_err(|_| misfit())?,
        });
    }
    let open: Vec<usize> = (0..shape.len()).filter(|&at| shape[at] == -1).collect();
    if let [at] = open.as_slice() {
        target[*at] = value.count.checked_div(product(&target)).ok_or_else(misfit)?;
    }
    if open.len() > 1 || product(&target) != value.count {
        return Err(misfit().into());
    }
    Ok(value.reshaped(target).into())
}

pub(super) fn flattened(given: &Given<'_, '_>) -> Result<Made, Trouble> {
    let value = given.input(0)?;
    let dims = &value.dims;
    // The axis past the last is allowed here.
    let axis = match given.integer("axis", 1) {
        axis if axis == dims.len() as i64 => dims.len(),
        axis => value.axis(axis)?,
    };
    let (rows, columns) = dims.split_at(axis);
    Ok(value.reshaped(vec![product(rows), product(columns)]).into())
}

pub(super) fn transposed(given: &Given<'_, '_>) -> Result<Made, Trouble> {
    let value = given.input(0)?;
    let dims = &value.dims;
    let order: Vec<usize> = match given.integers("perm") {
        None => (0..dims.len()).rev().collect(),
        Some(perm) => perm.iter().map(|&axis| value.axis(axis)).collect::<Result<_, _>>()?,
    };
    let mut sorted = order.clone();
    sorted.sort_unstable();
    if sorted != (0..dims.len()).collect::<Vec<_>>() {
        return Err(format!("{dims:?} in the order {order:?}").into());
    }
    let turned = order.iter().map(|&axis| dims[axis]).collect();
    Ok(Value::of_shape(turned).into())
}

pub(super) fn squeezed(given: &Given<'_, '_>) -> Result<Made, Trouble> {
    let value = given.input(0)?;
    let dims = &value.dims;
    let gone: Vec<usize> = match given.told("axes", 1)? {
        None => (0..dims.len()).filter(|&axis| dims[axis] == 1).collect(),
        Some(axes) => axes.iter().map(|&axis| value.axis(axis)).collect::<Result<_, _>>()?,
    };
    if let Some(&axis) = gone.iter().find(|&&axis| dims[axis] != 1) {
        return Err(format!("{dims:?} without axis {axis}").into());
    }
    let left = (0..dims.len()).filter(|axis| !gone.contains(axis)).map(|axis| dims[axis]).collect();
    Ok(value.reshaped(left).into())
}

pub(super) fn unsqueezed(given: &Given<'_, '_>) -> Result<Made, Trouble> {
    let value = given.input(0)?;
    let (dims, axes) = (&value.dims, given.told("axes", 1)?.unwrap_or_default());
    let rank = dims.len() + axes.len();
    let new: Vec<usize> = axes.iter().map(|&axis| position(axis, rank)).collect::<Result<_, _>>()?;
    let mut old = dims.iter().copied();
    let dims: Vec<u64> =
        (0..rank).map(|axis| if new.contains(&axis) { 1 } else { old.next().unwrap_or(1) }).collect();
    if product(&dims) != value.count || old.next().is_some() {
        return Err(format!("new axes {axes:?}").into());
    }
    Ok(value.reshaped(dims).into())
}

pub(super) fn concatenated(given: &Given<'_, '_>) -> Result<Made, Trouble> {
    let values = given.all()?;
    let shapes: Vec<&Vec<u64>> = values.iter().map(|value| &value.dims).collect();
    let axis = values[0].axis(given.integer("axis", 0))?;
    let mut dims = shapes[0].clone();
    for shape in &shapes[1..] {
        let differs = |at: usize| at != axis && shape[at] != dims[at];
        if shape.len() != dims.len() || (0..dims.len()).any(differs) {
            return Err(format!("{dims:?} and {shape:?} along axis {axis}").into());
        }
        dims[axis] = dims[axis].saturating_add(shape[axis]);
    }
    let lists: Option<Vec<&Vec<i64>>> = values.iter().map(|value| value.integers.as_ref()).collect();
    let told = lists.filter(|_| dims.len() == 1).map(|lists| lists.into_iter().flatten().copied().collect());
    Ok(Value::of_shape(dims).with(told).into())
}

pub(super) fn split(given: &Given<'_, '_>) -> Result<Made, Trouble> {
    let (value, count) = (given.input(0)?, given.node.outputs.len());
    let (dims, axis) = (&value.dims, value.axis(given.integer("axis", 0))?);
    let size = dims[axis];
    let sizes = match given.told("split", 1)? {
        Some(sizes) => whole(&sizes)?,
        None => {
            let part = size.div_ceil(count.max(1) as u64);
            (0..count as u64).map(|at| part.min(size.saturating_sub(at * part))).collect()
        }
    };
    if sizes.len() != count || sizes.iter().fold(0, |sum: u64, &part| sum.saturating_add(part)) != size {
        return Err(format!("{size} into {sizes:?}, for {count} outputs").into());
    }
    let part = |&size: &u64| {
        let mut dims = dims.clone();
        dims[axis] = size;
        Value::of_shape(dims)
    };
    Ok(Made(sizes.iter().map(part).collect(), 0))
}

pub(super) fn sliced(given: &Given<'_, '_>) -> Result<Made, Trouble> {
    let value = given.input(0)?;
    let dims = &value.dims;
    let needed = |name: &str, at| given.told(name, at)?.ok_or_else(|| Trouble::Misfit(format!("no {name}")));
    let (starts, ends): (Vec<i64>, Vec<i64>) = (needed("starts", 1)?, needed("ends", 2)?);
    let axes = given.told("axes", 3)?.unwrap_or_else(|| (0..starts.len() as i64).collect());
    let steps = given.told("steps", 4)?.unwrap_or_else(|| vec![1; starts.len()]);
    if [&ends, &axes, &steps].iter().any(|list| list.len() != starts.len()) || steps.contains(&0) {
        return Err(format!("starts {starts:?}, ends {ends:?}, axes {axes:?}, steps {steps:?}").into());
    }
    let (mut sliced, mut told) = (dims.clone(), value.integers.clone());
    for (((start, end), axis), step) in starts.into_iter().zip(ends).zip(axes).zip(steps) {
        let axis = value.axis(axis)?;
        let places = places(start, end, step, dims[axis].cast_signed());
        sliced[axis] = places.len() as u64;
        told = told.map(|told| places.filter_map(|at| told.get(at as usize).copied()).collect());
    }
    Ok(Value::of_shape(sliced).with(told.filter(|_| dims.len() == 1)).into())
}

/// The positions from `start` to before `end` in steps, of `size` in all, where both may count from the end.
fn places(start: i64, end: i64, step: i64, size: i64) -> impl ExactSizeIterator<Item = i64> {
    let from_start = |at: i64| if at < 0 { at.saturating_add(size) } else { at };
    let (lowest, highest) = if step > 0 { (0, size) } else { (-1, size - 1) };
    let [first, end] = [start, end].map(|at| from_start(at).clamp(lowest, highest.max(lowest)));
    let way = if step > 0 { end - first } else { first - end };
    let count = way.max(0).unsigned_abs().div_ceil(step.unsigned_abs());
    // What is told of a size is bounded, and so are the values that are told.
    (0..usize::try_from(count).unwrap_or(0))
        .map(move |at| first.saturating_add((at as i64).saturating_mul(step)))
}

pub(super) fn gathered(given: &Given<'_, '_>) -> Result<Made, Trouble> {
    let (value, at) = (given.input(0)?, given.input(1)?);
    let (dims, places) = (&value.dims, &at.dims);
    let axis = value.axis(given.integer("axis", 0))?;
    let size = dims[axis].cast_signed();
    if let Some(&outside) = at.integers.iter().flatten().find(|&&at| at < -size || at >= size) {
        return Err(format!("position {outside} of {size}").into());
    }
    let from_start = |&at: &i64| if at < 0 { at + size } else { at };
    let told = value.integers.as_ref().filter(|_| dims.len() == 1).zip(at.integers.as_ref());
    let told = told
        .and_then(|(values, at)| at.iter().map(|at| values.get(from_start(at) as usize).copied()).collect());
    let dims = [&dims[..axis], places, &dims[axis + 1..]].concat();
    Ok(Value::of_shape(dims).with(told).into())
}

pub(super) fn like_the_second(given: &Given<'_, '_>) -> Result<Made, Trouble> {
    Ok(given.input(1)?.alike().into())
}

pub(super) fn expanded(given: &Given<'_, '_>) -> Result<Made, Trouble> {
    let target = whole(&sizes(given, 1)?)?;
    Ok(Value::of_shape(broadcast(&[&given.input(0)?.dims, &target])?).into())
}

pub(super) fn tiled(given: &Given<'_, '_>) -> Result<Made, Trouble> {
    let repeats = whole(&sizes(given, 1)?)?;
    let dims = &given.input(0)?.dims;
    if repeats.len() != dims.len() {
        return Err(format!("{dims:?} repeated {repeats:?}").into());
    }
    Ok(Value::of_shape(dims.iter().zip(&repeats).map(|(&dim, &times)| dim.saturating_mul(times)).collect())
        .into())
}

pub(super) fn padded(given: &Given<'_, '_>) -> Result<Made, Trouble> {
    let pads = given.told("pads", 1)?.ok_or_else(|| "no pads".to_owned())?;
    let mut dims = given.input(0)?.dims.clone();
    let axes = match given.optional(3) {
        Some(_) => sizes(given, 3)?,
        None => (0..dims.len() as i64).collect(),
    };
    if pads.len() != 2 * axes.len() {
        return Err(format!("{dims:?} with pads {pads:?}").into());
    }
    for (at, &axis) in axes.iter().enumerate() {
        let axis = position(axis, dims.len())?;
        let more = pads[at].saturating_add(pads[at + axes.len()]);
        // A size that would be negative is none.
        dims[axis] = dims[axis].saturating_add_signed(more);
    }
    Ok(Value::of_shape(dims).into())
}

pub(super) fn range(given: &Given<'_, '_>) -> Result<Made, Trouble> {
    let mut ends = [0; 3];
    for (at, end) in ends.iter_mut().enumerate() {
        *end = *sizes(given, at)?.first().ok_or(Trouble::Unsized)?;
    }
    let [start, limit, step] = ends;
    let way = i128::from(limit) - i128::from(start);
    if step == 0 {
        return Err("a range in steps of 0".to_owned().into());
    }
    let is_empty = (way > 0) != (step > 0);
    let count = if is_empty { 0 } else { way.unsigned_abs().div_ceil(u128::from(step.unsigned_abs())) };
    let count = u64::try_from(count).unwrap_or(u64::MAX);
    let told = (count <= 512)
        .then(|| (0..count.cast_signed()).map(|at| start.saturating_add(at.saturating_mul(step))).collect());
    Ok(Value::of_shape(vec![count]).with(told).into())
}

pub(super) fn one_hot(given: &Given<'_, '_>) -> Result<Made, Trouble> {
    let depth = whole(&sizes(given, 1)?)?.first().copied().ok_or(Trouble::Unsized)?;
    let mut dims = given.input(0)?.dims.clone();
    let axis = position(given.integer("axis", -1), dims.len() + 1)?;
    dims.insert(axis, depth);
    Ok(Value::of_shape(dims).into())
}
