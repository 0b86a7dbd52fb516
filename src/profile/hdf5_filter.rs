//! Compressions of HDF5 that are not read, by name.

/// Filters (<https://github.com/HDFGroup/hdf5_plugins/blob/master/docs/RegisteredFilterPlugins.md>) that are not read,
/// and whether HDF5 itself has them.
const FILTERS: [(u16, &str, bool); 10] = [
    (4, "SZIP", true),
    (5, "N-bit", true),
    (307, "bzip2", false),
    (32001, "Blosc", false),
    (32004, "LZ4", false),
    (32008, "Bitshuffle", false),
    (32013, "ZFP", false),
    (32015, "Zstandard", false),
    (32017, "SZ", false),
    (32026, "Blosc2", false),
];

/// What is wrong with a compression that is not read, by its name, and what to do.
pub(super) fn unread_filter(filter: u16) -> (String, String) {
    let known = FILTERS.iter().find(|(id, ..)| *id == filter);
    let name = known.map_or("an unknown filter", |(_, name, _)| *name);
    let needs = match known {
        Some((_, _, true)) => "",
        _ => " (it needs the plugin of that filter; in Python `import hdf5plugin` has it)",
    };
    let way_out = format!("compress it with gzip instead: h5repack -f GZIP=4 OLD NEW{needs}");
    (format!("it is compressed with {name} (HDF5 filter {filter})"), way_out)
}
