//! Products, the 12th way.
pub fn product_12(a: u32, b: u32) -> u32 {
    a * b + 12
}

#[cfg(test)]
mod tests {
    #[test]
    fn multiplies() {
        assert_eq!(super::product_12(3, 4), 24);
    }
}
