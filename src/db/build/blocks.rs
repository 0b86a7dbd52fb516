//! The profiles of a segment: read in blocks that fit into memory, embedded in blocks of the same signatures whatever genes are
//! kept.

use std::mem;

use super::options::BuildOptions;
use super::source::ProfileSource;
use crate::db::DbError;
use crate::embed::Model;
use crate::profile::{ProfileMatrix, Universe};

/// Signatures that are embedded at a time, of whatever genes: the last bits of an embedding may depend on those beside it.
const BLOCK: usize = 4096;

/// The profiles of a segment, handed out block by block, with the embeddings of those that were.
pub(super) struct Blocks<'a, P> {
    profiles: &'a mut P,
    model: &'a Model,
    /// The genes that are kept; `None` where no profiles are.
    universe: Option<Universe>,
    /// The most signatures of the segment.
    room: usize,
    /// Signatures of the source that are still to be read of those that are embedded together.
    left: usize,
    /// Ids and landmarks of those that wait for the others.
    waiting: (Vec<String>, Vec<f32>),
    ids: Vec<String>,
    embeddings: Vec<f32>,
}

impl<'a, P: ProfileSource> Blocks<'a, P> {
    /// Takes what is read and what embeds it.
    pub fn new(profiles: &'a mut P, model: &'a Model, options: &BuildOptions) -> Self {
        Self {
            profiles,
            model,
            universe: options.keep_profiles.then_some(options.keep_genes),
            room: options.rows_per_segment.max(1),
            left: 0,
            waiting: (Vec::new(), Vec::new()),
            ids: Vec::new(),
            embeddings: Vec::new(),
        }
    }

    /// Returns the next profiles, at least one; `None` once the segment is full or the source is at its end. A block whose
    /// signatures were all dropped is no end.
    pub fn next(&mut self) -> Result<Option<ProfileMatrix>, DbError> {
        loop {
            if self.left == 0 {
                self.left = BLOCK.min(self.room - self.ids.len());
            }
            match self.read()? {
                None => return self.embed_waiting().map(|()| None),
                Some(block) => {
                    self.add(&block)?;
                    if !block.is_empty() {
                        return Ok(Some(block));
                    }
                }
            }
        }
    }

    /// Returns the ids and the embeddings of all profiles that were handed out.
    pub fn into_parts(self) -> (Vec<String>, Vec<f32>) {
        (self.ids, self.embeddings)
    }

    fn read(&mut self) -> Result<Option<ProfileMatrix>, DbError> {
        if self.left == 0 {
            return Ok(None);
        }
        let before = self.profiles.remaining();
        let rows = self.left.min(self.universe.unwrap_or_default().block());
        let Some(block) = self.profiles.next_block(rows)? else { return Ok(None) };
        match self.universe {
            Some(expected) if expected != block.universe() => {
                return Err(DbError::OtherGenes { expected, found: block.universe() });
            }
            _ => {}
        }
        let read = before.saturating_sub(self.profiles.remaining()).max(block.len());
        self.left = self.left.saturating_sub(read);
        Ok(Some(block))
    }

    fn add(&mut self, block: &ProfileMatrix) -> Result<(), DbError> {
        if self.left == 0 && self.waiting.0.is_empty() {
            return self.embed(block);
        }
        self.waiting.0.extend_from_slice(block.ids());
        self.waiting.1.extend_from_slice(&block.landmarks());
        if self.left == 0 { self.embed_waiting() } else { Ok(()) }
    }

    fn embed_waiting(&mut self) -> Result<(), DbError> {
        let (ids, values) = mem::take(&mut self.waiting);
        self.embed(&ProfileMatrix::new(ids, values)?)
    }

    fn embed(&mut self, block: &ProfileMatrix) -> Result<(), DbError> {
        if !block.is_empty() {
            self.embeddings.extend_from_slice(self.model.embed(block)?.values());
            self.ids.extend_from_slice(block.ids());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::profile::GENES;

    /// Profiles of BING genes whose every third is dropped as it is read.
    struct Thinned {
        ids: Vec<String>,
        at: usize,
        asked: Vec<usize>,
    }

    impl ProfileSource for Thinned {
        fn origin(&self) -> &Path {
            Path::new("memory")
        }

        fn ids(&self) -> &[String] {
            &self.ids
        }

        fn select(&mut self, _: &[usize]) -> Result<(), DbError> {
            Ok(())
        }

        fn remaining(&self) -> usize {
            self.ids.len() - self.at
        }

        fn next_block(&mut self, rows: usize) -> Result<Option<ProfileMatrix>, DbError> {
            let rows = rows.min(self.remaining());
            self.asked.push(rows);
            let there = (self.at..self.at + rows).filter(|at| at % 3 > 0);
            let ids: Vec<String> = there.map(|at| self.ids[at].clone()).collect();
            self.at += rows;
            let values = vec![1.0; ids.len() * Universe::Bing.size()];
            Ok((rows > 0).then(|| ProfileMatrix::of_universe(Universe::Bing, ids, values)).transpose()?)
        }
    }

    #[test]
    fn few_profiles_are_read_at_a_time_and_none_across_what_is_embedded_together() {
        let ids = (0..4500).map(|at| at.to_string()).collect();
        let mut source = Thinned { ids, at: 0, asked: Vec::new() };
        let options = BuildOptions::default().keep_genes(Universe::Bing);
        let model = Model::identity();
        let mut blocks = Blocks::new(&mut source, &model, &options);
        let mut read = 0;
        while let Some(block) = blocks.next().unwrap() {
            assert!(!block.is_empty() && block.len() <= 824);
            read += block.len();
        }
        let (ids, embeddings) = blocks.into_parts();
        assert_eq!((read, ids.len(), embeddings.len()), (3000, 3000, 3000 * GENES));
        assert!(
            ids.iter().zip(ids.iter().skip(1)).all(|(a, b)| a.parse::<u32>().unwrap() < b.parse().unwrap())
        );
        assert_eq!(source.asked[..6], [824, 824, 824, 824, 800, 404]);
    }
}
