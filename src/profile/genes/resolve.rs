//! One id of any kind to a gene of the platform.

use super::causes::{IdCause, TO_GENES, impostor};
use super::dates;
use super::names::{Named, Standing, bare, composite, parse_entrez};
use super::platform::{Bearer, Platform};
use super::species::is_title_case;
use super::{GeneIdKind, GeneSpace};
use crate::profile::is_missing;

const DATE: IdCause = IdCause {
    what: "dates that a spreadsheet made of symbols",
    way_out: "name these genes anew (MARCH1 is MARCHF1 today, MARC1 is MTARC1, SEPT2 is SEPTIN2), or by Entrez or Ensembl id",
};
const NUMBER: IdCause = IdCause { what: "numbers among other ids", way_out: TO_GENES };
const BLANK: IdCause = IdCause { what: "fields without an id", way_out: TO_GENES };
const SHARED: IdCause = IdCause {
    what: "names that several genes bear",
    way_out: "name these genes by today's symbol or Entrez id",
};
const LIST: IdCause = IdCause {
    what: "lists of genes",
    way_out: "give each gene a row of its own, and leave rows of several out",
};

/// What an id names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Resolved {
    /// A gene, by its position in the platform.
    Gene(Named),
    /// Several genes, none more surely than the others.
    Ambiguous(IdCause),
    /// No gene of the platform, and what the id looks like instead.
    Unknown(Option<IdCause>),
}

/// The gene that an id names. Whole numbers are Entrez ids only where `numbers_are_ids`; among symbols they are dates or slips.
pub(super) fn resolve(id: &str, numbers_are_ids: bool) -> Resolved {
    let bare = bare_name(id);
    if is_missing(bare) {
        return Resolved::Unknown(Some(BLANK));
    }
    if let Some(number) = parse_entrez(bare) {
        return number_of(bare, number, numbers_are_ids);
    }
    match one_part(bare) {
        Some(Bearer::One(named)) => return Resolved::Gene(named),
        Some(Bearer::Several(_)) => return Resolved::Ambiguous(SHARED),
        None => {}
    }
    let gene = |part: &str| part_of(part).and_then(sure);
    composite(bare, gene).map_or_else(|| list(bare).unwrap_or_else(|| unknown(bare)), Resolved::Gene)
}

/// The kind of id that this is, if it is one that the platform knows.
pub(super) fn kind(id: &str) -> Option<GeneIdKind> {
    let id = bare_name(id);
    if let Some(number) = parse_entrez(id) {
        return Platform::get().entrez(number).map(|_| GeneIdKind::Entrez);
    }
    one_part(id).or_else(|| composite(id, |part| part_of(part).and_then(sure)).map(Bearer::One))?;
    Some(match () {
        () if ensembl_number(id).is_some() => GeneIdKind::Ensembl,
        () if is_probe(id) => GeneIdKind::Probe,
        () => GeneIdKind::Symbol,
    })
}

/// Whether a text looks like the id of a gene, be it one of the platform or not.
pub(in crate::profile) fn is_like_a_gene(id: &str) -> bool {
    match resolve(id, true) {
        Resolved::Gene(_) | Resolved::Ambiguous(_) => true,
        Resolved::Unknown(cause) => cause.is_some() && impostor(bare(id)).is_some(),
    }
}

/// The id without what is set around it. A prime is part of a few names (`CK2ALPHA'`).
fn bare_name(id: &str) -> &str {
    let whole = id.trim();
    let has_prime = whole.ends_with('\'') && Platform::get().name(whole).is_some();
    if has_prime { whole } else { bare(id) }
}

fn sure(bearer: Bearer) -> Option<Named> {
    match bearer {
        Bearer::One(named) => Some(named),
        Bearer::Several(_) => None,
    }
}

fn number_of(id: &str, number: u32, numbers_are_ids: bool) -> Resolved {
    let own = Platform::get().entrez(number).map(own);
    match own {
        Some(named) if numbers_are_ids => Resolved::Gene(named),
        _ if numbers_are_ids => Resolved::Unknown(None),
        _ => of_date(id).unwrap_or(Resolved::Unknown(Some(NUMBER))),
    }
}

