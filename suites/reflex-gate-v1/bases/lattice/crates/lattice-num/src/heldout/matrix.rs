//! Further tests of matrices.

use crate::matrix::Matrix;
use crate::ratio::Ratio;
use crate::ring::Ring;

fn sample<const N: usize>(seed: u64) -> Matrix<Ratio<i128>, N, N> {
    let mut state = seed;
    Matrix::from_fn(|_, _| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        Ratio::whole(i128::from(state >> 33) % 7 - 3)
    })
}

#[test]
fn inverses_and_solutions() {
    let mut singular = 0;
    for seed in 0..60 {
        let matrix = sample::<4>(seed);
        let right = [3, -1, 0, 5].map(Ratio::whole);
        let Some(form) = matrix.triangular(|a, b| a.magnitude() > b.magnitude()) else {
            singular += 1;
            continue;
        };
        assert_eq!(matrix * form.inverse(), Matrix::identity());
        assert_eq!((matrix * Matrix::new(form.solve(right).map(|x| [x]))).transposed(), Matrix::new([right]));
        let other = matrix.triangular(|_, _| false).unwrap();
        assert_eq!((other.determinant(), other.solve(right)), (form.determinant(), form.solve(right)));
        let flipped = matrix.transposed().triangular(|_, _| true).unwrap();
        assert_eq!(flipped.determinant(), form.determinant());
    }
    assert!(singular < 10, "{singular}");
}

#[test]
fn determinants() {
    let determinant = |rows: [[i128; 3]; 3]| {
        Matrix::new(rows.map(|row| row.map(Ratio::whole)))
            .triangular(|_, _| false)
            .map(|form| form.determinant())
    };
    assert_eq!(determinant([[2, 0, 0], [0, 3, 0], [0, 0, 4]]), Some(Ratio::whole(24)));
    assert_eq!(determinant([[0, 0, 1], [1, 0, 0], [0, 1, 0]]), Some(Ratio::ONE));
    assert_eq!(determinant([[0, 1, 0], [1, 0, 0], [0, 0, 1]]), Some(-Ratio::ONE));
    assert_eq!(determinant([[1, 2, 3], [4, 5, 6], [7, 8, 10]]), Some(Ratio::whole(-3)));
    assert_eq!(determinant([[1, 2, 3], [4, 5, 6], [7, 8, 9]]), None);
}

#[test]
fn rings() {
    let a = Matrix::new([[1_i64, -2], [0, 3], [4, 5]]);
    let b = Matrix::new([[2_i64, 1, 0], [-1, 0, 7]]);
    assert_eq!(a * b, Matrix::new([[4, 1, -14], [-3, 0, 21], [3, 4, 35]]));
    assert_eq!(
        ((b * a).trace(), (a * b).trace(), (a * b).transposed()),
        (39, 39, b.transposed() * a.transposed())
    );
    let mut changed = a;
    changed[(2, 1)] = 9;
    assert_eq!((changed.row(2), changed[(1, 1)], changed.scaled(-1) + changed), (&[4, 9], 3, Matrix::ZERO));
}

#[test]
fn powers() {
    let turn = Matrix::new([[0_i32, -1], [1, 0]]);
    let turns: Vec<_> = (0..9).map(|n| turn.power(n)[(1, 0)]).collect();
    assert_eq!(turns, [0, 1, 0, -1, 0, 1, 0, -1, 0]);
    let grow = Matrix::new([[2.0, 0.0], [1.0, 0.5]]);
    assert_eq!((grow.power(3), grow.power(0)), (grow * grow * grow, Matrix::identity()));
}

#[test]
fn floats() {
    let matrix = Matrix::new([[1e-20, 2.0, 1.0], [1.0, 1.0, 0.0], [2.0, 0.0, 1.0]]);
    let form = matrix.triangular(|a: f64, b: f64| a.abs() > b.abs()).unwrap();
    let solution = form.solve([7.0, 3.0, 5.0]);
    assert!(solution.iter().zip([1.0, 2.0, 3.0]).all(|(x, y)| (x - y).abs() < 1e-12), "{solution:?}");
}
