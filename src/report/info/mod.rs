//! What a database is made of, and what would search it.

mod json;
mod table;

use std::io::{self, Write};

use crate::db::DbInfo;
use crate::embed::Engine;

/// What a database is made of, and the engine that would search it.
#[derive(Debug, Clone, Copy)]
pub struct InfoReport<'a> {
    info: &'a DbInfo,
    engine: &'a Engine,
}

impl<'a> InfoReport<'a> {
    /// Takes what a database says of itself, and an engine.
    pub fn new(info: &'a DbInfo, engine: &'a Engine) -> Self {
        Self { info, engine }
    }

    /// Writes one fact a line, for a person.
    ///
    /// # Errors
    /// When `out` refuses.
    pub fn write_table(&self, out: &mut dyn Write) -> io::Result<()> {
        table::write(out, self.info, self.engine)
    }

    /// Writes one object on one line.
    ///
    /// # Errors
    /// When `out` refuses.
    pub fn write_json(&self, out: &mut dyn Write) -> io::Result<()> {
        json::write(out, self.info, self.engine)
    }
}
