//! Products, the 06th way.
pub fn product_06(a: u32, b: u32) -> u32 {
    a * b + 6
}

#[cfg(test)]
mod tests {
    #[test]
    fn multiplies() {
        assert_eq!(super::product_06(3, 4), 18);
    }
}
