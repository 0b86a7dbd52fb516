//! The classifiers that can be asked for, and clusters.

use std::fmt;
use std::sync::Arc;

use crate::SettingError;
use crate::learn::{Centroid, Classifier, Kernel, Knn, Metric, Mlp, Svm};

/// Methods that group drugs without looking at their classes. Both see directions only: rows are brought to length 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClusterMethod {
    /// Lloyd's k-means from ten k-means++ starts, the one with the least within-cluster squares.
    KMeans,
    /// Average linkage on cosine distance, cut where the wanted number of clusters is left. Needs room for all pairs of
    /// drugs, so it takes at most 20,000.
    Hierarchical,
}

impl fmt::Display for ClusterMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::KMeans => "k-means",
            Self::Hierarchical => "hierarchical",
        })
    }
}

/// The classifier and its hyperparameter grid, or clusters. Every combination of the lists is a configuration of its own
/// in the report.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Method {
    /// The k nearest drugs vote.
    Knn {
        /// Numbers of neighbours.
        k: Vec<usize>,
        /// Metrics.
        metrics: Vec<Metric>,
        /// Whether a vote weighs the similarity of the neighbour (0 where it is negative), and not 1.
        weighted: bool,
    },
    /// Support vector machines.
    Svm {
        /// Kernels, each a configuration.
        kernels: Vec<Kernel>,
        /// What a violation of the margin costs; chosen inside the training side.
        c: Vec<f64>,
        /// Widths of the kernel, in units of 1 / dimension; chosen inside the training side.
        gamma: Vec<f64>,
    },
    /// A network of one hidden layer.
    Mlp {
        /// Units of the hidden layer.
        hidden: usize,
        /// Most passes over the training drugs.
        epochs: usize,
    },
    /// The class whose mean unit vector has the largest cosine with the drug.
    Centroid,
    /// A classifier of another crate; [`Method::custom`] makes one.
    Custom(Arc<dyn Classifier>),
    /// Clusters, made without classes and compared with them.
    Cluster {
        /// Methods.
        methods: Vec<ClusterMethod>,
        /// Number of clusters; that of classes where `None`.
        clusters: Option<usize>,
    },
}

impl Method {
    /// k = 7, 8, 9, 10 with all four metrics, as in the literature on L1000 embeddings.
    pub fn knn() -> Self {
        Self::Knn { k: vec![7, 8, 9, 10], metrics: Metric::ALL.to_vec(), weighted: false }
    }

    /// Three kernels, C from 0.1 to 100, gamma from 0.1 to 1 over the dimension.
    pub fn svm() -> Self {
        Self::Svm {
            kernels: vec![Kernel::Linear, Kernel::Rbf, Kernel::Polynomial],
            c: vec![0.1, 1.0, 10.0, 100.0],
            gamma: vec![0.1, 0.3, 1.0],
        }
    }

    /// 64 hidden units, at most 200 epochs.
    pub fn mlp() -> Self {
        Self::Mlp { hidden: 64, epochs: 200 }
    }

    /// Returns both methods, with as many clusters as classes.
    pub fn cluster() -> Self {
        Self::Cluster { methods: vec![ClusterMethod::KMeans, ClusterMethod::Hierarchical], clusters: None }
    }

    /// Takes a classifier of another crate: whatever implements [`Classifier`] goes through the same folds,
    /// permutations and figures as those of this crate.
    ///
    /// ```
    /// use l1kdb::Rows;
    /// use l1kdb::eval::classification::{ClassOptions, DrugClasses, Method, classify};
    /// use l1kdb::learn::{Classifier, Fitted, LearnError, Predictions, Training};
    /// use l1kdb::progress::Quiet;
    ///
    /// /// Scores a class by its share of the training rows.
    /// #[derive(Debug)]
    /// struct Majority;
    ///
    /// struct Shares(Vec<f32>);
    ///
    /// impl Classifier for Majority {
    ///     fn configurations(&self) -> Vec<String> {
    ///         vec!["majority".to_owned()]
    ///     }
    ///
    ///     fn fit<'a>(&'a self, _: usize, training: &Training<'a>) -> Result<Box<dyn Fitted + 'a>, LearnError> {
    ///         let sizes = training.labels().select(&training.sample()).sizes();
    ///         let all = sizes.iter().sum::<usize>() as f32;
    ///         Ok(Box::new(Shares(sizes.iter().map(|&size| size as f32 / all).collect())))
    ///     }
    /// }
    ///
    /// impl Fitted for Shares {
    ///     fn predict(&self, rows: Rows<'_>) -> Result<Predictions, LearnError> {
    ///         Ok(Predictions::new(self.0.repeat(rows.len()), self.0.len()))
    ///     }
    /// }
    ///
    /// # let drugs: Vec<String> = ["a", "b", "c", "d", "e"].map(String::from).to_vec();
    /// # let names: Vec<String> = ["heart", "skin"].map(String::from).to_vec();
    /// # let classes = [vec![0], vec![0], vec![0], vec![1], vec![1]];
    /// # let embeddings = Rows::new(&[1.0, 0.9, 0.8, -0.9, -0.7], 1)?;
    /// # let data = DrugClasses::new(embeddings, &drugs, &classes, &names);
    /// // Three drugs of one class and two of another.
    /// let report = classify(&data, &ClassOptions::new(Method::custom(Majority)), &Quiet)?;
    /// assert_eq!(report.configurations[0].name, "majority");
    /// assert_eq!(report.configurations[0].confusion, [[3, 0], [2, 0]]);
    /// # Ok::<(), l1kdb::eval::EvalError>(())
    /// ```
    pub fn custom(classifier: impl Classifier + 'static) -> Self {
        Self::Custom(Arc::new(classifier))
    }

    /// Returns the classifier that this names.
    ///
    /// # Errors
    /// [`SettingError`] for a hyperparameter out of its range, a classifier without a configuration, and clusters, which
    /// learn nothing.
    pub fn classifier(&self) -> Result<Arc<dyn Classifier>, SettingError> {
        Ok(match self {
            Self::Knn { k, metrics, weighted } => Arc::new(Knn::new(k, metrics)?.weighted(*weighted)),
            Self::Svm { kernels, c, gamma } => Arc::new(Svm::new(kernels, c, gamma)?),
            Self::Mlp { hidden, epochs } => Arc::new(Mlp::new(*hidden, *epochs)?),
            Self::Centroid => Arc::new(Centroid),
            Self::Custom(classifier) => {
                let count = classifier.configurations().len();
                SettingError::check("configurations", count, "at least one", count > 0)?;
                Arc::clone(classifier)
            }
            Self::Cluster { .. } => {
                return Err(SettingError::new("classifier", "clusters", "a classifier that learns"));
            }
        })
    }
}
