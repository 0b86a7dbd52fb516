//! Questions from the library: whatever is asked with, answers are those of scoring every signature alone.

use std::collections::BTreeMap;

use l1kdb::connectivity::{CosineQuery, Score, Scratch, WtcsQuery, norm_cs, over_cell_lines, summaries};
use l1kdb::connectivity::{GeneSets, GeneWeights};
use l1kdb::db::{Contents, Db, Filter};
use l1kdb::profile::{GENES, GeneIds, GeneSpace, SetPair, Universe};
use l1kdb::question::{
    Ask, CmapChain, Combine, QueryProfiles, Question, QuestionError, Rerank, SameCell, ScoreBy,
};

use crate::world::world;

fn profiles(rows: &[usize]) -> Question {
    let ids = rows.iter().map(|&row| world().profiles.ids()[row].clone()).collect();
    let values = rows.iter().flat_map(|&row| world().profiles.profile(row).to_vec()).collect();
    Question::Profiles(QueryProfiles::new(ids, Universe::Landmark, values).unwrap())
}

/// The highest and lowest genes of a profile, as positions.
fn extremes(row: usize, count: usize) -> (Vec<u32>, Vec<u32>) {
    let profile = world().profiles.profile(row);
    let mut order: Vec<u32> = (0..GENES as u32).collect();
    order.sort_by(|&a, &b| profile[b as usize].total_cmp(&profile[a as usize]));
    (order[..count].to_vec(), order[GENES - count..].to_vec())
}

fn sets(rows: &[usize], count: usize) -> Question {
    let symbols = GeneSpace::landmarks().symbols();
    let named =
        |genes: &[u32]| genes.iter().map(|&gene| symbols[gene as usize].to_owned()).collect::<Vec<_>>();
    let set = |&row: &usize| {
        let (up, down) = extremes(row, count);
        let pair = SetPair::of_ids(&format!("set{row}"), &named(&up), &named(&down));
        pair.map(&GeneIds::built_in(), Universe::Landmark).unwrap()
    };
    Question::GeneSets(rows.iter().map(set).collect())
}

/// The cosine of every stored profile with that of a row.
fn cosines(contents: &Contents, row: usize) -> BTreeMap<String, f64> {
    let query = CosineQuery::new(world().profiles.profile(row)).unwrap();
    let stored = contents.profiles.as_ref().unwrap().chunks_exact(GENES);
    let ids = contents.signatures.iter().map(|signature| signature.sig_id.clone());
    ids.zip(stored).map(|(id, stored)| (id, query.score(stored, &mut Scratch::default()).unwrap())).collect()
}

#[test]
fn candidates_are_ordered_by_the_score_in_gene_space_and_both_scores_are_shown() {
    let db = world().open();
    let by_embedding = Ask::new(&db).top(30).signatures(&profiles(&[3])).unwrap().whole().unwrap();
    let rerank = Rerank::new(ScoreBy::Spearman).candidates(30);
    let ask = Ask::new(&db).top(10).rerank(rerank);
    let hits = ask.signatures(&profiles(&[3])).unwrap().whole().unwrap().remove(0).hits;
    assert_eq!(ask.further().unwrap(), ["spearman"]);
    let anew: Vec<f64> = hits.iter().map(|hit| hit.further[0].value.unwrap()).collect();
    assert!(anew.is_sorted_by(|a, b| a >= b) && hits.len() == 10, "{anew:?}");
    for hit in &hits {
        let mut same = by_embedding[0].hits.iter().filter(|other| other.signature == hit.signature);
        assert_eq!(same.next().unwrap().similarity, hit.similarity);
    }
    let drugs = Ask::new(&db).top(5).rerank(Rerank::new(ScoreBy::Cosine)).drugs(&profiles(&[3])).unwrap();
    let gene_space = Ask::new(&db).score_by(ScoreBy::Cosine).top(500).drugs(&profiles(&[3])).unwrap();
    for hit in &drugs.answers[0].hits {
        let alone = gene_space.answers[0].hits.iter().find(|other| other.drug == hit.drug).unwrap();
        assert_eq!(hit.further[0].value, Some(f64::from(alone.score)));
    }
}

