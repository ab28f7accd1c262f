//! Plain arithmetic over whole numbers and lists of them.

pub mod clamp;
pub mod digits;
pub mod gcd;
pub mod mean;
pub mod median;
pub mod mode;
pub mod percent;
pub mod roman;
pub mod root;
