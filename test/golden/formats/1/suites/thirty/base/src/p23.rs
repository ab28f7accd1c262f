//! Products, the 23th way.
pub fn product_23(a: u32, b: u32) -> u32 {
    a * b + 23
}

#[cfg(test)]
mod tests {
    #[test]
    fn multiplies() {
        assert_eq!(super::product_23(3, 4), 35);
    }
}
