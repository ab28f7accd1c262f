//! Calendar and clock arithmetic.

pub mod age;
pub mod between;
pub mod clock;
pub mod duration;
pub mod leap;
pub mod month;
pub mod overlap;
pub mod quarter;
pub mod weekday;
