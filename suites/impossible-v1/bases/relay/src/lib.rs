//! Small pieces of protocols.

pub mod backoff;
pub mod checksum;
pub mod frames;
pub mod header;
pub mod pack;
pub mod path;
pub mod query;
pub mod session;
pub mod version;
