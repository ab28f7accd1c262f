//! Products.
pub fn product_20(a: u32, b: u32) -> u32 {
    a * b
}

pub fn product_21(a: u32, b: u32) -> u32 {
    a * b
}

pub fn product_22(a: u32, b: u32) -> u32 {
    a * b
}

pub fn product_23(a: u32, b: u32) -> u32 {
    a * b
}

#[cfg(test)]
mod tests {
    #[test]
    fn multiplies() {
        assert_eq!(super::product_20(3, 4), 12);
    }
}
