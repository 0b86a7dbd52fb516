//! Questions to a matrix file, as the options say to ask.

use std::path::Path;

use l1kdb::annotate::{AtcNames, DrugAtc};
use l1kdb::db::Filter;
use l1kdb::profile::{PerturbagenTable, SignatureTable, Universe};
use l1kdb::question::{AskMatrix, GenesAsked, Overviews, Question, QuestionError, Scores};
use l1kdb::report::{By, Hits, Provenance};
use l1kdb::scan::{ReferenceMatrix, ScanOptions};

use super::target::{Batch, Target, filter, note_nothing};
use crate::cli::args::{ByArg, QueryArgs};
use crate::cli::note;
use crate::cli::progress::Bars;
use crate::cli::question::gene_ids;

/// Queries that are asked together: the file is read again for the next.
const TOGETHER: usize = 1 << 14;

/// A matrix file with what is asked of it.
pub(super) struct Against<'a> {
    matrix: ReferenceMatrix,
    args: &'a QueryArgs,
    filter: Option<Filter>,
    by: By,
    bars: Bars,
}

impl<'a> Against<'a> {
    /// Opens the file, and says what was found in it.
    pub fn open(file: &Path, args: &'a QueryArgs) -> anyhow::Result<Self> {
        let matrix = ReferenceMatrix::open(file, &options(args)?)?;
        let path = file.display();
        matrix.report().notes().iter().for_each(|text| note(&format!("note: {path}: {text}")));
        let filter = filter(args, |text| matrix.parse_filter(text))?;
        let by = match args.by {
            Some(ByArg::Drug) => By::Drug,
            Some(ByArg::Signature) => By::Signature,
            Some(ByArg::Class) => By::Class,
            None if matrix.drugs().is_ok() => By::Drug,
            None => {
                note(&format!(
                    "note: {path}: nothing tells the drugs of its signatures, so signatures are ranked"
                ));
                By::Signature
            }
        };
        let mut against = Self { matrix, args, filter, by, bars: Bars::default() };
        against.ask().check(args.question.is_of_sets())?;
        Ok(against)
    }

    fn ask(&mut self) -> AskMatrix<'_> {
        let args = self.args;
        let mut ask = AskMatrix::new(&mut self.matrix).top(args.top).score(args.score.into());
        ask = ask.progress(&self.bars);
        if let Some(by) = args.score_by {
            ask = ask.score_by(by.into());
        }
        if args.reverse {
            ask = ask.reverse();
        }
        if args.exclude_self {
            ask = ask.exclude_self();
        }
        match &self.filter {
            Some(filter) => ask.filter(filter.clone()),
            None => ask,
        }
    }
}

impl Target for Against<'_> {
    fn universe(&self) -> Universe {
        Universe::All
    }

    fn is_in_gene_space(&self) -> bool {
        true
    }

    fn most_together(&self) -> usize {
        TOGETHER
    }

    fn atc_names(&self) -> anyhow::Result<AtcNames> {
        let names = self.args.drugs.atc_names.as_ref().map(AtcNames::read).transpose()?;
        Ok(names.unwrap_or_default())
    }

    fn by(&self) -> By {
        self.by
    }

    fn further(&self) -> anyhow::Result<Vec<&'static str>> {
        Ok(AskMatrix::further(self.args.score_by.map(Into::into)))
    }

    fn answers(&mut self, question: &Question) -> anyhow::Result<Batch> {
        let batch = match self.by {
            By::Drug => Batch::new(self.ask().drugs(question)?, Hits::Drugs),
            By::Signature => Batch::new(self.ask().signatures(question)?, Hits::Signatures),
            By::Class => Err(QuestionError::OnlyOfDatabase)?,
        };
        let unscored = &self.matrix.report().without_score;
        if unscored.count > 0 {
            note(&format!(
                "note: signatures without a score, since values that count are missing, infinite or all 0: {unscored}"
            ));
        }
        Ok(batch)
    }

    fn overviews(&mut self, _: &Question, _: usize) -> anyhow::Result<Overviews> {
        Err(QuestionError::OnlyOfDatabase)?
    }

    fn provenance(&self) -> anyhow::Result<Provenance> {
        Ok(Provenance::default())
    }

    fn scores(&mut self, question: &Question) -> anyhow::Result<Scores> {
        match self.by {
            By::Drug | By::Class => Ok(Err(QuestionError::OnlyOfSignatures)?),
            By::Signature => Ok(self.ask().signature_scores(question)?),
        }
    }

    fn title(&self, query: &str, genes: Option<GenesAsked>, _: Option<&str>) -> anyhow::Result<String> {
        let (report, filters) = (self.matrix.report(), self.args.filters_in_title());
        let drugs = match report.drugs {
            0 => String::new(),
            drugs => format!(" of {drugs} drugs"),
        };
        let by = AskMatrix::description(self.args.score_by.map(Into::into), self.args.reverse, genes);
        let (signatures, file) = (report.signatures, report.path.display());
        Ok(format!("{query} against {signatures} signatures{drugs} in {file}{filters}; {by}"))
    }

    fn note_nothing_left(&self) -> anyhow::Result<()> {
        let Some(filter) = &self.filter else { return Ok(()) };
        note_nothing(&self.matrix.filter_steps(filter)?);
        Ok(())
    }
}

fn options(args: &QueryArgs) -> anyhow::Result<ScanOptions> {
    let mut options =
        ScanOptions::default().gene_ids(gene_ids(&args.question)?).keep_controls(args.keep_controls);
    if let Some(file) = &args.sig_info {
        options = options.signatures(SignatureTable::read(file)?);
    }
    if let Some(file) = &args.drugs.pert_info {
        options = options.perturbagens(PerturbagenTable::read(file)?);
    }
    if let Some(file) = &args.drugs.atc {
        options = options.atc(DrugAtc::read(file)?);
    }
    Ok(options)
}
