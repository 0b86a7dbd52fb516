use std::io::Write;

use anyhow::bail;
use l1kdb::eval::classification::{
    ClassOptions, Confident, DrugClasses, LabelMode, Method, Validation, classify, repurposing,
};
use l1kdb::learn::{Metric, Sampling};
use l1kdb::page::Block;
use l1kdb::report::{
    classes_page, write_classes_json, write_classes_table, write_classes_tsv, write_repurposing_table,
    write_repurposing_tsv,
};
use l1kdb::split::Split;
use l1kdb::study::{EvalSet, Label, Level, leak_warning};

use super::source::{Source, file_note};
use super::{map, retrieval, write_page};
use crate::cli::args::{ClassesArgs, ClassifierArg, EngineArgs, FormatArg, MetricArg, SamplingArg};
use crate::cli::bars::Bars;
use crate::cli::note;
use crate::cli::query::width;

/// `l1kdb eval classes`.
pub fn run(args: &ClassesArgs, engine: &EngineArgs, out: &mut dyn Write) -> anyhow::Result<bool> {
    let mut source = Source::read(&args.source, engine, args.label.as_ref())?;
    let bars = Bars::default();
    let drugs = Drugs::new(&source, args)?;
    if let Some(path) = &args.split {
        let split = Split::load(path, &source.study.ids())?;
        source.study.warnings.extend(leak_warning(&source.study.rows, &split));
    }
    source.study.warnings.iter().for_each(|warning| note(&format!("warning: {warning}")));
    if let Some(path) = &args.split {
        source.provenance.files.push(file_note("split", path)?);
    }
    let options = options(args);
    let data = drugs.data(source.study.embedding.dim);
    let report = classify(&data, &options, &bars)?;
    let listed = args
        .repurposing
        .then(|| repurposing(&data, &for_repurposing(&options), Confident::default(), &bars))
        .transpose()?;
    match args.output.format {
        FormatArg::Table => {
            write_classes_table(out, &report, width())?;
            if let Some(listed) = &listed {
                writeln!(out)?;
                write_repurposing_table(out, listed, width())?;
            }
        }
        // Two tables of one file would be none: the list is asked for by itself.
        FormatArg::Tsv => match &listed {
            Some(listed) => write_repurposing_tsv(out, listed)?,
            None => write_classes_tsv(out, &report)?,
        },
        FormatArg::Json => {
            let warnings = &source.study.warnings;
            write_classes_json(out, &report, listed.as_ref(), warnings, &source.provenance)?;
        }
    }
    if let Some(path) = &args.output.report {
        let labels = source.study.labels(&label(args, &source))?;
        let map = map::of_drugs(&source.study, &labels, &source.names, &bars)?;
        let mut page = classes_page(&report, listed.as_ref(), &source.provenance, map.as_ref());
        if let Some(first) = page.sections.first_mut() {
            first.blocks.splice(0..0, source.study.warnings.iter().cloned().map(Block::Warning));
        }
        write_page(path, &page)?;
    }
    Ok(true)
}

fn label(args: &ClassesArgs, source: &Source) -> Label {
    match (&args.label, &source.study.column) {
        (None, None) => Label::Atc(1),
        (label, _) => retrieval::label(label.as_ref(), source),
    }
}

/// The drugs of a study, each by its mean embedding.
struct Drugs {
    embeddings: Vec<f32>,
    names: Vec<String>,
    classes: Vec<Vec<u32>>,
    class_names: Vec<String>,
    folds: Option<Vec<Option<u32>>>,
}

impl Drugs {
    fn new(source: &Source, args: &ClassesArgs) -> anyhow::Result<Self> {
        let study = &source.study;
        let labels = study.labels(&label(args, source))?;
        let (part, level) = study.drugs();
        let first = |members: &Vec<u32>| members[0] as usize;
        let shown = |members: &Vec<u32>| {
            let row = &study.rows[first(members)];
            if row.name.is_empty() { row.id.clone() } else { row.name.clone() }
        };
        Ok(Self {
            embeddings: part
                .values(&study.embedding, level == Level::Drug)
                .map_err(|error| error.placed(|row| study.place(row)))?,
            names: part.members.iter().map(shown).collect(),
            classes: part.members.iter().map(|members| labels.of_row[first(members)].clone()).collect(),
            folds: args.split.as_ref().map(|path| folds(path, source, &part)).transpose()?,
            class_names: labels.names,
        })
    }

