//! The columns of the chain.

/// Weighted connectivity.
pub const RAW_CS: &str = "raw_cs";
/// Normalised connectivity.
pub const NORM_CS: &str = "norm_cs";
/// False discovery rate.
pub const FDR: &str = "fdr_q_nlog10";
/// Tau.
pub const TAU: &str = "tau";

/// The names of the columns that answers have.
pub fn columns(has_null: bool, has_references: bool) -> Vec<&'static str> {
    let optional = [(has_null, FDR), (has_references, TAU)];
    let optional = optional.into_iter().filter_map(|(there, name)| there.then_some(name));
    [RAW_CS, NORM_CS].into_iter().chain(optional).collect()
}
