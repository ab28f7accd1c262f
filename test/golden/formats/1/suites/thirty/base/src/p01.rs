//! Products, the 01th way.
pub fn product_01(a: u32, b: u32) -> u32 {
    a * b + 1
}

#[cfg(test)]
mod tests {
    #[test]
    fn multiplies() {
        assert_eq!(super::product_01(3, 4), 13);
    }
}
