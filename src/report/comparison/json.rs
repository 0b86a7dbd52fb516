//! Several embeddings as one object, with a `schema` that names its form.

use std::io::{self, Write};

use crate::report::json::{joined, json, objects, write_object};
use crate::study::{Compared, Comparison};

const COMPARISON: &str = "l1kdb-eval-compare/1";

objects! {
    Comparison { label, level, split, drugs, positives, figures, embeddings, warnings }
    Compared { name, file, values, differences }
}

/// Writes a comparison: the fields of [`Comparison`], and `schema`.
pub(super) fn write(out: &mut dyn Write, comparison: &Comparison) -> io::Result<()> {
    write_object(out, &joined([json!(comparison), json!({ "schema": COMPARISON })]))
}
