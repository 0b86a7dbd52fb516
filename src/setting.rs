//! The error of every setting that is out of its range.

use std::fmt;

use thiserror::Error;

/// A setting that is out of its range.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{name} is {found}, expected {expected}")]
#[non_exhaustive]
pub struct SettingError {
    /// The name of the setting.
    pub name: &'static str,
    /// The value that it has.
    pub found: String,
    /// The values that it may have.
    pub expected: String,
}

impl SettingError {
    /// Names a setting, its value and the values that it may have.
    pub fn new(name: &'static str, found: impl fmt::Display, expected: impl Into<String>) -> Self {
        Self { name, found: found.to_string(), expected: expected.into() }
    }

    /// Refuses a value that does not fit.
    ///
    /// ```
    /// use l1kdb::SettingError;
    ///
    /// let check = |folds| SettingError::check("folds", folds, "at least 2", folds >= 2);
    /// assert!(check(5).is_ok());
    /// assert_eq!(check(1).unwrap_err().to_string(), "folds is 1, expected at least 2");
    /// ```
    ///
    /// # Errors
    /// [`SettingError`] unless `fits`.
    pub fn check(
        name: &'static str,
        found: impl fmt::Display,
        expected: impl Into<String>,
        fits: bool,
    ) -> Result<(), Self> {
        if fits { Ok(()) } else { Err(Self::new(name, found, expected)) }
    }

    /// A list as the value that was found.
    pub(crate) fn listed(values: &[impl fmt::Display]) -> String {
        let texts: Vec<String> = values.iter().map(ToString::to_string).collect();
        if texts.is_empty() { "empty".to_owned() } else { texts.join(", ") }
    }
}
