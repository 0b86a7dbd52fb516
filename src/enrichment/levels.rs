//! Which of nested ATC classes is meant.

use super::classes::LEAST;
use super::nulls::ClassNulls;
use super::statistic::{BestQuarter, share};
use super::tested::TestedClass;

/// The false discovery rate below which a class is significant.
const SIGNIFICANT: f64 = 0.1;

/// Marks significant classes that have no significant one beneath them, and computes p of the others without those beneath.
pub(super) fn mark(tested: &mut [TestedClass], nulls: &ClassNulls<'_>, scores: &[f32]) {
    let significant: Vec<usize> = (0..tested.len()).filter(|&at| tested[at].q < SIGNIFICANT).collect();
    for &at in &significant {
        let class = &tested[at];
        let beneath = significant.iter().filter(|&&other| other != at && is_beneath(&tested[other], class));
        let deeper: Vec<u32> = beneath.flat_map(|&other| &tested[other].members).copied().collect();
        let others = class.members.iter().copied().filter(|drug| !deeper.contains(drug));
        let others: Vec<u32> = others.collect();
        let found = BestQuarter::of(others.iter().map(|&drug| scores[drug as usize]), LEAST);
        let p = found.map(|found| share(nulls.of_members(&others, &class.members).into_iter(), found.mean));
        let is_deepest = deeper.is_empty();
        tested[at].is_deepest = Some(is_deepest);
        tested[at].p_without_deeper = if is_deepest { None } else { Some(p.unwrap_or(1.0)) };
    }
}

/// Whether a class lies beneath another: its code goes on where the other's ends.
fn is_beneath(class: &TestedClass, above: &TestedClass) -> bool {
    let longest = above.names.iter().map(String::len).max().unwrap_or(0);
    class
        .names
        .iter()
        .any(|name| name.len() > longest && above.names.iter().any(|above| name.starts_with(above.as_str())))
}
