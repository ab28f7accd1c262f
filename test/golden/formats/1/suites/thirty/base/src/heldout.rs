#[test]
fn product_00() {
    assert_eq!(crate::p00::product_00(5, 6), 30);
}

#[test]
fn product_01() {
    assert_eq!(crate::p01::product_01(5, 6), 31);
}

#[test]
fn product_02() {
    assert_eq!(crate::p02::product_02(5, 6), 32);
}

#[test]
fn product_03() {
    assert_eq!(crate::p03::product_03(5, 6), 33);
}

#[test]
fn product_04() {
    assert_eq!(crate::p04::product_04(5, 6), 34);
}

#[test]
fn product_05() {
    assert_eq!(crate::p05::product_05(5, 6), 35);
}

#[test]
fn product_06() {
    assert_eq!(crate::p06::product_06(5, 6), 36);
}

#[test]
fn product_07() {
    assert_eq!(crate::p07::product_07(5, 6), 37);
}

#[test]
fn product_08() {
    assert_eq!(crate::p08::product_08(5, 6), 38);
}

#[test]
fn product_09() {
    assert_eq!(crate::p09::product_09(5, 6), 39);
}

#[test]
fn product_10() {
    assert_eq!(crate::p10::product_10(5, 6), 40);
}

#[test]
fn product_11() {
    assert_eq!(crate::p11::product_11(5, 6), 41);
}

#[test]
fn product_12() {
    assert_eq!(crate::p12::product_12(5, 6), 42);
}

#[test]
fn product_13() {
    assert_eq!(crate::p13::product_13(5, 6), 43);
}

#[test]
fn product_14() {
    assert_eq!(crate::p14::product_14(5, 6), 44);
}

#[test]
fn product_15() {
    assert_eq!(crate::p15::product_15(5, 6), 45);
}

#[test]
fn product_16() {
    assert_eq!(crate::p16::product_16(5, 6), 46);
}

#[test]
fn product_17() {
    assert_eq!(crate::p17::product_17(5, 6), 47);
}

#[test]
fn product_18() {
    assert_eq!(crate::p18::product_18(5, 6), 48);
}

#[test]
fn product_19() {
    assert_eq!(crate::p19::product_19(5, 6), 49);
}

#[test]
fn product_20() {
    assert_eq!(crate::p20::product_20(5, 6), 50);
}

#[test]
fn product_21() {
    assert_eq!(crate::p21::product_21(5, 6), 51);
}

#[test]
fn product_22() {
    assert_eq!(crate::p22::product_22(5, 6), 52);
}

#[test]
fn product_23() {
    assert_eq!(crate::p23::product_23(5, 6), 53);
}

#[test]
fn product_24() {
    assert_eq!(crate::p24::product_24(5, 6), 54);
}

#[test]
fn product_25() {
    assert_eq!(crate::p25::product_25(5, 6), 55);
}

#[test]
fn product_26() {
    assert_eq!(crate::p26::product_26(5, 6), 56);
}

#[test]
fn product_27() {
    assert_eq!(crate::p27::product_27(5, 6), 57);
}

#[test]
fn product_28() {
    assert_eq!(crate::p28::product_28(5, 6), 58);
}

#[test]
fn product_29() {
    assert_eq!(crate::p29::product_29(5, 6), 59);
}
