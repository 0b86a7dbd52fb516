//! The chain of one query.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::basis::Rows;
use super::columns::{FDR, NORM_CS, RAW_CS, TAU};
use super::ground::Ground;
use super::normalise::{drugs, normalised};
use crate::connectivity::{Summary, fdr_q, fdr_q_nlog10, tau};
use crate::question::QuestionError;

/// The scores of every signature and drug for one query.
pub struct Chain<'a> {
    rows: &'a Rows<'a>,
    /// Of each signature, whether it may be a hit.
    pub kept: Cow<'a, [bool]>,
    raw: Vec<Option<f64>>,
    norm: Vec<Option<f64>>,
    rates: Option<Vec<Option<f64>>>,
}

impl<'a> Chain<'a> {
    /// Computes the chain from the connectivity of every signature, NaN where there is none. The signature of an id of its `own` is
    /// no hit.
    pub fn new(raw: &[f32], rows: &'a Rows<'a>, own: Option<&str>) -> Result<Self, QuestionError> {
        let ground = &rows.basis.ground;
        let (raw, norm) = normalised(raw, ground)?;
        let rates = fdr_q(&norm, &ground.null).map_err(QuestionError::chain)?;
        Ok(Self { kept: rows.without(own), rows, raw, norm, rates })
    }

    /// Returns the signatures of the database.
    pub fn ground(&self) -> &'a Ground {
        &self.rows.basis.ground
    }

    /// Returns the normalised score of a signature.
    pub fn norm(&self, row: usize) -> Option<f64> {
        self.norm[row]
    }

    /// Returns the scores of a signature by their columns.
    pub fn of_signature(&self, row: usize) -> Vec<(&'static str, Option<f64>)> {
        let references = &self.rows.basis.references;
        let tau = |norm: f64| references.of_signature(row).and_then(|reference| tau(norm, reference));
        self.columns(row, self.norm[row], self.norm[row].and_then(tau))
    }

    /// Returns the scores of a drug by their columns; connectivity and rate are those of its best signature.
    pub fn of_drug(&self, drug: usize, norm: f64, best: usize) -> Vec<(&'static str, Option<f64>)> {
        let tau = self.rows.of_drug(drug).and_then(|reference| tau(norm, reference));
        self.columns(best, Some(norm), tau)
    }

    fn columns(&self, row: usize, norm: Option<f64>, tau: Option<f64>) -> Vec<(&'static str, Option<f64>)> {
        let mut columns = vec![(RAW_CS, self.raw[row]), (NORM_CS, norm)];
        if let Some(rates) = &self.rates {
            columns.push((FDR, rates[row].map(fdr_q_nlog10)));
        }
        if !self.rows.basis.references.is_empty() {
            columns.push((TAU, tau));
        }
        columns
    }

    /// Returns the score of each drug.
    pub fn drugs(&self) -> BTreeMap<usize, Summary> {
        drugs(|row| self.norm[row], self.ground(), &self.kept)
    }
}
