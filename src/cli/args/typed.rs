//! Which options were typed, and which of them would change nothing beside the others: those are errors, since whoever
//! types an option takes it to have been heard.

use std::collections::BTreeSet;

use anyhow::bail;
use clap::parser::ValueSource;
use clap::{ArgMatches, CommandFactory, FromArgMatches};
use l1kdb::study::Label;

use super::{
    Args, ByArg, CalibrateArgs, CalibrationOfArg, ClassesArgs, ClassifierArg, Command, DivisionArgs,
    EvalCommand, ExplainArgs, ExplainByArg, FormatArg, QueryArgs, QuestionArgs, RerankArg, RetrievalArgs,
    SameCellArg, SamplingArg, ScoreByArg, SourceArgs, SplitByArg,
};

/// The options that were typed, and not left to their defaults.
pub struct Typed(BTreeSet<String>);

/// Options that change nothing where the condition holds, and why.
type Idle = (bool, &'static [&'static str], &'static str);

/// Reads the command line.
pub fn parse() -> Result<(Args, Typed), clap::Error> {
    let matches = Args::command().try_get_matches()?;
    Ok((Args::from_arg_matches(&matches)?, Typed::of(&matches)))
}

impl Typed {
    fn of(matches: &ArgMatches) -> Self {
        let typed = |id: &str| matches.value_source(id) == Some(ValueSource::CommandLine);
        let mut ids: BTreeSet<String> =
            matches.ids().map(clap::Id::as_str).filter(|id| typed(id)).map(str::to_owned).collect();
        if let Some((_, within)) = matches.subcommand() {
            ids.extend(Self::of(within).0);
        }
        Self(ids)
    }

    /// Refuses an option that would change nothing.
    pub fn check(&self, args: &Args) -> anyhow::Result<()> {
        for (holds, options, why) in idle(&args.command) {
            let typed = options.iter().find(|option| self.0.contains(**option));
            if let (true, Some(option)) = (holds, typed) {
                bail!("--{} would change nothing: {why}", option.replace('_', "-"));
            }
        }
        Ok(())
    }
}

/// Options about what runs a network.
const ENGINE: &[&str] = &["onnxruntime", "provider"];
const READING: &[&str] = &["min_coverage", "non_finite"];

fn idle(command: &Command) -> Vec<Idle> {
    let without_network = (true, ENGINE, "no network is run");
    match command {
        Command::Demo(_) | Command::Simulate(_) => vec![without_network],
        Command::Query(args) => query(args),
        Command::Explain(args) => explain(args),
        Command::Eval(args) => match &args.command {
            EvalCommand::Retrieval(args) => retrieval(args),
            EvalCommand::Classes(args) => classes(args),
            EvalCommand::Compare(_) => vec![without_network],
            EvalCommand::Split(args) => {
                [vec![without_network], design(Some(args.by), args.design.hold_out.is_some())].concat()
            }
        },
        Command::Calibrate(args) => calibrate(args),
        Command::Build(_) | Command::Embed(_) | Command::Info(_) | Command::Verify(_) => Vec::new(),
    }
}

fn calibrate(args: &CalibrateArgs) -> Vec<Idle> {
    let is_stored = args.references.is_none() && args.of == CalibrationOfArg::Profiles;
    let by_profile = args.score_by != ScoreByArg::Embedding || args.reverse;
    vec![
        (is_stored, ENGINE, "stored signatures have their embeddings, so no network is run"),
        (by_profile, ENGINE, "scores in gene space need no network"),
        (args.references.is_none(), READING, "there are no --references to read"),
    ]
}

fn explain(args: &ExplainArgs) -> Vec<Idle> {
    let by_embedding = args.score_by == Some(ExplainByArg::Embedding);
    let by_profile = !by_embedding && (args.reverse || args.score_by.is_some());
    let mut idle = question(&args.question);
    idle.push((by_profile, ENGINE, "scores in gene space need no network"));
    idle.push((by_profile, &["explain_side"], "terms in gene space are those of both sides"));
    idle
}

/// Options about what is asked with.
fn question(args: &QuestionArgs) -> Vec<Idle> {
    vec![
        (args.profiles.is_none(), READING, "there are no --profiles to read"),
        (args.is_stored(), &["species"], "stored queries have no names of genes"),
        (args.drug.is_empty(), &["combine"], "it says how the signatures of --drug become queries"),
    ]
}

