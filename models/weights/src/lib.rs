//! The networks that l1kdb ships.
