//! One character for each of its variants.

/// Returns `text` in lower case, with one character for each of its variants: any dash is `-`, `±` and `∓` are `±`,
/// wide and small digits and signs are plain, Greek letters are spelled out, and what has no width is gone.
pub(super) fn folded(text: &str) -> Vec<char> {
    let mut plain = Vec::with_capacity(text.len());
    for lower in text.chars().map(narrow).flat_map(char::to_lowercase) {
        match lower {
            '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' => {}
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{207b}' | '\u{208b}' => {
                plain.push('-');
            }
            '\u{207a}' | '\u{208a}' | '\u{fe62}' => plain.push('+'),
            '∓' => plain.push('±'),
            c => match spelled_out(c) {
                Some(name) => plain.extend(name.chars()),
                None => plain.push(c),
            },
        }
    }
    plain
}

/// Wide forms, superscripts and subscripts as plain characters.
fn narrow(c: char) -> char {
    let shifted = |from: u32, to: char| char::from_u32(u32::from(c) - from + u32::from(to)).unwrap_or(c);
    match c {
        '\u{ff01}'..='\u{ff5e}' => shifted(0xff01, '!'),
        '\u{2080}'..='\u{2089}' => shifted(0x2080, '0'),
        '\u{2070}' | '\u{2074}'..='\u{2079}' => shifted(0x2070, '0'),
        '¹' => '1',
        '²' => '2',
        '³' => '3',
        _ => c,
    }
}

fn spelled_out(c: char) -> Option<&'static str> {
    Some(match c {
        'α' => "alpha",
        // The sharp s stands for beta in catalogues that had no Greek.
        'β' | 'ϐ' | 'ß' => "beta",
        'γ' => "gamma",
        'δ' => "delta",
        'ε' | 'ϵ' => "epsilon",
        'ζ' => "zeta",
        'η' => "eta",
        'θ' | 'ϑ' => "theta",
        'ι' => "iota",
        'κ' | 'ϰ' => "kappa",
        'λ' => "lambda",
        'μ' | 'µ' => "mu",
        'ν' => "nu",
        'ξ' => "xi",
        'ο' => "omicron",
        'π' | 'ϖ' => "pi",
        'ρ' | 'ϱ' => "rho",
        'σ' | 'ς' => "sigma",
        'τ' => "tau",
        'υ' => "upsilon",
        'φ' | 'ϕ' => "phi",
        'χ' => "chi",
        'ψ' => "psi",
        'ω' => "omega",
        _ => return None,
    })
}
