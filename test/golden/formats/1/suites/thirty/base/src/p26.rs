//! Products, the 26th way.
pub fn product_26(a: u32, b: u32) -> u32 {
    a * b + 26
}

#[cfg(test)]
mod tests {
    #[test]
    fn multiplies() {
        assert_eq!(super::product_26(3, 4), 38);
    }
}
