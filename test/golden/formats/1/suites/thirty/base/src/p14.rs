//! Products, the 14th way.
pub fn product_14(a: u32, b: u32) -> u32 {
    a * b + 14
}

#[cfg(test)]
mod tests {
    #[test]
    fn multiplies() {
        assert_eq!(super::product_14(3, 4), 26);
    }
}
