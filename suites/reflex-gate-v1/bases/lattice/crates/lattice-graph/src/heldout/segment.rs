//! Further tests of stretches.

use crate::heldout::Ledger;
use crate::segment::{Action, Change, Monoid, Segments, Totals};

fn totals(values: &[i64]) -> Totals {
    values.iter().fold(Totals::identity(), |sum, value| sum.combine(&Totals::from(*value)))
}

#[test]
fn against_a_vector() {
    let mut ledger = Ledger::default();
    for length in [1, 2, 3, 7, 16, 33] {
        let mut model: Vec<i64> = (0..length).map(|n| n * 5 % 11 - 3).collect();
        let mut row: Segments<Totals, Change> = Segments::new(model.iter().copied().map(Totals::from));
        let mut state = length as u64;
        for _ in 0..300 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let (a, b) =
                ((state >> 33) as usize % (model.len() + 1), (state >> 40) as usize % (model.len() + 1));
            let (start, end) = (a.min(b), a.max(b));
            let number = (state >> 50) as i64 % 9 - 4;
            match (state >> 20) % 4 {
                0 => {
                    row.apply(start, end, &Change::Add(number));
                    model[start..end].iter_mut().for_each(|value| *value += number);
                }
                1 => {
                    row.apply(start, end, &Change::Set(number));
                    model[start..end].fill(number);
                }
                2 => {
                    let first =
                        (start..model.len()).find(|index| totals(&model[start..=*index]).max >= number);
                    note!(
                        ledger,
                        row.find_end(start, |totals| totals.max >= number),
                        first.map(|index| index + 1)
                    );
                }
                _ => note!(ledger, row.sum(start, end), totals(&model[start..end])),
            }
            note!(ledger, row.sum(0, model.len()), totals(&model));
        }
        note!(ledger, (row.len(), row.is_empty()), (model.len(), false));
    }
    assert_eq!(ledger.found, ledger.expected);
}

/// Texts are put together in order.
#[derive(Debug, Clone, PartialEq)]
struct Text(String);

impl Monoid for Text {
    fn identity() -> Self {
        Text(String::new())
    }

    fn combine(&self, other: &Self) -> Self {
        Text(self.0.clone() + &other.0)
    }
}

/// Repeats each text so many times.
#[derive(Debug, Clone)]
struct Fill(char);

impl Action<Text> for Fill {
    fn apply(&self, _: &Text, count: usize) -> Text {
        Text(self.0.to_string().repeat(count))
    }

    fn after(&self, _: &Self) -> Self {
        self.clone()
    }
}

#[test]
fn order_matters() {
    let mut row: Segments<Text, Fill> =
        Segments::new("abcdefg".chars().map(|letter| Text(letter.to_string())));
    assert_eq!((row.sum(0, 7).0, row.sum(2, 6).0), ("abcdefg".to_owned(), "cdef".to_owned()));
    row.apply(1, 4, &Fill('x'));
    row.apply(3, 6, &Fill('y'));
    row.apply(0, 1, &Fill('z'));
    assert_eq!((row.sum(0, 99).0, row.sum(3, 7).0), ("zxxyyyg".to_owned(), "yyyg".to_owned()));
    assert_eq!(row.find_end(0, |text| text.0.contains('y')), Some(4));
    assert_eq!(row.find_end(2, |text| text.0.len() >= 3), Some(5));
    assert_eq!(row.find_end(0, |text| text.0.contains('q')), None);
}

#[test]
fn changes() {
    let apply = |change: Change| change.apply(&totals(&[1, 5, 2]), 3);
    assert_eq!((apply(Change::Add(-2)), apply(Change::Set(4))), (totals(&[-1, 3, 0]), totals(&[4, 4, 4])));
    let after = Change::Add(1).after(&Change::Add(2)).after(&Change::Set(9));
    assert_eq!((after, Change::Set(0).after(&Change::Add(7))), (Change::Set(12), Change::Set(0)));
    let mut empty: Segments<Totals, Change> = Segments::new([]);
    empty.apply(0, 5, &Change::Set(3));
    assert_eq!((empty.sum(0, 5), empty.find_end(0, |_| true), empty.len()), (Totals::identity(), None, 0));
}
