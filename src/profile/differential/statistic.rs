//! Which statistic of a table is the signature.

use super::columns::{ADJUSTED, Columns, ERRORS, LOG_FC, P_VALUES, SIGNED, UNSIGNED};
use super::gene_column::named;
use crate::profile::{ProfileError, Table};

/// A value a row, made of one or two columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Statistic {
    /// A column as it is.
    Column(usize),
    /// A log fold change as it is, for want of a statistic.
    LogFc(usize),
    /// An area under the ROC curve less a half.
    Auc(usize),
    /// The root of a statistic that is never negative, with the sign of the log fold change.
    Root { square: usize, sign: usize },
    /// A log fold change over its standard error.
    Ratio { difference: usize, error: usize },
    /// The normal quantile of a p-value, with the sign of the log fold change.
    SignedP { p: usize, sign: usize },
}

impl Statistic {
    /// The statistic that a user names, or the best that the columns hold.
    ///
    /// # Errors
    /// [`ProfileError::NoStatistic`], and [`ProfileError::MissingColumn`] for a name that is not there.
    pub(super) fn choose(
        table: &Table,
        columns: &Columns,
        asked: Option<&str>,
    ) -> Result<Self, ProfileError> {
        let sign = columns.first(&LOG_FC);
        if let Some(name) = asked {
            let column = named(table, name)?;
            let is_p = columns.is(column, &P_VALUES) || columns.is(column, &ADJUSTED);
            return Ok(match sign {
                Some(sign) if is_p => Self::SignedP { p: column, sign },
                Some(sign) if columns.is(column, &UNSIGNED) => Self::Root { square: column, sign },
                _ => Self::Column(column),
            });
        }
        Self::best(columns, sign).ok_or_else(|| unknown(table, columns))
    }

    fn best(columns: &Columns, sign: Option<usize>) -> Option<Self> {
        let first = |names: &[&str]| columns.first(names);
        let signed = || first(&SIGNED).map(Self::Column).or_else(|| first(&["myauc"]).map(Self::Auc));
        let root = || Some(Self::Root { square: first(&UNSIGNED)?, sign: sign? });
        let ratio = || Some(Self::Ratio { difference: sign?, error: first(&ERRORS)? });
        let p = || Some(Self::SignedP { p: first(&P_VALUES).or_else(|| first(&ADJUSTED))?, sign: sign? });
        let log_fc = || sign.map(Self::LogFc);
        signed().or_else(root).or_else(ratio).or_else(p).or_else(log_fc).or_else(|| lone(columns))
    }

    /// Its name in words.
    pub(super) fn in_words(self, table: &Table, tool: Option<&str>) -> String {
        let name = |column: usize| format!("`{}`", crate::profile::table::shown(&table.header()[column]));
        match self {
            Self::Column(column) => match (tool, table.header()[column].to_ascii_lowercase().as_str()) {
                (Some("DESeq2"), "stat") => "Wald statistic (`stat`)".to_owned(),
                (Some("limma or GEO2R"), "t") => "moderated t (`t`)".to_owned(),
                (Some("Scanpy"), "scores") => "z or t score (`scores`)".to_owned(),
                (_, "cd-coefficient") => format!("characteristic direction ({})", name(column)),
                _ => format!("values of {}", name(column)),
            },
            Self::LogFc(column) => format!("log fold change ({})", name(column)),
            Self::Auc(column) => format!("area under the ROC curve less a half ({} - 0.5)", name(column)),
            Self::Root { square, sign } => {
                format!("signed root (sign of {} times the root of {})", name(sign), name(square))
            }
            Self::Ratio { difference, error } => format!(
                "shrunken log fold change over its standard error ({} / {})",
                name(difference),
                name(error)
            ),
            Self::SignedP { p, sign } => format!(
                "signed p (sign of {} times the normal quantile of 1 - p/2, p from {})",
                name(sign),
                name(p)
            ),
        }
    }
}

/// The only column of numbers, as in ranked lists.
fn lone(columns: &Columns) -> Option<Statistic> {
    let mut places = columns.places();
    let only = places.next().filter(|_| places.next().is_none())?;
    let has_no_sign =
        [&P_VALUES[..], &ADJUSTED, &UNSIGNED, &["myauc"]].iter().any(|names| columns.is(only, names));
    (!has_no_sign).then_some(Statistic::Column(only))
}

fn unknown(table: &Table, columns: &Columns) -> ProfileError {
    let has_no_sign =
        [&P_VALUES[..], &ADJUSTED, &UNSIGNED].iter().any(|names| columns.first(names).is_some());
    let reason = if has_no_sign {
        "p-values and test statistics without a sign are no signature where no log fold change gives them one; add the log fold \
         change, or name the column of the statistic"
    } else {
        "it is not known which column is the statistic; name it"
    };
    without_statistic(table, columns, reason.to_owned())
}

/// An error that names the columns of numbers.
pub(super) fn without_statistic(table: &Table, columns: &Columns, reason: String) -> ProfileError {
    let name = |column: usize| format!("`{}`", crate::profile::table::shown(&table.header()[column]));
    let mut names: Vec<String> = columns.places().take(20).map(name).collect();
    if names.is_empty() {
        names.push("none".to_owned());
    }
    ProfileError::NoStatistic { path: table.path().to_owned(), reason, columns: names }
}
