//! Products, the 03th way.
pub fn product_03(a: u32, b: u32) -> u32 {
    a * b + 3
}

#[cfg(test)]
mod tests {
    #[test]
    fn multiplies() {
        assert_eq!(super::product_03(3, 4), 15);
    }
}
