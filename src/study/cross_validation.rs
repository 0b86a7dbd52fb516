//! Embeddings that are made fold by fold, each by a model that has not seen the rows it embeds.

use super::outcome::Outcome;
use super::protocol::Protocol;
use super::run::{Method, PERMUTED_LABELS, RAW_COSINE, Run};
use super::{Matrix, Study, check_len};
use crate::eval::{EvalError, RetrievalResults};
use crate::progress::Progress;
use crate::split::Fold;
use crate::stats::Bootstrap;

/// Makes the embeddings of the rows that a fold holds out, `fold.held_out.len()` x any number, in that order, from no more than
/// the fold's training side. Folds are numbered from 0, repeat after repeat.
pub type Embedder<'a, E> = dyn FnMut(usize, &Fold) -> Result<Matrix, E> + 'a;

/// Results of one way of embedding on held-out rows.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct MethodOutcome {
    /// What it is.
    pub name: String,
    /// Over all folds of all repeats.
    pub pooled: Outcome,
    /// Of every repeat by itself, without those that hold out no pair: how much the division and the seed matter.
    pub by_repeat: Vec<Outcome>,
}

impl MethodOutcome {
    fn new(
        name: String,
        repeats: Vec<RetrievalResults>,
        outcome: impl Fn(&RetrievalResults) -> Result<Outcome, EvalError>,
    ) -> Result<Self, EvalError> {
        let repeats: Vec<RetrievalResults> =
            repeats.into_iter().filter(|found| found.drugs().len() > 0).collect();
        let by_repeat = repeats.iter().map(&outcome).collect::<Result<_, _>>()?;
        let mut all = RetrievalResults::default();
        repeats.into_iter().for_each(|repeat| all.absorb(repeat));
        Ok(Self { name, pooled: outcome(&all)?, by_repeat })
    }

    /// Returns the standard deviation of a figure over the repeats; `None` for a single one.
    pub fn sd_over_repeats(&self, figure: impl Fn(&Outcome) -> f64) -> Option<f64> {
        let values: Vec<f64> = self.by_repeat.iter().map(figure).collect();
        let number = values.len() as f64;
        let mean = values.iter().sum::<f64>() / number;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        (values.len() > 1).then(|| (squares / (number - 1.0)).sqrt())
    }
}

