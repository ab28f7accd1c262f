//! Further tests of every module.

mod client;
mod heartbeat;
mod lines;
mod link;
mod proxy;
mod server;
