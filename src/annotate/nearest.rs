//! The words nearest to one that was not found. The only file that names `strsim`.

/// Returns up to `count` of `candidates` that look like `word`, best first.
///
/// Case is ignored. A candidate that contains the word, or is contained in it, counts as near; others need a
/// Jaro-Winkler similarity of at least 0.8. Equal scores are ordered by the candidate itself.
///
/// ```
/// use l1kdb::annotate::nearest;
/// assert_eq!(nearest("MCF77", ["A375", "MCF7", "PC3"], 1), ["MCF7"]);
/// ```
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>, count: usize) -> Vec<String> {
    let word = word.to_lowercase();
    let mut scored: Vec<(f64, &str)> = candidates
        .into_iter()
        .map(|candidate| (likeness(&word, &candidate.to_lowercase()), candidate))
        .filter(|(score, _)| *score >= 0.8)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    scored.dedup_by(|a, b| a.1 == b.1);
    scored.into_iter().take(count).map(|(_, candidate)| candidate.to_owned()).collect()
}

/// How many times as long as a word what looks like it may be. A comparison takes time by the product of both lengths.
const TIMES: usize = 8;

fn likeness(word: &str, candidate: &str) -> f64 {
    let comparable = word.len() <= TIMES * candidate.len() && candidate.len() <= TIMES * word.len();
    let jaro = if comparable { strsim::jaro_winkler(word, candidate) } else { 0.0 };
    let contained =
        word.len() >= 3 && (candidate.contains(word) || word.contains(candidate) && candidate.len() >= 3);
    if contained { jaro.max(0.9) } else { jaro }
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_of_the_pen_finds_the_word() {
        assert_eq!(nearest("vorinostatt", ["dexamethasone", "vorinostat", "valproate"], 1), ["vorinostat"]);
    }

    #[test]
    fn a_long_word_is_not_compared_with_short_ones() {
        let word = "MCF7".repeat(250_000);
        let candidates: Vec<String> = (0..1000).map(|n| format!("cell line {n}")).collect();
        assert!(nearest(&word, candidates.iter().map(String::as_str), 3).is_empty());
    }

    #[test]
    fn a_stranger_finds_nothing() {
        assert!(nearest("zzzz", ["A375", "MCF7"], 3).is_empty());
    }
}
