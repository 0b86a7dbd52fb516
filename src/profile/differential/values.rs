//! The values of a statistic, row by row.

use super::columns::{Columns, LOG_FC, P_VALUES, UNSIGNED};
use super::normal::upper_quantile;
use super::statistic::{Statistic, without_statistic};
use crate::profile::{ProfileError, Table};

/// How far ties of p = 0 are drawn apart, relative to the largest quantile: they stay next to it.
const TIE_BREAK: f64 = 1e-3;

/// Values of all rows, NaN where they are missing; the statistic as it turned out; and what a user should know.
pub(super) struct Values {
    pub(super) values: Vec<f64>,
    pub(super) statistic: Statistic,
    pub(super) warnings: Vec<String>,
}

impl Values {
    /// Reads the columns of a statistic. One that is never negative beside a log fold change of both signs gets its sign.
    ///
    /// # Errors
    /// [`ProfileError::NoStatistic`] for one that cannot have a sign, [`ProfileError::Line`] for what is no number or no p.
    pub(super) fn read(
        table: &Table,
        columns: &Columns,
        statistic: Statistic,
        rows: &[usize],
    ) -> Result<Self, ProfileError> {
        let (statistic, warning) = signed(table, columns, statistic, rows)?;
        let mut warnings: Vec<String> = warning.into_iter().collect();
        let values = match statistic {
            Statistic::Column(column) | Statistic::LogFc(column) => table.doubles(column)?,
            Statistic::Auc(column) => table.doubles(column)?.into_iter().map(|area| area - 0.5).collect(),
            Statistic::Root { square, sign } => pairs(table, square, sign)?
                .map(|(square, sign)| sign_of(sign) * square.max(0.0).sqrt())
                .collect(),
            Statistic::Ratio { difference, error } => pairs(table, difference, error)?
                .map(|(difference, error)| if error > 0.0 { difference / error } else { f64::NAN })
                .collect(),
            Statistic::SignedP { p, sign } => signed_p(table, p, sign, rows)?,
        };
        let mut values: Vec<f64> = values;
        if let Some(warning) = cap(&mut values) {
            warnings.push(warning);
        }
        Ok(Self { values, statistic, warnings })
    }
}

fn pairs(
    table: &Table,
    a: usize,
    b: usize,
) -> Result<impl Iterator<Item = (f64, f64)> + use<>, ProfileError> {
    Ok(table.doubles(a)?.into_iter().zip(table.doubles(b)?))
}

/// The sign of a number, 0 of 0, NaN of a missing one.
fn sign_of(value: f64) -> f64 {
    if value == 0.0 { 0.0 } else { value.signum() }
}

/// The statistic with a sign, and what to tell the user where it had none.
fn signed(
    table: &Table,
    columns: &Columns,
    statistic: Statistic,
    rows: &[usize],
) -> Result<(Statistic, Option<String>), ProfileError> {
    let Statistic::Column(column) = statistic else { return Ok((statistic, None)) };
    let all = table.doubles(column)?;
    let present = || rows.iter().map(|&row| all[row]).filter(|value| !value.is_nan());
    if present().any(|value| value < 0.0) || present().next().is_none() {
        return Ok((statistic, None));
    }
    let name = crate::profile::table::shown(&table.header()[column]);
    let are_p = present().all(|value| value <= 1.0) && present().any(|value| value < 0.05);
    let Some(sign) = columns.first(&LOG_FC).filter(|&sign| sign != column) else {
        if are_p && columns.is(column, &["stat"])
            || columns.is(column, &P_VALUES)
            || columns.is(column, &UNSIGNED)
        {
            let reason = format!(
                "`{name}` is never negative, and no log fold change gives it a sign; add one, or name another column"
            );
            return Err(without_statistic(table, columns, reason));
        }
        return Ok((statistic, None));
    };
    let differences = table.doubles(sign)?;
    let of_sign = |is: fn(f64) -> bool| rows.iter().any(|&row| is(differences[row]));
    let has_both_signs = of_sign(|value| value < 0.0) && of_sign(|value| value > 0.0);
    if !has_both_signs && !are_p {
        return Ok((statistic, None));
    }
    let log_fc = crate::profile::table::shown(&table.header()[sign]);
    Ok(if are_p {
        let warning = format!(
            "`{name}` holds values between 0 and 1 only, as p-values are; it was taken as such, with the sign of `{log_fc}`"
        );
        (Statistic::SignedP { p: column, sign }, Some(warning))
    } else {
        let warning = format!(
            "`{name}` is never negative, as that of a likelihood ratio test; its root was taken, with the sign of `{log_fc}`, \
             which is right for one degree of freedom"
        );
        (Statistic::Root { square: column, sign }, Some(warning))
    })
}

/// Quantiles of p-values with the signs of differences. A p of 0 counts as the smallest of the others, and the larger the
/// difference the farther beyond them.
fn signed_p(table: &Table, p: usize, sign: usize, rows: &[usize]) -> Result<Vec<f64>, ProfileError> {
    let (ps, differences) = (table.doubles(p)?, table.doubles(sign)?);
    if let Some(&row) = rows.iter().find(|&&row| !ps[row].is_nan() && !(0.0..=1.0).contains(&ps[row])) {
        let reason = format!(
            "expected a p-value between 0 and 1 in column `{}`, found `{}`",
            crate::profile::table::shown(&table.header()[p]),
            crate::profile::table::shown(table.cell(row, p))
        );
        return Err(ProfileError::Line { path: table.path().to_owned(), line: table.line(row), reason });
    }
    let positive = rows.iter().map(|&row| ps[row]).filter(|&p| p > 0.0);
    let smallest = positive.fold(1.0, f64::min);
    let smallest = if smallest < 1.0 { smallest } else { f64::MIN_POSITIVE };
    let mut zeros: Vec<usize> = rows.iter().copied().filter(|&row| ps[row] == 0.0).collect();
    zeros.sort_by(|&a, &b| differences[a].abs().total_cmp(&differences[b].abs()));
    let mut values = vec![f64::NAN; table.len()];
    for &row in rows {
        // Half of the smallest double would be 0; NaN stays NaN.
        let tail = if ps[row] == 0.0 { 0.5 } else { (ps[row] / 2.0).clamp(f64::from_bits(1), 0.5) };
        values[row] = sign_of(differences[row]) * upper_quantile(tail);
    }
    for (rank, &row) in zeros.iter().enumerate() {
        let beyond = 1.0 + TIE_BREAK * (rank + 1) as f64 / zeros.len() as f64;
        values[row] = sign_of(differences[row]) * upper_quantile(smallest / 2.0) * beyond;
    }
    Ok(values)
}

/// Infinite values become the largest finite one.
fn cap(values: &mut [f64]) -> Option<String> {
    let infinite = values.iter().filter(|value| value.is_infinite()).count();
    let largest = values
        .iter()
        .filter(|value| value.is_finite())
        .fold(0.0, |largest: f64, value| largest.max(value.abs()));
    let limit = largest.min(f64::from(f32::MAX));
    for value in values.iter_mut().filter(|value| !value.is_nan()) {
        *value = value.clamp(-limit, limit);
    }
    (infinite > 0)
        .then(|| format!("{infinite} values are infinite and were set to the largest finite one, {limit}"))
}
