use std::io::Write;

use l1kdb::report::{
    comparison_page, read_results, write_comparison_json, write_comparison_table, write_comparison_tsv,
};

use super::source::{file_note, program};
use super::write_page;
use crate::cli::args::{CompareArgs, FormatArg};
use crate::cli::query::width;

/// `l1kdb eval compare`.
pub fn run(args: &CompareArgs, out: &mut dyn Write) -> anyhow::Result<bool> {
    let results = read_results(&args.files)?;
    let comparison = l1kdb::study::compare(&results, args.output.bootstrap, args.output.seed)?;
    match args.output.format {
        FormatArg::Table => write_comparison_table(out, &comparison, width())?,
        FormatArg::Tsv => write_comparison_tsv(out, &comparison)?,
        FormatArg::Json => write_comparison_json(out, &comparison)?,
    }
    if let Some(path) = &args.output.report {
        let mut provenance = program();
        provenance.files =
            args.files.iter().map(|file| file_note("result", file)).collect::<Result<_, _>>()?;
        write_page(path, &comparison_page(&comparison, &provenance))?;
    }
    Ok(true)
}
