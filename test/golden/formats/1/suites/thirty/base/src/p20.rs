//! Products, the 20th way.
pub fn product_20(a: u32, b: u32) -> u32 {
    a * b + 20
}

#[cfg(test)]
mod tests {
    #[test]
    fn multiplies() {
        assert_eq!(super::product_20(3, 4), 32);
    }
}
