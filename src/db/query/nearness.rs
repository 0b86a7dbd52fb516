//! How near the nearest rows are.

use super::scorer::Scorer;
use super::search::{Asked, QUERIES};
use crate::db::DbError;

impl<S: Scorer> Asked<'_, S> {
    /// Returns of each query the mean score of its nearest rows, as many as are asked for; NaN where there is none.
    pub fn mean_of_nearest(&self) -> Result<Vec<f32>, DbError> {
        self.in_blocks(QUERIES, |queries| {
            let mut near = vec![Vec::new(); queries.len()];
            for scope in &self.scopes {
                let found = self.nearest(scope, queries.clone(), self.terms.top)?;
                near.iter_mut().zip(found).for_each(|(near, found)| {
                    near.extend(found.into_iter().map(|neighbour| neighbour.similarity));
                });
            }
            Ok(near.into_iter().map(|near| mean_of_largest(near, self.terms.top)).collect())
        })
    }
}

fn mean_of_largest(mut values: Vec<f32>, count: usize) -> f32 {
    values.sort_unstable_by(|a, b| b.total_cmp(a));
    values.truncate(count);
    (values.iter().map(|&value| f64::from(value)).sum::<f64>() / values.len() as f64) as f32
}
