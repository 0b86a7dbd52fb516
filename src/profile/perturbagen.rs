//! Tables of drugs and other perturbagens: names, identifiers, mechanisms and targets.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::Path;

use super::id::{compound_id, drugbank_id, inchi_key};
use super::missing::present;
use super::signature::required;
use super::table::{TableRows, column, no_rows};
use super::text::Source;
use super::{ProfileError, columns};

/// What a table says about one perturbagen. Fields that are missing there are `None` or empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Perturbagen {
    /// `pert_id`, such as `BRD-K08132273`; in some tables a DrugBank id.
    pub pert_id: Option<String>,
    /// `pert_iname` or `cmap_name`, as written.
    pub name: Option<String>,
    /// `drug`: a normalised name by which other tables know the drug.
    pub key: Option<String>,
    /// `pert_type`, such as `trt_cp`.
    pub pert_type: Option<String>,
    /// `drugbank_id`, such as `DB00945`.
    pub drugbank_id: Option<String>,
    /// Mechanisms of action, each once, in the order of the table.
    pub moa: Vec<String>,
    /// Targets as gene symbols, each once, in the order of the table.
    pub targets: Vec<String>,
    /// InChIKey, without the `InChIKey=` that LINCS puts before it.
    pub inchi_key: Option<String>,
    /// `canonical_smiles`.
    pub smiles: Option<String>,
    /// `clinical_phase` of the Drug Repurposing Hub, such as `Launched`.
    pub clinical_phase: Option<String>,
    /// `disease_area`, each once.
    pub disease_areas: Vec<String>,
    /// `indication`, each once.
    pub indications: Vec<String>,
}

/// The perturbagens of a table such as `GSE92742_Broad_LINCS_pert_info.txt`, `compoundinfo_beta.txt` or the drug
/// table of the Drug Repurposing Hub. Rows about the same perturbagen are merged.
#[derive(Debug, Clone, Default)]
pub struct PerturbagenTable {
    rows: Vec<Perturbagen>,
}

impl PerturbagenTable {
    /// Reads a TSV or CSV file, gzipped or not.
    ///
    /// Rows are about the same perturbagen when they share the `pert_id`, or, where there is none, the `drug` and
    /// the name (whatever its case); of what they say differently the first in alphabetical order is kept, whatever the
    /// order of the rows. `compoundinfo_beta.txt` has one row for each pair of mechanism and target.
    ///
    /// # Errors
    /// Those of [`Table::read`](super::Table::read), and [`ProfileError::MissingColumn`] for a table that has
    /// neither a `pert_id` nor a name, [`ProfileError::Empty`] for one of whose rows none has either.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, ProfileError> {
        Self::from_source(path.as_ref(), Source::open(path.as_ref())?)
    }

    pub(super) fn from_source(path: &Path, source: Source) -> Result<Self, ProfileError> {
        let mut rows = TableRows::new(source)?;
        let columns = Columns::find(rows.header(), path)?;
        let mut table = Self::default();
        let mut known = HashMap::new();
        while let Some(record) = rows.next()? {
            table.merge(&mut known, columns.perturbagen(|i| record.field(i)));
        }
        match table.rows.is_empty() {
            true => Err(no_rows(path)),
            false => Ok(table),
        }
    }

    /// Returns all perturbagens, each once, in the order in which the table first names them.
    pub fn rows(&self) -> &[Perturbagen] {
        &self.rows
    }

    fn merge(&mut self, known: &mut HashMap<String, usize>, row: Perturbagen) {
        let Some(identity) = row.identity() else { return };
        match known.get(&identity) {
            Some(&first) => self.rows[first].absorb(row),
            None => {
                known.insert(identity, self.rows.len());
                self.rows.push(row);
            }
        }
    }
}

