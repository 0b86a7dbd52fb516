//! What CMap computes from the connectivity scores of one query: normalised scores, false discovery rates, tau and summaries.
//!
//! Formulae: Subramanian et al. 2017, and edge cases as in `cmapM` (`normalizeQueryRefGrouped`, `computeFDRGsea`,
//! `scoreToPercentile`, `max_quantile`).
//!
//! | file | responsibility |
//! |---|---|
//! | `norm_cs` | scores over the mean of their sign in a cell line |
//! | `fdr`, `shares`, `pchip` | false discovery rates against null signatures, and curves between steps of a distribution |
//! | `tau` | the share of reference queries with a weaker score |
//! | `max_quantile` | one score of several, of a cell line and then of a drug |

mod fdr;
mod max_quantile;
mod norm_cs;
mod pchip;
mod shares;
mod tau;

pub use fdr::{fdr_q, fdr_q_nlog10};
pub use max_quantile::{Summary, max_quantile, over_cell_lines, summaries};
pub use norm_cs::norm_cs;
pub use tau::{tau, tau_reference};
