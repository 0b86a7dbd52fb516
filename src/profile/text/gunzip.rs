//! Gzip, of one member or several. The only file that names `flate2`.

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;

use super::fault::Fault;

/// Unpacks gzip. Zeros after the last member, which archives on tape leave, are passed over.
pub(super) struct Gunzip<R> {
    /// Always there between two calls.
    member: Option<GzDecoder<R>>,
}

impl<R: BufRead> Gunzip<R> {
    /// Unpacks what `reader` gives, which begins with a member.
    pub(super) fn new(reader: R) -> Self {
        Self { member: Some(GzDecoder::new(reader)) }
    }

    /// Goes on to the member that follows the one that ended. `false` at the end.
    fn advance(&mut self) -> io::Result<bool> {
        let Some(member) = self.member.take() else { return Ok(false) };
        let mut reader = member.into_inner();
        loop {
            let next = reader.fill_buf()?;
            match next.first() {
                None => return Ok(false),
                Some(0) => {
                    let zeros = next.iter().take_while(|&&byte| byte == 0).count();
                    reader.consume(zeros);
                }
                Some(&byte) if byte == super::GZIP[0] => {
                    self.member = Some(GzDecoder::new(reader));
                    return Ok(true);
                }
                Some(_) => return Err(Fault::Trailing.into()),
            }
        }
    }
}

impl<R: BufRead> Read for Gunzip<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.member {
            match member.read(into) {
                Ok(0) if !into.is_empty() => _ = self.advance()?,
                Ok(read) => return Ok(read),
                Err(error) => return Err(named(error)),
            }
        }
        Ok(0)
    }
}

fn named(error: io::Error) -> io::Error {
    match error.kind() {
        _ if Fault::within(&error).is_some() => error,
        io::ErrorKind::UnexpectedEof => Fault::CutOff.into(),
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => Fault::Damaged.into(),
        _ => error,
    }
}
