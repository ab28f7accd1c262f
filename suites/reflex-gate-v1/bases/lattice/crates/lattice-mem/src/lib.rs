//! Memory side of lattice: containers that look after their values by hand.

pub mod arena;
pub mod array_vec;
pub mod bits;
pub mod gap;
pub mod list;
pub mod ring;
pub mod shared;
pub mod slab;
pub mod spsc;

#[cfg(test)]
mod counted;
#[cfg(test)]
mod heldout;
