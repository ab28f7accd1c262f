//! Money in whole cents.

pub mod amount;
pub mod change;
pub mod discount;
pub mod interest;
pub mod parse;
pub mod points;
pub mod split;
pub mod tax;
pub mod tip;
