//! From the classifier that is asked for to the one that learns.

use super::centroid::Centroid;
use super::knn::Neighbourhood;
use super::learner::Learner;
use super::mlp::Network;
use super::options::Classifier;
use super::svm::Machines;

/// The learner that a classifier names; none for clusters, which do not learn.
pub(super) fn learner(classifier: &Classifier) -> Option<Box<dyn Learner>> {
    Some(match classifier {
        Classifier::Knn { k, metrics, weighted } => Box::new(Neighbourhood::new(k, metrics, *weighted)),
        Classifier::Svm { kernels, c, gamma } => Box::new(Machines::new(kernels, c, gamma)),
        Classifier::Ann { hidden, epochs } => Box::new(Network { hidden: *hidden, epochs: *epochs }),
        Classifier::Centroid => Box::new(Centroid),
        Classifier::Cluster { .. } => return None,
    })
}
