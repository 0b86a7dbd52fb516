//! An open database: the door to all of it.

use std::path::Path;

use super::DbError;
use super::calibration::{Calibration, Held, hold};
use super::query::{Filter, FilterSteps, Queries, Query, filter};
use super::segment::{DrugRecord, SignatureRecord};
use super::snapshot::{LiveSegment, Snapshot};
use crate::annotate::AtcNames;
use crate::connectivity::Score;
use crate::embed::{Card, EmbedError, EngineOptions, Model};
use crate::profile::Universe;

/// An open database.
///
/// ```no_run
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use l1kdb::db::{Db, Filter};
/// use l1kdb::embed::EngineOptions;
/// use l1kdb::profile::{ReadOptions, read_profiles};
/// use l1kdb::progress::Quiet;
///
/// let db = Db::open("lincs.l1kdb")?;
/// let model = db.model(&EngineOptions::default())?;
/// let (profiles, _) = read_profiles("mine.gctx", &ReadOptions::default(), &Quiet)?;
/// let embeddings = model.embed(&profiles)?;
/// for hit in db.query(embeddings.row(0)).top(20).filter(Filter::any_of("cell_id", ["MCF7"])).run()? {
///     println!("{:>3} {:<24} {:.3} {}", hit.rank, hit.drug, hit.score, hit.atc.join("|"));
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Db {
    pub(super) snapshot: Snapshot,
    pub(super) calibrations: Vec<Held<Calibration>>,
}

