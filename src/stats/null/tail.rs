//! The upper end of the distributions of candidates of one size together.

use std::borrow::Cow;

/// The largest of many values, descending, and how many values there are in all.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Tail<'a> {
    /// Number of values in all.
    pub count: u64,
    /// The largest, descending.
    pub largest: Cow<'a, [f32]>,
}

impl Tail<'static> {
    /// Keeps a number of values.
    pub fn of(mut values: Vec<f32>, kept: usize) -> Self {
        let (count, descending) = (values.len() as u64, |a: &f32, b: &f32| b.total_cmp(a));
        if kept > 0 && kept < values.len() {
            values.select_nth_unstable_by(kept - 1, descending);
        }
        values.truncate(kept);
        values.sort_unstable_by(descending);
        Self { count, largest: values.into() }
    }
}

impl Tail<'_> {
    /// Counts values of at least this size; those that were not kept do not count.
    pub fn at_least(&self, value: f32) -> usize {
        self.largest.partition_point(|&kept| kept >= value)
    }
}

#[cfg(test)]
mod tests {
    use super::Tail;

    #[test]
    fn the_end_is_counted_as_the_whole_is() {
        let values: Vec<f32> = (0_u32..1000).map(|i| (i * 77 % 1000) as f32).collect();
        let tail = Tail::of(values, 50);
        assert_eq!((tail.count, tail.largest[0], tail.largest.len()), (1000, 999.0, 50));
        assert_eq!((tail.at_least(990.0), tail.at_least(0.0), tail.at_least(999.5)), (10, 50, 0));
        assert_eq!(Tail::of(Vec::new(), 50), Tail::default());
    }
}
