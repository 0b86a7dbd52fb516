//! Questions by scores of stored profiles: held against scores that are computed one by one.

use l1kdb::connectivity::{CosineQuery, Reversed, Score, Scratch, SpearmanQuery};
use l1kdb::db::{Contents, Db, DbError, DrugScore, Filter};
use l1kdb::profile::GENES;

use crate::program::{l1kdb, out, text};
use crate::world::world;

fn cosine(profile: &[f32]) -> Box<dyn Score> {
    Box::new(CosineQuery::new(profile).unwrap())
}

/// The score of every signature, in the order of the database; of those without one, minus infinity.
fn scores(contents: &Contents, score: &dyn Score) -> Vec<f32> {
    let profiles = contents.profiles.as_ref().unwrap();
    let mut scratch = Scratch::default();
    let of =
        |profile: &[f32]| score.score(profile, &mut scratch).map_or(f32::NEG_INFINITY, |score| score as f32);
    profiles.chunks_exact(GENES).map(of).collect()
}

/// Checks the answers of a database by signature and by drug.
fn check(db: &Db, questions: &[Box<dyn Score>], top: usize) {
    let contents = db.export().unwrap();
    let by_signature = db.queries_by(questions).top(top).signatures().unwrap();
    let by_drug = db.queries_by(questions).top(top).run().unwrap();
    for ((question, signatures), drugs) in questions.iter().zip(by_signature).zip(by_drug) {
        let scores = scores(&contents, question.as_ref());
        let mut order: Vec<usize> = (0..scores.len()).collect();
        let id = |row: usize| &contents.signatures[row].sig_id;
        order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]).then_with(|| id(a).cmp(id(b))));
        assert_eq!(signatures.len(), top);
        for (hit, &row) in signatures.iter().zip(&order) {
            assert_eq!((&hit.signature.sig_id, hit.similarity), (id(row), scores[row]));
        }
        let of_drug = |drug: usize| {
            let rows = (0..scores.len()).filter(|&row| contents.drug_of[row] == drug);
            DrugScore::BestQuarter.of(&mut rows.map(|row| scores[row]).collect::<Vec<_>>()).unwrap()
        };
        let mut best: Vec<f32> = (0..contents.drugs.len()).map(of_drug).collect();
        best.sort_by(|a, b| b.total_cmp(a));
        assert_eq!(drugs.iter().map(|hit| hit.score).collect::<Vec<_>>(), best[..top]);
    }
}

#[test]
fn answers_are_those_of_scoring_every_profile_alone() {
    let profile = |row: usize| world().profiles.profile(row);
    let mut few = vec![f32::NAN; GENES];
    few[..40].copy_from_slice(&profile(3)[..40]);
    let questions: Vec<Box<dyn Score>> = vec![
        cosine(profile(0)),
        cosine(&few),
        Box::new(SpearmanQuery::new(profile(7)).unwrap()),
        Box::new(Reversed::new(cosine(profile(11)))),
    ];
    check(&world().open(), &questions, 9);
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("parts.l1kdb");
    world().build(&path, |options| options.rows_per_segment(70));
    check(&Db::open(&path).unwrap(), &questions, 9);
}

#[test]
fn filters_and_what_is_left_out_hold_in_gene_space_too() {
    let db = world().open();
    let id = &world().profiles.ids()[4];
    let (signature, drug) = db.signature(id).unwrap().unwrap();
    let questions = [cosine(world().profiles.profile(4))];
    let asked = db.queries_by(&questions).top(500).filter(Filter::any_of("cell_id", [&signature.cell_id]));
    let all = asked.signatures().unwrap().remove(0);
    assert!(all[0].signature.sig_id == *id && all[0].similarity > 0.999, "{:?}", all[0]);
    assert!(all.iter().all(|hit| hit.signature.cell_id == signature.cell_id));
    let without = asked.clone().without([id]).signatures().unwrap().remove(0);
    assert_eq!(without.len(), all.len() - 1);
    let others = asked.without_drug(&drug.name).signatures().unwrap().remove(0);
    assert!(others.iter().all(|hit| hit.drug.name != drug.name));
}

#[test]
fn what_cannot_be_scored_is_an_error_that_says_the_way_out() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("bare.l1kdb");
    world().build(&path, |options| options.keep_profiles(false));
    let questions = [cosine(world().profiles.profile(0))];
    let error = Db::open(&path).unwrap().queries_by(&questions).run().unwrap_err();
    assert!(matches!(error, DbError::NoProfiles { .. }) && error.to_string().contains("ask by embedding"));
    let other = [cosine(&[1.0, 2.0, 3.0])];
    let error = world().open().queries_by(&other).run().unwrap_err();
    assert!(matches!(error, DbError::Genes { expected: GENES, found: 3 }), "{error}");
}

#[test]
fn a_reversed_query_lists_the_most_negative_scores_first_and_shows_them_as_they_are() {
    let (home, world) = (tempfile::tempdir().unwrap(), world());
    let (db, profiles, id) = (text(&world.db), text(&world.files.profiles), &world.profiles.ids()[20]);
    let ask = |more: &[&str]| {
        let args = ["query", db, "--profiles", profiles, "--id", id, "--by", "signature", "--format", "tsv"];
        out(&l1kdb(home.path(), &[&args[..], more].concat()))
    };
    let scores = |printed: &str| -> Vec<f32> {
        printed.lines().skip(1).map(|line| line.split('\t').nth(8).unwrap().parse().unwrap()).collect()
    };
    let reversed = scores(&ask(&["--reverse", "--top", "300"]));
    let alike = scores(&ask(&["--score-by", "cosine", "--top", "300"]));
    assert!(reversed[0] < -0.05 && reversed.is_sorted(), "{reversed:?}");
    assert_eq!(reversed.iter().rev().collect::<Vec<_>>(), alike.iter().collect::<Vec<_>>());
    for by in ["pearson", "spearman", "xcos", "zhang"] {
        let found = scores(&ask(&["--score-by", by, "--top", "5"]));
        assert!(found[0] > 0.99 && found.len() == 5, "{by}: {found:?}");
    }
    let refused = |more: &[&str], cause: &str| {
        let args = ["query", db, "--profiles", profiles];
        let output = l1kdb(home.path(), &[&args[..], more].concat());
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(2) && stderr.contains(cause), "{stderr}");
    };
    refused(
        &["--reverse", "--score-by", "cosine", "--rerank", "wtcs"],
        "it orders anew what embeddings find",
    );
    refused(&["--reverse", "--candidates", "9"], "nothing is ordered anew");
    refused(&["--reverse", "--ann"], "--ann would change nothing");
    refused(&["--score-by", "cosine", "--provider", "cpu"], "no network");
}
