//! Wire side of courier: what is sent, and the rules that both ends keep. Nothing here waits.

pub mod acks;
pub mod address;
pub mod backoff;
pub mod bucket;
pub mod frame;
pub mod headers;
pub mod message;
pub mod replay;
pub mod sequence;
pub mod session;
pub mod topic;

#[cfg(test)]
mod heldout;
