//! Products, the 22th way.
pub fn product_22(a: u32, b: u32) -> u32 {
    a * b + 22
}

#[cfg(test)]
mod tests {
    #[test]
    fn multiplies() {
        assert_eq!(super::product_22(3, 4), 34);
    }
}
