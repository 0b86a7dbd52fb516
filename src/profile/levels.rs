//! Whether numbers can be z-scores or other differences: what is never negative is a level, a count or a p-value.
//!
//! Of 7,500 real signatures of levels 4 and 5 and consensus signatures, none has less than 5 % negative values, and
//! none goes beyond 210; none of 940 profiles of level 3 has a single negative value.

use super::GENES;
use super::genes::GeneMap;

/// Signs tell nothing of a handful of genes.
const MIN_GENES: usize = 50;

/// The most values of the rarer sign that a signature of one sign may have, of a hundred.
const RARER_SIGN: u32 = 1;

/// No signature goes as far.
const LARGEST: f32 = 1000.0;

/// What LINCS tables write where nothing is known.
const MISSING: f32 = -666.0;

/// Signatures that have something in common: how many, and the first of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Signatures {
    /// How many.
    pub count: usize,
    /// Id of the first, and its number in the file, from 1.
    pub first: Option<(String, usize)>,
}

impl Signatures {
    /// Adds the signature `id`, number `number` of its file, from 1.
    pub(super) fn add(&mut self, id: &str, number: usize) {
        self.count += 1;
        self.first.get_or_insert_with(|| (id.to_owned(), number));
    }

    /// ``(such as `id`, signature 3 of the file)``, or nothing.
    pub(super) fn example(&self) -> String {
        let first = self.first.as_ref();
        first
            .map(|(id, number)| format!(" (such as {id}, signature {number} of the file)"))
            .unwrap_or_default()
    }
}

/// Signatures whose numbers are unlikely to be z-scores, by what they look like.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Doubts {
    /// Between 0 and 1.
    pub p_values: Signatures,
    /// Whole numbers, none of them negative.
    pub counts: Signatures,
    /// Of one sign throughout, or nearly.
    pub levels: Signatures,
    /// The same value for every gene.
    pub constant: Signatures,
    /// With values beyond 1,000.
    pub huge: Signatures,
    /// With values of -666, which LINCS writes for what is missing.
    pub marked_missing: Signatures,
}

/// What one pass over a profile tells.
struct Glance {
    negative: u32,
    positive: u32,
    /// The largest distance from 0.
    largest: f32,
    is_marked: bool,
}

impl Glance {
    /// Values side by side, so that the compiler takes them at a time: each profile of a build passes here.
    const LANES: usize = 8;

    fn at(profile: &[f32]) -> Self {
        let (mut negative, mut positive) = ([0; Self::LANES], [0; Self::LANES]);
        let mut largest = [0.0_f32; Self::LANES];
        let (whole, rest) = profile.as_chunks::<{ Self::LANES }>();
        // What is beyond the last whole chunk is filled up with zeros, which tell nothing.
        let mut last = [0.0; Self::LANES];
        last[..rest.len()].copy_from_slice(rest);
        for values in whole.iter().chain([&last]) {
            for (lane, &value) in values.iter().enumerate() {
                negative[lane] += u32::from(value < 0.0);
                positive[lane] += u32::from(value > 0.0);
                largest[lane] = if value.abs() > largest[lane] { value.abs() } else { largest[lane] };
            }
        }
        let largest = largest.into_iter().fold(0.0, f32::max);
        Self {
            negative: negative.iter().sum(),
            positive: positive.iter().sum(),
            largest,
            is_marked: largest >= MISSING.abs() && profile.contains(&MISSING),
        }
    }
}

impl Doubts {
    /// Looks at a profile of 978 finite values, of which those of genes that the file lacks are 0.
    pub(super) fn look(&mut self, profile: &[f32], genes: &GeneMap, id: &str, number: usize) {
        let Glance { negative, positive, largest, is_marked } = Glance::at(profile);
        let is_of_one_sign = 100 * negative.min(positive) <= RARER_SIGN * (negative + positive);
        if is_of_one_sign && genes.found() >= MIN_GENES {
            let found: Vec<f32> = (0..GENES).filter(|&at| genes.has(at)).map(|at| profile[at]).collect();
            if let Some(kind) = self.kind(&found, negative == 0) {
                kind.add(id, number);
            }
        }
        if largest > LARGEST {
            self.huge.add(id, number);
        }
        if is_marked {
            self.marked_missing.add(id, number);
        }
    }

