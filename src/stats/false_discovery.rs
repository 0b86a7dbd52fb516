//! Corrections for many tests.

/// Computes false discovery rates of p-values (Benjamini and Hochberg 1995). `None` stays `None` and does not count as a test.
///
/// ```
/// use l1kdb::stats::benjamini_hochberg;
///
/// let q = benjamini_hochberg(&[Some(0.01), None, Some(0.04), Some(0.03)]);
/// assert_eq!(q[1], None);
/// assert!((q[0].unwrap() - 0.03).abs() < 1e-12 && (q[3].unwrap() - 0.04).abs() < 1e-12);
/// ```
pub fn benjamini_hochberg(p: &[Option<f64>]) -> Vec<Option<f64>> {
    let mut order: Vec<(f64, usize)> = p.iter().zip(0..).filter_map(|(p, at)| Some(((*p)?, at))).collect();
    order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let (tests, mut q) = (order.len() as f64, vec![None; p.len()]);
    let mut least = 1.0_f64;
    for (rank, &(p, at)) in order.iter().enumerate().rev() {
        least = least.min(p * tests / (rank + 1) as f64);
        q[at] = Some(least);
    }
    q
}
