//! Whose genes symbols are.

/// The species that symbols of genes are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Species {
    /// Human. Symbols as mouse and rat have them (`Actb`) name no gene where most are written so.
    #[default]
    Human,
    /// Mouse or rat, whose symbols are taken for the human genes of the same name. That is a guess: `H2-K1` has
    /// none.
    Mouse,
}

/// Whether a symbol has one capital in front and small letters behind, as those of mouse and rat.
pub(in crate::profile) fn is_title_case(id: &str) -> bool {
    let mut letters = id.trim().chars().filter(char::is_ascii_alphabetic);
    letters.next().is_some_and(|first| first.is_ascii_uppercase())
        && letters.clone().next().is_some()
        && letters.all(|letter| letter.is_ascii_lowercase())
}
