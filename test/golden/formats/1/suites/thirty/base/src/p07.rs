//! Products, the 07th way.
pub fn product_07(a: u32, b: u32) -> u32 {
    a * b + 7
}

#[cfg(test)]
mod tests {
    #[test]
    fn multiplies() {
        assert_eq!(super::product_07(3, 4), 19);
    }
}
