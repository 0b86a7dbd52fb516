//! What to type where the library only names a remedy.

use l1kdb::db::DbError;

/// Returns the options or commands that the remedy of an error takes, in brackets to put after its message; empty where there are
/// none.
pub fn of(error: &anyhow::Error) -> String {
    let typed = error.chain().find_map(|cause| cause.downcast_ref::<DbError>()).and_then(typed);
    typed.map_or_else(String::new, |typed| format!(" ({typed})"))
}

fn typed(error: &DbError) -> Option<&'static str> {
    Some(match error {
        DbError::NotADatabase { .. } => "`l1kdb build` makes one",
        DbError::Damaged { .. } => "`l1kdb verify` reads all of it",
        DbError::Exists { .. } | DbError::PutBack { .. } => "--overwrite",
        DbError::NothingToStore { controls: 1.., .. } => "--keep-controls",
        DbError::NoGraph { .. } => "--exact; of `l1kdb build`, --graph always",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use anyhow::Context;

    use super::{DbError, of};

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
}
