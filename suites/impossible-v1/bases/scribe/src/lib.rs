//! Small helpers for texts.

pub mod censor;
pub mod count;
pub mod cut;
pub mod field;
pub mod indent;
pub mod plural;
pub mod slug;
pub mod title;
pub mod wrap;
