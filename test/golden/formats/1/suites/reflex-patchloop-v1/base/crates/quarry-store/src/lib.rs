//! Memory side of quarry: tables, indexes, caches, and what runs jobs on them.

pub mod exec;
pub mod id;
pub mod journal;
pub mod lru;
pub mod pool;
pub mod ranges;
pub mod table;

pub use id::Id;
pub use table::{Record, Table};

#[cfg(test)]
mod heldout;
