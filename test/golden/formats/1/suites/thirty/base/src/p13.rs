//! Products, the 13th way.
pub fn product_13(a: u32, b: u32) -> u32 {
    a * b + 13
}

#[cfg(test)]
mod tests {
    #[test]
    fn multiplies() {
        assert_eq!(super::product_13(3, 4), 25);
    }
}
