//! Products, the 16th way.
pub fn product_16(a: u32, b: u32) -> u32 {
    a * b + 16
}

#[cfg(test)]
mod tests {
    #[test]
    fn multiplies() {
        assert_eq!(super::product_16(3, 4), 28);
    }
}
