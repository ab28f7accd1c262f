//! Products, the 02th way.
pub fn product_02(a: u32, b: u32) -> u32 {
    a * b + 2
}

#[cfg(test)]
mod tests {
    #[test]
    fn multiplies() {
        assert_eq!(super::product_02(3, 4), 14);
    }
}
