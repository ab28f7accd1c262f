//! Further tests of schemas.

use crate::schema::{Cell, Column, RowError, Schema, Type};

fn only(column: Column, cell: Cell) -> Result<Cell, RowError> {
    let name = column.name.clone();
    let row = Schema::new(vec![column]).unwrap().row([(name, cell)].into());
    row.map(|mut row| row.remove(0)).map_err(|mut errors| errors.remove(0))
}

#[test]
fn numbers() {
    let int = |cell| only(Column::new("n", Type::Int), cell);
    assert_eq!(int(Cell::Int(-4)), Ok(Cell::Int(-4)));
    assert_eq!(int(Cell::Float(-4.0)), Ok(Cell::Int(-4)));
    assert_eq!(int(Cell::Float(0.5)).unwrap_err().to_string(), "n must be an integer");
    assert_eq!(int(Cell::Float(1e16)), Err(RowError::WrongType { column: "n".into(), expected: Type::Int }));
    assert_eq!(
        int(Cell::Text("4".into())),
        Err(RowError::WrongType { column: "n".into(), expected: Type::Int })
    );
    let float = |cell| only(Column::new("f", Type::Float), cell);
    assert_eq!((float(Cell::Int(3)), float(Cell::Null)), (Ok(Cell::Float(3.0)), Ok(Cell::Null)));
    assert_eq!(float(Cell::Text(String::new())).unwrap_err().to_string(), "f must be a number");
}

#[test]
fn texts() {
    let text = |content: &str| only(Column::new("t", Type::Text(3)).required(), Cell::Text(content.into()));
    assert_eq!(text("äöü"), Ok(Cell::Text("äöü".into())));
    assert_eq!(text("abcd").unwrap_err().to_string(), "t has 4 characters, 3 are allowed");
    assert_eq!(
        only(Column::new("t", Type::Text(3)), Cell::Int(1)).unwrap_err().to_string(),
        "t must be a text"
    );
    assert_eq!(
        only(Column::new("t", Type::Text(3)).required(), Cell::Null),
        Err(RowError::Missing("t".into()))
    );
}

#[test]
fn defaults() {
    let schema = Schema::new(vec![
        Column::new("a", Type::Float).with_default(Cell::Int(1)).required(),
        Column::new("b", Type::Int),
        Column::new("c", Type::Text(1)).with_default(Cell::Null),
    ])
    .unwrap();
    assert_eq!(schema.row([].into()), Ok(vec![Cell::Float(1.0), Cell::Null, Cell::Null]));
    let errors =
        schema.row([("z".into(), Cell::Int(1)), ("a".into(), Cell::Null), ("y".into(), Cell::Null)].into());
    let unknown = |name: &str| RowError::UnknownColumn(name.into());
    assert_eq!(errors, Err(vec![RowError::Missing("a".into()), unknown("y"), unknown("z")]));
    assert_eq!(["a", "c", "d"].map(|name| schema.position(name)), [Some(0), Some(2), None]);
}

#[test]
fn migrations() {
    let old = Schema::new(vec![Column::new("a", Type::Float), Column::new("b", Type::Text(9))]).unwrap();
    let newer = Schema::new(vec![
        Column::new("b", Type::Text(2)).with_default(Cell::Text("-".into())),
        Column::new("a", Type::Int),
    ])
    .unwrap();
    let migrated = |a, b: Cell| old.migrate(vec![a, b], &newer);
    assert_eq!(
        migrated(Cell::Float(2.0), Cell::Text("xy".into())),
        Ok(vec![Cell::Text("xy".into()), Cell::Int(2)])
    );
    assert_eq!(migrated(Cell::Null, Cell::Null), Ok(vec![Cell::Text("-".into()), Cell::Null]));
    let errors = migrated(Cell::Float(2.5), Cell::Text("xyz".into())).unwrap_err();
    assert_eq!(
        errors.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["b has 3 characters, 2 are allowed", "a must be an integer"]
    );
}
