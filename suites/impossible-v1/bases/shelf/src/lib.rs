//! Collections and orders.

pub mod chunk;
pub mod dedupe;
pub mod level;
pub mod merge;
pub mod rank;
pub mod rotate;
pub mod stack;
pub mod tag;
pub mod window;
