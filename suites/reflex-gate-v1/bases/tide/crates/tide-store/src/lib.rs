//! Store side of tide: how observations are kept, found and kept safe.

pub mod bitmap;
pub mod bloom;
pub mod cache;
pub mod checksum;
pub mod codec;
pub mod locks;
pub mod log;
pub mod memtable;
pub mod merge;
pub mod page;
pub mod postings;
pub mod schema;
pub mod symbols;
pub mod undo;
pub mod varint;

#[cfg(test)]
mod heldout;
