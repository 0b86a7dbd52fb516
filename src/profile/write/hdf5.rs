//! The smallest part of HDF5 that holds a GCTX: groups, and arrays in one run of bytes.
//!
//! The library that reads HDF5 here can write only what is whole in memory, and a matrix may be larger. So the
//! matrix goes to the file first, block by block; all that describes it follows as one tail; and the superblock,
//! at the beginning, is filled in last. The oldest structures are used (superblock 0, object headers 1, symbol
//! tables), which every HDF5 reader knows. Section numbers are those of the HDF5 File Format Specification,
//! version 3.0 (<https://docs.hdfgroup.org/hdf5/develop/_f_m_t3.html>).

/// Bytes of the superblock (II.A, version 0).
pub(super) const SUPERBLOCK: usize = 96;

const UNDEFINED: [u8; 8] = [0xff; 8];

/// B-tree nodes of a group have room for 32 children (III.A.1); one is used.
const INTERNAL_K: u16 = 16;

/// The part of a file that follows its bulk data.
pub(super) struct Tail {
    start: u64,
    bytes: Vec<u8>,
    leaf_k: u16,
}

/// Type of the elements of an array.
#[derive(Debug, Clone, Copy)]
pub(super) enum Element {
    /// Little-endian IEEE 754, 4 bytes.
    F32,
    /// Text of that many bytes, filled up with zeros.
    Text { size: u32, ascii: bool },
}

/// Where a group lies.
pub(super) struct Group {
    header: u64,
    tree: u64,
    heap: u64,
}

impl Group {
    /// The address by which its parent knows the group.
    pub(super) fn address(&self) -> u64 {
        self.header
    }
}

impl Tail {
    /// A tail from byte `start` of the file on, which is a multiple of 8. No group will have more than `members`.
    pub(super) fn new(start: u64, members: usize) -> Self {
        // A symbol table node holds at most 2k members (III.B); one node per group is enough if k is chosen so.
        let leaf_k = members.div_ceil(2).clamp(4, usize::from(u16::MAX)) as u16;
        Self { start, bytes: Vec::new(), leaf_k }
    }

    /// Appends bytes at a multiple of 8 and tells their address.
    pub(super) fn put(&mut self, bytes: &[u8]) -> u64 {
        let address = self.start + self.bytes.len() as u64;
        self.bytes.extend_from_slice(bytes);
        self.bytes.resize(self.bytes.len().next_multiple_of(8), 0);
        address
    }

    /// Appends the header of an array whose `size` bytes lie at `address` (IV.A).
    pub(super) fn array(&mut self, element: Element, extents: &[u64], address: u64, size: u64) -> u64 {
        // Version 3, contiguous (IV.A.2.i).
        let mut layout = vec![3, 1];
        layout.extend(if size == 0 { UNDEFINED } else { address.to_le_bytes() });
        layout.extend(size.to_le_bytes());
        // Version 2: allocated late, written if set, default value (IV.A.2.f).
        let fill = vec![2, 2, 2, 1, 0, 0, 0, 0];
        self.object(&[(0x01, dataspace(extents)), (0x03, datatype(element)), (0x05, fill), (0x08, layout)])
    }

    /// Appends a group of `members` (name and address of each), with text attributes.
    pub(super) fn group(&mut self, mut members: Vec<(String, u64)>, attributes: &[(&str, &str)]) -> Group {
        members.sort();
        let (heap, names) = self.heap(&members);
        let node = self.symbols(&members, &names);
        let tree = self.tree(node, names.last().copied().unwrap_or(0), members.is_empty());
        let table = [tree.to_le_bytes(), heap.to_le_bytes()].concat();
        let mut messages = vec![(0x11, table)];
        messages.extend(attributes.iter().map(|(name, value)| (0x0c, attribute(name, value))));
        let header = self.object(&messages);
        Group { header, tree, heap }
    }

    /// The superblock of a file with this tail, and the tail.
    pub(super) fn finish(self, root: &Group) -> ([u8; SUPERBLOCK], Vec<u8>) {
        let end = self.start + self.bytes.len() as u64;
        let mut block = b"\x89HDF\r\n\x1a\n".to_vec();
        block.extend([0, 0, 0, 0, 0, 8, 8, 0]);
        block.extend(self.leaf_k.to_le_bytes());
        block.extend(INTERNAL_K.to_le_bytes());
        block.extend([0; 4]);
        block.extend(0_u64.to_le_bytes());
        block.extend(UNDEFINED);
        block.extend(end.to_le_bytes());
        block.extend(UNDEFINED);
        block.extend(entry(0, root.header, 1, [root.tree, root.heap]));
        (block.try_into().expect("the fields of a superblock add up to its size"), self.bytes)
    }

