//! Network side of courier: messages over streams, a server, its clients, and what stands between them.

pub mod client;
pub mod heartbeat;
pub mod lines;
pub mod link;
pub mod proxy;
pub mod server;

#[cfg(test)]
mod heldout;
