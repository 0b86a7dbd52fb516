//! One question, one answer: the program, the library, and many queries together give the same bytes, whatever is asked with and by
//! which score.

use std::fs;
use std::path::{Path, PathBuf};

use l1kdb::db::Db;
use l1kdb::profile::{
    DifferentialOptions, DifferentialProfile, GENES, GeneIds, GeneSpace, SetFile, SetPairs, Universe,
    write_tsv,
};
use l1kdb::question::{Ask, CmapChain, Combine, QueryProfiles, Question, Rerank, ScoreBy};
use l1kdb::report::{By, Hits};

use crate::program::{l1kdb, text};
use crate::world::world;

/// Rows of the world that are asked with.
const ROWS: [usize; 3] = [3, 40, 200];

/// What is asked with: the options of all queries together, those of each alone, and the same for the library.
struct Kind {
    name: &'static str,
    together: Vec<String>,
    alone: Vec<Vec<String>>,
    question: Question,
}

/// How it is asked: the options, and the same for the library.
struct Way {
    options: &'static [&'static str],
    ask: fn(Ask<'_>) -> Ask<'_>,
    of_sets: bool,
}

const fn way(options: &'static [&'static str], ask: fn(Ask<'_>) -> Ask<'_>) -> Way {
    Way { options, ask, of_sets: true }
}

#[expect(clippy::redundant_closure_for_method_calls, reason = "a method by its name is of one lifetime only")]
const WAYS: [Way; 14] = [
    way(&[], |ask| ask),
    way(&["--score-by", "cosine"], |ask| ask.score_by(ScoreBy::Cosine)),
    way(&["--score-by", "pearson"], |ask| ask.score_by(ScoreBy::Pearson)),
    Way { of_sets: false, ..way(&["--score-by", "spearman"], |ask| ask.score_by(ScoreBy::Spearman)) },
    Way { of_sets: false, ..way(&["--score-by", "xcos"], |ask| ask.score_by(ScoreBy::XCos)) },
    way(&["--score-by", "zhang"], |ask| ask.score_by(ScoreBy::Zhang)),
    way(&["--score-by", "xsum"], |ask| ask.score_by(ScoreBy::XSum)),
    way(&["--score-by", "wtcs"], |ask| ask.score_by(ScoreBy::Wtcs)),
    way(&["--score-by", "cs"], |ask| ask.score_by(ScoreBy::Cs)),
    way(&["--cmap"], |ask| ask.cmap(CmapChain::new())),
    way(&["--reverse"], |ask| ask.reverse()),
    way(&["--reverse", "--score-by", "embedding"], |ask| ask.reverse().score_by(ScoreBy::Embedding)),
    way(&["--rerank", "wtcs"], |ask| ask.rerank(Rerank::new(ScoreBy::Wtcs))),
    way(&["--exclude-plate"], |ask| ask.exclude_plate()),
];

fn profiles(folder: &Path) -> Kind {
    let path = folder.join("profiles.tsv");
    let ids: Vec<String> = ROWS.iter().map(|row| format!("q{row}")).collect();
    let values: Vec<f32> = ROWS.iter().flat_map(|&row| world().profiles.profile(row).to_vec()).collect();
    let genes: Vec<String> =
        GeneSpace::landmarks().symbols().iter().map(|&symbol| symbol.to_owned()).collect();
    write_tsv(&path, &ids, &genes, &values).unwrap();
    let together = words(&["--profiles", text(&path)]);
    let alone = ids.iter().map(|id| [&together[..], &words(&["--id", id])].concat()).collect();
    let question = QueryProfiles::new(ids, Universe::Landmark, values).unwrap();
    Kind { name: "profiles", alone, together, question: Question::Profiles(question) }
}

