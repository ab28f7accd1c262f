//! Products, the 21th way.
pub fn product_21(a: u32, b: u32) -> u32 {
    a * b + 21
}

#[cfg(test)]
mod tests {
    #[test]
    fn multiplies() {
        assert_eq!(super::product_21(3, 4), 33);
    }
}
