//! Structures of lattice: queues, trees and graphs that are generic in what they hold.

pub mod flow;
pub mod graph;
pub mod heap;
pub mod paths;
pub mod segment;
pub mod trie;
pub mod union;

#[cfg(test)]
mod heldout;
