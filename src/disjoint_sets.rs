//! Disjoint sets (union-find).

/// Numbers in sets that are joined over time; a set is known by its smallest member.
#[derive(Debug, Clone)]
pub(crate) struct DisjointSets(Vec<u32>);

impl DisjointSets {
    pub fn new(members: usize) -> Self {
        Self((0..members as u32).collect())
    }

    pub fn root(&mut self, mut member: u32) -> u32 {
        while self.0[member as usize] != member {
            let above = self.0[member as usize];
            // Every look shortens the way of the next.
            self.0[member as usize] = self.0[above as usize];
            member = above;
        }
        member
    }

    pub fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b) as usize] = a.min(b);
    }
}
