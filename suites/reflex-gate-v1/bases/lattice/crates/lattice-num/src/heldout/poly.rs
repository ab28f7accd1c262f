//! Further tests of polynomials.

use crate::heldout::Ledger;
use crate::poly::Poly;
use crate::ratio::Ratio;
use crate::ring::Ring;

type Exact = Poly<Ratio<i128>>;

fn exact(coefficients: &[i128]) -> Exact {
    Poly::new(coefficients.iter().map(|c| Ratio::whole(*c)).collect())
}

fn samples() -> Vec<Exact> {
    [&[][..], &[3], &[0, 2], &[1, -1], &[5, 0, 1], &[-6, 11, -6, 1], &[0, 0, 0, 4], &[2, 3, 0, 0, -1]]
        .map(exact)
        .to_vec()
}

#[test]
fn agree_with_their_values() {
    let mut ledger = Ledger::default();
    for a in samples() {
        for b in samples() {
            for x in [-3, 0, 1, 2].map(Ratio::whole) {
                note!(ledger, (&a + &b).at(x), a.at(x) + b.at(x));
                note!(ledger, (&a - &b).at(x), a.at(x) - b.at(x));
                note!(ledger, (&a * &b).at(x), a.at(x) * b.at(x));
                note!(ledger, a.of(&b).at(x), a.at(b.at(x)));
            }
            let product_rule = &(&a.derivative() * &b) + &(&a * &b.derivative());
            note!(ledger, (&a * &b).derivative(), product_rule);
        }
        note!(
            ledger,
            (&-&a + &a, a.coefficients().last().is_none_or(|last| !last.is_zero())),
            (Poly::zero(), true)
        );
    }
    assert_eq!(ledger.found, ledger.expected);
}

#[test]
fn divisions() {
    let mut ledger = Ledger::default();
    for a in samples() {
        for b in samples() {
            match a.div_rem(&b) {
                None => note!(ledger, b, Poly::zero()),
                Some((quotient, rest)) => {
                    note!(ledger, &(&quotient * &b) + &rest, a);
                    note!(ledger, rest.degree() < b.degree(), true);
                }
            }
            let divisor = a.gcd(&b);
            for poly in [&a, &b] {
                note!(ledger, poly.div_rem(&divisor).is_none_or(|(_, rest)| rest == Poly::zero()), true);
            }
            note!(ledger, divisor == Poly::zero() || divisor.leading() == Ratio::ONE, true);
        }
    }
    let common = exact(&[-6, 11, -6, 1]).gcd(&exact(&[2, -3, 1]));
    assert_eq!(common, exact(&[2, -3, 1]));
    assert_eq!(ledger.found, ledger.expected);
}

#[test]
fn points_and_roots() {
    let poly = exact(&[7, 0, -3, 2, 1]);
    let points: Vec<_> = (-2..3).map(|x| (Ratio::whole(x), poly.at(Ratio::whole(x)))).collect();
    assert_eq!(Poly::through(&points), Some(poly));
    let more: Vec<_> = (0..9).map(|x| (Ratio::whole(x), Ratio::whole(3 * x - 1))).collect();
    assert_eq!(Poly::through(&more), Some(exact(&[-1, 3])));
    let roots = [2, -1, 0, 5];
    let poly = Poly::with_roots(&roots);
    assert_eq!(
        (poly.degree(), poly.leading(), roots.map(|root| poly.at(root)), poly.at(1)),
        (Some(4), 1, [0; 4], 8)
    );
}

#[test]
fn texts() {
    let show = |coefficients: &[i32]| Poly::new(coefficients.to_vec()).to_string();
    assert_eq!(
        [show(&[1, 1, 1]), show(&[-1, -1]), show(&[0, 10, 0, -2]), show(&[1])],
        ["x^2 + x + 1", "-x - 1", "-2x^3 + 10x", "1"]
    );
    let half = Poly::new(vec![Ratio::new(-1, 2).unwrap(), Ratio::new(3, 4).unwrap()]);
    assert_eq!(
        (half.to_string(), Poly::term(-1, 3).to_string(), Poly::term(0, 3)),
        ("3/4x - 1/2".into(), "-x^3".into(), Poly::zero())
    );
}
