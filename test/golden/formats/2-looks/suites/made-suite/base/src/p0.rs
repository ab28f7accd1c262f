//! Products.
pub fn product_00(a: u32, b: u32) -> u32 {
    a * b
}

pub fn product_01(a: u32, b: u32) -> u32 {
    a * b
}

pub fn product_02(a: u32, b: u32) -> u32 {
    a * b
}

pub fn product_03(a: u32, b: u32) -> u32 {
    a * b
}

pub fn product_04(a: u32, b: u32) -> u32 {
    a * b
}

pub fn product_05(a: u32, b: u32) -> u32 {
    a * b
}

pub fn product_06(a: u32, b: u32) -> u32 {
    a * b
}

pub fn product_07(a: u32, b: u32) -> u32 {
    a * b
}

pub fn product_08(a: u32, b: u32) -> u32 {
    a * b
}

pub fn product_09(a: u32, b: u32) -> u32 {
    a * b
}

#[cfg(test)]
mod tests {
    #[test]
    fn multiplies() {
        assert_eq!(super::product_00(3, 4), 12);
    }
}