fn query(args: &QueryArgs) -> Vec<Idle> {
    let is_stored = args.question.is_stored();
    let is_file = args.question.profiles.is_some();
    let by_embedding = args.score_by == Some(ScoreByArg::Embedding);
    let by_profile = args.cmap || !by_embedding && (args.reverse || args.score_by.is_some());
    let is_reranked = args.rerank != RerankArg::None || (by_embedding && args.reverse);
    let is_matrix = args.against.is_some();
    let is_tsv = args.format == FormatArg::Tsv;
    let mut idle = question(&args.question);
    idle.extend::<Vec<Idle>>(vec![
        (args.by() != ByArg::Drug, &["doubts"], "they are told of drugs (--by drug)"),
        (is_tsv, &["doubts"], "lines of hits have no place for them (--format table or json)"),
        (is_matrix, ENGINE, "scores in gene space need no network"),
        (is_matrix, &["rerank", "candidates", "same_cell", "cell"], "it is about databases"),
        (!is_matrix, &["pert_info", "atc", "atc_names"], "a database holds what was read when it was built"),
        (
            args.by() == ByArg::Signature,
            &["score"],
            "a signature has one similarity; scores are of drugs (--by drug)",
        ),
        (args.cmap, &["score"], "CMap's chain scores drugs by the maximum quantile"),
        (is_stored, ENGINE, "stored signatures have their embeddings, so no network is run"),
        (by_profile && !is_stored, ENGINE, "scores in gene space need no network"),
        (by_profile, &["ann"], "scores in gene space are computed of every signature"),
        (is_stored, &["exclude_self"], "a stored query is left out of its answer in any case"),
        (
            !is_file && !is_stored,
            &["exclude_self"],
            "gene sets and tables of genes are no signatures of the database",
        ),
        (by_profile, &["rerank"], "it orders anew what embeddings find (--score-by embedding)"),
        (!is_reranked, &["candidates"], "nothing is ordered anew (--rerank)"),
        (args.same_cell == SameCellArg::Ignore, &["cell"], "cell lines do not matter (--same-cell)"),
        (
            is_reranked && args.same_cell == SameCellArg::Prefer,
            &["same_cell"],
            "candidates ordered anew keep their order (--same-cell only, or without --rerank)",
        ),
    ]);
    idle
}

fn source(args: &SourceArgs, label: Option<&Label>, with_page: bool) -> Vec<Idle> {
    let (has_db, has_embeddings) = (args.db.is_some(), args.embeddings.is_some());
    let has_sig_info = args.sig_info.is_some();
    let drugs_twice = has_sig_info && label == Some(&Label::Drug);
    vec![
        (
            has_db,
            &["profiles", "sig_info", "pert_info", "atc", "keep_controls", "min_coverage", "non_finite"],
            "--db holds what was read when it was built",
        ),
        (has_embeddings, ENGINE, "--embeddings are ready, so no network is run"),
        (
            has_embeddings && !has_sig_info,
            &["pert_info", "atc"],
            "what it tells is joined through --sig-info, which is not there",
        ),
        (has_embeddings && args.profiles.is_none(), READING, "there are no --profiles to read"),
        (drugs_twice, &["labels"], "the drugs are taken from --sig-info; leave one of the two tables out"),
        (!with_page, &["atc_names"], "only a page shows the names (--report)"),
    ]
}

fn retrieval(args: &RetrievalArgs) -> Vec<Idle> {
    let is_divided = args.division.split.is_some() || args.division.split_by.is_some();
    let mut idle = source(&args.source, args.label.as_ref(), args.output.report.is_some());
    idle.extend(division(&args.division));
    idle.push((
        !is_divided,
        &["allow_shared_labels"],
        "without a split (--split, --split-by) no label has two sides",
    ));
    idle
}

const DESIGN: &[&str] = &["folds", "hold_out", "repeats", "at_most"];

fn division(args: &DivisionArgs) -> Vec<Idle> {
    let is_read = args.split.is_some();
    let mut idle = vec![
        (is_read, DESIGN, "the file of --split says which rows are held out"),
        (!is_read && args.split_by.is_none(), DESIGN, "nothing is divided without --split-by"),
    ];
    idle.extend(design(args.split_by, args.design.hold_out.is_some()));
    idle
}

fn design(by: Option<SplitByArg>, holds_out: bool) -> Vec<Idle> {
    let is_leak_proof = by == Some(SplitByArg::LeakProof);
    vec![
        (is_leak_proof && !holds_out, &["repeats"], "leak-proof blocks are each held out once"),
        (!is_leak_proof, &["at_most"], "only a leak-proof split leaves signatures of a drug out"),
    ]
}

fn classes(args: &ClassesArgs) -> Vec<Idle> {
    let is = |classifier| args.classifier == classifier;
    let (knn, cluster) = (is(ClassifierArg::Knn), is(ClassifierArg::Cluster));
    let each_alone = args.folds.is_none() && (knn || is(ClassifierArg::Centroid));
    let mut idle = source(&args.source, args.label.as_ref(), args.output.report.is_some());
    idle.extend::<[Idle; 8]>([
        (args.source.embeddings.is_some(), &["profiles"], "classes are told from --embeddings alone"),
        (!knn, &["k", "metric", "weighted"], "only --classifier knn looks at neighbours"),
        (
            cluster,
            &["sampling", "folds", "repeats", "split"],
            "clusters are made of all drugs without their classes, so there is nothing to learn from",
        ),
        (args.split.is_some(), &["repeats"], "the folds of --split are fixed"),
        (each_alone, &["repeats"], "leave-one-out is the same every time; draw folds (--folds)"),
        (args.repurposing && !knn, &["classifier"], REPURPOSING),
        (args.repurposing && args.sampling != SamplingArg::AsIs, &["sampling"], REPURPOSING),
        (args.repurposing, &["multi_label"], REPURPOSING),
    ]);
    idle
}

const REPURPOSING: &str = "the list of --repurposing is always made by seven neighbours by cosine, of drugs of one class, in \
                           5 folds, 10 times; ask for one of the two at a time";