    fn data(&self, dim: usize) -> DrugClasses<'_> {
        DrugClasses {
            embeddings: &self.embeddings,
            dim,
            drugs: &self.names,
            classes: &self.classes,
            names: &self.class_names,
            folds: self.folds.as_deref(),
        }
    }
}

/// The fold in which each drug is held out, by the first repeat of a split.
fn folds(path: &std::path::Path, source: &Source, part: &EvalSet) -> anyhow::Result<Vec<Option<u32>>> {
    let ids = source.study.ids();
    let split = Split::load(path, &ids)?;
    let repeats = split.design().repeats();
    if repeats > 1 {
        note(&format!("note: {}: of its {repeats} repeats, the folds of the first are used", path.display()));
    }
    let mut of_row = vec![None; ids.len()];
    for (number, fold) in (0..).zip(split.folds().filter(|fold| fold.repeat == 0)) {
        fold.held_out.iter().for_each(|&row| of_row[row] = Some(number));
    }
    let mut folds = Vec::new();
    for members in &part.members {
        let fold = of_row[members[0] as usize];
        if let Some(&row) = members.iter().find(|&&row| of_row[row as usize] != fold) {
            bail!(
                "{}: {} and {} are of one drug, but in two folds: split by drug, moa or scaffold",
                path.display(),
                ids[members[0] as usize],
                ids[row as usize]
            );
        }
        folds.push(fold);
    }
    Ok(folds)
}

fn options(args: &ClassesArgs) -> ClassOptions {
    let by_default = match args.classifier {
        ClassifierArg::Knn | ClassifierArg::Centroid => Validation::LeaveOneOut,
        _ => Validation::KFold { k: 5, repeats: args.repeats },
    };
    ClassOptions::new(method(args))
        .labels(if args.multi_label { LabelMode::Multi } else { LabelMode::SingleOnly })
        .top(args.top)
        .validation(args.folds.map_or(by_default, |k| Validation::KFold { k, repeats: args.repeats }))
        .sampling(match args.sampling {
            SamplingArg::AsIs => Sampling::AsIs,
            SamplingArg::Up => Sampling::Up,
            SamplingArg::Down => Sampling::Down,
        })
        .permutations(args.permutations)
        .bootstrap(args.output.bootstrap)
        .seed(args.output.seed)
}

fn method(args: &ClassesArgs) -> Method {
    let metric = |metric: &MetricArg| match metric {
        MetricArg::Cosine => Metric::Cosine,
        MetricArg::Euclid => Metric::Euclid,
        MetricArg::Canberra => Metric::Canberra,
        MetricArg::Correlation => Metric::Correlation,
    };
    match args.classifier {
        ClassifierArg::Knn => match Method::knn() {
            Method::Knn { k, metrics, .. } => Method::Knn {
                k: if args.k.is_empty() { k } else { args.k.clone() },
                metrics: if args.metric.is_empty() {
                    metrics
                } else {
                    args.metric.iter().map(metric).collect()
                },
                weighted: args.weighted,
            },
            other => other,
        },
        ClassifierArg::Svm => Method::svm(),
        ClassifierArg::Ann => Method::mlp(),
        ClassifierArg::Centroid => Method::Centroid,
        ClassifierArg::Cluster => Method::cluster(),
    }
}

/// The list has a protocol of its own: neighbours by cosine, five folds, ten times.
fn for_repurposing(options: &ClassOptions) -> ClassOptions {
    let ClassOptions { seed, top, permutations, .. } = *options;
    ClassOptions::for_repurposing().seed(seed).top(top).permutations(permutations)
}
