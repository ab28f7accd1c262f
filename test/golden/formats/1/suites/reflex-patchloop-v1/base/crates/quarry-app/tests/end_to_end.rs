//! Whole runs, from a text to a text.

use quarry_app::{run, AppError};

const ORDERS: &str = "\
order,customer,stone,tons
1,Ilse,slate,4
2,\"Marl, Ltd\",chalk,2.5
3,Ilse,ore,
4,Oda,slate,10
";

#[test]
fn plain_report() {
    let text = run("where=stone = 'slate'; show=customer,tons; total=mean tons", ORDERS).unwrap();
    assert_eq!(text, "customer  tons\n--------------\nIlse         4\nOda         10\n= 7.0\n");
}

#[test]
fn csv_round_trip() {
    let text = run("format=csv", ORDERS).unwrap();
    assert_eq!(text, ORDERS);
    assert_eq!(run("format=csv", &text).unwrap(), text);
}

#[test]
fn counts_everything_that_passes() {
    let text = run("where=not tons > 5; sort=tons desc; limit=1; show=order; total=count", ORDERS).unwrap();
    assert_eq!(text, "order\n-----\n    1\n= 3\n");
}

#[test]
fn missing_columns_are_named() {
    match run("show=order,price", ORDERS) {
        Err(AppError::NoColumn(name)) => assert_eq!(name, "price"),
        other => panic!("not the missing column: {other:?}"),
    }
}
