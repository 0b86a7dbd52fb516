//! The card of a trained network: what it was made from, how, and how well it does, with the baselines beside it.

use std::path::Path;

use l1kdb::embed::{CARD_FORMAT, Card};
use l1kdb::eval::SameLabel;
use l1kdb::profile::GeneSpace;
use toml::{Table, Value};

use crate::assess::{Figures, Stratum};
use crate::dataset::Files;
use crate::evaluate::{Outcome, Protocol};
use crate::recipe::{Duration, Scale, Start};
use crate::{Dataset, Recipe};

/// What a card says that no computation knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labels {
    /// Short name, `[a-z0-9-]`.
    pub name: String,
    /// Licence of the weights.
    pub licence: String,
    /// Where the data come from.
    pub source: String,
    /// What else a reader of the figures should know.
    pub note: Option<String>,
}

/// The card of `outcome`, whose `model.onnx` has the bytes `onnx`.
pub fn card(
    labels: &Labels,
    files: &Files,
    dataset: &Dataset,
    recipe: &Recipe,
    protocol: Protocol,
    outcome: &Outcome,
    onnx: &[u8],
) -> Card {
    let shape = outcome.trained.net.shape;
    Card {
        format: CARD_FORMAT,
        name: labels.name.clone(),
        architecture: "densenet".to_owned(),
        parameters: shape.parameters() as u64,
        dimension: shape.dimension,
        gene_space: GeneSpace::landmarks().digest().to_owned(),
        onnx: Some(Card::digest(onnx)),
        licence: labels.licence.clone(),
        source: labels.source.clone(),
        data: data(files, dataset),
        split: split(recipe, protocol, outcome),
        metrics: outcome
            .figures
            .as_ref()
            .map(|figures| metrics(figures, protocol, outcome))
            .unwrap_or_default(),
        training: noted(training(recipe, outcome), labels.note.as_deref()),
    }
}

fn table<const N: usize>(entries: [(&str, Value); N]) -> Table {
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

fn count(number: usize) -> Value {
    Value::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}

/// Four digits, which is finer than any of these figures is known.
fn share(number: f64) -> Value {
    Value::Float((number * 1e4).round() / 1e4)
}

fn setting(number: f32) -> Value {
    // Through the shortest decimal text, so that 0.3 is not written as 0.30000001192092896.
    Value::Float(number.to_string().parse().unwrap_or(f64::from(number)))
}

fn data(files: &Files, dataset: &Dataset) -> Table {
    let name = |path: &Path| Value::from(path.file_name().unwrap_or_default().to_string_lossy().into_owned());
    let sizes = dataset.drug_sizes();
    let mut data = table([
        ("profiles", name(&files.profiles)),
        ("sig_info", name(&files.sig_info)),
        ("signatures", count(dataset.len())),
        ("drugs", count(sizes.len())),
        ("drugs_with_several_signatures", count(sizes.iter().filter(|&&size| size > 1).count())),
    ]);
    data.extend(files.pert_info.as_deref().map(|path| ("pert_info".to_owned(), name(path))));
    data
}

fn split(recipe: &Recipe, protocol: Protocol, outcome: &Outcome) -> Table {
    let mut split = table([
        ("rule", "by drug: no drug on both sides".into()),
        ("seed", Value::Integer(recipe.seed.cast_signed())),
        ("training_signatures", count(outcome.train_rows.len())),
        ("training_drugs", count(outcome.trained.classes)),
    ]);
    match protocol {
        Protocol::HoldOut { .. } => split.extend(table([("held_out_drugs", count(outcome.held_out_drugs))])),
        Protocol::CrossValidation { folds, repeats } => split.extend(table([
            ("folds", count(folds)),
            ("repeats", count(repeats)),
            ("note", "figures are of networks of the same recipe, each on drugs it had not seen; this network was \
                      trained on all drugs afterwards".into()),
        ])),
    }
    split
}

fn metrics(figures: &Figures, protocol: Protocol, outcome: &Outcome) -> Table {
    let mut metrics = table([
        ("what", "same-drug retrieval among held-out drugs, cosine, query left out; pooled over pairs unless macro".into()),
        ("embedding", Value::Table(retrieval(&figures.embedding))),
        ("raw_cosine", Value::Table(retrieval(&figures.raw_cosine))),
        ("permuted_labels", Value::Table(retrieval(&figures.permuted))),
    ]);
    let strata = [("same_cell", figures.same_cell), ("other_cell", figures.other_cell)];
    for (name, stratum) in strata {
        metrics.extend(stratum.map(|stratum| (name.to_owned(), Value::Table(stratum_table(stratum)))));
    }
    if let Protocol::CrossValidation { .. } = protocol {
        let aucs = outcome.auc_by_repeat.iter().map(|&auc| share(auc)).collect();
        metrics.insert("auc_quantile_by_repeat".to_owned(), Value::Array(aucs));
    }
    metrics
}

fn stratum_table(stratum: Stratum) -> Table {
    table([("auc_quantile", share(stratum.auc_quantile)), ("positives", count(stratum.positives))])
}

fn retrieval(report: &SameLabel) -> Table {
    let recall: Table = report.recall.iter().map(|&(x, recall)| (x.to_string(), share(recall))).collect();
    table([
        ("auc_quantile", share(report.auc_quantile)),
        ("macro_auc", share(report.macro_auc)),
        ("median_q", share(report.median_q)),
        ("mean_query_median_q", share(report.mean_query_median_q)),
        ("queries", count(report.queries)),
        ("positives", count(report.positives)),
        ("negatives_mean", Value::Float(report.negatives_mean.round())),
        ("recall", Value::Table(recall)),
    ])
}

fn noted(mut training: Table, note: Option<&str>) -> Table {
    training.extend(note.map(|note| ("note".to_owned(), note.into())));
    training
}

fn training(recipe: &Recipe, outcome: &Outcome) -> Table {
    let shape = outcome.trained.net.shape;
    let mut training = table([
        ("program", concat!("l1kdb-train ", env!("CARGO_PKG_VERSION")).into()),
        ("preset", recipe.preset.into()),
        ("depth", count(shape.depth)),
        ("growth", count(shape.growth)),
        ("hidden_weights", count(shape.hidden_weights())),
        ("batch", count(recipe.batch)),
        ("learning_rate", Value::Float(recipe.learning_rate)),
        ("learning_rate_decay", if recipe.decay { "cosine" } else { "none" }.into()),
        ("weight_decay", setting(recipe.weight_decay)),
        ("margin", setting(recipe.margin)),
        ("margin_warm_up", setting(recipe.margin_warm_up)),
        ("noise", setting(recipe.noise)),
        ("class_scale", setting(recipe.class_scale)),
        (
            "gene_scale",
            match recipe.scale {
                Scale::Gene => "per gene",
                Scale::Common => "common",
            }
            .into(),
        ),
        ("seed", Value::Integer(recipe.seed.cast_signed())),
        ("final_loss", share(f64::from(outcome.trained.loss))),
    ]);
    training.extend(match recipe.duration {
        Duration::Epochs(epochs) => table([("epochs", count(epochs))]),
        Duration::Steps(steps) => table([("steps", count(steps))]),
    });
    training.extend(recipe.clip.map(|clip| ("clip".to_owned(), setting(clip))));
    if let Start::Discriminant { shrinkage, hidden } = recipe.start {
        training.extend(table([
            ("start", "discriminant".into()),
            ("shrinkage", setting(shrinkage)),
            ("hidden", setting(hidden)),
        ]));
    }
    training
}
