//! Where programs keep matrix, ids and metadata in HDF5, and what a file is that keeps none.

use super::ProfileError;
use super::hdf5::Container;
use super::input::Format;

/// Where a matrix and what belongs to it stand. One row of the dataset is one signature.
pub(super) struct MatrixLayout {
    pub(super) format: Format,
    pub(super) matrix: &'static str,
    /// Signatures.
    pub(super) columns: AxisLayout,
    /// Genes.
    pub(super) rows: AxisLayout,
}

/// Where ids and metadata of one side stand.
pub(super) struct AxisLayout {
    /// The array of ids.
    pub(super) ids: String,
    /// The group of which every other array is a column of metadata.
    group: Option<&'static str>,
}

impl AxisLayout {
    fn new(group: &'static str, ids: &str) -> Self {
        Self { ids: format!("{group}/{ids}"), group: Some(group) }
    }

    fn ids_only(ids: &str) -> Self {
        Self { ids: ids.to_owned(), group: None }
    }

    /// Name and path of each column of metadata.
    pub(super) fn metadata(&self, container: &Container) -> Result<Vec<(String, String)>, ProfileError> {
        let Some(group) = self.group else { return Ok(Vec::new()) };
        let columns = container.names(group)?.into_iter().map(|name| {
            let path = format!("{group}/{name}");
            (name, path)
        });
        Ok(columns.filter(|(_, path)| *path != self.ids).collect())
    }
}

impl MatrixLayout {
    /// The layout of a file: GCTX, AnnData with a dense matrix, or signatureSearch's. A file of none of them that is
    /// known is refused by its name.
    pub(super) fn find(container: &Container) -> Result<Self, ProfileError> {
        let groups = container.groups("/")?;
        let arrays = container.names("/")?;
        let has =
            |names: &[&str]| names.iter().all(|name| groups.iter().chain(&arrays).any(|there| there == name));
        if has(&["0"]) {
            return Ok(Self::gctx());
        }
        if has(&["assay", "rownames", "colnames"]) && arrays.iter().any(|name| name == "assay") {
            return Ok(Self {
                format: Format::SignatureSearch,
                matrix: "assay",
                columns: AxisLayout::ids_only("colnames"),
                rows: AxisLayout::ids_only("rownames"),
            });
        }
        let has_group = |name: &str| groups.iter().any(|group| group == name);
        if has_group("obs") && has_group("var") && arrays.iter().any(|name| name == "X") {
            let axis = |group| AxisLayout::new(group, &index(container, group));
            return Ok(Self {
                format: Format::AnnData,
                matrix: "X",
                columns: axis("obs"),
                rows: axis("var"),
            });
        }
        match foreign(container, &groups, &arrays) {
            Some((what, way_out)) => {
                Err(ProfileError::OtherHdf5 { path: container.path().to_owned(), what, way_out })
            }
            None => Ok(Self::gctx()),
        }
    }

    fn gctx() -> Self {
        Self {
            format: Format::Gctx,
            matrix: "0/DATA/0/matrix",
            columns: AxisLayout::new("0/META/COL", "id"),
            rows: AxisLayout::new("0/META/ROW", "id"),
        }
    }

    /// The file lacks a part without which it is no matrix.
    pub(super) fn missing(&self, container: &Container, missing: &'static str) -> ProfileError {
        let path = container.path().to_owned();
        let mut names = container.groups("/").unwrap_or_default();
        names.extend(container.names("/").unwrap_or_default());
        let shown: Vec<String> = names.iter().take(6).map(|name| format!("`{name}`")).collect();
        let holds = if names.is_empty() {
            "it is an empty HDF5 file: nothing was written into it, so write or download it again".to_owned()
        } else {
            format!(
                "it holds {}: write the matrix as GCTX (cmapPy, cmapR), or as CSV with a row for each gene",
                shown.join(", ")
            )
        };
        ProfileError::NotGctx { path, missing, holds }
    }
}

/// The array of a group of AnnData that names its rows.
fn index(container: &Container, group: &str) -> String {
    container.text_attribute(group, "_index").unwrap_or_else(|| "_index".to_owned())
}

/// A program that writes HDF5 of its own, by what stands at the root of its files.
struct Program {
    /// Groups that are there.
    groups: &'static [&'static str],
    /// Groups or arrays that are there.
    names: &'static [&'static str],
    /// An attribute that is there.
    attribute: Option<&'static str>,
    what: &'static str,
    /// How to write the file as something that is read; `FILE` stands for its path.
    way_out: &'static str,
}

