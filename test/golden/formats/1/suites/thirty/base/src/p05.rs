//! Products, the 05th way.
pub fn product_05(a: u32, b: u32) -> u32 {
    a * b + 5
}

#[cfg(test)]
mod tests {
    #[test]
    fn multiplies() {
        assert_eq!(super::product_05(3, 4), 17);
    }
}
