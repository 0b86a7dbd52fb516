//! Whether a text is `KEY=V1,V2` or an expression.

use super::ast::{Filter, N_SIGNATURES, PLATE};
use super::filtered::Filtered;
use super::lexer::{Kind, Token, tokens};
use super::lookup::values_meant;
use crate::db::DbError;

/// Returns the filter that a text means: values of a key, `KEY=V1,V2`, or an expression.
///
/// Values that the database knows are meant, whatever they look like. Else a text is an expression if it does not begin with a key
/// and `=`, or if behind that `and` or `or` begins another clause.
pub(in crate::db) fn meant(source: &impl Filtered, text: &str) -> Result<Filter, DbError> {
    let Some((key, values)) = key_and_values(text) else { return Ok(Filter::parse(text)?) };
    match values_meant(source, key, values) {
        Ok(values) => Ok(Filter::any_of(key, values)),
        Err(fault) if is_slip(&fault) && is_expression(key, values) => Ok(Filter::parse(text)?),
        Err(fault) => Err(fault),
    }
}

fn key_and_values(text: &str) -> Option<(&str, &str)> {
    let (key, values) = text.split_once('=')?;
    let (key, values) = (key.trim(), values.trim());
    (!key.is_empty() && !values.is_empty()).then_some((key, values))
}

/// Whether the database has no such key or values, which an expression may explain.
fn is_slip(fault: &DbError) -> bool {
    use DbError::{EmptyFilterValue, UnknownFilterKey, UnknownFilterValue};
    matches!(fault, EmptyFilterValue { .. } | UnknownFilterKey { .. } | UnknownFilterValue { .. })
}

/// Whether something else than a key stands before the first `=`, or a further clause behind it.
fn is_expression(key: &str, values: &str) -> bool {
    // The sign before `=` of `!=`, `^=`, `<=` or `>=` is no part of a key.
    let is_key = !key.ends_with(['!', '^', '<', '>']) && tokens(key).1.is_none();
    let is_word =
        |token: &Token<'_>| matches!(token.kind, Kind::Word(_)) && !token.is_keyword() && !token.is("in");
    let is_key = is_key && tokens(key).0.iter().all(is_word);
    [N_SIGNATURES, PLATE].contains(&key) || !is_key || goes_on(&tokens(values).0)
}

/// Whether `and` or `or` stands before an operator.
fn goes_on(tokens: &[Token<'_>]) -> bool {
    let joint = tokens.iter().position(|token| token.is("and") || token.is("or"));
    let behind = joint.map_or(&[][..], |joint| &tokens[joint..]);
    let is_list = |pair: &[Token<'_>]| pair[0].is("in") && pair[1].kind == Kind::Open;
    behind.iter().any(|token| matches!(token.kind, Kind::Operator(_))) || behind.windows(2).any(is_list)
}
