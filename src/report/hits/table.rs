//! Hits in a terminal.

use std::io::{self, Write};

use super::Hits;
use crate::annotate::{AtcCode, AtcNames};
use crate::db::{DrugHit, FurtherScore, SignatureHit};
use crate::enrichment::{ClassCall, ClassHit, ClassKind};
use crate::report::{Align, Columns, visible};

/// Texts of a list that are shown; the rest is counted.
const SHOWN: usize = 2;

pub(super) fn write(out: &mut dyn Write, hits: &Hits, names: &AtcNames, width: usize) -> io::Result<()> {
    match hits {
        Hits::Drugs(hits) => drugs(hits, names).write(out, width),
        Hits::Signatures(hits) => signatures(hits, names).write(out, width),
        Hits::Classes(hits, calls) => {
            classes(hits, names).write(out, width)?;
            calls.iter().try_for_each(|call| writeln!(out, "{}", visible(&called(call, names))))
        }
    }
}

fn drugs(hits: &[DrugHit], names: &AtcNames) -> Columns {
    use Align::{Left, Right};
    let scores = [("rank", Right), ("drug", Left), ("score", Right), ("best", Right), ("n", Right)];
    let known = [("source", Left), ("ATC", Left), ("used for", Left), ("mechanism", Left), ("target", Left)];
    let further = hits.first().map_or(&[][..], |hit| &hit.further);
    let mut columns = Columns::new(&[&scores[..], &headers(further), &known].concat());
    for hit in hits {
        let scores = [
            hit.rank.to_string(),
            hit.drug.clone(),
            format!("{:.3}", hit.score),
            format!("{:.3}", hit.best_similarity),
            hit.n_signatures.to_string(),
        ];
        let known = [&hit.sources, &hit.atc, &uses(&hit.atc, names), &hit.moa, &hit.targets]
            .map(|texts| some_of(texts));
        columns.row(scores.into_iter().chain(hit.further.iter().map(cell)).chain(known));
    }
    columns
}

/// Columns of further scores.
fn headers(further: &[FurtherScore]) -> Vec<(&'static str, Align)> {
    further.iter().map(|score| (score.name, Align::Right)).collect()
}

fn classes(hits: &[ClassHit], names: &AtcNames) -> Columns {
    use Align::{Left, Right};
    let mut columns = Columns::new(&[
        ("rank", Right),
        ("kind", Left),
        ("class", Left),
        ("drugs", Right),
        ("score", Right),
        ("p", Right),
        ("q", Right),
        ("NES", Right),
        ("deepest", Left),
        ("called", Left),
        ("leading drugs", Left),
    ]);
    for hit in hits {
        let called = match hit.kind {
            ClassKind::Atc => {
                hit.names.last().and_then(|code| names.name(code)).map_or_else(String::new, spoken)
            }
            ClassKind::Mechanism | ClassKind::Target => String::new(),
        };
        columns.row([
            hit.rank.to_string(),
            hit.kind.to_string(),
            some_of(&hit.names),
            hit.drugs.to_string(),
            format!("{:.2}", hit.score),
            rate(hit.p),
            rate(hit.q),
            hit.nes.map_or_else(String::new, |nes| format!("{nes:.2}")),
            hit.is_deepest.map_or("", |is| if is { "yes" } else { "no" }).to_owned(),
            called,
            some_of(&hit.leading_edge),
        ]);
    }
    columns
}

/// The class that the query's own drug may be of.
pub(in crate::report) fn called(call: &ClassCall, names: &AtcNames) -> String {
    let ClassCall { kind, class, p, prior, queries, drugs, error, .. } = call;
    let name = match kind {
        ClassKind::Atc => names.name(class).map_or_else(String::new, |name| format!(" {}", spoken(name))),
        ClassKind::Mechanism | ClassKind::Target => String::new(),
    };
    let likely = if call.is_called() { "" } else { "no call; most likely " };
    format!(
        "{kind} of the query's own drug: {likely}{class}{name}, with probability {p:.2} (of all drugs {prior:.2}; \
         by {queries} reference queries of {drugs} drugs, off by {error:.3} on average)"
    )
}

/// P-values and rates have two digits, however small they are; other scores three decimals.
pub(in crate::report) fn cell(score: &FurtherScore) -> String {
    match score.value {
        None => String::new(),
        Some(value) if ["p", "q"].contains(&score.name) => rate(value),
        Some(value) => format!("{value:.3}"),
    }
}

pub(in crate::report) fn rate(value: f64) -> String {
    if value < 0.01 { format!("{value:.1e}") } else { format!("{value:.3}") }
}

fn signatures(hits: &[SignatureHit], names: &AtcNames) -> Columns {
    use Align::{Left, Right};
    let scores = [
        ("rank", Right),
        ("signature", Left),
        ("drug", Left),
        ("cell", Left),
        ("dose", Right),
        ("time", Right),
        ("similarity", Right),
    ];
    let known = [("source", Left), ("used for", Left), ("mechanism", Left)];
    let further = hits.first().map_or(&[][..], |hit| &hit.further);
    let mut columns = Columns::new(&[&scores[..], &headers(further), &known].concat());
    for hit in hits {
        let (signature, drug) = (&hit.signature, &hit.drug);
        let scores = [
            hit.rank.to_string(),
            signature.sig_id.clone(),
            drug.name.clone(),
            signature.cell_id.clone(),
            signature.pert_dose.clone(),
            signature.pert_time.clone(),
            format!("{:.3}", hit.similarity),
        ];
        let known = [hit.source.clone(), some_of(&uses(&drug.atc, names)), some_of(&drug.moa)];
        columns.row(scores.into_iter().chain(hit.further.iter().map(cell)).chain(known));
    }
    columns
}

pub(in crate::report) fn some_of(texts: &[String]) -> String {
    let shown = texts.iter().take(SHOWN).cloned().collect::<Vec<_>>().join("; ");
    match texts.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} +{more}"),
    }
}

/// What the classes of `codes` are called, without repeats, in the order of the codes.
pub(in crate::report) fn uses(codes: &[String], names: &AtcNames) -> Vec<String> {
    let mut uses: Vec<String> = Vec::new();
    for code in codes.iter().filter_map(|code| code.parse::<AtcCode>().ok()) {
        let name = [2, 1].iter().find_map(|level| names.name(code.at_level(*level)?));
        let name = name.map(spoken).filter(|name| !uses.contains(name));
        uses.extend(name);
    }
    uses
}

/// The usual tables write whole names in capitals; nobody wants to be shouted at.
pub(in crate::report) fn spoken(name: &str) -> String {
    if name.chars().any(char::is_lowercase) {
        return name.to_owned();
    }
    let lower = name.to_lowercase();
    let mut letters = lower.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::{some_of, spoken, uses};
    use crate::annotate::AtcNames;

    #[test]
    fn a_use_is_named_once_however_many_codes_share_it() {
        let codes = ["D07AB19", "D10AA03", "H02AB02"].map(String::from);
        let uses = uses(&codes, &AtcNames::default());
        assert_eq!(uses, ["Dermatologicals", "Systemic hormonal preparations"]);
    }

    #[test]
    fn long_lists_are_counted() {
        assert_eq!(some_of(&["a", "b", "c"].map(String::from)), "a; b +1");
        assert_eq!(spoken("LIPID MODIFYING AGENTS"), "Lipid modifying agents");
    }
}
