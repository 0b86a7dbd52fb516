//! Text of variable length as HDF5 stores it, byte for byte: the library takes all of it for UTF-8, and older writers
//! left Latin-1.

use std::collections::{HashMap, HashSet};

/// Bytes of a reference to text: its length, and the address and number of an object in a heap.
const REFERENCE: usize = 16;
/// Bytes before the objects of a heap, and before the bytes of an object.
const HEAD: usize = 16;

/// Heaps of text ("global heaps", section III.E of the format), each read once.
pub(super) struct Heaps<R> {
    /// Fills a buffer from an address on; `false` where the file has no such bytes.
    read: R,
    /// Bytes that may still be read: heaps that are sound do not overlap, so all of them are no longer than the file.
    left: u64,
    seen: HashSet<u64>,
    objects: HashMap<(u64, u32), Vec<u8>>,
}

impl<R: FnMut(u64, &mut [u8]) -> bool> Heaps<R> {
    /// The heaps of a file of `length` bytes.
    pub(super) fn new(length: u64, read: R) -> Self {
        Self { read, left: length, seen: HashSet::new(), objects: HashMap::new() }
    }

    /// The bytes that each of the references in `raw` refers to; `None` for one that leads nowhere.
    pub(super) fn follow<'a>(&'a mut self, raw: &'a [u8]) -> impl Iterator<Item = Option<&'a [u8]>> + 'a {
        let references: Vec<_> = raw.chunks_exact(REFERENCE).map(reference).collect();
        references.iter().for_each(|&(_, address, _)| self.load(address));
        references.into_iter().map(|(length, address, index)| {
            let object = self.objects.get(&(address, index))?;
            object.get(..length as usize)
        })
    }

    fn load(&mut self, address: u64) {
        let mut head = [0; HEAD];
        if !self.seen.insert(address) || !(self.read)(address, &mut head) || &head[..4] != b"GCOL" {
            return;
        }
        let size = little(&head[8..16]);
        if size < HEAD as u64 || size > self.left {
            return;
        }
        self.left -= size;
        let mut heap = vec![0; size as usize - HEAD];
        if (self.read)(address + HEAD as u64, &mut heap) {
            self.split(address, &heap);
        }
    }

    fn split(&mut self, address: u64, mut heap: &[u8]) {
        while let Some((head, rest)) = heap.split_at_checked(HEAD) {
            let (index, size) = (little(&head[..2]) as u32, little(&head[8..16]));
            // Number 0 is what is left of the heap.
            let Some(object) = usize::try_from(size).ok().and_then(|size| rest.get(..size)) else { return };
            if index == 0 {
                return;
            }
            self.objects.insert((address, index), object.to_vec());
            heap = rest.get(object.len().next_multiple_of(8)..).unwrap_or_default();
        }
    }
}

fn reference(bytes: &[u8]) -> (u64, u64, u32) {
    (little(&bytes[..4]), little(&bytes[4..12]), little(&bytes[12..16]) as u32)
}

fn little(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte))
}
