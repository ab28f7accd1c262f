//! Products, the 25th way.
pub fn product_25(a: u32, b: u32) -> u32 {
    a * b + 25
}

#[cfg(test)]
mod tests {
    #[test]
    fn multiplies() {
        assert_eq!(super::product_25(3, 4), 37);
    }
}
