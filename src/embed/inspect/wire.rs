//! Protocol buffers on the wire: the fields of one message, read one after another, borrowed from the bytes, and written.

use super::NetworkFault;

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::embed) enum Field<'a> {
    /// A varint: integers, booleans, enumerations.
    Number(u64),
    /// Text, bytes, a message, or a packed list.
    Bytes(&'a [u8]),
    /// Four or eight bytes: floats.
    Fixed(&'a [u8]),
}

impl<'a> Field<'a> {
    pub(in crate::embed) fn number(self) -> Result<u64, NetworkFault> {
        if let Self::Number(number) = self { Ok(number) } else { Err(damaged("a number")) }
    }

    pub(super) fn integer(self) -> Result<i64, NetworkFault> {
        self.number().map(u64::cast_signed)
    }

    pub(in crate::embed) fn bytes(self) -> Result<&'a [u8], NetworkFault> {
        if let Self::Bytes(bytes) = self { Ok(bytes) } else { Err(damaged("text, bytes or a message")) }
    }

    pub(in crate::embed) fn text(self) -> Result<&'a str, NetworkFault> {
        std::str::from_utf8(self.bytes()?).map_err(|_| damaged("text in UTF-8"))
    }

    /// Adds the integers of a repeated field, packed or one by one; no more than `most` in all.
    pub(in crate::embed) fn integers(self, into: &mut Vec<i64>, most: usize) -> Result<(), NetworkFault> {
        match self {
            Self::Number(number) => into.push(number.cast_signed()),
            Self::Bytes(mut packed) => {
                while !packed.is_empty() && into.len() <= most {
                    into.push(varint(&mut packed)?.cast_signed());
                }
            }
            Self::Fixed(_) => return Err(damaged("integers")),
        }
        NetworkFault::bounded("numbers in a list", into.len(), most)
    }

    /// Bytes that hold the values of a repeated number field, packed or one by one.
    pub(super) fn size(self) -> usize {
        match self {
            Self::Number(_) => 1,
            Self::Bytes(bytes) | Self::Fixed(bytes) => bytes.len(),
        }
    }
}

/// The fields of a message. Groups, which ONNX does not use, end it with an error.
#[derive(Debug, Clone)]
pub(in crate::embed) struct Message<'a>(pub(in crate::embed) &'a [u8]);

impl<'a> Message<'a> {
    fn field(&mut self) -> Result<(u64, Field<'a>), NetworkFault> {
        let key = varint(&mut self.0)?;
        let field = match key & 7 {
            0 => Field::Number(varint(&mut self.0)?),
            1 => Field::Fixed(self.take(8)?),
            2 => {
                let length = varint(&mut self.0)?;
                Field::Bytes(self.take(usize::try_from(length).unwrap_or(usize::MAX))?)
            }
            5 => Field::Fixed(self.take(4)?),
            _ => return Err(damaged("a field of a known kind")),
        };
        Ok((key >> 3, field))
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], NetworkFault> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or_else(cut)?;
        self.0 = rest;
        Ok(taken)
    }
}

impl<'a> Iterator for Message<'a> {
    type Item = Result<(u64, Field<'a>), NetworkFault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_err() {
            self.0 = &[];
        }
        Some(field)
    }
}

fn varint(bytes: &mut &[u8]) -> Result<u64, NetworkFault> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first().ok_or_else(cut)?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Ok(value);
        }
    }
    Err(damaged("a number of at most 64 bits"))
}

/// Adds a field to a message.
pub(in crate::embed) fn put(message: &mut Vec<u8>, number: u64, field: Field<'_>) {
    let key = |kind: u64, message: &mut Vec<u8>| put_varint(message, number << 3 | kind);
    match field {
        Field::Number(value) => {
            key(0, message);
            put_varint(message, value);
        }
        Field::Bytes(bytes) => {
            key(2, message);
            put_varint(message, bytes.len() as u64);
            message.extend(bytes);
        }
        Field::Fixed(bytes) => {
            key(if bytes.len() == 8 { 1 } else { 5 }, message);
            message.extend(bytes);
        }
    }
}

fn put_varint(message: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        message.push(value as u8 | 0x80);
        value >>= 7;
    }
    message.push(value as u8);
}

pub(super) fn damaged(expected: &str) -> NetworkFault {
    NetworkFault::NotOnnx { cause: format!("expected {expected}, found something else") }
}

fn cut() -> NetworkFault {
    NetworkFault::NotOnnx { cause: "it ends within a field".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{Field, Message};

    #[test]
    fn fields_come_in_order_with_what_they_hold() {
        let bytes = [0x08, 0x96, 0x01, 0x12, 0x02, b'h', b'i', 0x1d, 1, 2, 3, 4];
        let fields: Vec<_> = Message(&bytes).map(Result::unwrap).collect();
        assert_eq!(
            fields,
            [(1, Field::Number(150)), (2, Field::Bytes(b"hi")), (3, Field::Fixed(&[1, 2, 3, 4]))]
        );
    }

    #[test]
    fn what_is_cut_or_no_message_ends_with_an_error() {
        for bytes in [
            &b"\x08"[..],
            b"\x12\x05hi",
            b"\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
            b"\x0b",
            &[0xff; 12],
        ] {
            let fields: Vec<_> = Message(bytes).collect();
            assert!(fields.len() == 1 && fields[0].is_err(), "{bytes:?}");
        }
    }

    #[test]
    fn lists_are_read_packed_and_unpacked_and_no_longer_than_allowed() {
        let mut list = Vec::new();
        Field::Bytes(&[1, 2, 0x80, 0x01]).integers(&mut list, 4).unwrap();
        Field::Number(9).integers(&mut list, 4).unwrap();
        assert_eq!(list, [1, 2, 128, 9]);
        assert!(Field::Bytes(&[1; 100]).integers(&mut list, 4).is_err());
    }
}
