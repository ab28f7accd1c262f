//! Core of courier: queues, timers and rules for tasks that wait for each other.

pub mod batch;
pub mod breaker;
pub mod broker;
pub mod flight;
pub mod group;
pub mod limit;
pub mod mailbox;
pub mod request;
pub mod retry;
pub mod shutdown;
pub mod timer;
pub mod tree;

#[cfg(test)]
mod heldout;