#[test]
fn a_reversed_embedding_shows_only_what_is_confirmed_in_gene_space() {
    let db = world().open();
    let contents = db.export().unwrap();
    let ask = Ask::new(&db).score_by(ScoreBy::Embedding).reverse().top(400);
    let hits = ask.signatures(&profiles(&[8])).unwrap().whole().unwrap().remove(0).hits;
    let cosines = cosines(&contents, 8);
    assert!(!hits.is_empty() && hits.len() <= 100);
    let shown: Vec<f64> = hits.iter().map(|hit| hit.further[0].value.unwrap()).collect();
    assert!(shown.is_sorted() && shown.iter().all(|&score| score < 0.0), "{shown:?}");
    for hit in &hits {
        assert!((hit.further[0].value.unwrap() - cosines[&hit.signature.sig_id]).abs() < 1e-12);
        assert!(hit.similarity < 0.0);
    }
    let drugs = ask.drugs(&profiles(&[8])).unwrap().whole().unwrap().remove(0).hits;
    let reversed =
        Ask::new(&db).reverse().top(400).drugs(&profiles(&[8])).unwrap().whole().unwrap().remove(0);
    for hit in drugs {
        let alone = reversed.hits.iter().find(|other| other.drug == hit.drug).unwrap();
        assert_eq!(hit.further[0].value, Some(f64::from(alone.score)));
        assert!(alone.score < 0.0);
    }
}

#[test]
fn a_query_that_points_nowhere_is_listed_and_the_others_are_answered_as_alone() {
    let db = world().open();
    let (a, b) = (world().profiles.profile(1).to_vec(), world().profiles.profile(2).to_vec());
    let values = [a, vec![0.0; GENES], b].concat();
    let ids = ["a", "zero", "b"].map(str::to_owned).to_vec();
    let question = Question::Profiles(QueryProfiles::new(ids, Universe::Landmark, values).unwrap());
    for by in [ScoreBy::Embedding, ScoreBy::Cosine, ScoreBy::Spearman] {
        let ask = Ask::new(&db).score_by(by).top(4);
        let found = ask.drugs(&question).unwrap();
        let names: Vec<&str> = found.answers.iter().map(|answer| answer.query.as_str()).collect();
        assert_eq!(names, ["a", "b"], "{by}");
        assert!(found.broken.len() == 1 && found.broken[0].query == "zero", "{by}");
        for (answer, row) in found.answers.iter().zip([1, 2]) {
            let alone = ask.drugs(&profiles(&[row])).unwrap().whole().unwrap();
            assert_eq!(answer.hits, alone[0].hits, "{by}");
        }
        assert!(matches!(
            found.whole(),
            Err(QuestionError::Zero { .. } | QuestionError::Connectivity { .. })
        ));
    }
}

#[test]
fn a_score_of_another_kind_of_question_is_refused() {
    let db = world().open();
    let of = |by, question: &Question| Ask::new(&db).score_by(by).drugs(question).unwrap_err();
    assert!(matches!(of(ScoreBy::Spearman, &sets(&[0], 20)), QuestionError::OnlyOfProfiles { .. }));
    let cmap = Ask::new(&db).cmap(CmapChain::new()).score_by(ScoreBy::Cosine);
    let cmap = cmap.drugs(&profiles(&[0])).unwrap_err();
    assert!(matches!(cmap, QuestionError::OnlyOfCmap { .. }), "{cmap}");
}

/// Rows whose ends are asked with.
const QUERY_ENDS: [usize; 2] = [5, 70];

