//! The enrichment score of gene set enrichment analysis (Subramanian et al. 2005), of drugs.

/// Points of the sum that lie as near are equally far from 0; of equal ones the first counts.
const TIE: f64 = 1e-12;

/// The enrichment score of a class, and the members that carry it.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct RunningSum {
    /// From -1 to 1; 0 where the highest and the lowest point are equally far from 0.
    pub score: f64,
    /// Members up to the highest point, or from the lowest on, the highest score first.
    pub leading_edge: Vec<u32>,
}

/// Drugs by falling scores.
pub(super) struct Ranking {
    /// Drugs with a score, in falling order.
    order: Vec<u32>,
    /// Of each drug its place among them.
    place: Vec<u32>,
    /// Of each place, where its block of equal scores begins and ends.
    blocks: Vec<(u32, u32)>,
}

impl Ranking {
    /// Ranks some drugs by their scores; those without one take no part.
    pub fn new(scores: &[f32], drugs: &[u32]) -> Self {
        let score = |drug: u32| scores[drug as usize];
        let mut order: Vec<u32> = drugs.iter().copied().filter(|&drug| !score(drug).is_nan()).collect();
        order.sort_by(|&a, &b| score(b).total_cmp(&score(a)).then(a.cmp(&b)));
        let (mut place, mut blocks) = (vec![u32::MAX; scores.len()], vec![(0, 0); order.len()]);
        let mut start = 0;
        while start < order.len() {
            let same = order[start..].iter().take_while(|&&drug| score(drug) == score(order[start])).count();
            for at in start..start + same {
                place[order[at] as usize] = at as u32;
                blocks[at] = (start as u32, (start + same) as u32);
            }
            start += same;
        }
        Self { order, place, blocks }
    }

    /// Computes the running sum of members among the ranked drugs. `None` where all or none of these are members.
    pub fn of(&self, members: &[u32], scores: &[f32]) -> Option<RunningSum> {
        let mut places: Vec<u32> = members.iter().map(|&drug| self.place[drug as usize]).collect();
        places.retain(|&place| place != u32::MAX);
        places.sort_unstable();
        let (all, found) = (self.order.len(), places.len());
        if found == 0 || found == all {
            return None;
        }
        let weight = |place: u32| f64::from(scores[self.order[place as usize] as usize].abs());
        let total: f64 = places.iter().map(|&place| weight(place)).sum();
        let weight = |place: u32| if total > 0.0 { weight(place) / total } else { 1.0 / found as f64 };
        let miss = 1.0 / (all - found) as f64;
        let (mut sum, mut hits, mut high, mut low) = (0.0, 0_u32, (0.0, 0), (0.0, found));
        let mut at = 0;
        while at < found {
            let (start, end) = self.blocks[places[at] as usize];
            // Between members the sum falls, so it is lowest before a block of members and highest behind one.
            let before = sum - f64::from(start - hits) * miss;
            if before < low.0 - TIE {
                low = (before, at);
            }
            while at < found && places[at] < end {
                sum += weight(places[at]);
                hits += 1;
                at += 1;
            }
            let behind = sum - f64::from(end - hits) * miss;
            if behind > high.0 + TIE {
                high = (behind, at);
            }
            // Members of no weight do not lift it.
            if behind < low.0 - TIE {
                low = (behind, at);
            }
        }
        Some(self.peak(high, low, &places))
    }

    fn peak(&self, high: (f64, usize), low: (f64, usize), places: &[u32]) -> RunningSum {
        let drugs =
            |places: &[u32]| places.iter().map(|&place| self.order[place as usize]).collect::<Vec<_>>();
        if (high.0 + low.0).abs() < TIE {
            return RunningSum::default();
        }
        match high.0 > -low.0 {
            true => RunningSum { score: high.0, leading_edge: drugs(&places[..high.1]) },
            false => RunningSum { score: low.0, leading_edge: drugs(&places[low.1..]) },
        }
    }
}

/// Computes the enrichment score of a class: down the list the sum rises at a member by its score's share of the members', without its
/// sign, and falls evenly at the others. It is the point farthest from 0. Equal scores are one step, so that their order means nothing;
/// drugs without a score (NaN) take no part.
///
/// ```
/// use l1kdb::enrichment::running_sum;
///
/// let scores = [9.0, 8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0, -1.0];
/// let found = running_sum(&scores, &[0, 1, 3]).unwrap();
/// assert!((found.score - 6.0 / 7.0).abs() < 1e-12);
/// assert_eq!(found.leading_edge, [0, 1, 3]);
/// ```
///
/// # Panics
/// For a member whose number is not below the number of scores.
pub fn running_sum(scores: &[f32], members: &[u32]) -> Option<RunningSum> {
    let drugs: Vec<u32> = (0..scores.len() as u32).collect();
    Ranking::new(scores, &drugs).of(members, scores)
}