    /// Where a signature of these values, which are of one sign, is counted; nowhere if they are all 0.
    fn kind(&mut self, values: &[f32], is_positive: bool) -> Option<&mut Signatures> {
        let &first = values.first()?;
        let all = |holds: fn(f32) -> bool| values.iter().all(|&value| holds(value));
        if values.iter().all(|&value| value == first) {
            return (first != 0.0).then_some(&mut self.constant);
        }
        Some(match () {
            () if is_positive && all(|value| value <= 1.0) => &mut self.p_values,
            () if is_positive && all(|value| value.fract() == 0.0) => &mut self.counts,
            () => &mut self.levels,
        })
    }

    /// Signatures of one sign.
    pub(super) fn of_one_sign(&self) -> usize {
        self.p_values.count + self.counts.count + self.levels.count
    }

    /// What the signatures of one sign look like, and what to give in their place.
    pub(super) fn likeness(&self) -> (&'static str, &'static str) {
        let most = [self.p_values.count, self.counts.count, self.levels.count].into_iter().max();
        match most {
            Some(most) if most == self.p_values.count => {
                ("p-values", "give the statistic or the log ratio that belongs to them")
            }
            Some(most) if most == self.counts.count => (
                "counts or ranks",
                "give differences from controls, such as z-scores or log ratios; centre ranks at 0",
            ),
            _ => (
                "expression levels or means (level 3)",
                "give differences from controls: z-scores (level 4 or 5) or log ratios",
            ),
        }
    }

    /// One sentence for each kind of doubt, with the first signature of the kind; `read` is the number of signatures
    /// that were looked at.
    pub(super) fn warnings(&self, read: usize) -> Vec<String> {
        let kinds = [
            (&self.p_values, "values between 0 and 1 only, as p-values do; z-scores have both signs"),
            (&self.counts, "whole numbers from 0 up only, as counts and ranks do; z-scores have both signs"),
            (&self.levels, "values of one sign, as expression levels and means do; z-scores have both signs"),
            (&self.constant, "the same value for every gene, which tells nothing"),
            (&self.huge, "values beyond 1,000, which no z-score reaches"),
            (
                &self.marked_missing,
                "values of -666, LINCS's mark for what is missing; they were taken as numbers",
            ),
        ];
        let told = kinds.into_iter().filter(|(signatures, _)| signatures.count > 0);
        told.map(|(signatures, what)| {
            let (of, verb) = (signatures.count, if read == 1 { "signature has" } else { "signatures have" });
            format!("{of} of {read} {verb} {what}{}", signatures.example())
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::GeneSpace;

    fn doubts(value: impl Fn(usize) -> f32) -> Doubts {
        let symbols = GeneSpace::landmarks().symbols();
        let genes = GeneMap::best_of_ids(|| symbols.iter().copied());
        let profile: Vec<f32> = (0..GENES).map(value).collect();
        let mut doubts = Doubts::default();
        doubts.look(&profile, &genes, "s", 1);
        doubts
    }

    fn names(doubts: &Doubts) -> Vec<&'static str> {
        let all = [
            ("p", &doubts.p_values),
            ("counts", &doubts.counts),
            ("levels", &doubts.levels),
            ("constant", &doubts.constant),
            ("huge", &doubts.huge),
            ("missing", &doubts.marked_missing),
        ];
        all.into_iter().filter(|(_, found)| found.count > 0).map(|(name, _)| name).collect()
    }

    #[test]
    fn what_cannot_be_a_z_score_is_told_by_its_values() {
        let wave = |i: usize| (i as f32 * 0.7).sin();
        assert_eq!(names(&doubts(wave)), [""; 0]);
        assert_eq!(names(&doubts(|i| 207.0 * wave(i))), [""; 0]);
        assert_eq!(names(&doubts(|i| (3.0 * wave(i)).round())), [""; 0]);
        assert_eq!(names(&doubts(|_| 0.0)), [""; 0]);
        assert_eq!(names(&doubts(|i| wave(i).abs())), ["p"]);
        assert_eq!(names(&doubts(|i| i as f32)), ["counts"]);
        assert_eq!(names(&doubts(|i| 4.0 + wave(i))), ["levels"]);
        assert_eq!(names(&doubts(|i| -4.0 - wave(i))), ["levels"]);
        assert_eq!(names(&doubts(|i| if i < 5 { -0.1 } else { 4.0 + wave(i) })), ["levels"]);
        assert_eq!(names(&doubts(|_| 0.5)), ["constant"]);
        assert_eq!(names(&doubts(|i| 1e19 * wave(i))), ["huge"]);
        assert_eq!(names(&doubts(|i| if i == 7 { -666.0 } else { wave(i) })), ["missing"]);
    }
}
