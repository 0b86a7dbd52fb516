//! What a network is asked to do: tell drugs apart, or bring signatures of one drug together and others apart.
//!
//! A loss takes unit embeddings of a few profiles and gives its value and its slope by every coordinate.

mod softmax;
mod triplet;

pub(crate) use softmax::{Classes, Slopes, Softmax};
pub(crate) use triplet::{Triplet, TripletLoss, semi_hard};