fn own(position: usize) -> Named {
    Named { position, standing: Standing::Own }
}

/// The genes of a part of an id, where a number can be an Entrez id only.
fn part_of(part: &str) -> Option<Bearer> {
    let number = || Platform::get().entrez(parse_entrez(part)?).map(own).map(Bearer::One);
    one_part(part).or_else(number)
}

/// The genes of an id of one part that is no number.
fn one_part(id: &str) -> Option<Bearer> {
    let platform = Platform::get();
    if let Some((number, standing)) = ensembl_number(id) {
        return match platform.ensembl(number)? {
            Bearer::One(named) => Some(Bearer::One(Named { standing, ..named })),
            several => Some(several),
        };
    }
    let dashed = || id.contains('.').then(|| platform.name(&id.replace('.', "-"))).flatten();
    platform.name(id).or_else(dashed).or_else(|| probe(id)).or_else(|| placeholder(id))
}

/// The number of an Ensembl gene id, whatever its version. The copy of a gene on the Y chromosome (`_PAR_Y`) counts less than
/// the gene, since where both are listed the copy is usually 0.
fn ensembl_number(id: &str) -> Option<(u64, Standing)> {
    let id = id.to_ascii_uppercase();
    let (id, is_copy) = id.strip_suffix("_PAR_Y").map_or((&*id, false), |id| (id, true));
    let number = id.strip_prefix("ENSG")?;
    let number = match number.split_once('.') {
        Some((number, version)) => version.parse::<u32>().ok().map(|_| number)?,
        None => number,
    };
    let is_number = number.len() == 11 && number.bytes().all(|byte| byte.is_ascii_digit());
    let standing = if is_copy { Standing::Alias } else { Standing::Own };
    number.parse().ok().filter(|_| is_number).map(|number| (number, standing))
}

fn is_probe(id: &str) -> bool {
    id.len() > 3 && id.get(id.len() - 3..).is_some_and(|end| end.eq_ignore_ascii_case("_at"))
}

/// The landmark of an Affymetrix probe set; those of other genes are not known here.
fn probe(id: &str) -> Option<Bearer> {
    let space = GeneSpace::landmarks();
    let position = space.position(GeneIdKind::Probe, id).filter(|_| is_probe(id))?;
    Platform::get().entrez(space.entrez()[position]).map(own).map(Bearer::One)
}

/// `LOC` and an Entrez id is what NCBI calls genes that have no symbol yet.
fn placeholder(id: &str) -> Option<Bearer> {
    let number = id.get(3..).filter(|_| id[..3].eq_ignore_ascii_case("LOC"))?;
    let number = number.bytes().all(|byte| byte.is_ascii_digit()).then(|| number.parse().ok())??;
    let named = |position| Bearer::One(Named { position, standing: Standing::Former });
    Platform::get().entrez(number).map(named)
}

/// `A /// B`, `A;B`, `A,B`: ambiguous where any is a gene, unless all are the same.
fn list(id: &str) -> Option<Resolved> {
    let separator = ["///", "//", ";", ","].into_iter().find(|separator| id.contains(separator))?;
    let genes: Vec<Option<Named>> =
        id.split(separator).map(|part| part_of(part.trim()).and_then(sure)).collect();
    let first = genes.iter().flatten().next()?;
    let are_one = genes.iter().all(|gene| gene.is_some_and(|gene| gene.position == first.position));
    Some(if are_one { Resolved::Gene(*first) } else { Resolved::Ambiguous(LIST) })
}

/// The gene whose symbol became a date, where that can be one only.
fn of_date(id: &str) -> Option<Resolved> {
    let symbols = dates::symbols(id)?;
    let gene = |symbol: &String| one_part(symbol).and_then(sure);
    Some(match &symbols[..] {
        [symbol] => gene(symbol).map_or(Resolved::Unknown(Some(DATE)), Resolved::Gene),
        [] => Resolved::Unknown(Some(DATE)),
        _ => Resolved::Ambiguous(DATE),
    })
}

