//! Runs filter expressions over delimited text and formats what they find.

pub mod aggregate;
pub mod options;
pub mod report;
pub mod runner;

pub use options::Options;
pub use runner::{run, AppError};

#[cfg(test)]
mod heldout;
