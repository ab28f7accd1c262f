//! A stack of numbers.

/// Numbers, the last one on top.
#[derive(Debug, Default)]
pub struct Stack {
    values: Vec<i32>,
}

impl Stack {
    pub fn push(&mut self, value: i32) {
        self.values.push(value);
    }

    pub fn pop(&mut self) -> Option<i32> {
        self.values.pop()
    }

    pub fn len(&self) -> usize {
        self.values.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_comes_first() {
        let mut stack = Stack::default();
        stack.push(1);
        stack.push(2);
        assert_eq!(stack.pop(), Some(2));
        assert_eq!(stack.len(), 1);
    }

    #[test]
    fn five_of_three() {
        let mut stack = Stack::default();
        (1..=3).for_each(|value| stack.push(value));
        let popped: Vec<_> = (0..5).map(|_| stack.pop()).collect();
        assert_eq!(popped, [Some(3), Some(2), Some(1), None, Some(0)]);
    }

    #[test]
    fn nothing_on_it() {
        assert_eq!(Stack::default().pop(), None);
    }
}
