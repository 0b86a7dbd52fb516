//! Questions by results of differential expression.

use std::io::Write;
use std::path::Path;

use l1kdb::profile::{DifferentialOptions, DifferentialProfile, Universe};
use l1kdb::question::Question;

use super::Asker;
use super::genes::gene_ids;
use crate::cli::args::{EngineArgs, QuestionArgs};
use crate::cli::note;

/// Genes that are named at each end, so that a contrast the wrong way round is seen.
const SHOWN: usize = 3;

/// Asks with a result of differential expression.
pub fn ask(
    file: &Path,
    args: &QuestionArgs,
    asker: &mut dyn Asker,
    engine: &EngineArgs,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let read = DifferentialProfile::read(file, &options(args, asker.universe())?)?;
    tell(&read);
    asker.note_doubts(&read.warnings);
    asker.load_network(engine)?;
    asker.put(&Question::from(&read), out)?;
    asker.note_engine();
    Ok(())
}

fn options(args: &QuestionArgs, universe: Universe) -> anyhow::Result<DifferentialOptions> {
    let mut options = DifferentialOptions::default().ids(gene_ids(args)?).universe(universe);
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
    note(&format!("note: {path}: {found} of the {all} {}, by {column}", read.universe));
    let shown = |genes: Vec<(&str, f32)>| {
        let shown = genes.into_iter().map(|(symbol, value)| format!("{symbol} {value:.2}"));
        shown.collect::<Vec<_>>().join(", ")
    };
    let (highest, lowest) = (shown(read.highest(SHOWN)), shown(read.lowest(SHOWN)));
    note(&format!("note: {path}: highest {highest}; lowest {lowest}"));
    read.report.notes().iter().for_each(|text| note(&format!("note: {path}: {text}")));
    read.warnings.iter().for_each(|text| note(&format!("warning: {path}: {text}")));
}
