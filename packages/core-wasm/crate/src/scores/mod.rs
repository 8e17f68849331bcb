//! What is made of a vector of scores.

pub mod softmax;
pub mod top_k;
