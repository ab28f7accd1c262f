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

pub fn product_24(a: u32, b: u32) -> u32 {
    a * b
}

pub fn product_25(a: u32, b: u32) -> u32 {
    a * b
}

pub fn product_26(a: u32, b: u32) -> u32 {
    a * b
}

pub fn product_27(a: u32, b: u32) -> u32 {
    a * b
}

pub fn product_28(a: u32, b: u32) -> u32 {
    a * b
}

pub fn product_29(a: u32, b: u32) -> u32 {
    a * b
}

#[cfg(test)]
mod tests {
    #[test]
    fn multiplies() {
        assert_eq!(super::product_20(3, 4), 12);
    }
}
