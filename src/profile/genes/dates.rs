//! Dates that spreadsheets made of symbols, such as `1-Mar` of MARCH1.
//!
//! Ziemann et al. 2016 (doi 10.1186/s13059-016-1044-7) found them in a fifth of the supplementary tables of papers.

/// Symbols that were lost to dates: their beginning, the month, and the numbers that follow it.
const LOST: [(&str, u32, &[u32]); 4] = [
    ("MARCH", 3, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
    ("MARC", 3, &[1, 2]),
    ("SEPT", 9, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14]),
    ("DEC", 12, &[1]),
];

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// The symbols that may have become the date `id`; nothing where it is no date.
pub(super) fn symbols(id: &str) -> Option<Vec<String>> {
    let (month, numbers) = date(id)?;
    let of = |&(start, of_month, lost): &(&str, u32, &[u32])| -> Vec<String> {
        let is_lost = |number: &&u32| of_month == month && lost.contains(number);
        numbers.iter().filter(is_lost).map(|number| format!("{start}{number}")).collect()
    };
    Some(LOST.iter().flat_map(of).collect())
}

/// The days of 2000 to 2029 as spreadsheets count them, from 1899-12-30 on.
pub(super) fn is_serial(number: u32) -> bool {
    (36_526..47_483).contains(&number)
}

/// The month, and the numbers that may have followed it in the symbol.
fn date(id: &str) -> Option<(u32, Vec<u32>)> {
    if let Ok(number) = id.parse::<u32>() {
        return is_serial(number).then(|| of_serial(number)).map(|(month, day)| (month, vec![day]));
    }
    let parts: Vec<&str> = id.split(['-', '/', ' ', '.']).collect();
    match parts[..] {
        [first, last] => named_month(first, last).or_else(|| named_month(last, first)),
        [day, month, year] if MONTHS.iter().any(|name| begins(month, name)) => {
            let (month, mut numbers) = named_month(month, day)?;
            number(year)?;
            numbers.dedup();
            Some((month, numbers))
        }
        [year, month, day] if year.len() == 4 => of_parts(number(year)?, number(month)?, number(day)?),
        _ => None,
    }
}

/// `2007-03-01` is the first of March, which MARCH1 became, or March of 2007, which MARCH7 became.
fn of_parts(year: u32, month: u32, day: u32) -> Option<(u32, Vec<u32>)> {
    let is_date = (1..=12).contains(&month) && (1..=31).contains(&day) && (1900..2100).contains(&year);
    let mut numbers = vec![day];
    if day == 1 && (2002..2032).contains(&year) {
        numbers.push(year - 2000);
    }
    is_date.then_some((month, numbers))
}

fn named_month(month: &str, day: &str) -> Option<(u32, Vec<u32>)> {
    let at = MONTHS.iter().position(|name| begins(month, name))?;
    let day = number(day).filter(|day| (1..=31).contains(day))?;
    Some((at as u32 + 1, vec![day]))
}

/// Whether a word is a month, whole or cut to three or four letters.
fn begins(word: &str, month: &str) -> bool {
    const WHOLE: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let word = word.to_ascii_lowercase();
    word.starts_with(month) && WHOLE.iter().any(|whole| whole.starts_with(&word))
}

fn number(text: &str) -> Option<u32> {
    let is_number = !text.is_empty() && text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_number)
}

/// Month and day of a serial number: the civil calendar in eras of 400 years that begin in March.
fn of_serial(serial: u32) -> (u32, u32) {
    let days = serial + 693_899;
    let day_of_era = days % 146_097;
    let year = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * day_of_year + 2) / 153;
    (if month < 10 { month + 3 } else { month - 9 }, day_of_year - (153 * month + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_lead_back_to_the_symbols_that_may_have_become_them() {
        for (id, expected) in [
            ("1-Mar", "MARCH1 MARC1"),
            ("Mar-01", "MARCH1 MARC1"),
            ("2001-03-01", "MARCH1 MARC1"),
            ("3-Mar", "MARCH3"),
            ("2-Sep", "SEPT2"),
            ("02-Sept", "SEPT2"),
            ("2021-09-07", "SEPT7"),
            ("2021/09/07", "SEPT7"),
            ("2002-09-01", "SEPT1 SEPT2"),
            ("1-Dec", "DEC1"),
            ("7-Sep-21", "SEPT7"),
            ("44256", "MARCH1 MARC1"),
            ("44446", "SEPT7"),
            ("4-Oct", ""),
        ] {
            assert_eq!(symbols(id).expect(id).join(" "), expected, "{id}");
        }
        for id in ["PSME1", "HLA-A", "5720", "1-2", "Mar-", "marker-1", "2001-13-01", "99999", "MAR1", ""] {
            assert_eq!(symbols(id), None, "{id}");
        }
    }
}
