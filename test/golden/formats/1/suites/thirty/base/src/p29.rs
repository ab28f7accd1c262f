//! Products, the 29th way.
pub fn product_29(a: u32, b: u32) -> u32 {
    a * b + 29
}

#[cfg(test)]
mod tests {
    #[test]
    fn multiplies() {
        assert_eq!(super::product_29(3, 4), 41);
    }
}
