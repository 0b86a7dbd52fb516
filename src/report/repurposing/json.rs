//! Drugs that are predicted to be in another class, as a part of the object of their classes.

use crate::eval::classification::{Candidate, NearDrug, Repurposing};
use crate::report::json::objects;

objects! {
    Repurposing { drugs, configuration, validation, candidates, by_chance, permutations }
    Candidate { drug, row, classes, proposed, agreement, mean_score, neighbours }
    NearDrug { drug, similarity }
}