#[test]
fn by_a_score_of_sets_a_profile_is_its_hundred_genes_of_either_end() {
    let db = world().open();
    let as_sets = QUERY_ENDS.map(|row| sets(&[row], 100));
    for (row, sets) in QUERY_ENDS.into_iter().zip(as_sets) {
        for ask in [ScoreBy::Wtcs, ScoreBy::Cs, ScoreBy::XSum].map(|by| Ask::new(&db).score_by(by).top(5)) {
            let hits = |question| ask.drugs(question).unwrap().whole().unwrap().remove(0).hits;
            assert_eq!(hits(&profiles(&[row])), hits(&sets));
        }
        let ask = Ask::new(&db).cmap(CmapChain::new()).top(5);
        let hits = |question| ask.signatures(question).unwrap().whole().unwrap().remove(0).hits;
        assert_eq!(hits(&profiles(&[row])), hits(&sets));
    }
}

#[test]
fn the_chain_leaves_out_what_the_question_is_made_of() {
    let db = world().open();
    let ask = Ask::new(&db).cmap(CmapChain::new()).top(400);
    let id = world().profiles.ids()[9].clone();
    let of_signature = ask.signatures(&Question::Signatures(vec![id.clone()])).unwrap().whole().unwrap();
    assert!(of_signature[0].hits.iter().all(|hit| hit.signature.sig_id != id));
    let name = db.signature(&id).unwrap().unwrap().1.name;
    let of_drug = ask.drugs(&Question::Drug { name: name.clone(), combine: Combine::Each }).unwrap();
    assert!(of_drug.whole().unwrap().iter().all(|answer| answer.hits.iter().all(|hit| hit.drug != name)));
}

#[test]
fn the_same_cell_line_can_be_all_that_counts_or_what_counts_first() {
    let db = world().open();
    let (signature, _) = db.signature(&world().profiles.ids()[6]).unwrap().unwrap();
    let question = Question::Signatures(vec![signature.sig_id.clone()]);
    let only = Ask::new(&db).same_cell(SameCell::Only).top(400);
    let only = only.signatures(&question).unwrap().whole().unwrap().remove(0).hits;
    assert!(!only.is_empty() && only.iter().all(|hit| hit.signature.cell_id == signature.cell_id));
    let prefer = Ask::new(&db).same_cell(SameCell::Prefer).top(400);
    let all = prefer.signatures(&question).unwrap().whole().unwrap().remove(0).hits;
    assert_eq!(all[..only.len()], only);
    assert_eq!(all.len(), db.signatures() - 1);
    let filtered = Ask::new(&db).filter(Filter::any_of("cell_id", [&signature.cell_id])).top(400);
    let of_cell = filtered.drugs(&question).unwrap().whole().unwrap().remove(0).hits;
    let everywhere = Ask::new(&db).top(400).drugs(&question).unwrap().whole().unwrap().remove(0).hits;
    for hit in prefer.drugs(&question).unwrap().whole().unwrap().remove(0).hits {
        let same = of_cell.iter().chain(&everywhere).find(|other| other.drug == hit.drug).unwrap();
        assert_eq!((hit.score, &hit.best_sig_id), (same.score, &same.best_sig_id));
    }
    let unknown = Ask::new(&db).same_cell(SameCell::Only).drugs(&sets(&[6], 20)).unwrap();
    assert!(matches!(unknown.broken[0].error, QuestionError::NoCellLine { .. }));
    let named = Ask::new(&db).same_cell(SameCell::Only).cell_line(&signature.cell_id).drugs(&sets(&[6], 20));
    assert_eq!(named.unwrap().answers.len(), 1);
}