impl FromIterator<Perturbagen> for PerturbagenTable {
    /// Makes a table of records in memory, merged as the rows of a file are. Those without id and name are left out.
    fn from_iter<I: IntoIterator<Item = Perturbagen>>(records: I) -> Self {
        let (mut table, mut known) = (Self::default(), HashMap::new());
        records.into_iter().for_each(|record| table.merge(&mut known, record));
        table
    }
}

impl Perturbagen {
    fn identity(&self) -> Option<String> {
        let id = self.pert_id.as_ref().map(|id| format!("id {id}"));
        let named = || {
            let name = self.name.as_ref().map(|name| name.to_lowercase());
            (self.key.is_some() || name.is_some()).then(|| format!("drug {:?} {name:?}", self.key))
        };
        id.or_else(named)
    }

    fn absorb(&mut self, other: Self) {
        let fill = |mine: &mut Option<String>, theirs: Option<String>| {
            *mine = [mine.take(), theirs].into_iter().flatten().min();
        };
        fill(&mut self.name, other.name);
        fill(&mut self.key, other.key);
        fill(&mut self.pert_type, other.pert_type);
        fill(&mut self.drugbank_id, other.drugbank_id);
        fill(&mut self.inchi_key, other.inchi_key);
        fill(&mut self.smiles, other.smiles);
        fill(&mut self.clinical_phase, other.clinical_phase);
        extend(&mut self.moa, other.moa);
        extend(&mut self.targets, other.targets);
        extend(&mut self.disease_areas, other.disease_areas);
        extend(&mut self.indications, other.indications);
    }
}

fn extend(list: &mut Vec<String>, more: Vec<String>) {
    for item in more {
        if !list.contains(&item) {
            list.push(item);
        }
    }
}

/// Where a table keeps what [`Perturbagen`] holds.
struct Columns {
    pert_id: Option<usize>,
    name: Option<usize>,
    key: Option<usize>,
    pert_type: Option<usize>,
    drugbank_id: Option<usize>,
    moa: Option<usize>,
    targets: Option<usize>,
    inchi_key: Option<usize>,
    smiles: Option<usize>,
    clinical_phase: Option<usize>,
    disease_area: Option<usize>,
    indication: Option<usize>,
}

impl Columns {
    fn find(header: &[String], path: &Path) -> Result<Self, ProfileError> {
        let find = |names: &[&str]| column(header, names);
        // The first name that is missing decides the message; any of them is enough.
        required(header, &[columns::PERT_ID, columns::DRUG].concat(), path)?;
        Ok(Self {
            pert_id: find(columns::PERT_ID),
            name: find(columns::PERT_INAME),
            key: find(&["drug"]),
            pert_type: find(columns::PERT_TYPE),
            drugbank_id: find(columns::DRUGBANK_ID),
            moa: find(columns::MOA),
            targets: find(columns::TARGET),
            inchi_key: find(columns::INCHI_KEY),
            smiles: find(columns::SMILES),
            clinical_phase: find(&["clinical_phase"]),
            disease_area: find(&["disease_area"]),
            indication: find(&["indication"]),
        })
    }

    fn perturbagen<'a>(&self, field: impl Fn(usize) -> Cow<'a, str>) -> Perturbagen {
        let text = |column: Option<usize>| column.and_then(|i| present(&field(i)));
        let list = |column| text(column).map(|cell| split(&cell)).unwrap_or_default();
        Perturbagen {
            pert_id: text(self.pert_id).as_deref().map(compound_id),
            name: text(self.name),
            key: text(self.key),
            pert_type: text(self.pert_type),
            drugbank_id: text(self.drugbank_id).as_deref().map(drugbank_id),
            moa: list(self.moa),
            targets: text(self.targets).map(|cell| split_targets(&cell)).unwrap_or_default(),
            inchi_key: text(self.inchi_key).as_deref().map(inchi_key),
            smiles: text(self.smiles),
            clinical_phase: text(self.clinical_phase),
            disease_areas: list(self.disease_area),
            indications: list(self.indication),
        }
    }
}

