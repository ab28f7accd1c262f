//! Products, the 09th way.
pub fn product_09(a: u32, b: u32) -> u32 {
    a * b + 9
}

#[cfg(test)]
mod tests {
    #[test]
    fn multiplies() {
        assert_eq!(super::product_09(3, 4), 21);
    }
}