#[test]
fn the_plate_of_a_query_can_be_left_out() {
    let db = world().open();
    let id = &world().profiles.ids()[6];
    let (plate, _) = id.split_once(':').unwrap();
    let question = Question::Signatures(vec![id.clone()]);
    let all = Ask::new(&db).top(400).signatures(&question).unwrap().whole().unwrap().remove(0).hits;
    let others = Ask::new(&db).exclude_plate().top(400);
    let others = others.signatures(&question).unwrap().whole().unwrap().remove(0).hits;
    let is_of_plate = |id: &str| id.split_once(':').unwrap().0 == plate;
    let expected: Vec<_> = all.iter().filter(|hit| !is_of_plate(&hit.signature.sig_id)).collect();
    assert!(others.len() < all.len());
    assert_eq!(
        others.iter().map(|hit| &hit.signature.sig_id).collect::<Vec<_>>(),
        expected.iter().map(|hit| &hit.signature.sig_id).collect::<Vec<_>>()
    );
    let filter = format!("plate = {plate}");
    let of_plate = db.filter_steps(&Filter::parse(&filter).unwrap()).unwrap().rows() as usize;
    assert_eq!(of_plate, all.len() + 1 - others.len());
    let slip = Filter::any_of("plate", ["no such plate"]);
    assert!(db.filter_steps(&slip).is_err());
}

/// The chain as it is written down, from the connectivity of every signature.
fn chain(contents: &Contents, row: usize) -> (Vec<Option<f64>>, BTreeMap<usize, f64>) {
    let (up, down) = extremes(row, 40);
    let query = WtcsQuery::new(&GeneSets::new(&up, &down, GENES).unwrap(), GeneWeights::Magnitude);
    let stored = contents.profiles.as_ref().unwrap().chunks_exact(GENES);
    let raw: Vec<_> = stored.map(|profile| query.score(profile, &mut Scratch::default())).collect();
    let mut cells: Vec<&str> = contents.signatures.iter().map(|row| row.cell_id.as_str()).collect();
    cells.sort_unstable();
    cells.dedup();
    let group = |cell: &str| cells.iter().position(|known| *known == cell).unwrap() as u32;
    let groups: Vec<u32> = contents.signatures.iter().map(|row| group(&row.cell_id)).collect();
    let norm = norm_cs(&raw, &groups, &vec![true; raw.len()]).unwrap();
    let keys = contents.drug_of.iter().zip(&groups).map(|(&drug, &cell)| (drug, cell));
    let drugs = over_cell_lines(&summaries(keys.zip(norm.iter().copied())));
    (norm, drugs.into_iter().map(|(drug, summary)| (drug, summary.score.unwrap())).collect())
}

#[test]
fn cmaps_chain_is_that_of_its_parts() {
    let db = world().open();
    let contents = db.export().unwrap();
    let ask = Ask::new(&db).cmap(CmapChain::new()).top(400);
    assert_eq!(ask.further().unwrap(), ["raw_cs", "norm_cs"]);
    let question = sets(&[4, 9], 40);
    let (signatures, drugs) = (ask.signatures(&question).unwrap(), ask.drugs(&question).unwrap());
    assert!(signatures.notes.iter().any(|note| note.contains("is_ncs_sig")));
    for ((of_signatures, of_drugs), row) in signatures.answers.iter().zip(&drugs.answers).zip([4, 9]) {
        let (norm, by_drug) = chain(&contents, row);
        for hit in &of_signatures.hits {
            let mut ids = contents.signatures.iter();
            let place = ids.position(|known| *known == hit.signature).unwrap();
            assert!((hit.further[1].value.unwrap() - norm[place].unwrap()).abs() < 1e-5);
        }
        assert_eq!(of_drugs.hits.len(), contents.drugs.len());
        for hit in &of_drugs.hits {
            let drug = contents.drugs.iter().position(|known| known.name == hit.drug).unwrap();
            assert!((f64::from(hit.score) - by_drug[&drug]).abs() < 1e-5, "{}", hit.drug);
        }
        assert!(of_drugs.hits.is_sorted_by(|a, b| a.score >= b.score));
    }
}

