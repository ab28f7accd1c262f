//! Products, the 19th way.
pub fn product_19(a: u32, b: u32) -> u32 {
    a * b + 19
}

#[cfg(test)]
mod tests {
    #[test]
    fn multiplies() {
        assert_eq!(super::product_19(3, 4), 31);
    }
}
