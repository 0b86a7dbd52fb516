use std::io::Write;

use l1kdb::eval::classification::{ClassOptions, LabelMode, Method, Validation};
use l1kdb::learn::{Metric, Sampling};
use l1kdb::report::ClassesReport;
use l1kdb::split::Split;
use l1kdb::study::{ClassProtocol, Study};

use super::{source, write};
use crate::cli::args::{ClassesArgs, ClassifierArg, EngineArgs, MetricArg, SamplingArg};
use crate::cli::note;
use crate::cli::progress::Bars;

/// Runs `l1kdb eval classes`.
pub fn run(args: &ClassesArgs, engine: &EngineArgs, out: &mut dyn Write) -> anyhow::Result<bool> {
    let study = source::read(&args.source, engine, args.label.as_ref())?;
    let protocol = protocol(args, &study)?;
    let warn = |warnings: &[String]| warnings.iter().for_each(|text| note(&format!("warning: {text}")));
    warn(&study.warnings);
    let bars = Bars::default();
    let found = study.classification(&protocol, &bars)?;
    warn(&found.warnings[study.warnings.len()..]);
    let provenance = source::provenance(&args.source, args.split.as_deref(), &study)?;
    let map = super::map(&study, &protocol.label, &args.output, &bars)?;
    write(&ClassesReport::of(&found, &provenance).map(map.as_ref()), &args.output, out)?;
    Ok(true)
}

fn protocol(args: &ClassesArgs, study: &Study) -> anyhow::Result<ClassProtocol> {
    let split = args.split.as_ref().map(|path| Split::load(path, &study.ids())).transpose()?;
    if let (Some(split), Some(path)) = (&split, &args.split)
        && split.design().repeats() > 1
    {
        let (path, repeats) = (path.display(), split.design().repeats());
        note(&format!("note: {path}: of its {repeats} repeats, the folds of the first are used"));
    }
    let label = study.class_label(args.label.as_ref());
    Ok(ClassProtocol::new(label, options(args)).split(split).repurposing(args.repurposing))
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
