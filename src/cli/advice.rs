//! What to type against an error of the library, which names remedies but no options.

use l1kdb::eval::EvalError;
use l1kdb::profile::ProfileError;
use l1kdb::study::StudyError;

/// The options that mend an error, as they are typed.
pub fn options(error: &anyhow::Error) -> Option<&'static str> {
    error.chain().find_map(|cause| {
        let study = cause.downcast_ref().and_then(of_study);
        let eval = || cause.downcast_ref().and_then(of_eval);
        let profile = || cause.downcast_ref().and_then(of_profile);
        study.or_else(eval).or_else(profile)
    })
}

fn of_study(error: &StudyError) -> Option<&'static str> {
    Some(match error {
        StudyError::NoMetadata { .. } => "--labels, --sig-info",
        StudyError::NoIds { .. } | StudyError::NoSignatureTable => "--sig-info",
        StudyError::LabelCount { .. } => "a header counts as a label unless --label names a column",
        StudyError::NoGroups { by: "moa" | "scaffold", .. } => "--pert-info",
        StudyError::NoGroups { by: "drug" | "cell", .. } => "--sig-info",
        StudyError::AllControls { .. } => "--keep-controls keeps them",
        StudyError::Eval(error) => return of_eval(error),
        StudyError::Profile(error) => return of_profile(error),
        _ => return None,
    })
}

fn of_eval(error: &EvalError) -> Option<&'static str> {
    Some(match error {
        EvalError::ZeroProfile { .. } => "--no-baselines",
        EvalError::NoNegativeAmong { .. } => "--candidates",
        EvalError::NothingToExclude { what: "same plate", .. } => "without --exclude plate",
        EvalError::NothingToExclude { what: "same cell line", .. } => "without --exclude cell",
        EvalError::NothingToExclude { .. } => "without --exclude treatment",
        EvalError::AllTooEasy { .. } => "--exclude",
        EvalError::NoColumn { .. } => "--labels",
        EvalError::Straddles { .. } => "--allow-shared-labels",
        EvalError::NoPairHeldOut { .. } => "--folds",
        _ => return None,
    })
}

fn of_profile(error: &ProfileError) -> Option<&'static str> {
    Some(match error {
        ProfileError::NonFinite { .. } => "--non-finite zero, --non-finite drop",
        ProfileError::Coverage { proposed: Some(_), .. } => "--min-coverage",
        _ => return None,
    })
}
