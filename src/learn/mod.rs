//! Learning algorithms on plain slices: classifiers, clusters, and what they are made of.
//!
//! [`Classifier`] is what a class evaluation asks of a classifier: the four of this room are such, and one of another
//! crate can be, see [`Method::Custom`](crate::eval::classification::Method::Custom). A classifier is fitted to a
//! [`Training`] side, and what it learned is [`Fitted`], which predicts classes of other rows.
//!
//! | file | responsibility |
//! |---|---|
//! | `labels`, `training`, `predictions` | which row has which classes, what is learned from, and what is said of rows |
//! | `classifier` | what all classifiers have in common |
//! | `sampling`, `stratified` | classes of equal size, and parts with equal shares of each class |
//! | `standardizer`, `metric`, `distance` | features of one scale, what is meant by near, and nearest rows |
//! | `knn`, `centroid`, `mlp` | nearest neighbours, class means, a small network |
//! | `svm`, `smo`, `kernel` | support vector machines for many classes, for two, and what they compare rows by |
//! | `kmeans`, `hierarchical` | clusters |
//!
//! Nothing here knows of drugs, folds or figures. Random numbers depend on the seed of the training side alone.
//!
//! ```
//! use l1kdb::Rows;
//! use l1kdb::eval::classification::Method;
//! use l1kdb::learn::{Labels, Training};
//!
//! let rows = Rows::new(&[1.0, 0.0, 0.9, 0.1, 0.0, 1.0, 0.1, 0.9], 2)?;
//! let labels = Labels::new([[0], [0], [1], [1]], 2)?;
//! let classifier = Method::Centroid.classifier()?;
//! let fitted = classifier.fit(0, &Training::new(rows, &labels)?)?;
//! let predictions = fitted.predict(Rows::new(&[0.2, 0.7], 2)?)?;
//! assert_eq!(predictions.predicted, [1]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod centroid;
mod classifier;
mod distance;
mod error;
#[cfg(test)]
pub(crate) mod fixture;
mod hierarchical;
mod kernel;
mod kmeans;
mod knn;
mod labels;
mod metric;
mod mlp;
mod predictions;
mod sampling;
mod smo;
mod standardizer;
mod stratified;
mod svm;
mod training;

pub(crate) use centroid::Centroid;
pub use classifier::{Classifier, Fitted, Task};
pub(crate) use distance::Points;
pub use error::{LearnError, Side};
pub(crate) use hierarchical::{MAX_ROWS, average_linkage};
pub use kernel::Kernel;
pub(crate) use kmeans::k_means;
pub(crate) use knn::Knn;
pub use labels::Labels;
pub use metric::Metric;
pub(crate) use mlp::Mlp;
pub use predictions::Predictions;
pub use sampling::Sampling;
pub(crate) use stratified::stratified;
pub(crate) use svm::Svm;
pub use training::Training;
