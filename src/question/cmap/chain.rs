//! The chain of one query.

use std::collections::BTreeMap;

use super::columns::{FDR, NORM_CS, RAW_CS, TAU};
use super::ground::Ground;
use super::normalise::{drugs, normalised};
use super::references::References;
use crate::connectivity::{Summary, fdr_q, fdr_q_nlog10, tau};
use crate::question::QuestionError;

/// The scores of every signature and drug for one query.
pub struct Chain<'a> {
    pub ground: &'a Ground,
    references: &'a References,
    raw: Vec<Option<f64>>,
    norm: Vec<Option<f64>>,
    rates: Option<Vec<Option<f64>>>,
}

impl<'a> Chain<'a> {
    /// Computes the chain from the connectivity of every signature, NaN where there is none.
    pub fn new(raw: &[f32], ground: &'a Ground, references: &'a References) -> Result<Self, QuestionError> {
        let (raw, norm) = normalised(raw, ground)?;
        let rates = fdr_q(&norm, &ground.null).map_err(QuestionError::chain)?;
        Ok(Self { ground, references, raw, norm, rates })
    }

    /// Returns the normalised score of a signature.
    pub fn norm(&self, row: usize) -> Option<f64> {
        self.norm[row]
    }

    /// Returns the scores of a signature by their columns.
    pub fn of_signature(&self, row: usize) -> Vec<(&'static str, Option<f64>)> {
        let tau = |norm: f64| self.references.of_signature(row).and_then(|reference| tau(norm, reference));
        self.columns(row, self.norm[row], self.norm[row].and_then(tau))
    }

    /// Returns the scores of a drug by their columns; connectivity and rate are those of its best signature.
    pub fn of_drug(&self, drug: usize, norm: f64, best: usize) -> Vec<(&'static str, Option<f64>)> {
        let tau = self.references.of_drug(drug).and_then(|reference| tau(norm, reference));
        self.columns(best, Some(norm), tau)
    }

    fn columns(&self, row: usize, norm: Option<f64>, tau: Option<f64>) -> Vec<(&'static str, Option<f64>)> {
        let mut columns = vec![(RAW_CS, self.raw[row]), (NORM_CS, norm)];
        if let Some(rates) = &self.rates {
            columns.push((FDR, rates[row].map(fdr_q_nlog10)));
        }
        if !self.references.is_empty() {
            columns.push((TAU, tau));
        }
        columns
    }

    /// Returns the score of each drug.
    pub fn drugs(&self) -> BTreeMap<usize, Summary> {
        drugs(&self.norm, self.ground)
    }
}
