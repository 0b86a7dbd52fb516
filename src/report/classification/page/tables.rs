//! The tables of a report on classes.

use crate::eval::classification::{
    ClassReport, Clustering, Configuration, MultiLabel, MultiLabelResult, Spread,
};
use crate::page::{Column, Heading, Table};
use crate::report::classification::words::{PAGE, percent};
use crate::report::words::{figure, optional};

fn table<R: Into<Vec<String>>>(heading: Heading, first: &str, numbers: &[&str], rows: Vec<R>) -> Table {
    let columns = [Column::text(first)].into_iter().chain(numbers.iter().map(|name| Column::number(name)));
    let rows = rows.into_iter().map(Into::into).collect();
    Table { heading, columns: columns.collect(), rows, highlighted: None }
}

/// Baselines, then configurations, the best one highlighted.
pub(super) fn configurations(report: &ClassReport) -> Table {
    let rows = PAGE.results(report);
    let best = report.best().and_then(|best| report.configurations.iter().position(|one| one == best));
    let highlighted = best.map(|best| rows.len() - report.configurations.len() + best);
    let caption = "In per cent. F1 is the harmonic mean of the share found and the share right; macro: every class weighs \
                   alike, weighted: by its drugs. In brackets: 95 % intervals over drugs, for permuted classes the range \
                   of 95 % of them.";
    let heading = Heading::new("configurations", "Configurations and what chance gives").caption(caption);
    let numbers = ["accuracy", "balanced accuracy", "macro F1", "weighted F1"];
    Table { highlighted, ..table(heading, "configuration", &numbers, rows) }
}

pub(super) fn classes(best: &Configuration) -> Table {
    let rows = best.classes.iter().map(|class| {
        let figures = [class.accuracy, class.precision, class.f1].map(percent);
        [class.name.clone(), class.support.to_string()].into_iter().chain(figures).collect::<Vec<_>>()
    });
    let heading = Heading::new("class-figures", &format!("Classes: {}", best.name)).caption("In per cent.");
    table(heading, "class", &["drugs", "recall", "precision", "F1"], rows.collect())
}

pub(super) fn multi_label(multi_label: &MultiLabel) -> Table {
    let caption = "In per cent. Hit rate: drugs whose first named class is one of their own. AUC, average precision and F1 \
                   are means over classes. In brackets: 95 % intervals over drugs, for permuted classes the range of 95 % \
                   of them.";
    let heading = Heading::new("configurations", "Configurations and what chance gives").caption(caption);
    table(
        heading,
        "configuration",
        &["hit rate", "macro AUC", "macro average precision", "macro F1"],
        PAGE.multi_label(multi_label),
    )
}

pub(super) fn multi_label_classes(result: &MultiLabelResult) -> Table {
    let rows = result.classes.iter().map(|class| {
        let figures = [optional(class.auc), optional(class.average_precision), figure(class.f1)];
        [class.name.clone(), class.support.to_string()].into_iter().chain(figures).collect::<Vec<_>>()
    });
    let heading = Heading::new("class-figures", &format!("Classes: {}", result.configuration));
    table(heading, "class", &["drugs", "AUC", "average precision", "F1"], rows.collect())
}

pub(super) fn clusterings(clusterings: &[Clustering]) -> Table {
    let range = |spread: Option<Spread>| {
        spread.map(|Spread { range: [low, high], .. }| format!("{low:.3} to {high:.3}")).unwrap_or_default()
    };
    let rows = clusterings.iter().map(|found| {
        let largest = found.sizes.first().map(ToString::to_string).unwrap_or_default();
        let ari = [figure(found.ari), range(found.permuted_ari)];
        let nmi = [figure(found.nmi), range(found.permuted_nmi)];
        [found.method.clone(), found.sizes.len().to_string(), largest]
            .into_iter()
            .chain(ari)
            .chain(nmi)
            .collect::<Vec<_>>()
    });
    let caption = "ARI: adjusted Rand index, 1 for the same groups, 0 by chance. NMI: normalised mutual information, 1 for \
                   the same groups, above 0 by chance. Permuted: the range of 95 % of permuted classes.";
    let heading = Heading::new("clusterings", "Groups held against classes").caption(caption);
    let numbers = ["groups", "largest", "ARI", "ARI, permuted", "NMI", "NMI, permuted"];
    table(heading, "method", &numbers, rows.collect())
}
