//! The depot's catalogue: manifests, item identity, access rights and the event journal.

pub mod access;
pub mod audit;
pub mod capacity;
pub mod error;
pub mod event;
pub mod ident;
pub mod manifest;
pub mod route;
pub mod schedule;
pub mod select;
pub mod stage;

pub use error::{CatalogError, Result};

#[cfg(test)]
mod heldout;