impl Db {
    /// Opens a database for reading. The cost does not depend on the number of signatures.
    ///
    /// Headers, section tables and bounds are checked, contents are not: [`verify`](Self::verify) does that. A search
    /// in a damaged database returns an error or a wrong answer, but neither panics nor reads out of bounds.
    ///
    /// Where a build replaces the database at this very time, this is the old one or the new one, whole in either case.
    ///
    /// # Errors
    /// No database there, one of a newer format or another gene space, or a segment that does not fit the manifest.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, DbError> {
        let snapshot = Snapshot::open(path.as_ref())?;
        Ok(Self { calibrations: hold(&snapshot), snapshot })
    }

    /// Returns the directory.
    pub fn path(&self) -> &Path {
        self.snapshot.path()
    }

    /// Returns the number of signatures.
    pub fn signatures(&self) -> usize {
        self.snapshot.rows()
    }

    /// Returns the number of drugs.
    ///
    /// # Errors
    /// A damaged drug table.
    pub fn drugs(&self) -> Result<usize, DbError> {
        Ok(self.snapshot.drug_groups()?.len())
    }

    /// Returns the length of an embedding.
    pub fn dim(&self) -> usize {
        self.snapshot.dim()
    }

    /// Returns the genes of the profiles that it keeps: those in which [`queries_by`](Self::queries_by) asks, and of which
    /// [`profile`](Self::profile) has values. Embeddings are made of the 978 landmarks in any case.
    ///
    /// ```no_run
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use l1kdb::profile::{GeneIds, Universe};
    ///
    /// # let db = l1kdb::db::Db::open("lincs.l1kdb")?;
    /// // Built with `BuildOptions::keep_genes(Universe::Bing)`.
    /// assert_eq!(db.universe(), Universe::Bing);
    /// let up = GeneIds::built_in().map(&["CDKN1A", "MDM2"], db.universe());
    /// # Ok(())
    /// # }
    /// ```
    pub fn universe(&self) -> Universe {
        self.snapshot.manifest().universe()
    }

    /// Loads the network that made the database. Only its embeddings can be compared with those stored.
    ///
    /// # Errors
    /// A network that is missing, damaged, or not the one that the manifest names.
    pub fn model(&self, engine: &EngineOptions) -> Result<Model, DbError> {
        let (card, text) = self.read_card()?;
        let onnx = if card.onnx.is_some() { self.snapshot.model_files().onnx()? } else { Vec::new() };
        let path = self.snapshot.model_files().path();
        let model = Model::from_parts(text, onnx, &path.display().to_string(), engine)?;
        if model.digest() == self.snapshot.manifest().model {
            return Ok(model);
        }
        let (expected, found) = (self.snapshot.manifest().model.clone(), model.digest().to_owned());
        Err(DbError::Mismatch { path: path.clone(), what: "model", expected, found })
    }

    /// Reads the card of the network that made the database, without loading the network.
    ///
    /// # Errors
    /// A card that is missing, malformed, or not the one that the manifest names.
    pub fn card(&self) -> Result<Card, DbError> {
        Ok(self.read_card()?.0)
    }

    fn read_card(&self) -> Result<(Card, String), DbError> {
        let path = self.snapshot.model_files().path();
        let bytes = self.snapshot.model_files().card()?;
        let found = Card::digest(&bytes);
        match &self.snapshot.manifest().card {
            Some(expected) if *expected != found => {
                let (path, expected) = (path.join("card.toml"), expected.clone());
                return Err(DbError::Mismatch { path, what: "digest", expected, found });
            }
            _ => {}
        }
        let origin = path.display().to_string();
        let syntax =
            |_| EmbedError::CardSyntax { origin: origin.clone(), detail: "it is not text".to_owned() };
        let text = String::from_utf8(bytes).map_err(syntax)?;
        Ok((Card::parse(&text, &origin)?, text))
    }

    /// Asks which drugs or signatures lie nearest to `embedding`, a unit vector from the database's own
    /// [`model`](Self::model).
    pub fn query<'a>(&'a self, embedding: &'a [f32]) -> Query<'a> {
        Query::new(&self.snapshot, embedding)
    }

    /// Asks the same of many embeddings, row by row as [`Embeddings::values`](crate::embed::Embeddings::values) has them.
    pub fn queries<'a>(&'a self, embeddings: &'a [f32]) -> Queries<'a> {
        Queries::new(&self.snapshot, embeddings)
    }

    /// Asks by scores of the stored profiles, one question each, in gene space: correlations with a profile, connectivity of gene
    /// sets, or whatever else is a [`Score`] of as many genes as the database's [`universe`](Self::universe) has, in its order.
    /// Answers hold those scores in place of similarities. A query of another number of genes is [`DbError::Genes`] when it runs.
    ///
    /// ```no_run
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use l1kdb::connectivity::{CosineQuery, Score};
    ///
    /// # let db = l1kdb::db::Db::open("lincs.l1kdb")?;
    /// # let profile = vec![0.0; db.universe().size()];
    /// let scores: [Box<dyn Score>; 1] = [Box::new(CosineQuery::new(&profile)?)];
    /// let answers = db.queries_by(&scores).top(10).run()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn queries_by<'a>(&'a self, scores: &'a [Box<dyn Score>]) -> Queries<'a> {
        Queries::by(&self.snapshot, scores)
    }

    /// Returns the keys of stored values that a [`Filter`] can name here, sorted.
    ///
    /// # Errors
    /// A damaged filter section.
    pub fn filter_keys(&self) -> Result<Vec<String>, DbError> {
        filter::keys(&self.snapshot)
    }

    /// Tells whether some signature is of a plate.
    pub(crate) fn has_plate(&self, plate: &str) -> Result<bool, DbError> {
        for segment in self.snapshot.segments() {
            if segment.plates()?.keys().any(|known| known.eq_ignore_ascii_case(plate)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Tells whether some signature is of a cell line.
    pub(crate) fn has_cell_line(&self, name: &str) -> Result<bool, DbError> {
        for segment in self.snapshot.segments() {
            if segment.rows_with("cell_id", name)?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Returns the values that a text such as `MCF7,PC3` means here, for [`Filter::any_of`].
    ///
    /// A value that the database knows as a whole is what was meant, commas and all: `cell_id=Jurkat, Clone E6-1` is one
    /// cell line, and `drug=2,4-dinitrol,aspirin` are two drugs. Between double quotes anything is one value.
    ///
    /// # Errors
    /// A key or value that no segment knows, with those that look like it; an empty value; a damaged filter section.
    pub fn filter_values(&self, key: &str, text: &str) -> Result<Vec<String>, DbError> {
        filter::values_meant(&self.snapshot, key, text)
    }

    /// Returns the filter that a text means here: values of a key as [`filter_values`](Self::filter_values) reads them,
    /// `KEY=V1,V2`, or what [`Filter::parse`] reads.
    ///
    /// A text `KEY=V1,V2` whose values the database knows is nothing else, whatever words are in them. Any other is an expression if
    /// it does not begin with a key and `=`, or if `and` or `or` begins another clause behind that.
    ///
    /// # Errors
    /// As [`filter_values`](Self::filter_values) and [`Filter::parse`]. Keys and values of an expression are looked up when a
    /// query is run.
    pub fn parse_filter(&self, text: &str) -> Result<Filter, DbError> {
        filter::meant(&self.snapshot, text)
    }

    /// Counts the signatures that a filter leaves, part by part: why nothing is left.
    ///
    /// # Errors
    /// A key or value that no segment knows; a damaged section.
    pub fn filter_steps(&self, filter: &Filter) -> Result<FilterSteps, DbError> {
        filter::steps(&self.snapshot, filter)
    }

    /// Returns the names of the sources that the database was built of, in their order; none where it is of one without a name.
    #[must_use]
    pub fn sources(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for name in self.snapshot.segments().iter().filter_map(LiveSegment::source) {
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
        names
    }

    /// Returns the names of the ATC classes that the database's drugs fall in.
    ///
    /// # Errors
    /// A damaged section.
    pub fn atc_names(&self) -> Result<AtcNames, DbError> {
        let mut all = Vec::new();
        for segment in self.snapshot.segments() {
            all.extend(segment.atc_names()?.iter().map(|(code, name)| (code.to_owned(), name.to_owned())));
        }
        Ok(all.into_iter().collect())
    }

    /// Returns what is stored of a signature, and its drug, if the database holds it.
    ///
    /// # Errors
    /// A damaged section.
    pub fn signature(&self, sig_id: &str) -> Result<Option<(SignatureRecord, DrugRecord)>, DbError> {
        let Some(at) = self.snapshot.row_of(sig_id)? else { return Ok(None) };
        let signature = self.snapshot.segments()[at.segment].signatures([at.row])?.remove(0);
        Ok(Some((signature, self.snapshot.drug_of(at)?)))
    }

    /// Returns all drugs, by the numbers that calibrations give them.
    pub(crate) fn drug_records(&self) -> Result<Vec<DrugRecord>, DbError> {
        self.snapshot.merged_drugs(&(0..self.snapshot.drug_groups()?.len()).collect())
    }

    /// Returns the number that calibrations give to the drug of a signature.
    pub(crate) fn drug_number(&self, sig_id: &str) -> Result<Option<usize>, DbError> {
        self.snapshot.row_of(sig_id)?.map(|at| self.snapshot.group_of_row(at)).transpose()
    }

    /// Returns the stored profile of a signature: a z-score for each gene of the [`universe`](Self::universe), in its order,
    /// rounded to half precision. `None` where the signature is not here or the database keeps no profiles.
    ///
    /// # Errors
    /// A damaged section.
    pub fn profile(&self, sig_id: &str) -> Result<Option<Vec<f32>>, DbError> {
        match self.snapshot.row_of(sig_id)? {
            Some(at) => self.snapshot.segments()[at.segment].profile(at.row),
            None => Ok(None),
        }
    }
}
