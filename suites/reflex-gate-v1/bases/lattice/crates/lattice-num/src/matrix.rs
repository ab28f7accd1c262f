//! Matrices of fixed size over any ring, and what can be solved with them over a field.

use std::ops::{Add, Index, IndexMut, Mul};

use crate::ring::{Field, Ring};

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Matrix<T, const R: usize, const C: usize>([[T; C]; R]);

impl<T: Ring, const R: usize, const C: usize> Matrix<T, R, C> {
    pub const fn new(rows: [[T; C]; R]) -> Self {
        Matrix(rows)
    }

    pub const ZERO: Self = Matrix([[T::ZERO; C]; R]);

    pub fn from_fn(mut value: impl FnMut(usize, usize) -> T) -> Self {
        Matrix(std::array::from_fn(|row| std::array::from_fn(|column| value(row, column))))
    }

    pub fn transposed(&self) -> Matrix<T, C, R> {
        Matrix::from_fn(|row, column| self[(column, row)])
    }

    pub fn scaled(&self, factor: T) -> Self {
        Matrix(self.0.map(|row| row.map(|value| value * factor)))
    }

    pub fn row(&self, row: usize) -> &[T; C] {
        &self.0[row]
    }
}

impl<T, const R: usize, const C: usize> Index<(usize, usize)> for Matrix<T, R, C> {
    type Output = T;

    fn index(&self, (row, column): (usize, usize)) -> &T {
        &self.0[row][column]
    }
}

impl<T, const R: usize, const C: usize> IndexMut<(usize, usize)> for Matrix<T, R, C> {
    fn index_mut(&mut self, (row, column): (usize, usize)) -> &mut T {
        &mut self.0[row][column]
    }
}

impl<T: Ring, const R: usize, const C: usize> Add for Matrix<T, R, C> {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Matrix::from_fn(|row, column| self[(row, column)] + other[(row, column)])
    }
}

impl<T: Ring, const R: usize, const M: usize, const C: usize> Mul<Matrix<T, M, C>> for Matrix<T, R, M> {
    type Output = Matrix<T, R, C>;

    fn mul(self, other: Matrix<T, M, C>) -> Matrix<T, R, C> {
        Matrix::from_fn(|row, column| {
            (0..M).fold(T::ZERO, |sum, k| sum + self[(row, k)] * other[(k, column)])
        })
    }
}

impl<T: Ring, const N: usize> Matrix<T, N, N> {
    pub fn identity() -> Self {
        Matrix::from_fn(|row, column| if row == column { T::ONE } else { T::ZERO })
    }

    pub fn trace(&self) -> T {
        (0..N).fold(T::ZERO, |sum, index| sum + self[(index, index)])
    }

    pub fn power(self, mut exponent: u64) -> Self {
        let (mut base, mut power) = (self, Self::identity());
        while exponent > 0 {
            if exponent & 1 == 1 {
                power = power * base;
            }
            exponent >>= 1;
            if exponent > 0 {
                base = base * base;
            }
        }
        power
    }
}

/// A matrix in triangular form: `factors` holds both triangles, `order` the rows in their new order.
#[derive(Debug, Clone)]
pub struct Triangular<T, const N: usize> {
    factors: Matrix<T, N, N>,
    order: [usize; N],
    /// Rows were exchanged an odd number of times.
    odd: bool,
}

impl<T: Field, const N: usize> Matrix<T, N, N> {
    /// The triangular form; nothing for a matrix that can't be inverted. `better` says whether the first of two numbers
    /// is the better one to divide by: over floats, the larger one.
    pub fn triangular(&self, better: impl Fn(T, T) -> bool) -> Option<Triangular<T, N>> {
        let mut factors = *self;
        let mut order: [usize; N] = std::array::from_fn(|row| row);
        let mut odd = false;
        for step in 0..N {
            let mut pivot = step;
            for row in step + 1..N {
                let (candidate, best) = (factors[(row, step)], factors[(pivot, step)]);
                if best.is_zero() || (!candidate.is_zero() && better(candidate, best)) {
                    pivot = row;
                }
            }
            let inverse = factors[(pivot, step)].inverse()?;
            if pivot != step {
                factors.0.swap(pivot, step);
                order.swap(pivot, step);
                odd = !odd;
            }
            for row in step + 1..N {
                let factor = factors[(row, step)] * inverse;
                factors[(row, step)] = factor;
                for column in step + 1..N {
                    let taken = factor * factors[(step, column)];
                    factors[(row, column)] = factors[(row, column)] - taken;
                }
            }
        }
        Some(Triangular { factors, order, odd })
    }
}

