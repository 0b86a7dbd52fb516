//! The names of columns in LINCS tables, of both generations and of tables made from them; the first that is there counts.

/// The id of a signature (level 5), an instance or a sample (level 4 and below).
pub const SIG_ID: &[&str] = &["sig_id", "inst_id", "sample_id", "id"];
/// The id of a perturbagen.
pub const PERT_ID: &[&str] = &["pert_id", "broad_id"];
/// The name of a perturbagen.
pub const PERT_INAME: &[&str] = &["pert_iname", "cmap_name"];
/// The drug in a table about drugs: its name, or any key that rows of one drug share.
pub const DRUG: &[&str] = &["pert_iname", "cmap_name", "drug"];
/// The kind of perturbagen, such as `trt_cp`.
pub const PERT_TYPE: &[&str] = &["pert_type"];
/// The cell line.
pub const CELL_ID: &[&str] = &["cell_id", "cell_iname"];
/// The plate of a signature.
pub const PLATE: &[&str] = &["rna_plate", "det_plate", "plate"];
/// The source of a signature, such as a release.
pub const SOURCE: &[&str] = &["source"];
/// The dose with its unit.
pub const DOSE: &[&str] = &["pert_idose", "dose"];
/// The time with its unit.
pub const TIME: &[&str] = &["pert_itime", "time"];
/// The transcriptional activity score.
pub const TAS: &[&str] = &["tas"];
/// Mechanisms of action.
pub const MOA: &[&str] = &["moa"];
/// Targets.
pub const TARGET: &[&str] = &["target", "targets"];
/// The InChIKey.
pub const INCHI_KEY: &[&str] = &["inchi_key", "InChIKey"];
/// The structure as SMILES.
pub const SMILES: &[&str] = &["canonical_smiles", "smiles"];
/// ATC codes.
pub const ATC_CODE: &[&str] = &["atc_code", "atc"];
/// The id in DrugBank.
pub const DRUGBANK_ID: &[&str] = &["drugbank_id"];
