//! Text side of tide: what stations, observers and users write, and how it is read.

pub mod cursor;
pub mod diff;
pub mod glob;
pub mod layout;
pub mod natural;
pub mod quantity;
pub mod quoted;
pub mod section;
pub mod span;
pub mod stamp;
pub mod template;
pub mod token;
pub mod wrap;

#[cfg(test)]
mod heldout;
