//! Shapes of products, convolutions, pools and reductions.

use super::given::{Given, Made, Trouble};
use super::value::{Misfit, Value, broadcast, product as numbers_of};

/// `MatMul`: as numpy's.
pub(super) fn product(given: &Given<'_, '_>) -> Result<Made, Trouble> {
    let (a, b) = (given.input(0)?, given.input(1)?);
    let (left, right) = (&a.dims, &b.dims);
    let misfit = || format!("shapes {left:?} and {right:?}");
    let (&inner, outer_left) = left.split_last().ok_or_else(misfit)?;
    // A vector on the right is a column, one on the left a row.
    let (outer_right, columns) = match right.as_slice() {
        [] => return Err(misfit().into()),
        [_] => (&right[..0], None),
        [outer @ .., _, columns] => (outer, Some(*columns)),
    };
    if inner != right[right.len().saturating_sub(2)] {
        return Err(misfit().into());
    }
    let (batch_left, rows) = match outer_left {
        [] => (outer_left, None),
        [outer @ .., rows] => (outer, Some(*rows)),
    };
    let mut dims = broadcast(&[batch_left, outer_right])?;
    dims.extend(rows.into_iter().chain(columns));
    let value = Value::of_shape(dims);
    let products = value.count.saturating_mul(inner);
    Ok(Made(vec![value], products))
}

pub(super) fn gemm(given: &Given<'_, '_>) -> Result<Made, Trouble> {
    let (a, b) = (given.input(0)?, given.input(1)?);
    let (left, right) = (&a.dims, &b.dims);
    let (&[m, k], &[l, n]) = (left.as_slice(), right.as_slice()) else {
        return Err(format!("shapes {left:?} and {right:?}").into());
    };
    let (m, k) = if given.integer("transA", 0) == 0 { (m, k) } else { (k, m) };
    let (l, n) = if given.integer("transB", 0) == 0 { (l, n) } else { (n, l) };
    if k != l {
        return Err(format!("shapes {left:?} and {right:?}").into());
    }
    if let Some(third) = given.optional(2).map(|third| &third.dims)
        && broadcast(&[&[m, n], third]) != Ok(vec![m, n])
    {
        return Err(format!("shapes {:?} and {third:?}", [m, n]).into());
    }
    let value = Value::of_shape(vec![m, n]);
    let products = value.count.saturating_mul(k);
    Ok(Made(vec![value], products))
}

/// Letters for axes, such as `bhqd,bhkd->bhqk`; without the dots that stand for any number of axes.
pub(super) fn einsum(given: &Given<'_, '_>) -> Result<Made, Trouble> {
    let equation = given.attribute("equation").map_or(&b""[..], |attribute| attribute.text);
    let equation: String = String::from_utf8_lossy(equation).chars().filter(|c| *c != ' ').collect();
    let misfit = || format!("the equation `{equation}`");
    let (terms, output) = equation.split_once("->").ok_or_else(misfit)?;
    let terms: Vec<&str> = terms.split(',').collect();
    let values = given.all()?;
    if terms.len() != values.len() {
        return Err(misfit().into());
    }
    let mut sizes = std::collections::BTreeMap::new();
    for (term, value) in terms.iter().zip(values) {
        let dims = &value.dims;
        if term.chars().count() != dims.len() || !term.chars().all(char::is_alphabetic) {
            return Err(misfit().into());
        }
        for (letter, &size) in term.chars().zip(dims) {
            if *sizes.entry(letter).or_insert(size) != size {
                return Err(misfit().into());
            }
        }
    }
    let dims: Option<Vec<u64>> = output.chars().map(|letter| sizes.get(&letter).copied()).collect();
    let all: Vec<u64> = sizes.values().copied().collect();
    Ok(Made(vec![Value::of_shape(dims.ok_or_else(misfit)?)], numbers_of(&all)))
}

/// By how much a window that is centred may be wider than what it moves over.
const MAX_BEYOND: u64 = 1024;

/// The window that a convolution or a pool moves over its axes of space.
struct Window {
    sizes: Vec<u64>,
    strides: Vec<u64>,
    dilations: Vec<u64>,
    /// At the start and at the end of every axis together.
    pads: Vec<u64>,
    same: bool,
    up: bool,
}

impl Window {
    fn of(given: &Given<'_, '_>, sizes: Vec<u64>) -> Result<Self, Misfit> {
        let axes = sizes.len();
        let of = |name: &str, by_default: u64, length: usize| match given.integers(name) {
            None => Ok(vec![by_default; length]),
            Some(found) if found.len() == length => whole(name, found),
            Some(found) => Err(format!("{name} {found:?} over {axes} axes")),
        };
        let pads = of("pads", 0, 2 * axes)?;
        let pads = (0..axes).map(|axis| pads[axis].saturating_add(pads[axis + axes])).collect();
        let auto = given.attribute("auto_pad").map_or(&b""[..], |attribute| attribute.text);
        let window = Self {
            strides: of("strides", 1, axes)?,
            dilations: of("dilations", 1, axes)?,
            pads,
            same: auto.starts_with(b"SAME"),
            up: given.integer("ceil_mode", 0) != 0,
            sizes,
        };
        let all = [&window.sizes, &window.strides, &window.dilations];
        if all.iter().any(|sizes| sizes.contains(&0)) {
            return Err("a window, stride or dilation of 0".to_owned());
        }
        Ok(window)
    }

