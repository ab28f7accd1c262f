//! Numbers of lattice: algorithms that are written once for every kind of number.

pub mod dual;
pub mod interval;
pub mod matrix;
pub mod modular;
pub mod natural;
pub mod poly;
pub mod ratio;
pub mod ring;
pub mod stats;

#[cfg(test)]
mod heldout;