impl Study {
    /// Has every method embed the rows that each fold of the protocol's split holds out, and ranks them among each other.
    /// The embedding of the study itself is not asked.
    ///
    /// Where there are profiles, or the embedding is the profiles ([`is_raw`](Self::is_raw)), `raw cosine` comes first in
    /// the answer; then every method; then `permuted labels`, the last method with the labels of every held-out set
    /// permuted, which is chance. Without [`Protocol::baselines`] there are the methods alone. All are ranked among the
    /// same candidates.
    ///
    /// Every method is asked for every fold, also for one that holds out nothing to find and so gives no figures. Where
    /// signatures are compared, an embedding of zeros is as near to one row as to another: it costs a method its figures,
    /// and does not end an evaluation.
    ///
    /// ```
    /// use l1kdb::progress::Quiet;
    /// use l1kdb::split::{Fold, KFold};
    /// use l1kdb::study::{Division, Matrix, Protocol, Row, SplitBy, Study, StudyError};
    ///
    /// // Six drugs of four signatures, with their profiles in place of an embedding.
    /// let row = |at: usize| Row { id: format!("s{at}"), drug: Some(format!("drug {}", at / 4)), ..Row::default() };
    /// let profiles = (0..24 * 5).map(|at| ((at * at * 37) % 11) as f32 - 5.0).collect();
    /// let mut study = Study::new((0..24).map(row).collect(), Matrix::new("z-scores", profiles, 5)?)?;
    /// study.is_raw = true;
    /// let split = study.split(Division::KFold(SplitBy::Drug, KFold { folds: 3, repeats: 2 }), 7)?;
    /// let protocol = Protocol::new("drug".parse()?).split(split).bootstrap(0);
    ///
    /// // A method is trained on `fold.train`; this one happens to know the drugs that it is asked about.
    /// let mut perfect = |_: usize, fold: &Fold| -> Result<Matrix, StudyError> {
    ///     let axis = |row: usize| (0..6).map(move |drug| if drug == row / 4 { 1.0 } else { 0.0 });
    ///     Ok(Matrix::new("perfect", fold.held_out.iter().flat_map(|&row| axis(row)).collect(), 6)?)
    /// };
    /// let methods = study.cross_validation(&protocol, &mut [("perfect".into(), &mut perfect)], &Quiet)?;
    /// let names: Vec<&str> = methods.iter().map(|method| method.name.as_str()).collect();
    /// assert_eq!(names, ["raw cosine", "perfect", "permuted labels"]);
    /// assert_eq!(methods[1].pooled.micro.auc_quantile, 1.0);
    /// assert_eq!(methods[1].by_repeat.len(), 2);
    /// # Ok::<(), StudyError>(())
    /// ```
    ///
    /// # Errors
    /// Those of the methods. [`EvalError`] when there is no split or nothing to find in what it holds out, or a label stands
    /// on both of its sides: all this before a method is asked. [`EvalError::Rows`] for an embedding of another number of
    /// rows than the fold holds out, [`EvalError::NotFinite`] for a value that is no number.
    pub fn cross_validation<E: From<EvalError>>(
        &self,
        protocol: &Protocol,
        methods: &mut [(String, &mut Embedder<'_, E>)],
        progress: &dyn Progress,
    ) -> Result<Vec<MethodOutcome>, E> {
        protocol.check().map_err(EvalError::from)?;
        let split = protocol.split.as_ref().ok_or(EvalError::NoPairHeldOut { sets: 0 })?;
        let run = Run::new(self, protocol)?;
        if !run.has_pair() {
            return Err(EvalError::NoPairHeldOut { sets: split.folds().count() }.into());
        }
        let raw = run.raw_cosine().filter(|_| protocol.baselines);
        if let Some(raw) = &raw {
            self.check_finite(raw.matrix)?;
        }
        let mut found = Found::new(&run, raw, methods.iter().map(|(name, _)| name.clone()));
        progress.begin("evaluating", (split.folds().count() * methods.len()) as u64);
        for (at, fold) in split.folds().enumerate() {
            found.add_raw(at, &fold)?;
            for (method, (_, embed)) in methods.iter_mut().enumerate() {
                let matrix = embed(at, &fold)?;
                found.add(at, &fold, method, &matrix)?;
                progress.advance(1);
            }
        }
        progress.end();
        Ok(found.methods()?)
    }

    /// Returns how many of the sets that the protocol's split holds out have nothing to find, and so give no figures.
    ///
    /// # Errors
    /// As [`cross_validation`](Self::cross_validation) before a method is asked.
    pub fn sets_without_pair(&self, protocol: &Protocol) -> Result<usize, EvalError> {
        Ok(Run::new(self, protocol)?.sets_without_pair)
    }
}

/// Results of every way of embedding so far, repeat by repeat.
struct Found<'r, 'a> {
    run: &'r Run<'a>,
    raw: Option<(Method<'a>, Vec<RetrievalResults>)>,
    methods: Vec<(String, Vec<RetrievalResults>)>,
    permuted: Vec<RetrievalResults>,
}

impl<'r, 'a> Found<'r, 'a> {
    fn new(run: &'r Run<'a>, raw: Option<Method<'a>>, names: impl Iterator<Item = String>) -> Self {
        let repeats = run.protocol.split.as_ref().map_or(0, |split| split.design().repeats());
        let none = vec![RetrievalResults::default(); repeats];
        Self {
            run,
            raw: raw.map(|raw| (raw, none.clone())),
            methods: names.map(|name| (name, none.clone())).collect(),
            permuted: none,
        }
    }

    fn add_raw(&mut self, at: usize, fold: &Fold) -> Result<(), EvalError> {
        match &mut self.raw {
            Some((raw, repeats)) => self.run.add_set(&mut repeats[fold.repeat], raw, at),
            None => Ok(()),
        }
    }

    fn add(&mut self, at: usize, fold: &Fold, method: usize, matrix: &Matrix) -> Result<(), EvalError> {
        let last = method + 1 == self.methods.len();
        let (name, repeats) = &mut self.methods[method];
        check_len(matrix, fold.held_out.len())?;
        let method = self.run.method().of_fold(name, matrix, &fold.held_out);
        self.run.add_set(&mut repeats[fold.repeat], &method, at)?;
        if last && self.run.protocol.baselines {
            self.run.add_set(&mut self.permuted[fold.repeat], &method.permuted(), at)?;
        }
        Ok(())
    }

    fn methods(self) -> Result<Vec<MethodOutcome>, EvalError> {
        let Run { protocol, strata, .. } = self.run;
        let bootstrap = Bootstrap { replicates: protocol.bootstrap, seed: protocol.seed };
        let raw = self.raw.map(|(_, repeats)| (RAW_COSINE.to_owned(), repeats));
        let has_permuted = protocol.baselines && !self.methods.is_empty();
        let permuted = has_permuted.then(|| (PERMUTED_LABELS.to_owned(), self.permuted));
        let all = raw.into_iter().chain(self.methods).chain(permuted);
        let outcome = |found: &RetrievalResults| Outcome::new(found, &strata.names, bootstrap);
        all.map(|(name, repeats)| MethodOutcome::new(name, repeats, outcome)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{by_drug, protocol, study};
    use super::super::{Label, Row};
    use super::*;
    use crate::progress::Quiet;
    use crate::split::{Grouping, KFold, Split};

    fn asked(split: Split) -> Protocol {
        Protocol { split: Some(split), ..protocol("pert_iname") }
    }

    fn ask(
        study: &Study,
        protocol: &Protocol,
        mut method: impl FnMut(usize, &Fold) -> Result<Matrix, EvalError>,
    ) -> Result<Vec<MethodOutcome>, EvalError> {
        study.cross_validation(protocol, &mut [("method".to_owned(), &mut method)], &Quiet)
    }

    /// Every drug of six signatures along an axis of its own.
    fn perfect(_: usize, fold: &Fold) -> Result<Matrix, EvalError> {
        let axis = |row: usize| (0..30).map(move |drug| f32::from(u8::from(drug == row / 6)));
        Ok(Matrix::new("perfect", fold.held_out.iter().flat_map(|&row| axis(row)).collect(), 30)?)
    }

    fn aucs(methods: &[MethodOutcome]) -> Vec<f64> {
        methods.iter().map(|method| method.pooled.micro.auc_quantile).collect()
    }

    #[test]
    fn a_perfect_embedding_stands_between_raw_cosine_and_permuted_labels() {
        let study = study();
        let found = ask(&study, &asked(by_drug(&study)), perfect).unwrap();
        let names: Vec<&str> = found.iter().map(|method| method.name.as_str()).collect();
        assert_eq!(names, ["raw cosine", "method", "permuted labels"]);
        let [raw, method, permuted] = aucs(&found)[..] else { panic!("three methods") };
        assert_eq!(method, 1.0);
        assert!((raw - 0.5).abs() < 0.06 && (permuted - 0.5).abs() < 0.06, "{raw} {permuted}");
        for method in &found {
            assert_eq!((method.pooled.positives, method.by_repeat.len()), (2 * 180 * 5, 2));
        }
        assert_eq!(found[1].sd_over_repeats(|outcome| outcome.micro.auc_quantile), Some(0.0));
    }

    #[test]
    fn rows_of_the_study_s_own_embedding_give_the_figures_of_a_retrieval() {
        let study = study();
        let protocol = asked(by_drug(&study));
        let own = |_: usize, fold: &Fold| {
            let values = fold.held_out.iter().flat_map(|&row| study.embedding.rows().row(row)).copied();
            Ok(Matrix::new("own", values.collect(), study.embedding.rows().dim())?)
        };
        let found = ask(&study, &protocol, own).unwrap();
        let retrieval = study.retrieval(&protocol, &Quiet).unwrap();
        assert_eq!(found[1].pooled.strata.len(), retrieval.outcome.strata.len());
        assert_eq!(found[1].pooled.micro, retrieval.outcome.micro);
        for (part, of_retrieval) in found[1].pooled.strata.iter().zip(&retrieval.outcome.strata) {
            assert_eq!((&part.part, part.positives), (&of_retrieval.part, of_retrieval.positives));
            assert!(
                (part.auc_quantile - of_retrieval.auc_quantile).abs() < 1e-12,
                "{part:?} {of_retrieval:?}"
            );
        }
        let baseline =
            |name: &str| retrieval.baselines.iter().find(|baseline| baseline.name == name).unwrap();
        for method in [&found[0], &found[2]] {
            assert_eq!(method.pooled.micro, baseline(&method.name).outcome.micro, "{}", method.name);
        }
    }

    #[test]
    fn rows_without_a_label_and_drugs_as_the_mean_of_their_rows_are_found_in_the_matrix_of_a_fold() {
        let mut study = study();
        (0..180).step_by(6).for_each(|row| study.rows[row].drug = None);
        let split = {
            let plates = Grouping::by_one(study.rows.iter().map(|row| Some(row.name.as_str())));
            Split::k_fold(&study.ids(), "drug", &plates, KFold { folds: 3, repeats: 1 }, 4).unwrap()
        };
        let found = ask(&study, &asked(split.clone()), perfect).unwrap();
        assert_eq!((aucs(&found)[1], found[1].pooled.positives), (1.0, 30 * 5 * 4));
        let by_class = Protocol { split: Some(split), ..protocol("moa") };
        let class = |_: usize, fold: &Fold| {
            let values = fold.held_out.iter().flat_map(|row| [(row / 6 % 5) as f32, 5.0]);
            Ok(Matrix::new("class", values.collect(), 2)?)
        };
        let protocol = Protocol { allow_shared_labels: true, ..by_class };
        study.rows.iter_mut().for_each(|row| row.moa.truncate(1));
        assert_eq!(aucs(&ask(&study, &protocol, class).unwrap())[1], 1.0);
    }

    #[test]
    fn a_fold_without_a_pair_is_embedded_and_gives_no_figures() {
        let mut study = study();
        // Drugs of the last third of the rows have a signature each.
        (120..180).for_each(|row| study.rows[row].drug = Some(format!("single {row:03}")));
        let thirds = Grouping::by_one((0..180).map(|row| Some(["a", "b", "c"][row / 60])));
        let split = Split::k_fold(&study.ids(), "third", &thirds, KFold { folds: 3, repeats: 1 }, 1).unwrap();
        let mut embedded = Vec::new();
        let method = |at: usize, fold: &Fold| {
            embedded.push(at);
            perfect(at, fold)
        };
        let protocol = asked(split);
        let found = ask(&study, &protocol, method).unwrap();
        assert_eq!(study.sets_without_pair(&protocol), Ok(1));
        assert_eq!((found[1].pooled.queries, embedded), (120, vec![0, 1, 2]));
    }

    #[test]
    fn what_cannot_be_asked_is_refused_before_a_method_is() {
        let mut study = study();
        let never = |_: usize, _: &Fold| -> Result<Matrix, EvalError> { panic!("a method was asked") };
        let refused = |study: &Study, protocol: &Protocol| ask(study, protocol, never).unwrap_err();
        assert_eq!(refused(&study, &protocol("pert_iname")), EvalError::NoPairHeldOut { sets: 0 });
        let by_drug = asked(by_drug(&study));
        let cells = Grouping::by_one(study.rows.iter().map(|row| row.cell.as_deref()));
        let by_cell = Split::k_fold(&study.ids(), "cell", &cells, KFold { folds: 2, repeats: 1 }, 1).unwrap();
        assert!(matches!(refused(&study, &asked(by_cell)), EvalError::Straddles { .. }));
        study.profiles.as_mut().unwrap().values_mut()[7] = f32::NAN;
        assert!(matches!(refused(&study, &by_drug), EvalError::NotFinite { .. }));
        study.rows = (0..180).map(|row| Row { drug: Some(row.to_string()), ..Row::default() }).collect();
        assert!(matches!(refused(&study, &by_drug), EvalError::NoPairHeldOut { sets: 6 }));
    }

    #[test]
    fn a_method_that_has_died_scores_chance_and_one_of_absurd_size_is_ranked_as_ever() {
        let study = study();
        let protocol = asked(by_drug(&study));
        let dead = |_: usize, fold: &Fold| Ok(Matrix::new("dead", vec![0.0; 3 * fold.held_out.len()], 3)?);
        assert_eq!(aucs(&ask(&study, &protocol, dead).unwrap())[1], 0.5);
        let of = |power: i32, zeros: usize| {
            let own = |_: usize, fold: &Fold| {
                let row = |&row: &usize| {
                    let scale = if row < zeros { 0.0 } else { 2.0_f64.powi(power) };
                    let values = study.embedding.rows().row(row).iter();
                    values.map(move |&value| (f64::from((value * 64.0).round()) * scale) as f32)
                };
                Ok(Matrix::new(
                    "own",
                    fold.held_out.iter().flat_map(row).collect(),
                    study.embedding.rows().dim(),
                )?)
            };
            ask(&study, &protocol, own).unwrap()[1].pooled.micro.clone()
        };
        for power in [60, 115, -83, -149] {
            assert_eq!(of(power, 0), of(0, 0), "2^{power}");
            assert_eq!(of(power, 5), of(0, 5), "2^{power}, five rows of zeros");
        }
        assert!(of(0, 5).auc_quantile < of(0, 0).auc_quantile);
    }

    #[test]
    fn an_embedding_of_other_rows_or_of_no_numbers_is_refused() {
        let study = study();
        let protocol = asked(by_drug(&study));
        let short = |_: usize, _: &Fold| Ok(Matrix::new("short", vec![1.0; 9], 3)?);
        assert!(matches!(ask(&study, &protocol, short), Err(EvalError::Rows { embeddings: 3, .. })));
        let none = |_: usize, fold: &Fold| Ok(Matrix::new("none", vec![f32::NAN; fold.held_out.len()], 1)?);
        let row = by_drug(&study).folds().next().unwrap().held_out[0];
        let error = ask(&study, &protocol, none).unwrap_err();
        assert_eq!(error, EvalError::NotFinite { row: study.place(row) });
    }

    #[test]
    fn without_baselines_or_profiles_the_methods_stand_alone() {
        let mut study = study();
        let names = |study: &Study, protocol: &Protocol| -> Vec<String> {
            ask(study, protocol, perfect).unwrap().into_iter().map(|method| method.name).collect()
        };
        let protocol = Protocol { label: Label::Drug, ..asked(by_drug(&study)) };
        assert_eq!(names(&study, &Protocol { baselines: false, ..protocol.clone() }), ["method"]);
        study.profiles = None;
        assert_eq!(names(&study, &protocol), ["method", "permuted labels"]);
        study.is_raw = true;
        assert_eq!(names(&study, &protocol), ["raw cosine", "method", "permuted labels"]);
    }
}
