//! What people read stays as it is until somebody means to change it: one table, one page of help, one page of a report.
//!
//! After a change that is meant, write the texts anew and look at the difference:
//!
//! ```text
//! INSTA_UPDATE=always cargo test --test it snapshots
//! git diff tests/it/snapshots
//! ```

use std::fs;
use std::process::Command;

use insta::{Settings, assert_snapshot};

use crate::cli_eval::own_files;
use crate::program::{l1kdb, out, text};
use crate::world::world;

/// Compares with `tests/it/snapshots/NAME.snap`.
fn assert_as_before(name: &str, found: &str) {
    let mut settings = Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| assert_snapshot!(name, found.replace(env!("CARGO_PKG_VERSION"), "VERSION")));
}

#[test]
fn a_table_of_hits_is_as_it_was() {
    let home = tempfile::tempdir().unwrap();
    let id = &world().profiles.ids()[3];
    let asked = ["query", text(&world().db), "--profiles", text(&world().files.profiles), "--id", id];
    let table = out(&l1kdb(home.path(), &[&asked[..], &["--top", "8"]].concat()));
    assert_as_before("hits", &table);
}

#[test]
fn the_help_of_a_query_is_as_it_was() {
    let help = Command::new(env!("CARGO_BIN_EXE_l1kdb"))
        .args(["query", "--help"])
        .env("COLUMNS", "100")
        .env("ORT_DISABLE_TELEMETRY", "1")
        .output()
        .unwrap();
    assert_as_before("help-of-query", &out(&help));
}

/// The page without its style and script, which are files of their own and tried in a browser. Its figures come from ranks, and
/// are printed with few digits: they are the same on every processor.
#[test]
fn a_page_of_an_evaluation_is_as_it_was() {
    let home = tempfile::tempdir().unwrap();
    own_files(home.path());
    let asked = ["eval", "retrieval", "--embeddings", "e.npy", "--labels", "table.tsv"];
    let more = ["--label", "pert_iname", "--bootstrap", "40", "--report", "page.html"];
    out(&l1kdb(home.path(), &[asked, more].concat()));
    let page = fs::read_to_string(home.path().join("page.html")).unwrap();
    assert_as_before("page-of-retrieval", &without(&without(&page, "style"), "script"));
}

/// A page without what stands in the elements of a name.
fn without(page: &str, element: &str) -> String {
    let (begin, end) = (format!("<{element}>"), format!("</{element}>"));
    let mut parts = page.split(&begin);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |kept, part| kept + &begin + &part[part.find(&end).unwrap_or_default()..])
}
