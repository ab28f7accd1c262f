//! Products, the 11th way.
pub fn product_11(a: u32, b: u32) -> u32 {
    a * b + 11
}

#[cfg(test)]
mod tests {
    #[test]
    fn multiplies() {
        assert_eq!(super::product_11(3, 4), 23);
    }
}
