//! One answer of a search, and the one order of answers.

use std::cmp::Ordering;

/// A row and how similar it is to the query.
///
/// Neighbours sort nearest first: similarity descending, equal similarities by row ascending.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Neighbour {
    /// The row, from 0.
    pub row: u32,
    /// The product of the two unit vectors: their cosine, larger is nearer.
    pub similarity: f32,
}

impl Neighbour {
    /// Nearest first: similarity descending, then row ascending. A total order, NaN included.
    #[must_use]
    pub fn nearest_first(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key()).reverse()
    }

    /// A number that is larger for the better of two neighbours: heaps of the graph search compare
    /// nothing else. The upper half is the similarity in an order-preserving form, the lower half the
    /// complement of the row.
    pub(crate) fn key(self) -> u64 {
        let bits = self.similarity.to_bits();
        // Negative numbers order backwards as integers: flip all their bits, and the sign of the rest.
        let ordered = if bits >> 31 == 1 { !bits } else { bits | 1 << 31 };
        u64::from(ordered) << 32 | u64::from(!self.row)
    }

    /// The neighbour that [`key`](Self::key) was made from.
    #[expect(clippy::cast_possible_truncation, reason = "the halves of a key are taken apart")]
    pub(crate) fn from_key(key: u64) -> Self {
        let ordered = (key >> 32) as u32;
        let bits = if ordered >> 31 == 1 { ordered & !(1 << 31) } else { !ordered };
        Self { row: !(key as u32), similarity: f32::from_bits(bits) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn keys_order_as_neighbours_and_come_back(a in any::<f32>(), b in any::<f32>(), r in 0..9u32, s in 0..9u32) {
            let (x, y) = (Neighbour { row: r, similarity: a }, Neighbour { row: s, similarity: b });
            let by_fields = a.total_cmp(&b).then(s.cmp(&r));
            prop_assert_eq!(x.key().cmp(&y.key()), by_fields);
            let back = Neighbour::from_key(x.key());
            prop_assert_eq!((back.row, back.similarity.to_bits()), (r, a.to_bits()));
        }
    }
}
