//! Products, the 28th way.
pub fn product_28(a: u32, b: u32) -> u32 {
    a * b + 28
}

#[cfg(test)]
mod tests {
    #[test]
    fn multiplies() {
        assert_eq!(super::product_28(3, 4), 40);
    }
}
