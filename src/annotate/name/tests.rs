use proptest::prelude::*;

use super::{StereoMarks, any_contradict, drug_key};

fn all_one(names: &[&str]) {
    for name in names {
        assert_eq!(drug_key(name), drug_key(names[0]), "{name} and {}", names[0]);
    }
}

fn all_apart(names: &[&str]) {
    for (at, one) in names.iter().enumerate() {
        for other in &names[at + 1..] {
            assert_ne!(drug_key(one), drug_key(other), "{one} and {other}");
        }
    }
}

#[test]
fn what_only_separates_words_does_not_matter() {
    all_one(&[
        "Trichostatin-A",
        "trichostatin a",
        "TRICHOSTATIN_A",
        " trichostatin  a ",
        "Trichostatin\u{2010}A",
        "trichostatin 'A'",
    ]);
    all_one(&["vitamin D3", "vitamin-D3", "Vitamin D-3", "VITAMIND3", "vitamin D\u{2083}"]);
    all_one(&["WIN 55,212-2", "WIN-55212-2", "win 55212 2"]);
    all_one(&["L-690,330", "L690330", "l 690,330"]);
    all_one(&["α-tocopherol", "alpha-tocopherol", "ALPHA tocopherol"]);
    all_one(&["17β-estradiol", "17beta-estradiol", "17ß-Estradiol"]);
    all_one(&["a name\u{200b}", "a name"]);
}

#[test]
fn names_that_differ_in_a_mark_are_apart_wherever_it_stands() {
    let marks = [
        "", "(+)-", "(-)-", "(±)-", "(R)-", "(S)-", "(RS)-", "(E)-", "(Z)-", "cis-", "trans-", "D-", "L-",
        "DL-", "α-", "β-", "γ-", "rac-", "ent-", "endo-", "exo-", "erythro-", "threo-", "(1S,3R)-",
        "(1R,3S)-", "n-", "iso-", "tert-", "sec-", "(R)-(+)-", "(S)-(-)-", "(S)-(+)-",
    ];
    let before: Vec<String> = marks.iter().map(|mark| format!("{mark}flurbal")).collect();
    let after: Vec<String> =
        marks.iter().map(|mark| format!("flurbal-{}", mark.trim_end_matches('-'))).collect();
    let within: Vec<String> = marks.iter().map(|mark| format!("2-{mark}flurbal acid")).collect();
    for names in [before, after, within] {
        all_apart(&names.iter().map(String::as_str).collect::<Vec<_>>());
    }
    all_apart(&["(R)-2-((S)-flurbal)", "(S)-2-((R)-flurbal)"]);
}

#[test]
fn a_sign_is_the_same_sign_however_and_wherever_it_is_written() {
    all_one(&[
        "(+)-JX1",
        "(+) JX1",
        "(+)JX1",
        "JX1-(+)",
        "JX1 (+)",
        "[+]-jx1",
        "( + )-JX1",
        "(＋)-JX1",
        "+JX1",
        "JX1-+",
        "（+）JX1",
    ]);
    all_one(&[
        "(-)-JX1",
        "(−)-JX1",
        "(‐)-JX1",
        "(–)-JX1",
        "(—)JX1",
        "JX1 (-)",
        "jx1-(−)",
        "{-}JX1",
        "(－)-JX1",
    ]);
    all_one(&[
        "(±)-JX1",
        "(+/-)-JX1",
        "(+|-)-JX1",
        "(+-)-JX1",
        "(-/+)-JX1",
        "(+/−)JX1",
        "( ± ) JX1",
        "±JX1",
        "+/-JX1",
        "JX1 (±)",
        "JX1-(+|-)",
        "(+,-)-JX1",
        "(∓)-JX1",
    ]);
    all_one(&["L-(-)-malic acid", "(-)-L-malic acid", "L(−)malic acid"]);
    all_one(&["(R,+)-JX1", "(R)-(+)-JX1", "(+)-(R)-JX1", "(+,R)-JX1"]);
}

#[test]
fn a_hyphen_that_is_not_in_brackets_is_no_sign() {
    all_one(&["JX1", "-JX1", "JX1-", "JX-1", "--JX1--", "−JX1", "JX1 –"]);
    all_apart(&["JX1", "(-)-JX1", "(+)-JX1", "+/-JX1"]);
}

