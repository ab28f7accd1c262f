pub mod p0;
pub mod p1;
pub mod p2;
