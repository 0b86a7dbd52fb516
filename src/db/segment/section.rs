//! The names of a segment's sections, and what is wrong with one.

/// A section, known by the four letters of its kind. All but the vectors are this crate's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::db) enum Section {
    /// The embeddings, which `l1kdb-index` keeps.
    Vectors,
    /// Signature records.
    Signatures,
    /// Rows by the hash of their `sig_id`.
    SigIds,
    /// The drug of each row.
    DrugOfRow,
    /// The rows of each drug.
    RowsOfDrug,
    /// Drug records.
    Drugs,
    /// Rows by the values they have.
    Filters,
    /// Names of ATC classes.
    AtcNames,
    /// The profiles themselves.
    Profiles,
}

impl Section {
    /// Returns the four letters.
    pub fn name(self) -> &'static str {
        match self {
            Self::Vectors => "VECS",
            Self::Signatures => "ROWS",
            Self::SigIds => "SIDS",
            Self::DrugOfRow => "DROW",
            Self::RowsOfDrug => "DPTR",
            Self::Drugs => "DRGS",
            Self::Filters => "FILT",
            Self::AtcNames => "ATCN",
            Self::Profiles => "GENE",
        }
    }

    /// Returns the four letters as `l1kdb-index` takes them.
    pub fn kind(self) -> [u8; 4] {
        *self.name().as_bytes().first_chunk().expect("a name has four letters")
    }

    /// Returns the fault of this section.
    pub fn fault(self, what: impl Into<String>) -> Fault {
        Fault { section: self, what: what.into() }
    }

    /// Checks a number of entries.
    pub fn expect(self, entries: &str, expected: usize, found: usize) -> Result<(), Fault> {
        if expected == found {
            return Ok(());
        }
        Err(self.fault(format!("expected {expected} {entries}, found {found}")))
    }
}

/// What is wrong with a section. The segment it is in puts its path to it.
#[derive(Debug)]
pub(in crate::db) struct Fault {
    pub section: Section,
    pub what: String,
}

#[cfg(test)]
mod tests {
    use super::Section;

    #[test]
    fn a_kind_is_the_four_letters_of_the_name() {
        assert_eq!(Section::RowsOfDrug.kind(), *b"DPTR");
    }
}
