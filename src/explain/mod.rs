//! Which genes carry the agreement between a query and a hit?
//!
//! An [`Explanation`] is a list of genes with what each contributes to the similarity, the largest contribution first, and
//! the values of query and hit beside it. A gene that counts against the similarity has a negative contribution.
//!
//! | similarity | function | contributions | they sum to |
//! |---|---|---|---|
//! | cosine, Pearson's correlation | [`cosine_terms`], [`pearson_terms`] | its terms | the similarity |
//! | connectivity of gene sets (WTCS) | [`leading_edge`] | of the leading genes of both sets, by their weights | the connectivity |
//! | embeddings | [`NetworkExplainer`] | of genes of the query, or of the hit, through the network | similarity less baseline |
//!
//! # Through a network
//!
//! A network brings a profile to unit variance first, and may cut large values. A profile of zeros, or a small one, is therefore no
//! neutral baseline: it is scaled up again, or is 0 / 0. So contributions are found behind the standardisation: with the
//! standardised profile c, the vector y(c) that becomes the embedding at length 1, and the other side's embedding h,
//!
//! ```text
//! f(x) = y(x) h / |y(c)|       f(c) is the similarity: the length is held at that of the profile
//! contribution of gene g = c_g x the mean of the slope of f by gene g, on the way from 0 to c
//! ```
//!
//! which are integrated gradients (Sundararajan et al. 2017). They sum to f(c) - f(0). The [`baseline`](Explanation::baseline) f(0)
//! is what the network's bias alone makes of a standardised profile of zeros; it is 0 where there is no bias.
//!
//! The slopes are differences of what the network gives for small steps, both ways, for each gene at a few points of Gauss and
//! Legendre: at three, and at more only where those do not add up. Sums are off by less than 1 % with the shipped networks
//! ([`completeness`](Explanation::completeness), and a [`warning`](Explanation::warning) above 1 %). Whether a network is a linear map
//! behind its standardisation is asked of it once; the slopes of such a network are the same everywhere, and contributions are exact. The
//! slopes do not depend on the other side, so that many hits of one query cost hardly more than one.
//!
//! Attribution is not symmetric: [`Side`] says whose genes are meant. A gene whose value was cut is marked
//! ([`GeneTerm::is_cut`]): a little more or less of it changes nothing, and it counts with the value that it was cut to.
//!
//! ```
//! use l1kdb::explain::{Method, cosine_terms};
//!
//! let (query, hit) = ([2.0, -1.0, f32::NAN, 0.5], [1.5, -3.0, 9.0, -0.5]);
//! let explanation = cosine_terms(&query, &hit)?;
//! assert_eq!(explanation.method, Method::CosineTerms);
//! let genes: Vec<usize> = explanation.terms.iter().map(|term| term.gene).collect();
//! assert_eq!(genes, [0, 1, 3]); // a gene that one side lacks takes no part
//! assert!((explanation.sum - explanation.similarity).abs() < 1e-12);
//! # Ok::<(), l1kdb::explain::ExplainError>(())
//! ```
//!
//! | file | responsibility |
//! |---|---|
//! | `explanation` | genes with their contributions, and how well they add up |
//! | `gene_space` | terms of the cosine and of Pearson's correlation |
//! | `gene_sets` | leading edges as contributions |
//! | `network`, `mean` | contributions through a network, of one query and of a mean of several |
//! | `slopes` | slopes of a network on the way to a profile, and whether it is linear |
//! | `quadrature` | points and weights of Gauss and Legendre |
//! | `profile`, `side` | what a profile has to be; whose it is |

mod error;
mod explanation;
mod gene_sets;
mod gene_space;
mod mean;
mod network;
mod profile;
mod quadrature;
mod side;
mod slopes;

pub use error::ExplainError;
pub use explanation::{Explanation, GeneTerm, Method};
pub use gene_sets::leading_edge;
pub use gene_space::{cosine_terms, pearson_terms};
pub use network::NetworkExplainer;
pub use side::Side;
