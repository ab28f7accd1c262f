//! What a table's rows must look like, and rows brought into that form.

use std::collections::BTreeMap;
use std::fmt;

#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Null,
    Int(i64),
    Float(f64),
    Text(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    Int,
    Float,
    /// Text of at most so many characters.
    Text(usize),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    pub name: String,
    pub kind: Type,
    pub required: bool,
    pub default: Option<Cell>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Schema {
    columns: Vec<Column>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowError {
    UnknownColumn(String),
    Missing(String),
    WrongType { column: String, expected: Type },
    TooLong { column: String, limit: usize, found: usize },
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RowError::UnknownColumn(name) => write!(f, "there is no column {name}"),
            RowError::Missing(name) => write!(f, "{name} is missing"),
            RowError::WrongType { column, expected } => {
                let expected = match expected {
                    Type::Int => "an integer",
                    Type::Float => "a number",
                    Type::Text(_) => "a text",
                };
                write!(f, "{column} must be {expected}")
            }
            RowError::TooLong { column, limit, found } => {
                write!(f, "{column} has {found} characters, {limit} are allowed")
            }
        }
    }
}

impl std::error::Error for RowError {}

impl Column {
    pub fn new(name: &str, kind: Type) -> Self {
        Column { name: name.to_owned(), kind, required: false, default: None }
    }

    pub fn required(self) -> Self {
        Column { required: true, ..self }
    }

    pub fn with_default(self, default: Cell) -> Self {
        Column { default: Some(default), ..self }
    }

    /// The cell as this column stores it.
    fn accept(&self, cell: Cell) -> Result<Cell, RowError> {
        let wrong = || RowError::WrongType { column: self.name.clone(), expected: self.kind };
        match (self.kind, cell) {
            (_, Cell::Null) if self.required => Err(RowError::Missing(self.name.clone())),
            (_, Cell::Null) => Ok(Cell::Null),
            (Type::Int, Cell::Int(value)) => Ok(Cell::Int(value)),
            // A float that is a whole number has lost nothing.
            (Type::Int, Cell::Float(value)) if value.fract() == 0.0 && value.abs() < 9e15 => {
                Ok(Cell::Int(value as i64))
            }
            (Type::Float, Cell::Float(value)) => Ok(Cell::Float(value)),
            (Type::Float, Cell::Int(value)) => Ok(Cell::Float(value as f64)),
            (Type::Text(limit), Cell::Text(text)) => {
                let found = text.chars().count();
                if found > limit {
                    return Err(RowError::TooLong { column: self.name.clone(), limit, found });
                }
                Ok(Cell::Text(text))
            }
            _ => Err(wrong()),
        }
    }
}

impl Schema {
    /// `None`: two columns have one name, or a default does not fit its column.
    pub fn new(columns: Vec<Column>) -> Option<Self> {
        let mut columns = columns;
        for index in 0..columns.len() {
            let (before, rest) = columns.split_at_mut(index);
            let column = &mut rest[0];
            if before.iter().any(|other| other.name == column.name) {
                return None;
            }
            if let Some(default) = column.default.take() {
                column.default = Some(column.accept(default).ok()?);
            }
        }
        Some(Schema { columns })
    }

    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// A row in the order of the columns, or all that is wrong with it.
    pub fn row(&self, mut named: BTreeMap<String, Cell>) -> Result<Vec<Cell>, Vec<RowError>> {
        let mut row = Vec::with_capacity(self.columns.len());
        let mut errors = Vec::new();
        for column in &self.columns {
            let given = named.remove(&column.name);
            let cell = given.or_else(|| column.default.clone()).unwrap_or(Cell::Null);
            match column.accept(cell) {
                Ok(cell) => row.push(cell),
                Err(error) => errors.push(error),
            }
        }
        errors.extend(named.into_keys().map(RowError::UnknownColumn));
        if errors.is_empty() {
            Ok(row)
        } else {
            Err(errors)
        }
    }

    /// Brings rows of this schema into the form of a newer one: columns by name, new ones with their default.
    pub fn migrate(&self, row: Vec<Cell>, newer: &Schema) -> Result<Vec<Cell>, Vec<RowError>> {
        let old = self.columns.iter().map(|column| column.name.clone()).zip(row);
        let known = old.filter(|(name, cell)| newer.position(name).is_some() && *cell != Cell::Null);
        newer.row(known.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema() -> Schema {
        Schema::new(vec![
            Column::new("station", Type::Text(6)).required(),
            Column::new("level", Type::Float),
            Column::new("period", Type::Int).with_default(Cell::Float(10.0)),
        ])
        .unwrap()
    }

    fn row(cells: &[(&str, Cell)]) -> Result<Vec<Cell>, Vec<RowError>> {
        schema().row(cells.iter().map(|(name, cell)| ((*name).to_owned(), cell.clone())).collect())
    }

    fn text(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }

    #[test]
    fn orders_and_fills_rows() {
        let found = row(&[("level", Cell::Int(2)), ("station", text("Häfen1"))]);
        assert_eq!(found, Ok(vec![text("Häfen1"), Cell::Float(2.0), Cell::Int(10)]));
        let found = row(&[("station", text("")), ("period", Cell::Null)]);
        assert_eq!(found, Ok(vec![text(""), Cell::Null, Cell::Null]));
    }

    #[test]
    fn tells_all_that_is_wrong() {
        let errors =
            row(&[("level", text("high")), ("period", Cell::Float(1.5)), ("x", Cell::Null)]).unwrap_err();
        let texts: Vec<_> = errors.iter().map(RowError::to_string).collect();
        assert_eq!(
            texts,
            [
                "station is missing",
                "level must be a number",
                "period must be an integer",
                "there is no column x"
            ]
        );
        let errors = row(&[("station", text("Häfen12"))]).unwrap_err();
        assert_eq!(errors, [RowError::TooLong { column: "station".into(), limit: 6, found: 7 }]);
    }

    #[test]
    fn refuses_bad_columns() {
        assert_eq!(Schema::new(vec![Column::new("a", Type::Int), Column::new("a", Type::Float)]), None);
        assert_eq!(Schema::new(vec![Column::new("a", Type::Int).with_default(text("1"))]), None);
        assert_eq!(Schema::new(vec![Column::new("a", Type::Int).required().with_default(Cell::Null)]), None);
        assert_eq!((schema().position("period"), schema().position("x")), (Some(2), None));
    }

    #[test]
    fn migrates_rows() {
        let newer = Schema::new(vec![
            Column::new("period", Type::Float),
            Column::new("zone", Type::Text(3)).required().with_default(text("utc")),
            Column::new("station", Type::Text(4)),
        ])
        .unwrap();
        let old = vec![text("Pier"), Cell::Float(1.0), Cell::Int(5)];
        assert_eq!(schema().migrate(old, &newer), Ok(vec![Cell::Float(5.0), text("utc"), text("Pier")]));
        let errors = schema().migrate(vec![text("Häfen"), Cell::Null, Cell::Null], &newer).unwrap_err();
        assert_eq!(errors.len(), 1);
    }
}
