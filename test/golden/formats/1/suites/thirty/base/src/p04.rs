//! Products, the 04th way.
pub fn product_04(a: u32, b: u32) -> u32 {
    a * b + 4
}

#[cfg(test)]
mod tests {
    #[test]
    fn multiplies() {
        assert_eq!(super::product_04(3, 4), 16);
    }
}
