//! Signs of optical rotation, distinguished from hyphens however they are written.

/// What a name is made of, in the order of the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece {
    /// A letter or a digit.
    Letter(char),
    /// A sign of optical rotation.
    Sign(Sign),
    /// A plus between two names.
    And,
    /// Anything else, but for the commas of thousands, which are nothing.
    Apart,
}

/// Which way a compound turns light.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sign {
    /// `(+)`.
    Plus,
    /// `(-)`.
    Minus,
    /// `(±)`, `(+/-)`, `(+|-)`: the mixture of both.
    Both,
}

impl Sign {
    /// As keys write it: plain characters, which are read as the same sign again.
    pub fn written(self) -> &'static str {
        match self {
            Self::Plus => "(+)",
            Self::Minus => "(-)",
            Self::Both => "(+-)",
        }
    }

    /// What these characters say, if they are a sign and nothing else.
    fn alone(characters: &[char]) -> Option<Self> {
        let part_of_sign = |c: &char| c.is_whitespace() || "+-±/|\\,;&".contains(*c);
        characters.iter().all(part_of_sign).then(|| Self::of(characters))?
    }

    fn of(characters: &[char]) -> Option<Self> {
        let has = |sign| characters.contains(&sign);
        match (has('+'), has('-')) {
            _ if has('±') => Some(Self::Both),
            (true, true) => Some(Self::Both),
            (true, false) => Some(Self::Plus),
            (false, true) => Some(Self::Minus),
            (false, false) => None,
        }
    }
}

/// Takes a folded name apart.
///
/// A hyphen is a minus sign between brackets only. A plus that is not in brackets is a sign before or after all
/// letters, and a mixture between them.
pub(super) fn pieces(name: &[char]) -> Vec<Piece> {
    let last = name.iter().rposition(|c| c.is_alphanumeric());
    let mut pieces = Vec::with_capacity(name.len());
    let mut begun = false;
    let mut at = 0;
    while at < name.len() {
        let rest = &name[at..];
        if rest[0].is_alphanumeric() {
            pieces.push(Piece::Letter(rest[0]));
            begun = true;
            at += 1;
        } else if let Some((found, length)) = bracketed(rest) {
            begun |= found.iter().any(|piece| matches!(piece, Piece::Letter(_)));
            pieces.extend(found);
            at += length;
        } else if is_opening(rest[0]) {
            pieces.push(Piece::Apart);
            at += 1;
        } else {
            let run = rest.iter().take_while(|c| !c.is_alphanumeric() && !is_opening(**c)).count();
            let ended = last.is_none_or(|last| last < at);
            if !is_thousands(name, at, run) {
                pieces.push(between(&rest[..run], begun, ended));
            }
            at += run;
        }
    }
    pieces
}

fn is_opening(c: char) -> bool {
    "([{".contains(c)
}

/// What the brackets that begin `rest` hold where a sign stands in them, alone or in a list such as `(R,+)`; and how much
/// of `rest` they take.
fn bracketed(rest: &[char]) -> Option<(Vec<Piece>, usize)> {
    let inner = rest.split_first().filter(|(first, _)| is_opening(**first))?.1;
    let end = inner.iter().position(|c| is_opening(*c) || ")]}".contains(*c))?;
    let content = &inner[..end];
    if is_opening(inner[end]) || !content.iter().any(|c| "+-±".contains(*c)) {
        return None;
    }
    let sign = |part: &[char]| Sign::alone(part).map(|sign| vec![Piece::Sign(sign), Piece::Apart]);
    let found = sign(content).or_else(|| {
        let parts: Vec<&[char]> = content.split(|c| ",;".contains(*c)).collect();
        let letters = |part: &[char]| [&[Piece::Apart], &pieces(part)[..], &[Piece::Apart]].concat();
        let signed = parts.iter().any(|part| Sign::alone(part).is_some());
        signed.then(|| parts.iter().flat_map(|part| sign(part).unwrap_or_else(|| letters(part))).collect())
    })?;
    Some((found, end + 2))
}

/// What stands between letters, brackets apart.
fn between(run: &[char], begun: bool, ended: bool) -> Piece {
    let plus = run.iter().position(|c| *c == '+');
    match plus {
        _ if run.contains(&'±') => Piece::Sign(Sign::Both),
        None => Piece::Apart,
        Some(_) if begun && !ended => Piece::And,
        // In `JQ1-+` the hyphen only joins, as it does in `JQ1-(+)`.
        Some(plus) => Piece::Sign(if run[plus..].contains(&'-') || run.contains(&'/') {
            Sign::of(run).unwrap_or(Sign::Plus)
        } else {
            Sign::Plus
        }),
    }
}

/// The longest number with commas that is looked for, in characters.
const LONGEST_NUMBER: usize = 16;

/// Whether the run at `at` is the comma of a number such as `55,212` or `1,250,000`: groups of three digits after one
/// to three. `1,25` and `2,3,114` are lists.
fn is_thousands(name: &[char], at: usize, run: usize) -> bool {
    if run != 1 || name[at] != ',' {
        return false;
    }
    let of_number = |c: &&char| c.is_ascii_digit() || **c == ',';
    let before = name[..at].iter().rev().take(LONGEST_NUMBER).take_while(of_number).count();
    let after = name[at..].iter().take(LONGEST_NUMBER).take_while(of_number).count();
    let groups: Vec<&[char]> = name[at - before..at + after].split(|c| *c == ',').collect();
    let whole = before < LONGEST_NUMBER && after < LONGEST_NUMBER;
    whole && (1..=3).contains(&groups[0].len()) && groups[1..].iter().all(|group| group.len() == 3)
}
