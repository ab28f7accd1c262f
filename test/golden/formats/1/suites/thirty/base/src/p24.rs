//! Products, the 24th way.
pub fn product_24(a: u32, b: u32) -> u32 {
    a * b + 24
}

#[cfg(test)]
mod tests {
    #[test]
    fn multiplies() {
        assert_eq!(super::product_24(3, 4), 36);
    }
}