#[test]
fn what_stands_between_numbers_keeps_them_apart() {
    all_apart(&["1,25-vitamin", "12,5-vitamin", "125-vitamin", "1,2,5-vitamin"]);
    all_apart(&["2,4-dinitrol", "24-dinitrol"]);
    all_one(&["1,25-vitamin", "1,25 Vitamin", "1, 25-vitamin"]);
    all_apart(&["1,234-x", "12,34-x", "123,4-x"]);
}

#[test]
fn a_mixture_is_none_of_its_parts() {
    all_one(&["lopinal + ritonal", "Lopinal+Ritonal", "lopinal +(+ritonal"]);
    all_apart(&["lopinal + ritonal", "lopinal", "lopinalritonal", "(+)-lopinalritonal"]);
}

#[test]
fn a_name_of_signs_only_is_still_a_name() {
    assert_eq!(drug_key(" ??"), "??");
    assert_eq!(drug_key("(+)"), "(+)");
}

#[test]
fn keys_of_tables_that_keep_letters_and_digits_only_are_themselves() {
    for key in [
        "125dihydroxyvitamind3",
        "r12propanediol",
        "10alpha13alpha14beta17alpha17hydroxyandrost4en3one",
        "l690330",
    ] {
        assert_eq!(drug_key(key), key);
    }
}

#[test]
fn a_long_name_takes_time_by_its_length_only() {
    let name = "1,".repeat(500_000) + &"(".repeat(500_000) + &"+-".repeat(500_000);
    assert!(drug_key(&name).starts_with("(+-)1-1-1"));
    assert!(!StereoMarks::of(&name).is_empty());
}

#[test]
fn names_contradict_each_other_where_only_their_marks_differ() {
    let contradict = |one: &str, other: &str| StereoMarks::of(one).contradict(&StereoMarks::of(other));
    for (one, other) in [
        ("(+)-JX1", "JX1-(-)"),
        ("(R)-x", "(S)-x"),
        ("(±)-x", "(+)-x"),
        ("cis-x", "trans-x"),
        ("D-x", "L-x"),
        ("17α-x", "17beta-x"),
        ("(1S,3R)-x", "(1R,3S)-x"),
        ("(S)-(-)-Bay K 8644", "(R)-(+)-Bay-K 8644"),
        ("(E)-x", "(Z)-x"),
        ("rac-x", "ent-x"),
    ] {
        assert!(contradict(one, other) && contradict(other, one), "{one} and {other}");
    }
    for (one, other) in
        [("(+)-JX1", "JX1"), ("(+)-JX1", "(S)-JX1"), ("(+)-JX1", "(-)-JX2"), ("vitamin D", "vitamin E")]
    {
        assert!(!contradict(one, other) && !contradict(other, one), "{one} and {other}");
    }
    let marks = ["(+)-JX1", "JX1", "other", "(-)-JX1"].map(StereoMarks::of);
    assert!(any_contradict(&marks) && !any_contradict(&marks[..3]));
}

proptest! {
    #[test]
    fn the_key_of_a_key_is_itself(name in "\\PC{0,24}", odd in "[-+±(){}\\[\\],.'/| aA1β𝛼₂İßσΣ]{0,24}") {
        for text in [name, odd] {
            let key = drug_key(&text);
            prop_assert_eq!(drug_key(&key), key.clone(), "{:?}", text);
        }
    }

    #[test]
    fn plain_names_have_the_same_key_the_short_way(name in "[ -~]{0,24}") {
        let plain: String = name.chars().filter(|c| !"+,([{".contains(*c)).collect();
        prop_assert_eq!(super::key_of_words(&plain), super::key_of_pieces(&plain), "{:?}", plain);
    }

    #[test]
    fn case_and_hyphens_never_matter_and_signs_always_do(word in "[a-z]{2,8}", other in "[a-z]{2,8}") {
        let plain = format!("{word} {other}");
        prop_assert_eq!(drug_key(&plain), drug_key(&format!("{}-{}", word.to_uppercase(), other)));
        let keys: std::collections::BTreeSet<String> =
            ["", "(+)-", "(-)-", "(±)-"].iter().map(|sign| drug_key(&format!("{sign}{plain}"))).collect();
        prop_assert_eq!(keys.len(), 4);
    }
}
