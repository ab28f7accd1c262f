//! Products, the 08th way.
pub fn product_08(a: u32, b: u32) -> u32 {
    a * b + 8
}

#[cfg(test)]
mod tests {
    #[test]
    fn multiplies() {
        assert_eq!(super::product_08(3, 4), 20);
    }
}
