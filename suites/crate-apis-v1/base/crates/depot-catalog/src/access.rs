//! Access rights as a set of flags.

use bitflags::bitflags;

bitflags! {
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub struct Access: u8 {
        const VIEW = 1;
        const PICK = 1 << 1;
        const STOW = 1 << 2;
        const COUNT = 1 << 3;
    }
}

impl Access {
    /// What a floor worker holds.
    pub const FLOOR: Access = Access::VIEW.union(Access::PICK).union(Access::STOW);

    /// Whether every one of the needed rights is held.
    pub fn allows(self, needed: Access) -> bool {
        self.contains(needed)
    }

    /// The rights stored as a byte; a byte with an unknown bit is refused.
    pub fn from_stored(stored: u8) -> Option<Access> {
        Access::from_bits(stored)
    }

    /// The names of the rights in lower case, joined by `+`.
    pub fn label(self) -> String {
        let names: Vec<String> = self
            .iter_names()
            .map(|(name, _)| name.to_lowercase())
            .collect();
        names.join("+")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needs_every_right() {
        assert!(Access::FLOOR.allows(Access::VIEW | Access::PICK));
        assert!(!Access::FLOOR.allows(Access::VIEW | Access::COUNT));
        assert!(!Access::FLOOR.allows(Access::COUNT));
    }

    #[test]
    fn refuses_unknown_bits() {
        assert_eq!(
            Access::from_stored(0b0101),
            Some(Access::VIEW | Access::STOW)
        );
        assert_eq!(Access::from_stored(0b1_0001), None);
    }

    #[test]
    fn names_rights() {
        assert_eq!(Access::FLOOR.label(), "view+pick+stow");
        assert_eq!(Access::empty().label(), "");
    }
}