#[test]
fn tau_is_the_share_of_reference_queries_with_weaker_scores() {
    let db = world().open();
    let Question::GeneSets(references) = sets(&[1, 2, 3, 5, 8, 13, 21, 34], 40) else { unreachable!() };
    let ask = Ask::new(&db).cmap(CmapChain::new().references(references.clone())).top(400);
    assert_eq!(ask.further().unwrap(), ["raw_cs", "norm_cs", "tau"]);
    let hits = ask.drugs(&sets(&[4], 40)).unwrap().whole().unwrap().remove(0).hits;
    let alone = Ask::new(&db).cmap(CmapChain::new()).top(400).drugs(&Question::GeneSets(references)).unwrap();
    for hit in &hits {
        let of_drug = |answer: &l1kdb::question::Answer<l1kdb::db::DrugHit>| {
            answer.hits.iter().find(|other| other.drug == hit.drug).unwrap().score
        };
        let weaker = alone.answers.iter().filter(|answer| of_drug(answer).abs() < hit.score.abs()).count();
        let expected = 100.0 * weaker as f64 / alone.answers.len() as f64 * f64::from(hit.score.signum());
        assert!((hit.further[2].value.unwrap() - expected).abs() < 1e-3, "{} {expected}", hit.drug);
    }
}

#[test]
fn scores_of_everything_are_those_that_answers_rank_by() {
    let db = world().open();
    let id = world().profiles.ids()[6].clone();
    let stored = Question::Signatures(vec![id.clone(), world().profiles.ids()[7].clone()]);
    let filter = || Filter::parse("n_signatures >= 2").unwrap();
    for by in [ScoreBy::Embedding, ScoreBy::Cosine] {
        for reverse in [false, by != ScoreBy::Embedding] {
            let ask = Ask::new(&db).score_by(by).filter(filter()).top(400);
            let ask = if reverse { ask.reverse() } else { ask };
            let (table, answers) = (ask.drug_scores(&stored).unwrap(), ask.drugs(&stored).unwrap());
            for (scores, answer) in table.table.rows().zip(&answers.answers) {
                let scores: BTreeMap<&String, &f32> = table.table.names.iter().zip(scores).collect();
                assert_eq!(answer.hits.len(), scores.values().filter(|score| !score.is_nan()).count());
                assert!(answer.hits.iter().all(|hit| *scores[&hit.drug] == hit.score), "{by}");
            }
            let (table, answers) = (ask.signature_scores(&stored).unwrap(), ask.signatures(&stored).unwrap());
            for (scores, answer) in table.table.rows().zip(&answers.answers) {
                let scores: BTreeMap<&String, &f32> = table.table.names.iter().zip(scores).collect();
                assert!(answer.hits.iter().all(|hit| *scores[&hit.signature.sig_id] == hit.similarity));
                assert_eq!(answer.hits.len(), scores.values().filter(|score| !score.is_nan()).count());
            }
        }
    }
    let (_, drug) = db.signature(&id).unwrap().unwrap();
    let of_drug = Question::Drug { name: drug.name.clone(), combine: Combine::Mean };
    let scores = Ask::new(&db).drug_scores(&of_drug).unwrap().table;
    let nan: Vec<&String> = scores
        .names
        .iter()
        .zip(&scores.values)
        .filter(|(_, score)| score.is_nan())
        .map(|(name, _)| name)
        .collect();
    assert_eq!(nan, [&drug.name]);
    let by_query = Ask::new(&db).exclude_plate().drug_scores(&stored).unwrap_err();
    assert!(matches!(by_query, QuestionError::OnlyOfHits));
}

#[test]
fn enrichment_scores_stand_beside_the_connectivity_that_is_made_of_them() {
    let db: Db = world().open();
    let ask = Ask::new(&db).score_by(ScoreBy::Wtcs).top(20);
    for hit in &ask.signatures(&sets(&[5], 30)).unwrap().answers[0].hits {
        let names: Vec<_> = hit.further.iter().map(|score| score.name).collect();
        assert_eq!(names, ["raw_cs", "es_up", "es_down"]);
        let [raw, up, down] = [0, 1, 2].map(|at| hit.further[at].value.unwrap());
        assert!((raw - f64::from(hit.similarity)).abs() < 1e-6);
        let expected = if up.signum() == down.signum() { 0.0 } else { (up - down) / 2.0 };
        assert!((raw - expected).abs() < 1e-9);
    }
}