    /// Object header, version 1 (IV.A.1.a).
    fn object(&mut self, messages: &[(u16, Vec<u8>)]) -> u64 {
        let mut body = Vec::new();
        for (kind, data) in messages {
            let size = data.len().next_multiple_of(8);
            body.extend(kind.to_le_bytes());
            body.extend((size as u16).to_le_bytes());
            body.extend([0; 4]);
            body.extend(data);
            body.resize(body.len() + size - data.len(), 0);
        }
        let mut header = vec![1, 0];
        header.extend((messages.len() as u16).to_le_bytes());
        header.extend(1_u32.to_le_bytes());
        header.extend((body.len() as u32).to_le_bytes());
        header.extend([0; 4]);
        header.extend(body);
        self.put(&header)
    }

    /// Local heap (III.D) of the members' names, and where in it each begins. The empty name comes first.
    fn heap(&mut self, members: &[(String, u64)]) -> (u64, Vec<u64>) {
        let mut text = vec![0; 8];
        let mut names = Vec::with_capacity(members.len());
        for (name, _) in members {
            names.push(text.len() as u64);
            text.extend(name.bytes());
            text.resize((text.len() + 1).next_multiple_of(8), 0);
        }
        let segment = self.put(&text);
        let mut heap = b"HEAP\0\0\0\0".to_vec();
        heap.extend((text.len() as u64).to_le_bytes());
        // The list of free blocks is empty.
        heap.extend(1_u64.to_le_bytes());
        heap.extend(segment.to_le_bytes());
        (self.put(&heap), names)
    }

    /// Symbol table node (III.B).
    fn symbols(&mut self, members: &[(String, u64)], names: &[u64]) -> u64 {
        let mut node = b"SNOD\x01\0".to_vec();
        node.extend((members.len() as u16).to_le_bytes());
        for ((_, address), &name) in members.iter().zip(names) {
            node.extend(entry(name, *address, 0, [0, 0]));
        }
        node.resize(8 + 40 * 2 * usize::from(self.leaf_k), 0);
        self.put(&node)
    }

    /// B-tree of one node with one child (III.A.1). Its keys are the names before the first and of the last member.
    fn tree(&mut self, node: u64, last: u64, empty: bool) -> u64 {
        let mut tree = b"TREE\0\0".to_vec();
        tree.extend(u16::from(!empty).to_le_bytes());
        tree.extend(UNDEFINED);
        tree.extend(UNDEFINED);
        for number in [0, node, last] {
            tree.extend(number.to_le_bytes());
        }
        let k = usize::from(INTERNAL_K);
        tree.resize(24 + 8 * (2 * k + 1) + 8 * 2 * k, 0);
        self.put(&tree)
    }
}

/// Symbol table entry (III.C).
fn entry(name: u64, header: u64, cache: u32, scratch: [u64; 2]) -> Vec<u8> {
    let mut entry = Vec::with_capacity(40);
    entry.extend(name.to_le_bytes());
    entry.extend(header.to_le_bytes());
    entry.extend(cache.to_le_bytes());
    entry.extend([0; 4]);
    entry.extend(scratch.iter().flat_map(|number| number.to_le_bytes()));
    entry
}

/// Dataspace, version 1 (IV.A.2.b).
fn dataspace(extents: &[u64]) -> Vec<u8> {
    let mut space = vec![1, extents.len() as u8, 0, 0, 0, 0, 0, 0];
    space.extend(extents.iter().flat_map(|extent| extent.to_le_bytes()));
    space
}

/// Datatype, version 1 (IV.A.2.d).
fn datatype(element: Element) -> Vec<u8> {
    match element {
        Element::F32 => {
            // Sign at bit 31; mantissa normalised with an implied 1; exponent of 8 bits at 23; bias 127.
            let mut datatype = vec![0x11, 0x20, 31, 0, 4, 0, 0, 0];
            datatype.extend([0, 0, 32, 0, 23, 8, 0, 23, 127, 0, 0, 0]);
            datatype
        }
        Element::Text { size, ascii } => {
            let (zero_padded, character_set) = (1, if ascii { 0 } else { 1 });
            let mut datatype = vec![0x13, zero_padded | character_set << 4, 0, 0];
            datatype.extend(size.to_le_bytes());
            datatype
        }
    }
}

/// Attribute, version 1 (IV.A.2.m): a single text.
fn attribute(name: &str, value: &str) -> Vec<u8> {
    let text = Element::Text { size: value.len().max(1) as u32, ascii: value.is_ascii() };
    let (datatype, dataspace) = (datatype(text), dataspace(&[]));
    let mut message = vec![1, 0];
    for size in [name.len() + 1, datatype.len(), dataspace.len()] {
        message.extend((size as u16).to_le_bytes());
    }
    message.extend(name.bytes());
    message.resize((message.len() + 1).next_multiple_of(8), 0);
    message.extend(datatype);
    message.extend(dataspace);
    message.extend(value.bytes());
    message
}
