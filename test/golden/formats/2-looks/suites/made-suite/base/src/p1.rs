//! Products.
pub fn product_10(a: u32, b: u32) -> u32 {
    a * b
}

pub fn product_11(a: u32, b: u32) -> u32 {
    a * b
}

pub fn product_12(a: u32, b: u32) -> u32 {
    a * b
}

pub fn product_13(a: u32, b: u32) -> u32 {
    a * b
}

pub fn product_14(a: u32, b: u32) -> u32 {
    a * b
}

pub fn product_15(a: u32, b: u32) -> u32 {
    a * b
}

pub fn product_16(a: u32, b: u32) -> u32 {
    a * b
}

pub fn product_17(a: u32, b: u32) -> u32 {
    a * b
}

pub fn product_18(a: u32, b: u32) -> u32 {
    a * b
}

pub fn product_19(a: u32, b: u32) -> u32 {
    a * b
}

#[cfg(test)]
mod tests {
    #[test]
    fn multiplies() {
        assert_eq!(super::product_10(3, 4), 12);
    }
}
