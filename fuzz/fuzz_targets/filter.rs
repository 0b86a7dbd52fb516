#![no_main]

use l1kdb::db::Filter;

libfuzzer_sys::fuzz_target!(|text: &str| match Filter::parse(text) {
    Ok(filter) => assert_eq!(Filter::parse(&filter.to_string()), Ok(filter)),
    Err(error) => {
        assert!((1..=text.chars().count() + 1).contains(&error.column));
        assert!(error.pointed()[1].ends_with('^') && !error.to_string().is_empty());
    }
});
