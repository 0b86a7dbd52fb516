use std::io::Write;

use l1kdb::report::{ComparisonReport, read_results};
use l1kdb::study::Comparison;

use super::write;
use crate::cli::args::CompareArgs;
use crate::cli::provenance::{file_note, program};

/// Runs `l1kdb eval compare`.
pub fn run(args: &CompareArgs, out: &mut dyn Write) -> anyhow::Result<bool> {
    let results = read_results(&args.files)?;
    let comparison = Comparison::of(&results, args.output.bootstrap, args.output.seed)?;
    let mut provenance = program();
    provenance.files = args.files.iter().map(|file| file_note("result", file)).collect::<Result<_, _>>()?;
    write(&ComparisonReport::new(&comparison, &provenance), &args.output, out)?;
    Ok(true)
}
