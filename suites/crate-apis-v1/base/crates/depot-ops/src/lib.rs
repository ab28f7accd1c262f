//! What the depot's staff run: the command line, ledgers, scans, stock and reports.

pub mod cli;
pub mod frame;
pub mod import;
pub mod ledger;
pub mod query;
pub mod report;
pub mod scan;
pub mod stock;

#[cfg(test)]
mod heldout;
