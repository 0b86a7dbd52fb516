//! What to type against an error of the library, which names remedies but no options.

use l1kdb::db::DbError;
use l1kdb::eval::EvalError;
use l1kdb::profile::{IdCause, ProfileError};
use l1kdb::question::QuestionError;
use l1kdb::study::{ExcludedPairs, SplitBy, StudyError};

/// Returns the options or commands that the remedy of an error takes, in brackets to put after its message; empty where there
/// are none.
pub fn of(error: &anyhow::Error) -> String {
    let typed = error.chain().find_map(|cause| {
        let study = cause.downcast_ref().and_then(of_study);
        let eval = || cause.downcast_ref().and_then(of_eval);
        let db = || cause.downcast_ref().and_then(of_db);
        let profile = || cause.downcast_ref().and_then(of_profile);
        let question = || cause.downcast_ref().and_then(of_question);
        study.or_else(question).or_else(eval).or_else(db).or_else(profile)
    });
    typed.map_or_else(String::new, |typed| format!(" ({typed})"))
}

/// Returns the text of a filter around what is wrong with it, and a caret beneath that; nothing for other errors.
pub fn pointed(error: &anyhow::Error) -> Vec<String> {
    let pointed = error.chain().find_map(|cause| match cause.downcast_ref()? {
        DbError::Filter(error) => Some(error.pointed().to_vec()),
        _ => None,
    });
    pointed.unwrap_or_default()
}

fn of_study(error: &StudyError) -> Option<&'static str> {
    Some(match error {
        StudyError::NoMetadata { .. } => "--labels, --sig-info",
        StudyError::NoIds { .. } | StudyError::NoSignatureTable => "--sig-info",
        StudyError::LabelCount { .. } => "a header counts as a label unless --label names a column",
        StudyError::NoGroups { by: SplitBy::Moa | SplitBy::Scaffold } => "--pert-info",
        StudyError::NoGroups { by: SplitBy::Drug | SplitBy::Cell } => "--sig-info",
        StudyError::AllControls { .. } => "--keep-controls",
        StudyError::Eval(error) => return of_eval(error),
        StudyError::Db(error) => return of_db(error),
        StudyError::Profile(error) => return of_profile(error),
        _ => return None,
    })
}

fn of_question(error: &QuestionError) -> Option<&'static str> {
    match error {
        QuestionError::OnlyOfProfiles { .. } => Some("--score-by wtcs"),
        QuestionError::OnlyInGeneSpace => Some("--score-by cosine, `l1kdb build`"),
        QuestionError::OnlyOfDatabase => Some("--profiles, --up, --down, --de"),
        QuestionError::OnlyOfSignatures => Some("--by signature"),
        QuestionError::NoCellLine { .. } => Some("--cell, --same-cell ignore"),
        QuestionError::NotCalibrated { .. } => Some("`l1kdb calibrate`"),
        QuestionError::FewReferences { .. } => Some("--references"),
        QuestionError::OnlyOfEmbeddings => Some("--hubness none"),
        QuestionError::NoNearness => Some("`l1kdb calibrate --hubness csls`"),
        QuestionError::NotExplained { .. } => Some("--score-by cosine"),
        QuestionError::NothingOfHit { .. } => Some("--hit, --filter"),
        QuestionError::CancelOut { .. } => Some("--combine each"),
        QuestionError::Db(error) => of_db(error),
        QuestionError::Profile(error) => of_profile(error),
        _ => None,
    }
}

fn of_eval(error: &EvalError) -> Option<&'static str> {
    Some(match error {
        EvalError::ZeroProfile { .. } => "--no-baselines",
        EvalError::NoNegativeAmong { .. } => "--candidates",
        EvalError::NothingToExclude { what, .. } => return not_excluded(what),
        EvalError::AllExcluded { .. } => "--exclude",
        EvalError::NoColumn { .. } => "--labels",
        EvalError::Straddles { .. } => "--allow-shared-labels",
        EvalError::NoPairHeldOut { .. } => "--folds",
        EvalError::FarOut { .. } => "--classifier knn, --classifier centroid",
        _ => return None,
    })
}

/// The option that excludes a kind of pairs.
fn not_excluded(kind: &str) -> Option<&'static str> {
    let none = ExcludedPairs::default();
    let options = [
        (none.plate(true), "without --exclude plate"),
        (none.cell(true), "without --exclude cell"),
        (none.treatment(true), "without --exclude treatment"),
    ];
    options.into_iter().find_map(|(pairs, option)| (pairs.names() == [kind]).then_some(option))
}

fn of_db(error: &DbError) -> Option<&'static str> {
    Some(match error {
        DbError::NotADatabase { .. } => "`l1kdb build` makes one",
        DbError::Damaged { .. } => "`l1kdb verify` reads all of it",
        DbError::Calibration { .. } | DbError::Replaced { .. } => "`l1kdb calibrate`",
        DbError::Exists { .. } | DbError::PutBack { .. } => "--overwrite",
        DbError::NothingToStore { controls: 1.., .. } => "--keep-controls",
        DbError::NoGraph { .. } => "--exact; of `l1kdb build`, --graph always",
        DbError::Profile(error) => return of_profile(error),
        _ => return None,
    })
}

fn of_profile(error: &ProfileError) -> Option<&'static str> {
    Some(match error {
        ProfileError::Differential { .. } => "`l1kdb query --de` asks with the whole table",
        ProfileError::SetWithoutGenes { cause, .. } | ProfileError::TableWithoutGenes { cause, .. } => {
            return cause.contains(IdCause::OF_MOUSE.way_out).then_some("--species mouse");
        }
        ProfileError::FewGenes { .. } => "--keep-genes landmark",
        ProfileError::NonFinite { .. } => "--non-finite zero, --non-finite drop",
        ProfileError::Coverage { proposed: Some(_), .. } => "--min-coverage",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use anyhow::Context;

    use super::*;

    #[test]
    fn what_to_type_is_told_of_errors_that_have_a_remedy() {
        let path = PathBuf::from("a.l1kdb");
        let exists = DbError::Exists { path: path.clone() };
        assert!(!exists.to_string().contains("--"));
        assert_eq!(of(&exists.into()), " (--overwrite)");
        let below = Err::<(), _>(DbError::NoGraph { path: path.clone() }).context("asking").unwrap_err();
        assert!(of(&below).contains("--exact"));
        let nothing =
            |controls| DbError::NothingToStore { profiles: path.clone(), why: String::new(), controls };
        assert_eq!(of(&nothing(2).into()), " (--keep-controls)");
        assert_eq!(of(&nothing(0).into()), "");
        assert_eq!(of(&anyhow::anyhow!("else")), "");
    }

    #[test]
    fn each_kind_of_pairs_and_groups_has_its_option() {
        let why = String::new();
        for (pairs, option) in
            [("same plate", "plate"), ("same cell line", "cell"), ("same dose and time", "treatment")]
        {
            let error = EvalError::NothingToExclude { what: pairs, why: why.clone() };
            assert_eq!(of(&error.into()), format!(" (without --exclude {option})"));
        }
        assert_eq!(of(&StudyError::NoGroups { by: SplitBy::Moa }.into()), " (--pert-info)");
    }

    #[test]
    fn an_error_within_an_error_is_looked_at_too() {
        let within = StudyError::from(EvalError::AllExcluded { rows: 3 });
        assert_eq!(of(&within.into()), " (--exclude)");
    }
}
