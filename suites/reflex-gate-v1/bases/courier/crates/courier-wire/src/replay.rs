//! Notices packets that come twice: a window of bits behind the newest number.

/// Numbers that are remembered behind the newest one.
pub const WINDOW: u64 = 256;

const WORDS: usize = (WINDOW / 64) as usize;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    Fresh,
    Replayed,
    /// Too old to tell.
    Stale,
}

#[derive(Debug, Clone, Default)]
pub struct ReplayWindow {
    /// One more than the newest number; zero: none has come.
    next: u64,
    /// The bit of a number is at its place modulo the window.
    bits: [u64; WORDS],
    rejected: u64,
}

impl ReplayWindow {
    fn place(number: u64) -> (usize, u64) {
        let bit = number % WINDOW;
        ((bit / 64) as usize, 1 << (bit % 64))
    }

    /// What a number is, without noting it.
    pub fn check(&self, number: u64) -> Check {
        if number >= self.next {
            return Check::Fresh;
        }
        if self.next - number > WINDOW {
            return Check::Stale;
        }
        let (word, mask) = Self::place(number);
        if self.bits[word] & mask == 0 {
            Check::Fresh
        } else {
            Check::Replayed
        }
    }

    /// Notes a number if it is fresh. Only what was proved to be genuine may be noted.
    pub fn accept(&mut self, number: u64) -> Check {
        let check = self.check(number);
        if check != Check::Fresh {
            self.rejected += 1;
            return check;
        }
        if number >= self.next {
            self.clear(number);
            self.next = number + 1;
        }
        let (word, mask) = Self::place(number);
        self.bits[word] |= mask;
        Check::Fresh
    }

    /// Makes room for the numbers up to this one.
    fn clear(&mut self, number: u64) {
        if number - self.next >= WINDOW {
            self.bits = [0; WORDS];
            return;
        }
        for skipped in self.next..=number {
            let (word, mask) = Self::place(skipped);
            self.bits[word] &= !mask;
        }
    }

    pub fn rejected(&self) -> u64 {
        self.rejected
    }

    /// Numbers of the window that have not come.
    pub fn missing(&self) -> Vec<u64> {
        let oldest = self.next.saturating_sub(WINDOW);
        (oldest..self.next).filter(|number| self.check(*number) == Check::Fresh).collect()
    }
}

/// A window for each of several senders; the one that was heard longest ago makes room for a new one.
#[derive(Debug)]
pub struct ReplayGuard {
    windows: Vec<(u32, ReplayWindow)>,
    limit: usize,
}

impl ReplayGuard {
    pub fn new(limit: usize) -> Self {
        ReplayGuard { windows: Vec::new(), limit: limit.max(1) }
    }

    /// The newest sender stands last.
    pub fn accept(&mut self, sender: u32, number: u64) -> Check {
        let window = match self.windows.iter().position(|(known, _)| *known == sender) {
            Some(place) => self.windows.remove(place).1,
            None => {
                if self.windows.len() == self.limit {
                    self.windows.remove(0);
                }
                ReplayWindow::default()
            }
        };
        self.windows.push((sender, window));
        let last = self.windows.len() - 1;
        self.windows[last].1.accept(number)
    }

    pub fn senders(&self) -> impl Iterator<Item = u32> + '_ {
        self.windows.iter().map(|(sender, _)| *sender)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notices_what_comes_twice() {
        let mut window = ReplayWindow::default();
        let seen = [0, 2, 0, 1, 2, 300, 45, 44, 45].map(|number| window.accept(number));
        use Check::{Fresh, Replayed, Stale};
        assert_eq!(seen, [Fresh, Fresh, Replayed, Fresh, Replayed, Fresh, Fresh, Stale, Replayed]);
        assert_eq!(window.rejected(), 4);
    }

    #[test]
    fn forgets_what_left_the_window() {
        let mut window = ReplayWindow::default();
        (0..256).for_each(|number| drop_fresh(&mut window, number));
        assert_eq!(window.check(0), Check::Replayed);
        drop_fresh(&mut window, 258);
        assert_eq!(
            (window.check(2), window.check(3), window.check(256)),
            (Check::Stale, Check::Replayed, Check::Fresh)
        );
        assert_eq!(window.missing(), [256, 257]);
        drop_fresh(&mut window, 10_000);
        assert_eq!(
            (window.missing().len(), window.check(9745), window.check(9744)),
            (255, Check::Fresh, Check::Stale)
        );
    }

    fn drop_fresh(window: &mut ReplayWindow, number: u64) {
        assert_eq!(window.accept(number), Check::Fresh, "{number}");
    }

    #[test]
    fn keeps_senders_apart() {
        let mut guard = ReplayGuard::new(2);
        let checks = [(1, 5), (2, 5), (1, 5), (3, 5), (1, 5), (2, 5)]
            .map(|(sender, number)| guard.accept(sender, number));
        use Check::{Fresh, Replayed};
        assert_eq!(checks, [Fresh, Fresh, Replayed, Fresh, Replayed, Fresh]);
        assert_eq!(guard.senders().collect::<Vec<_>>(), [1, 2]);
    }
}
