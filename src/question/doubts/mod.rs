//! What makes an answer doubtful, each with a threshold that was measured.
//!
//! The figures behind them are of 837 queries of 70 drugs that the network had never seen, among 1,645 signatures of 244 drugs
//! (`benches/doubts.py`): for 55 % of these the query's own drug was among the first ten.
//!
//! | doubt | threshold | what was found |
//! |---|---|---|
//! | few genes | below 70 % of the landmarks | 60 % missing: own drug among ten for 48 % in place of 56 % |
//! | weak | root mean square of z-scores below that of 99 % of reference queries | nothing: none of the queries was so weak |
//! | replicates | correlation below 0.2, where it is known | not measured: CMap's own threshold |
//! | far from everything | mean similarity to the ten nearest below that of 90 % of reference queries | 15 % |
//! | one cell line | nine of the ten nearest of it, which has less than half of all signatures | 11 %, 58 % of the others |
//! | one plate | five of the ten nearest of it, which has less than a quarter of all signatures | 5 %, 58 % of the others |
//! | hubs | drugs among the first ten whose mean score is of the highest 5 % | strangers among the first ten of 20 % of queries, other drugs 3 % |
//! | one signature | drugs among the first ten that have one, where drugs have more on average | of the query's mechanism 1.6 times as often as by chance, drugs of more than 20 signatures 1.7 times, with the same class by ATC 1.3 and 2.1 times |
//!
//! All but the first three are about answers by embedding without a filter, of which they were measured.

mod doubt;
mod find;

pub use doubt::Doubt;