/// `A|B` to `A` and `B`, each once.
fn split(cell: &str) -> Vec<String> {
    let mut list = Vec::new();
    extend(&mut list, cell.split('|').filter_map(present).collect());
    list
}

/// Targets are gene symbols, which hold no comma, so the `A, B` of web exports is split as well. Mechanisms are
/// not: their names may hold commas.
fn split_targets(cell: &str) -> Vec<String> {
    if cell.contains('|') { split(cell) } else { split(&cell.replace(',', "|")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Perturbagen> {
        let path = Path::new("perts.txt");
        let source = Source::from_bytes(path, text.as_bytes().to_vec()).unwrap();
        PerturbagenTable::from_source(path, source).unwrap().rows
    }

    #[test]
    fn rows_of_compoundinfo_beta_about_one_compound_are_merged() {
        let rows = read(
            "pert_id\tcmap_name\ttarget\tmoa\tcanonical_smiles\tinchi_key\tcompound_aliases\n\
             BRD-A1\tfoo\tHDAC1\tHDAC inhibitor\tCC\tKEY-A\t\n\
             BRD-B2\tbar\t\t\t\t\t\n\
             BRD-A1\tfoo\tHDAC2\tHDAC inhibitor\tCC\tKEY-A\t\"\"\n",
        );
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0].targets, ["HDAC1", "HDAC2"]);
        assert_eq!(rows[0].moa, ["HDAC inhibitor"]);
        assert_eq!(
            rows[1],
            Perturbagen { pert_id: Some("BRD-B2".into()), name: Some("bar".into()), ..rows[1].clone() }
        );
        assert!(rows[1].moa.is_empty());
    }

    #[test]
    fn the_drug_table_of_the_repurposing_hub_is_read_past_its_preamble() {
        let rows = read(
            "!Drug annotations\n!Version 2020\n\
             pert_iname\tclinical_phase\tmoa\ttarget\tdisease_area\tindication\n\
             abc\tLaunched\tA inhibitor|B, C antagonist\tX1|X2\tcardiology|oncology\tangina\n\
             def\tPhase 2\t\tY1, Y2\t\t\n",
        );
        assert_eq!(rows[0].moa, ["A inhibitor", "B, C antagonist"]);
        assert_eq!(rows[0].disease_areas, ["cardiology", "oncology"]);
        assert_eq!(rows[0].clinical_phase.as_deref(), Some("Launched"));
        assert_eq!(rows[1].targets, ["Y1", "Y2"]);
        assert_eq!(rows[1].pert_id, None);
    }

    #[test]
    fn what_rows_of_one_perturbagen_say_does_not_depend_on_their_order() {
        let header = "pert_id\tpert_iname\tdrug\tinchi_key\n";
        let (one, other) = ("BRD-1\tb\tx\tKEY-B\n", "BRD-1\ta\t\tKEY-A\n");
        let rows = read(&format!("{header}{one}{other}"));
        assert_eq!(rows, read(&format!("{header}{other}{one}")));
        assert_eq!((rows[0].name.as_deref(), rows[0].key.as_deref()), (Some("a"), Some("x")));
        let names = read(&format!("{header}\ta\tx\t\n\tb\tx\t\n\tA\tx\t\n"));
        assert_eq!(names.iter().filter_map(|row| row.name.as_deref()).collect::<Vec<_>>(), ["A", "b"]);
    }

    #[test]
    fn batches_lead_to_their_compound_and_inchi_keys_lose_their_prefix() {
        let rows = read("broad_id\tpert_iname\tInChIKey\nBRD-K08132273-001-02-3\ta\tInChIKey=AAA-B-C\n");
        assert_eq!(rows[0].pert_id.as_deref(), Some("BRD-K08132273"));
        assert_eq!(rows[0].inchi_key.as_deref(), Some("AAA-B-C"));
    }
}
