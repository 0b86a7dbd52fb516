//! Results of differential expression.

mod refusal;

pub(super) use refusal::recognise;
