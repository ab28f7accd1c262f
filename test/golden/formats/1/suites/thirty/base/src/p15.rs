//! Products, the 15th way.
pub fn product_15(a: u32, b: u32) -> u32 {
    a * b + 15
}

#[cfg(test)]
mod tests {
    #[test]
    fn multiplies() {
        assert_eq!(super::product_15(3, 4), 27);
    }
}
