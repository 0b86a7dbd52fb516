//! Pages as files.

use std::path::Path;

use l1kdb::page::Page;
use l1kdb::profile::AtomicFile;

use super::note;

/// Writes a page, whole or not at all.
pub fn write_page(path: &Path, page: &Page) -> anyhow::Result<()> {
    let mut bytes = Vec::new();
    page.write(&mut bytes)?;
    let mut file = AtomicFile::create(path)?;
    file.put(&bytes)?;
    file.commit()?;
    note(&format!("note: wrote {}", path.display()));
    Ok(())
}
