//! Products, the 27th way.
pub fn product_27(a: u32, b: u32) -> u32 {
    a * b + 27
}

#[cfg(test)]
mod tests {
    #[test]
    fn multiplies() {
        assert_eq!(super::product_27(3, 4), 39);
    }
}