impl<T: Field, const N: usize> Triangular<T, N> {
    pub fn determinant(&self) -> T {
        let product = (0..N).fold(T::ONE, |product, index| product * self.factors[(index, index)]);
        if self.odd {
            -product
        } else {
            product
        }
    }

    /// The vector that the matrix makes this one of.
    pub fn solve(&self, right: [T; N]) -> [T; N] {
        let mut solution = self.order.map(|row| right[row]);
        for row in 0..N {
            for column in 0..row {
                solution[row] = solution[row] - self.factors[(row, column)] * solution[column];
            }
        }
        for row in (0..N).rev() {
            for column in row + 1..N {
                solution[row] = solution[row] - self.factors[(row, column)] * solution[column];
            }
            // The diagonal holds no zero, or there would be no triangular form.
            solution[row] = solution[row].divide(self.factors[(row, row)]).unwrap_or(T::ZERO);
        }
        solution
    }

    pub fn inverse(&self) -> Matrix<T, N, N> {
        let columns: [[T; N]; N] = std::array::from_fn(|column| {
            self.solve(std::array::from_fn(|row| if row == column { T::ONE } else { T::ZERO }))
        });
        Matrix(columns).transposed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ratio::Ratio;

    type Exact = Ratio<i64>;

    fn exact<const R: usize, const C: usize>(rows: [[i64; C]; R]) -> Matrix<Exact, R, C> {
        Matrix::new(rows.map(|row| row.map(Ratio::whole)))
    }

    #[test]
    fn multiplies() {
        let (a, b) = (Matrix::new([[1, 2, 3], [4, 5, 6]]), Matrix::new([[1, 0], [2, -1], [0, 3]]));
        assert_eq!(
            (a * b, b * a),
            (Matrix::new([[5, 7], [14, 13]]), Matrix::new([[1, 2, 3], [-2, -1, 0], [12, 15, 18]]))
        );
        assert_eq!((a.transposed(), a + a), (Matrix::new([[1, 4], [2, 5], [3, 6]]), a.scaled(2)));
        assert_eq!(
            ((a * b).trace(), a.row(1), a * Matrix::<i32, 3, 1>::ZERO),
            (18, &[4, 5, 6], Matrix::new([[0], [0]]))
        );
    }

    #[test]
    fn raises_to_powers() {
        let fibonacci = Matrix::new([[1_i64, 1], [1, 0]]);
        assert_eq!(
            [0, 1, 2, 10, 90].map(|n| fibonacci.power(n)[(0, 1)]),
            [0, 1, 1, 55, 2_880_067_194_370_816_120]
        );
        assert_eq!(fibonacci.power(0), Matrix::identity());
    }

    #[test]
    fn solves_exactly() {
        let matrix = exact([[0, 2, 1], [1, -1, 0], [3, 0, 2]]);
        let form = matrix.triangular(|_, _| false).unwrap();
        assert_eq!(form.determinant(), Ratio::whole(-1));
        assert_eq!(form.solve([8, -1, 13].map(Ratio::whole)), [-1, 0, 8].map(Ratio::whole));
        assert_eq!(
            (form.inverse() * matrix, matrix * form.inverse()),
            (Matrix::identity(), Matrix::identity())
        );
        assert!(exact([[1, 2], [2, 4]]).triangular(|_, _| false).is_none());
        let odd = exact([[2, 1], [1, 0]]).triangular(|_, _| false).unwrap();
        assert_eq!(odd.solve([Ratio::whole(1), Ratio::whole(3)]), [Ratio::whole(3), Ratio::whole(-5)]);
    }

    #[test]
    fn takes_large_numbers_to_divide_by() {
        let matrix = Matrix::new([[1e-17, 1.0], [1.0, 1.0]]);
        let form = matrix.triangular(|a: f64, b: f64| a.abs() > b.abs()).unwrap();
        assert_eq!((form.solve([1.0, 2.0]), form.determinant()), ([1.0, 1.0], -1.0));
    }
}
