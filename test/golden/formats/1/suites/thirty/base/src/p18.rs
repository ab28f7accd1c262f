//! Products, the 18th way.
pub fn product_18(a: u32, b: u32) -> u32 {
    a * b + 18
}

#[cfg(test)]
mod tests {
    #[test]
    fn multiplies() {
        assert_eq!(super::product_18(3, 4), 30);
    }
}
