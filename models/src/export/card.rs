//! The card of a trained network: what it was made from, how, and how well it does, with the baselines beside it.

use l1kdb::embed::Card;
use l1kdb::profile::GeneSpace;
use l1kdb::split::{Design, KFold, Split};
use l1kdb::study::{MethodOutcome, Outcome, Stratum};
use toml::{Table, Value};

use crate::fit::Fitted;
use crate::network::Architecture;
use crate::train::{History, Recipe};

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

/// Returns the card of `fitted`, whose `model.onnx` has the bytes `onnx`; `data` describes what it was trained on.
pub fn card(
    labels: &Labels,
    data: Table,
    recipe: &Recipe,
    by: Option<&Split>,
    fitted: &Fitted,
    onnx: &[u8],
) -> Card {
    let network = &fitted.trained.network;
    Card {
        format: Card::FORMAT,
        name: labels.name.clone(),
        architecture: architecture(network.architecture).to_owned(),
        parameters: network.architecture.parameters() as u64,
        dim: network.architecture.dim(),
        gene_space: GeneSpace::landmarks().digest().to_owned(),
        onnx: Some(Card::digest(onnx)),
        licence: labels.licence.clone(),
        source: labels.source.clone(),
        data,
        split: split(recipe, by, fitted),
        metrics: metrics(&fitted.methods),
        training: noted(training(recipe, fitted), labels.note.as_deref()),
    }
}

/// Returns the architecture's name in the card.
pub fn architecture(architecture: Architecture) -> &'static str {
    match architecture {
        Architecture::Dense(net) if net.depth == 0 => "linear",
        Architecture::Dense(_) => "densenet",
        Architecture::Layered(_) => "layered",
    }
}

pub(crate) fn table<const N: usize>(entries: [(&str, Value); N]) -> Table {
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

pub(crate) fn count(number: usize) -> Value {
    Value::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}

/// Four digits, which is finer than any of these figures is known.
fn share(number: f64) -> Value {
    Value::Float((number * 1e4).round() / 1e4)
}

fn split(recipe: &Recipe, by: Option<&Split>, fitted: &Fitted) -> Table {
    let history = &fitted.trained.history;
    let mut split = table([
        ("rule", "by drug: no drug on both sides".into()),
        ("seed", Value::Integer(recipe.seed.cast_signed())),
        ("training_signatures", count(history.signatures)),
        ("training_drugs", count(history.drugs)),
        ("training_drugs_with_one_signature", count(history.single_drugs)),
        ("validation_signatures", count(history.validation_signatures)),
        ("held_out_drugs", count(fitted.held_out_drugs)),
    ]);
    if let Some(Design::KFold(KFold { folds, repeats })) = by.map(Split::design) {
        split.extend(table([
            ("folds", count(folds)),
            ("repeats", count(repeats)),
            ("note", "figures are of networks of the same recipe, each on drugs it had not seen; this network was \
                      trained on all drugs afterwards".into()),
        ]));
    }
    split
}

/// One table a method, under a key made of its name.
fn metrics(methods: &[MethodOutcome]) -> Table {
    if methods.is_empty() {
        return Table::new();
    }
    let what =
        "same-drug retrieval among held-out drugs, cosine, query left out; pooled over pairs unless macro";
    let mut metrics = table([("what", what.into())]);
    for method in methods {
        metrics.insert(key(&method.name), Value::Table(figures(method)));
    }
    metrics
}

/// The name of a method as a key: the first letters and digits of it, joined by `_`.
fn key(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join("_")
}

fn figures(method: &MethodOutcome) -> Table {
    let mut figures = retrieval(&method.pooled);
    for (name, stratum) in ["same_cell", "other_cell"].into_iter().zip(method.pooled.by_cell_line()) {
        figures.extend(stratum.map(|stratum| (name.to_owned(), Value::Table(stratum_table(stratum)))));
    }
    if method.by_repeat.len() > 1 {
        let aucs = method.by_repeat.iter().map(|outcome| share(outcome.micro.auc_quantile)).collect();
        figures.insert("auc_quantile_by_repeat".to_owned(), Value::Array(aucs));
    }
    figures
}

fn stratum_table(stratum: &Stratum) -> Table {
    let positives = count(stratum.positives as usize);
    table([("auc_quantile", share(stratum.auc_quantile)), ("positives", positives)])
}

fn retrieval(outcome: &Outcome) -> Table {
    let recall: Table = outcome.resolved_recall().map(|(x, recall)| (x.to_string(), share(recall))).collect();
    table([
        ("auc_quantile", share(outcome.micro.auc_quantile)),
        ("macro_auc", share(outcome.per_label.auc_quantile)),
        ("median_q", share(outcome.micro.median_q)),
        ("mean_query_median_q", share(outcome.mean_query_median_q)),
        ("queries", count(outcome.queries as usize)),
        ("drugs", count(outcome.labels)),
        ("positives", count(outcome.positives as usize)),
        ("negatives_mean", Value::Float(outcome.negatives_mean.round())),
        ("recall", Value::Table(recall)),
    ])
}

fn noted(mut training: Table, note: Option<&str>) -> Table {
    training.extend(note.map(|note| ("note".to_owned(), note.into())));
    training
}

fn training(recipe: &Recipe, fitted: &Fitted) -> Table {
    let architecture = fitted.trained.network.architecture;
    let mut training = table([
        ("program", concat!("l1kdb-train ", env!("CARGO_PKG_VERSION")).into()),
        ("hidden_weights", count(architecture.hidden_weights())),
        ("recipe", Value::Table(readable(recipe))),
    ]);
    training.extend(progress(&fitted.trained.history));
    training
}

/// The recipe without the rounding of 32-bit floats to binary: 0.3 and not 0.30000001192092896.
fn readable(recipe: &Recipe) -> Table {
    let value = |value| match value {
        Value::Float(number) => Value::Float((number as f32).to_string().parse().unwrap_or(number)),
        other => other,
    };
    recipe.to_table().into_iter().map(|(key, number)| (key, value(number))).collect()
}

fn progress(history: &History) -> Table {
    let mut progress = table([("steps_done", count(history.steps as usize))]);
    if let Some(last) = history.looks.last() {
        progress.insert("final_loss".to_owned(), share(last.loss));
    }
    if let Some((best, seen)) = history.best.and_then(|best| Some((best, best.validation?))) {
        progress.extend(table([
            ("best_step", count(best.step as usize)),
            ("best_validation_auc", share(seen.auc)),
            ("best_validation_queries", count(seen.queries)),
        ]));
    }
    progress
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_of_a_method_is_its_name_in_words() {
        assert_eq!(key("raw cosine"), "raw_cosine");
        assert_eq!(key("this recipe"), "this_recipe");
    }

    #[test]
    fn numbers_of_a_recipe_are_written_as_they_were_meant() {
        let recipe = readable(&Recipe::donner());
        assert_eq!(
            (recipe["noise"].to_string(), recipe["learning-rate"].to_string()),
            ("0.3".into(), "0.005".into())
        );
        assert_eq!(Recipe::paper004().with_table(recipe, "card").unwrap(), Recipe::donner());
    }
}
