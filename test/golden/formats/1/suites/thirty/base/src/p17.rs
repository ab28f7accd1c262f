//! Products, the 17th way.
pub fn product_17(a: u32, b: u32) -> u32 {
    a * b + 17
}

#[cfg(test)]
mod tests {
    #[test]
    fn multiplies() {
        assert_eq!(super::product_17(3, 4), 29);
    }
}
