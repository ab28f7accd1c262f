//! Products, the 10th way.
pub fn product_10(a: u32, b: u32) -> u32 {
    a * b + 10
}

#[cfg(test)]
mod tests {
    #[test]
    fn multiplies() {
        assert_eq!(super::product_10(3, 4), 22);
    }
}
