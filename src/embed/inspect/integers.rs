//! Arithmetic of the integers that shapes are computed from.

use super::given::{Given, Made, Trouble};
use super::value::together;

/// Numbers brought together; of integers that are known, the result too.
pub(super) fn together_with_integers(given: &Given<'_, '_>) -> Result<Made, Trouble> {
    let values = given.all()?;
    let lists: Option<Vec<&Vec<i64>>> = values.iter().map(|value| value.integers.as_ref()).collect();
    let told = lists.and_then(|lists| numbers(given.node.operator, &lists));
    Ok(together(&values)?.with(told).into())
}

fn numbers(operator: &str, lists: &[&Vec<i64>]) -> Option<Vec<i64>> {
    let length = lists.iter().map(|list| list.len()).max()?;
    // A single number stands beside each of a list.
    let of = |list: &Vec<i64>, at: usize| list.get(if list.len() == 1 { 0 } else { at }).copied();
    let number = |at: usize| {
        let numbers: Vec<i64> = lists.iter().map(|list| of(list, at)).collect::<Option<_>>()?;
        match (operator, numbers.as_slice()) {
            ("Add", &[a, b]) => a.checked_add(b),
            ("Sub", &[a, b]) => a.checked_sub(b),
            ("Mul", &[a, b]) => a.checked_mul(b),
            ("Div", &[a, b]) => a.checked_div(b),
            ("Neg", &[a]) => a.checked_neg(),
            ("Equal", &[a, b]) => Some(i64::from(a == b)),
            ("Where", &[condition, yes, no]) => Some(if condition != 0 { yes } else { no }),
            _ => None,
        }
    };
    (0..length).map(number).collect()
}
