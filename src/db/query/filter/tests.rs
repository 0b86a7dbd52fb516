//! The language of filters, without a database.

use proptest::prelude::*;

use super::ast::{Comparison, Filter, Test};
use super::error::FilterFault;
use super::number::{Column, Number};

/// The text of the filter that a text is read as.
fn read(text: &str) -> String {
    Filter::parse(text).unwrap_or_else(|error| panic!("{text}: {error}")).to_string()
}

#[test]
fn an_expression_is_read_as_it_is_meant() {
    for (text, expected) in [
        ("cell_id=MCF7", "cell_id = MCF7"),
        ("cell_id in (MCF7)", "cell_id = MCF7"),
        ("cell_id IN(MCF7,\"Jurkat, Clone E6-1\")", "cell_id in (MCF7, \"Jurkat, Clone E6-1\")"),
        ("cell_id != MCF7", "cell_id != MCF7"),
        ("not cell_id = MCF7", "cell_id != MCF7"),
        ("NOT cell_id in (MCF7, PC3)", "cell_id not in (MCF7, PC3)"),
        ("cell_id not in (MCF7, PC3)", "cell_id not in (MCF7, PC3)"),
        ("not not atc^=L", "atc ^= L"),
        ("(pert_dose<20)and(pert_time>6)", "pert_dose < 20 and pert_time > 6"),
        ("not atc ^= L", "not atc ^= L"),
        ("a = 1 or b = 2 and not c = 3", "a = 1 or b = 2 and c != 3"),
        ("(a = 1 or b = 2) and c = 3", "(a = 1 or b = 2) and c = 3"),
        ("not (a = 1 and b = 2)", "not (a = 1 and b = 2)"),
        ("not a = 1 and b = 2", "a != 1 and b = 2"),
        ("((a = 1) and (b = 2 AND (c = 3)))", "a = 1 and b = 2 and c = 3"),
        ("a = 1 or (b = 2 or c = 3)", "a = 1 or b = 2 or c = 3"),
        ("pert_time>=24.0  h", "pert_time >= 24 h"),
        ("pert_dose <= 10µM", "pert_dose <= 10 uM"),
        ("n_signatures > 3", "n_signatures > 3"),
        ("n_signatures in (3.0, 4)", "n_signatures in (3, 4)"),
        ("moa =  HDAC   inhibitor ", "moa = HDAC inhibitor"),
        ("moa = in vitro", "moa = in vitro"),
        ("moa = \"and\"", "moa = \"and\""),
        ("moa = \"needles\"", "moa = needles"),
        ("drug = \"(+)-JQ1\"", "drug = \"(+)-JQ1\""),
        ("drug = 5-(N,N)-x", ""),
        ("moa ~ \"say \"\"hi\"\"\"", "moa ~ \"say \"\"hi\"\"\""),
        ("drug = β-estradiol/5%:a.b+c!d", "drug = β-estradiol/5%:a.b+c!d"),
        ("\"odd key\" = 1", "\"odd key\" = 1"),
        ("moa = \"\"", "moa = \"\""),
        ("in = in", "in = in"),
    ] {
        match expected {
            "" => assert!(Filter::parse(text).is_err(), "{text}"),
            expected => assert_eq!(read(text), expected, "{text}"),
        }
    }
}

#[test]
fn constructors_make_what_is_read() {
    let made = Filter::any_of("cell_id", ["MCF7", "PC3"]).and(!Filter::begins_with("atc", "L"));
    let made = made.or(Filter::contains("moa", "kinase inhibitor"));
    let text = "cell_id in (MCF7, PC3) and not atc ^= L or moa ~ kinase inhibitor";
    assert_eq!((&made, made.to_string().as_str()), (&text.parse().unwrap(), text));
    assert_eq!(!!made.clone(), made);
}

#[test]
fn a_fault_is_told_with_its_column_and_the_way_out() {
    for (text, column, said) in [
        ("", 1, "expected a key, as in cell_id = MCF7, found the end"),
        ("   ", 1, "expected a key"),
        ("cell_id", 8, "expected an operator after cell_id, found the end"),
        ("= MCF7", 1, "expected a key, as in cell_id = MCF7, found `=`"),
        ("cell_id = ", 10, "expected a value"),
        ("cell_id = and", 11, "expected a value, between double quotes"),
        ("cell_id == MCF7", 10, "found `=`"),
        ("cell_id = MCF7 and", 19, "expected a key"),
        ("cell_id = MCF7, PC3", 15, "KEY in (V1, V2)"),
        ("cell_id in MCF7", 12, "expected an opening bracket"),
        ("cell_id in (MCF7", 12, "the bracket is not closed"),
        ("cell_id in (MCF7, )", 19, "expected a value"),
        ("cell_id in ()", 13, "expected a value"),
        ("cell_id in (MCF7 = PC3)", 18, "expected a comma or a closing bracket"),
        ("(cell_id = MCF7", 1, "the bracket is not closed"),
        ("cell_id = MCF7)", 15, "expected `and`, `or` or the end"),
        ("cell_id = MCF7 pert_time = 6", 16, "`and` or `or` is missing before pert_time"),
        ("cell_id = MCF7 not atc = L", 16, "expected `and`, `or` or the end; a value"),
        ("moa = sodium and calcium blocker", 26, "expected an operator after calcium, found `blocker`"),
        ("drug = JQ1 (+)", 12, "between double quotes"),
        ("cell_id = \"MCF7", 11, "the double quote is not closed"),
        ("cell_id = \"MCF7\" x", 18, "expected `and`, `or` or the end"),
        ("ä = ö and β", 12, "expected an operator after β"),
        ("cell_id < MCF7", 9, "cell_id holds texts"),
        ("pert_dose < much", 13, "pert_dose is compared with a dose such as"),
        ("pert_dose < 24 h", 13, "found 24 h"),
        ("pert_dose < 2 spoons", 13, "found 2 spoons"),
        ("pert_time >= 10 uM", 14, "a time such as 24, 24 h"),
        ("n_signatures >= three", 17, "a number such as 3"),
        ("n_signatures = three", 16, "a number such as 3"),
        ("nsample < 1e999", 11, "a number such as 3"),
        ("nsample < nan", 11, "a number such as 3"),
    ] {
        let error = Filter::parse(text).unwrap_err();
        assert_eq!(error.column, column, "{text}: {error}");
        assert!(error.to_string().contains(said), "{text}: {error}");
        assert!(!error.to_string().contains('\n') && error.text == text);
    }
}

