//! Questions by results of differential expression.

use std::io::Write;
use std::path::Path;
use std::slice;

use l1kdb::profile::{DifferentialOptions, DifferentialProfile, ProfileMatrix};

use super::ask_network;
use super::printer::{Asked, Left, Printer};
use super::sets::gene_ids;
use crate::cli::args::{EngineArgs, QueryArgs};
use crate::cli::note;

/// Genes that are named at each end, so that a contrast the wrong way round is seen.
const SHOWN: usize = 3;

/// Asks with a result of differential expression: whether anything was found.
pub fn ask(
    file: &Path,
    mut printer: Printer,
    engine: &EngineArgs,
    out: &mut dyn Write,
) -> anyhow::Result<bool> {
    let read = DifferentialProfile::read(file, &options(printer.args)?)?;
    tell(&read);
    printer.genes = read.found();
    let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    if let Some(score) = printer.gene_space {
        let score = score.prepare(&read.values)?;
        printer.header(out)?;
        let asked = Asked::Scores(slice::from_ref(&score));
        return printer.answer(slice::from_ref(&name), asked, Left::Nothing, out);
    }
    // A gene that is missing counts as unchanged, which finds as much as any estimate of it.
    let values = read.values.iter().map(|value| if value.is_nan() { 0.0 } else { *value }).collect();
    ask_network(&printer, &ProfileMatrix::new(vec![name], values)?, engine, out)
}

fn options(args: &QueryArgs) -> anyhow::Result<DifferentialOptions> {
    let mut options = DifferentialOptions::default().ids(gene_ids(args)?);
    if let Some(column) = &args.stat_column {
        options = options.stat_column(column);
    }
    if let Some(contrast) = &args.contrast {
        options = options.contrast(contrast);
    }
    Ok(options)
}

/// Says what was read: the tool, the statistic, genes, and which of them are highest and lowest.
fn tell(read: &DifferentialProfile) {
    let path = read.path.display();
    let tool = read.tool.map(|tool| format!("a result of {tool}; ")).unwrap_or_default();
    note(&format!("note: {path}: {tool}{} is used", read.statistic));
    let (found, all) = (read.found(), read.universe.size());
    let column = match read.gene_column.as_str() {
        "" => "the column without a name".to_owned(),
        name => format!("column {name}"),
    };
    note(&format!("note: {path}: {found} of the {all} landmark genes, by {column}"));
    let shown = |genes: Vec<(&str, f32)>| {
        let shown = genes.into_iter().map(|(symbol, value)| format!("{symbol} {value:.2}"));
        shown.collect::<Vec<_>>().join(", ")
    };
    let (highest, lowest) = (shown(read.highest(SHOWN)), shown(read.lowest(SHOWN)));
    note(&format!("note: {path}: highest {highest}; lowest {lowest}"));
    read.report.notes().iter().for_each(|text| note(&format!("note: {path}: {text}")));
    read.warnings.iter().for_each(|text| note(&format!("warning: {path}: {text}")));
}
