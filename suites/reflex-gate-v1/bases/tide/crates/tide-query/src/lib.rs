//! Query side of tide: what is asked, how it is answered, and in what order.

pub mod bounds;
pub mod eval;
pub mod fold;
pub mod group;
pub mod join;
pub mod order;
pub mod parse;
pub mod plan;
pub mod resample;
pub mod value;
pub mod window;

#[cfg(test)]
mod heldout;
