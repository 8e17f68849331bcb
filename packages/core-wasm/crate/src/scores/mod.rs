//! Functions of vectors of scores: softmax, sigmoid and the k best.

pub mod exponential;
pub mod sigmoid;
pub mod softmax;
pub mod top_k;