fn unknown(id: &str) -> Resolved {
    let of_mouse = || is_title_case(id).then_some(IdCause::OF_MOUSE);
    of_date(id).unwrap_or_else(|| Resolved::Unknown(impostor(id).or_else(of_mouse)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn symbol(id: &str, numbers_are_ids: bool) -> Result<&'static str, String> {
        match resolve(id, numbers_are_ids) {
            Resolved::Gene(named) => Ok(Platform::get().genes()[named.position].symbol()),
            Resolved::Ambiguous(cause) => Err(format!("ambiguous: {}", cause.what)),
            Resolved::Unknown(cause) => Err(cause.map_or("unknown", |cause| cause.what).to_owned()),
        }
    }

    #[test]
    fn ids_of_any_kind_lead_to_one_gene() {
        for id in
            ["TOMM70", "TOMM70A", "tomm70", "ENSG00000154174", "ensg00000154174.8", "TOMM70|9868", "LOC9868"]
        {
            assert_eq!(symbol(id, false), Ok("TOMM70"), "{id}");
        }
        for id in ["9868", "9868.0", "9,868", "X9868", "TOMM70"] {
            assert_eq!(symbol(id, true), Ok("TOMM70"), "{id}");
        }
        assert_eq!(symbol("200814_at", false), Ok("PSME1"));
        assert_eq!(symbol("ENSG00000002586_PAR_Y", false), symbol("ENSG00000002586.20_PAR_Y", false));
        assert_eq!(symbol("ENSG00000002586.20_PAR_Y", false), Ok("CD99"));
        assert_eq!(symbol("HLA.DRA", false), Ok("HLA-DRA"));
        assert_eq!(symbol("CK2ALPHA'", false), Ok("CSNK2A2"));
        assert_eq!(symbol("PSME1 /// PSME1", false), Ok("PSME1"));
    }

    #[test]
    fn dates_lead_back_to_genes_only_where_one_gene_can_be_meant() {
        assert_eq!(symbol("2-Sep", false), Ok("SEPTIN2"));
        assert_eq!(symbol("44446", false), Ok("SEPTIN7"));
        assert_eq!(symbol("3-Mar", false), Ok("MARCHF3"));
        for id in ["1-Mar", "2-Mar", "Mar-01", "2001-03-01", "44256", "2002-09-01"] {
            assert!(symbol(id, false).unwrap_err().starts_with("ambiguous: dates"), "{id}");
        }
        assert!(symbol("4-Oct", false).unwrap_err().contains("dates"));
    }

    #[test]
    fn what_is_no_single_gene_is_told_as_what_it_is() {
        for (id, what) in [
            ("ATF1 /// PSME1", "ambiguous: lists"),
            ("ATF1;PSME1", "ambiguous: lists"),
            ("FOO /// BAR", "lists"),
            ("ENST00000284320.6", "transcript"),
            ("ENSP00000284320", "protein"),
            ("ENSMUSG00000102693.1", "mouse"),
            ("Gm1992", "mouse and rat"),
            ("5720", "numbers"),
            ("", "without an id"),
            ("NA", "without an id"),
            ("LOC99999999", "unknown"),
            ("NOSUCHGENE", "unknown"),
            ("LOC", "unknown"),
            ("αβγ", "unknown"),
        ] {
            let found = symbol(id, false).expect_err(id);
            assert!(found.contains(what), "{id}: {found}");
        }
    }

    #[test]
    fn an_alias_that_is_the_symbol_of_another_gene_loses() {
        // CCN1 was a symbol of CCNA2 and is that of CYR61 now; POLK is an alias of TENT4A and a gene of its own.
        assert_eq!(symbol("CCN1", false), Ok("CCN1"));
        assert_eq!(symbol("CYR61", false), Ok("CCN1"));
        assert_eq!(symbol("POLK", false), Err("unknown".to_owned()));
    }
}
