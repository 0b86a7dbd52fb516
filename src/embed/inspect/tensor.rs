//! Tensors: what their shapes say they hold, within the file.

use super::NetworkFault;
use super::wire::{Field, Message, damaged};

/// Dimensions of a tensor.
pub(super) const MAX_DIMENSIONS: usize = 16;
/// Values of a constant that may be a shape.
const MAX_INTEGERS: usize = 4096;

#[derive(Debug, Default)]
pub(super) struct Tensor<'a> {
    pub(super) name: &'a str,
    pub(super) dims: Vec<u64>,
    /// Its values, where they are integers and few.
    pub(super) integers: Option<Vec<i64>>,
}

impl<'a> Tensor<'a> {
    /// # Errors
    /// [`NetworkFault::External`] and [`NetworkFault::Tensor`].
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, NetworkFault> {
        let mut read = Stored::default();
        for field in Message(bytes) {
            read.field(field?)?;
        }
        read.tensor()
    }
}

/// A message that may come twice on the wire, and is then merged, comes once here: no exporter writes it otherwise.
pub(super) fn once<T>(place: &mut Option<T>, value: T) -> Result<(), NetworkFault> {
    if place.replace(value).is_some() { Err(damaged("one part of a kind")) } else { Ok(()) }
}

/// A tensor while its fields are read.
#[derive(Default)]
struct Stored<'a> {
    name: &'a str,
    dims: Vec<i64>,
    kind: u64,
    raw: Option<&'a [u8]>,
    /// int32_data and int64_data, where few.
    integers: Vec<i64>,
    /// Bytes of all values.
    bytes: usize,
    is_external: bool,
    location: Option<&'a str>,
}

impl<'a> Stored<'a> {
    fn field(&mut self, (number, field): (u64, Field<'a>)) -> Result<(), NetworkFault> {
        match number {
            1 => field.integers(&mut self.dims, MAX_DIMENSIONS)?,
            2 => self.kind = field.number()?,
            5 | 7 => {
                self.bytes += field.size();
                if self.bytes <= MAX_INTEGERS {
                    field.integers(&mut self.integers, MAX_INTEGERS)?;
                }
            }
            4 | 6 | 10 | 11 => self.bytes += field.size(),
            8 => self.name = field.text()?,
            9 => {
                self.bytes += field.size();
                once(&mut self.raw, field.bytes()?)?;
            }
            13 => self.external(field.bytes()?)?,
            14 => self.is_external |= field.number()? != 0,
            3 => return self.refused("that is a segment of another"),
            _ => (),
        }
        Ok(())
    }

    fn external(&mut self, entry: &'a [u8]) -> Result<(), NetworkFault> {
        self.is_external = true;
        let (mut key, mut value) = ("", "");
        for field in Message(entry) {
            match field? {
                (1, field) => key = field.text()?,
                (2, field) => value = field.text()?,
                _ => (),
            }
        }
        if key == "location" {
            self.location = Some(value);
        }
        Ok(())
    }

    fn refused<T>(&self, cause: impl Into<String>) -> Result<T, NetworkFault> {
        Err(NetworkFault::Tensor { tensor: self.name.to_owned(), cause: cause.into() })
    }

    fn tensor(self) -> Result<Tensor<'a>, NetworkFault> {
        if self.is_external {
            let location = self.location.unwrap_or("it does not say which").to_owned();
            return Err(NetworkFault::External { tensor: self.name.to_owned(), location });
        }
        let dims: Result<Vec<u64>, _> = self.dims.iter().map(|&dim| u64::try_from(dim)).collect();
        let Ok(dims) = dims else { return self.refused("with a negative dimension") };
        let values = dims.iter().fold(1, |values: u64, &dim| values.saturating_mul(dim));
        let expected = self.raw.and(width(self.kind)).map(|width| values.saturating_mul(width));
        let found = self.bytes as u64;
        match expected {
            Some(expected) if expected != found => {
                self.refused(format!("of shape {dims:?} with {found} bytes of values, expected {expected}"))
            }
            // The narrowest numbers of ONNX take two bits.
            None if values > found.saturating_mul(4) => {
                self.refused(format!("of shape {dims:?} with no more than {found} bytes of values"))
            }
            _ => Ok(Tensor { name: self.name, integers: self.few_integers(values), dims }),
        }
    }

    /// The values of a small tensor of int64, int32 or truth values.
    fn few_integers(&self, values: u64) -> Option<Vec<i64>> {
        let count = usize::try_from(values).ok().filter(|&count| count <= MAX_INTEGERS)?;
        let integers = match (self.kind, self.raw) {
            (INT64, Some(raw)) => {
                raw.as_chunks::<8>().0.iter().map(|bytes| i64::from_le_bytes(*bytes)).collect()
            }
            (INT32, Some(raw)) => {
                raw.as_chunks::<4>().0.iter().map(|bytes| i64::from(i32::from_le_bytes(*bytes))).collect()
            }
            (BOOL, Some(raw)) => raw.iter().map(|&byte| i64::from(byte)).collect(),
            (INT64 | INT32 | BOOL, None) => self.integers.clone(),
            _ => return None,
        };
        Some(integers).filter(|integers: &Vec<i64>| integers.len() == count)
    }
}

/// Kinds of `TensorProto.DataType`.
const INT32: u64 = 6;
const INT64: u64 = 7;
const BOOL: u64 = 9;

/// Bytes of a value of a data type; `None` for text and for types of less than a byte.
fn width(kind: u64) -> Option<u64> {
    match kind {
        2 | 3 | BOOL => Some(1),
        4 | 5 | 10 | 16 => Some(2),
        1 | INT32 | 12 => Some(4),
        INT64 | 11 | 13 | 14 => Some(8),
        15 => Some(16),
        _ => None,
    }
}