#[test]
fn a_caret_stands_beneath_the_fault_in_however_long_a_text() {
    let long = format!("moa in ({}) and drug", "漢字, ".repeat(1000) + "x");
    for text in ["cell_id = MCF7 and ", "a = \u{1b}[31m )", &long] {
        let error = Filter::parse(text).unwrap_err();
        let [shown, caret] = error.pointed();
        assert!(shown.chars().count() <= 90 && !shown.contains('\u{1b}'), "{shown}");
        assert!(
            caret.trim_start() == "^" && crate::visible::columns(&shown) + 1 >= caret.len(),
            "{shown}\n{caret}"
        );
    }
}

#[test]
fn brackets_and_negations_have_a_depth() {
    for deep in ["(", "not "] {
        let fault = |count: usize| Filter::parse(&deep.repeat(count)).unwrap_err().fault;
        assert!(matches!(fault(100_000), FilterFault::TooDeep { .. }));
        assert!(matches!(fault(100), FilterFault::Expected { .. }));
    }
    assert!(Filter::parse(&vec!["a = 1"; 100_000].join(" and ")).is_ok());
}

#[test]
fn quantities_are_compared_in_one_unit() {
    let measured = |text: &str, column| Number::parse(text).and_then(|number| number.measured(column));
    for (a, b) in [("120 nM", "0.12 uM"), ("0.3 mM", "300"), ("1.1 nM", "0.0011"), ("7 nM", "0.007uM")] {
        assert_eq!(measured(a, Column::Dose), measured(b, Column::Dose), "{a} {b}");
    }
    assert_eq!(measured("90 min", Column::Time), measured("1.5", Column::Time));
    assert_eq!(measured("2 d", Column::Time), measured("48 h", Column::Time));
    assert_ne!(measured("1 %", Column::Dose), measured("1", Column::Dose));
    assert_eq!(measured("10 uM", Column::Plain), None);
}

/// Texts that need quotes, and texts that do not.
fn any_text() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("and".to_owned()),
        Just("Not".to_owned()),
        Just("in".to_owned()),
        "[a-c!^=<>~(),\" é/+-]{0,5}",
    ];
    prop::collection::vec(word, 1..4).prop_map(|words| words.join(" "))
}

fn any_filter() -> impl Strategy<Value = Filter> {
    let key = prop_oneof![Just("cell_id".to_owned()), any_text()];
    let number = prop_oneof![Just("3"), Just("-0.25"), Just("1e-7"), Just("1e300")];
    let comparison = prop_oneof![
        Just(Comparison::Less),
        Just(Comparison::AtMost),
        Just(Comparison::Greater),
        Just(Comparison::AtLeast)
    ];
    let clause = prop_oneof![
        (key.clone(), prop::collection::vec(any_text(), 1..4))
            .prop_map(|(key, values)| Filter::any_of(key, values)),
        (key.clone(), any_text()).prop_map(|(key, text)| Filter::begins_with(key, text)),
        (key, any_text()).prop_map(|(key, text)| Filter::contains(key, text)),
        (comparison, number).prop_map(|(comparison, number)| {
            Filter::of("pert_dose", Test::Compare(comparison, Number::parse(number).unwrap()))
        }),
    ];
    clause.prop_recursive(4, 20, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|filter| !filter),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| a.and(b)),
            (inner.clone(), inner).prop_map(|(a, b)| a.or(b)),
        ]
    })
}

proptest! {
    #[test]
    fn a_filter_is_written_as_a_text_that_is_read_as_it(filter in any_filter()) {
        let text = filter.to_string();
        prop_assert_eq!(Filter::parse(&text), Ok(filter), "{}", text);
    }

    #[test]
    fn every_text_is_a_filter_or_a_fault_within_it(text in "(cell_id|in|and|not|[a-c]|[0-9]|[!^=<>~(),\" é]){0,14}") {
        match Filter::parse(&text) {
            Ok(filter) => prop_assert_eq!(Filter::parse(&filter.to_string()), Ok(filter)),
            Err(error) => {
                prop_assert!((1..=text.chars().count() + 1).contains(&error.column));
                let [_, caret] = error.pointed();
                prop_assert_eq!(caret.trim_start(), "^");
            }
        }
    }
}
