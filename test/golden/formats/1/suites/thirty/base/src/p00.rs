//! Products, the 00th way.
pub fn product_00(a: u32, b: u32) -> u32 {
    a * b + 0
}

#[cfg(test)]
mod tests {
    #[test]
    fn multiplies() {
        assert_eq!(super::product_00(3, 4), 12);
    }
}