fn gene_sets(folder: &Path) -> Kind {
    let symbols = GeneSpace::landmarks().symbols();
    let write = |name: &str, rows: &[usize]| -> PathBuf {
        let mut text = String::new();
        for &row in rows {
            let profile = world().profiles.profile(row);
            let mut order: Vec<usize> = (0..GENES).collect();
            order.sort_by(|&a, &b| profile[b].total_cmp(&profile[a]));
            let names = |genes: &[usize]| genes.iter().map(|&gene| symbols[gene]).collect::<Vec<_>>();
            let (up, down) = (names(&order[..30]), names(&order[GENES - 40..]));
            text += &format!("s{row}_UP\tna\t{}\ns{row}_DN\tna\t{}\n", up.join("\t"), down.join("\t"));
        }
        let path = folder.join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let file = write("sets.gmt", &ROWS);
    let alone = ROWS.iter().map(|&row| words(&["--up", text(&write(&format!("{row}.gmt"), &[row]))]));
    let pairs = SetPairs::of_file(SetFile::read(&file).unwrap()).unwrap().pairs;
    let sets = pairs.iter().map(|pair| pair.map(&GeneIds::built_in(), Universe::Landmark).unwrap());
    Kind {
        name: "gene sets",
        together: words(&["--up", text(&file)]),
        alone: alone.collect(),
        question: Question::GeneSets(sets.collect()),
    }
}

fn table(folder: &Path) -> Kind {
    let path = folder.join("limma.csv");
    let symbols = GeneSpace::landmarks().symbols().iter();
    let lines = symbols.zip(world().profiles.profile(ROWS[0])).map(|(gene, t)| format!("{gene},{t}\n"));
    fs::write(&path, "gene,t\n".to_owned() + &lines.collect::<String>()).unwrap();
    let read = DifferentialProfile::read(&path, &DifferentialOptions::default()).unwrap();
    let typed = words(&["--de", text(&path)]);
    Kind { name: "table", together: typed.clone(), alone: vec![typed], question: Question::from(&read) }
}

fn signatures() -> Kind {
    let ids = ROWS.map(|row| world().profiles.ids()[row].clone());
    let alone: Vec<Vec<String>> = ids.iter().map(|id| words(&["--sig", id])).collect();
    Kind { name: "signatures", together: alone.concat(), alone, question: Question::Signatures(ids.to_vec()) }
}

fn drug(db: &Db, combine: Combine) -> Kind {
    let (_, drug) = db.signature(&world().profiles.ids()[ROWS[0]]).unwrap().unwrap();
    let (name, option) = match combine {
        Combine::Mean => ("drug", "mean"),
        Combine::Each => ("each signature of a drug", "each"),
    };
    let typed = words(&["--drug", &drug.name, "--combine", option]);
    let question = Question::Drug { name: drug.name, combine };
    Kind { name, together: typed.clone(), alone: vec![typed], question }
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

/// What the program prints, without the header.
fn printed(kind: &[String], way: &Way, by: &str) -> (String, String) {
    let mut args = vec!["query", text(&world().db), "--format", "tsv", "--top", "7", "--by", by];
    args.extend(kind.iter().map(String::as_str));
    args.extend(way.options);
    let output = l1kdb(world().home.path(), &args);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let (header, rows) = text.split_once('\n').unwrap();
    (header.to_owned(), rows.to_owned())
}

/// What the library says.
fn said(db: &Db, kind: &Kind, way: &Way, by: By) -> (String, String) {
    let ask = (way.ask)(Ask::new(db).top(7));
    let answers: Vec<(String, Hits)> = match by {
        By::Drug => {
            let answers = ask.drugs(&kind.question).unwrap().whole().unwrap();
            answers.into_iter().map(|answer| (answer.query, Hits::Drugs(answer.hits))).collect()
        }
        By::Signature => {
            let answers = ask.signatures(&kind.question).unwrap().whole().unwrap();
            answers.into_iter().map(|answer| (answer.query, Hits::Signatures(answer.hits))).collect()
        }
        By::Class => Vec::new(),
    };
    let (mut header, mut rows) = (Vec::new(), Vec::new());
    by.write_header(&mut header, &ask.further().unwrap()).unwrap();
    answers.iter().for_each(|(query, hits)| hits.write_tsv(&mut rows, query).unwrap());
    (String::from_utf8(header).unwrap().trim_end().to_owned(), String::from_utf8(rows).unwrap())
}

#[test]
fn the_program_the_library_and_the_batch_give_the_same_bytes() {
    let (folder, db) = (tempfile::tempdir().unwrap(), world().open());
    let kinds = [
        profiles(folder.path()),
        gene_sets(folder.path()),
        table(folder.path()),
        signatures(),
        drug(&db, Combine::Mean),
        drug(&db, Combine::Each),
    ];
    for kind in &kinds {
        let is_sets = kind.name == "gene sets";
        for way in WAYS.iter().filter(|way| way.of_sets || !is_sets) {
            for (option, by) in [("drug", By::Drug), ("signature", By::Signature)] {
                let what = format!("{} {:?} {option}", kind.name, way.options);
                let together = printed(&kind.together, way, option);
                assert_eq!(said(&db, kind, way, by), together, "{what}: library");
                let alone: String = kind.alone.iter().map(|one| printed(one, way, option).1).collect();
                assert_eq!(alone, together.1, "{what}: one by one");
                assert!(alone.lines().count() >= 7 || way.options.contains(&"--reverse"), "{what}: {alone}");
            }
        }
    }
}
