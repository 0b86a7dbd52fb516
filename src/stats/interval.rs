//! The middle 95 % of what a figure is over resamples, and when there is none.

use crate::SettingError;

/// Fewer of what is drawn (drugs, or labels) give no interval: resampling two or three says nothing of the others.
pub const MIN_DRAWN: usize = 5;
/// Fewer resamples give no interval: 2.5 % of them would be less than one.
pub const MIN_RESAMPLES: usize = 40;
/// The most resamples: all are kept until their percentiles are known.
pub const MAX_RESAMPLES: usize = 100_000;

/// A figure with the middle 95 % of what it was over resampled drugs. Where there is no interval its ends are no numbers
/// (null in JSON).
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Interval {
    /// The figure itself.
    pub value: f64,
    /// 2.5 % of resamples are below.
    pub low: f64,
    /// 2.5 % of resamples are above.
    pub high: f64,
}

impl Interval {
    /// Returns the percentiles of what `of` takes out of each resample of `drawn` drugs; those that are not numbers are
    /// left out.
    pub(crate) fn of<T>(value: f64, drawn: usize, resamples: &[T], of: impl Fn(&T) -> f64) -> Self {
        let values = resamples.iter().map(of).filter(|value| value.is_finite()).collect();
        let [low, high] = interval(drawn, values).unwrap_or([f64::NAN; 2]);
        Self { value, low, high }
    }
}

/// Returns the interval of a figure that was `values` over resamples of `drawn` drugs; `None` where drugs or resamples
/// are too few.
pub(crate) fn interval(drawn: usize, mut values: Vec<f64>) -> Option<[f64; 2]> {
    values.sort_unstable_by(f64::total_cmp);
    (drawn >= MIN_DRAWN && values.len() >= MIN_RESAMPLES).then(|| middle(&values))
}

/// Returns the percentiles 2.5 and 97.5 of ascending values, of which there is at least one, interpolated between two.
pub(crate) fn middle(sorted: &[f64]) -> [f64; 2] {
    [0.025, 0.975].map(|share| {
        let at = share * (sorted.len() - 1) as f64;
        let (low, high) = (at.floor() as usize, at.ceil() as usize);
        sorted[low] + (sorted[high] - sorted[low]) * (at - low as f64)
    })
}

/// Returns how many resamples are worth drawing: none where they would give no interval.
pub(crate) fn worth_drawing(drawn: usize, resamples: usize) -> usize {
    if drawn < MIN_DRAWN || resamples < MIN_RESAMPLES { 0 } else { resamples }
}

/// Refuses more resamples than can be kept.
pub(crate) fn check_resamples(resamples: usize) -> Result<(), SettingError> {
    check_runs("resamples of the bootstrap", resamples, MAX_RESAMPLES)
}

/// Refuses more runs of anything than `most`.
pub(crate) fn check_runs(name: &'static str, found: usize, most: usize) -> Result<(), SettingError> {
    SettingError::check(name, found, format!("at most {most}"), found <= most)
}

/// Why there are no intervals over `drawn` drugs (`what`, in the plural) by so many resamples; `None` where there are,
/// or nobody asked for any.
pub(crate) fn why_none(drawn: usize, what: &str, resamples: usize) -> Option<String> {
    if resamples == 0 {
        None
    } else if drawn < MIN_DRAWN {
        Some(format!(
            "no intervals: of {drawn} {what}, resampling says nothing of others; {MIN_DRAWN} are the fewest"
        ))
    } else if resamples < MIN_RESAMPLES {
        Some(format!(
            "no intervals: {resamples} resamples are too few for 95 % of them; {MIN_RESAMPLES} are the fewest"
        ))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_drugs_or_resamples_give_no_interval_and_say_why() {
        let ends = |drawn, resamples: usize| {
            let interval = Interval::of(0.5, drawn, &vec![0.5; resamples], |&value| value);
            (
                interval.low.is_finite(),
                why_none(drawn, "drugs", resamples).is_none(),
                worth_drawing(drawn, resamples),
            )
        };
        assert_eq!(ends(5, 40), (true, true, 40));
        for (drawn, resamples) in [(4, 1000), (0, 1000), (5, 39), (5, 1)] {
            assert_eq!(ends(drawn, resamples), (false, false, 0), "{drawn} {resamples}");
        }
        assert_eq!(why_none(2, "drugs", 0), None);
    }

    #[test]
    fn more_resamples_than_can_be_kept_are_refused_with_the_limit() {
        assert_eq!(check_resamples(MAX_RESAMPLES), Ok(()));
        let error = check_resamples(1_000_000_000).unwrap_err().to_string();
        assert!(error.contains("1000000000") && error.contains("at most 100000"), "{error}");
    }

    #[test]
    fn percentiles_are_interpolated() {
        let values: Vec<f64> = (0..=40).map(f64::from).collect();
        assert_eq!(middle(&values), [1.0, 39.0]);
        assert_eq!(middle(&[7.0]), [7.0, 7.0]);
    }
}
