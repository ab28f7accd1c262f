//! Further tests of every module.

mod batch;
mod breaker;
mod broker;
mod flight;
mod group;
mod limit;
mod mailbox;
mod request;
mod retry;
mod shutdown;
mod timer;
mod tree;
