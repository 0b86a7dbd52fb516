//! What separates the fields of a text.

/// What separates the fields of a text file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Delimiter {
    #[default]
    Tab,
    Comma,
    /// From spreadsheets of countries that write decimal commas.
    Semicolon,
}

impl Delimiter {
    pub(super) const ALL: [Self; 3] = [Self::Tab, Self::Comma, Self::Semicolon];

    pub(super) fn byte(self) -> u8 {
        match self {
            Self::Tab => b'\t',
            Self::Comma => b',',
            Self::Semicolon => b';',
        }
    }

    /// Its name in messages.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Tab => "tabs",
            Self::Comma => "commas",
            Self::Semicolon => "semicolons",
        }
    }
}