    fn over(&self, axis: usize, size: u64) -> Result<u64, Misfit> {
        let stride = self.strides[axis];
        let reach = (self.sizes[axis] - 1).saturating_mul(self.dilations[axis]).saturating_add(1);
        if self.same && reach <= size.saturating_add(MAX_BEYOND) {
            return Ok(size.div_ceil(stride));
        }
        let padded = size.saturating_add(self.pads[axis]);
        let left = padded.checked_sub(reach).ok_or_else(|| format!("a window of {reach} over {padded}"))?;
        let steps = if self.up { left.div_ceil(stride) } else { left / stride };
        Ok(steps.saturating_add(1))
    }
}

fn whole(name: &str, numbers: &[i64]) -> Result<Vec<u64>, Misfit> {
    numbers.iter().map(|&number| u64::try_from(number).map_err(|_| format!("{name} {numbers:?}"))).collect()
}

/// Batch, channels, and the sizes of the axes of space.
fn spatial(value: &Value) -> Result<(u64, u64, &[u64]), Trouble> {
    match value.dims.as_slice() {
        [batch, channels, space @ ..] if !space.is_empty() => Ok((*batch, *channels, space)),
        dims => Err(format!("shape {dims:?}, expected batch, channels and space").into()),
    }
}

fn moved(window: &Window, batch: u64, channels: u64, space: &[u64]) -> Result<Value, Trouble> {
    if window.sizes.len() != space.len() {
        return Err(format!("a window of {} axes over {}", window.sizes.len(), space.len()).into());
    }
    let mut dims = vec![batch, channels];
    for (axis, &size) in space.iter().enumerate() {
        dims.push(window.over(axis, size)?);
    }
    Ok(Value::of_shape(dims))
}

pub(super) fn convolution(given: &Given<'_, '_>) -> Result<Made, Trouble> {
    let (batch, channels, space) = spatial(given.input(0)?)?;
    let (filters, depth, window) = spatial(given.input(1)?)?;
    let groups = u64::try_from(given.integer("group", 1)).unwrap_or(0);
    if groups == 0 || depth.checked_mul(groups) != Some(channels) || !filters.is_multiple_of(groups) {
        return Err(
            format!("{filters} filters over {depth} channels in {groups} groups, given {channels}").into()
        );
    }
    let value = moved(&Window::of(given, window.to_vec())?, batch, filters, space)?;
    let products = value.count.saturating_mul(depth).saturating_mul(numbers_of(window));
    Ok(Made(vec![value], products))
}

pub(super) fn pool(given: &Given<'_, '_>) -> Result<Made, Trouble> {
    let (batch, channels, space) = spatial(given.input(0)?)?;
    let sizes = whole("kernel_shape", given.integers("kernel_shape").unwrap_or(&[]))?;
    let products = numbers_of(&sizes);
    let value = moved(&Window::of(given, sizes)?, batch, channels, space)?;
    let products = value.count.saturating_mul(products);
    // The second output of a maximum is where it was.
    Ok(Made(vec![value.clone(), value], products))
}

pub(super) fn global_pool(given: &Given<'_, '_>) -> Result<Made, Trouble> {
    let (batch, channels, space) = spatial(given.input(0)?)?;
    let mut dims = vec![batch, channels];
    dims.resize(2 + space.len(), 1);
    Ok(Value::of_shape(dims).into())
}

/// Sums, means and the like over some axes, or over all.
pub(super) fn reduced(given: &Given<'_, '_>) -> Result<Made, Trouble> {
    let value = given.input(0)?;
    let axes = given.told("axes", 1)?.unwrap_or_default();
    if axes.is_empty() && given.integer("noop_with_empty_axes", 0) != 0 {
        return Ok(value.alike().into());
    }
    let factor = value.integers.as_ref().filter(|_| given.node.operator == "ReduceProd");
    let factor = factor.and_then(|all| all.iter().try_fold(1_i64, |product, &n| product.checked_mul(n)));
    let without = without(value, &axes, given.integer("keepdims", 1) != 0)?;
    Ok(without.with(factor.map(|factor| vec![factor])).into())
}

/// A value whose `axes`, all where none is named, have become 1, or are gone.
fn without(value: &Value, axes: &[i64], kept: bool) -> Result<Value, Misfit> {
    let dims = &value.dims;
    let named: Vec<usize> = axes.iter().map(|&axis| value.axis(axis)).collect::<Result<_, _>>()?;
    let is_reduced = |axis: &usize| axes.is_empty() || named.contains(axis);
    let sizes = (0..dims.len()).filter(|axis| kept || !is_reduced(axis));
    Ok(Value::of_shape(sizes.map(|axis| if is_reduced(&axis) { 1 } else { dims[axis] }).collect()))
}

/// Where the largest or smallest number along an axis stands.
pub(super) fn argument(given: &Given<'_, '_>) -> Result<Made, Trouble> {
    let axis = given.integer("axis", 0);
    Ok(without(given.input(0)?, &[axis], given.integer("keepdims", 1) != 0)?.into())
}

pub(super) fn top(given: &Given<'_, '_>) -> Result<Made, Trouble> {
    let value = given.input(0)?;
    let k = given.attribute("k").and_then(|attribute| attribute.integer);
    let k = k.or_else(|| given.optional(1)?.integers.as_ref()?.first().copied()).ok_or(Trouble::Unsized)?;
    let axis = value.axis(given.integer("axis", -1))?;
    let mut dims = value.dims.clone();
    dims[axis] = u64::try_from(k)
        .ok()
        .filter(|k| *k <= dims[axis])
        .ok_or_else(|| format!("the first {k} of {}", dims[axis]))?;
    let value = Value::of_shape(dims);
    Ok(Made(vec![value.clone(), value], 0))
}