const MAKE_SIGNATURES: &str = "make signatures of it first, such as z-scores or log ratios against controls";
const ANNDATA_TO_CSV: &str =
    "write it as CSV, in Python: import anndata; anndata.read_h5ad('FILE').to_df().to_csv('FILE.csv')";
const NO_NETWORK: &str = "give a file of profiles; networks are read as ONNX";

const fn program(names: &'static [&'static str], what: &'static str, way_out: &'static str) -> Program {
    Program { groups: &[], names, attribute: None, what, way_out }
}

const fn marked(attribute: &'static str, what: &'static str, way_out: &'static str) -> Program {
    Program { groups: &[], names: &[], attribute: Some(attribute), what, way_out }
}

/// In the order in which they are asked.
const PROGRAMS: [Program; 11] = [
    Program {
        groups: &["X", "obs", "var"],
        names: &[],
        attribute: None,
        what: "AnnData (.h5ad) with a sparse matrix",
        way_out: ANNDATA_TO_CSV,
    },
    program(&["X", "obs", "var"], "AnnData (.h5ad) of a version before 0.7", ANNDATA_TO_CSV),
    program(
        &["mod", "obs", "var"],
        "MuData (.h5mu)",
        "write it as CSV, in Python: import mudata; mudata.read('FILE')['MODALITY'].to_df().to_csv('FILE.csv')",
    ),
    program(
        &["matrix", "row_attrs", "col_attrs"],
        "a Loom file",
        "write it as CSV, in Python: import h5py, pandas; f = h5py.File('FILE'); pandas.DataFrame(f['matrix'][:], \
         f['row_attrs/Gene'].asstr()[:], f['col_attrs/CellID'].asstr()[:]).to_csv('FILE.csv')",
    ),
    program(&["meta", "data"], "an ARCHS4 collection of expression levels", MAKE_SIGNATURES),
    program(
        &["assays", "cell.names"],
        "an h5Seurat file",
        "write it as CSV, in R: write.csv(as.matrix(SeuratObject::LayerData(SeuratDisk::LoadH5Seurat('FILE'))), \
         'FILE.csv')",
    ),
    marked(
        "_NCProperties",
        "a NetCDF file",
        "write it as CSV, in Python: import xarray; \
         xarray.open_dataset('FILE')['VARIABLE'].to_pandas().to_csv('FILE.csv')",
    ),
    marked(
        "PYTABLES_FORMAT_VERSION",
        "a store of pandas",
        "write it as CSV, in Python: import pandas; pandas.read_hdf('FILE').to_csv('FILE.csv')",
    ),
    program(&["model_weights"], "the weights of a Keras network", NO_NETWORK),
    program(&["_layer_checkpoint_dependencies"], "the weights of a Keras network", NO_NETWORK),
    marked("layer_names", "the weights of a Keras network", NO_NETWORK),
];

/// What a file of another program is, and how to write it as something that is read.
fn foreign(container: &Container, groups: &[String], arrays: &[String]) -> Option<(&'static str, String)> {
    if container.beginning().starts_with(b"MATLAB") {
        let way_out = "in MATLAB, write the matrix as CSV with the genes as row names (writetable)";
        return Some(("a MATLAB 7.3 file", way_out.to_owned()));
    }
    if groups.is_empty() && arrays.is_empty() {
        return None;
    }
    if is_10x(container, groups) {
        return Some(("a 10x Genomics matrix of counts in single cells", MAKE_SIGNATURES.to_owned()));
    }
    let attributes = container.attribute_names("/");
    let is_group = |name: &&str| groups.iter().any(|there| there == name);
    let is_there = |name: &&str| groups.iter().chain(arrays).any(|there| there == name);
    let is_marked = |name: &str| attributes.iter().any(|there| there == name);
    let known = PROGRAMS.iter().find(|program| {
        program.groups.iter().all(is_group)
            && program.names.iter().all(is_there)
            && program.attribute.is_none_or(is_marked)
    });
    let path = container.path().display().to_string();
    known.map(|program| (program.what, program.way_out.replace("FILE", &path)))
}

/// A group that holds a sparse matrix with barcodes of cells: `matrix`, or one named for the genome in older files.
fn is_10x(container: &Container, groups: &[String]) -> bool {
    groups.iter().any(|group| {
        let names = container.names(group).unwrap_or_default();
        ["barcodes", "data", "indptr"].iter().all(|name| names.iter().any(|there| there == name))
    })
}
