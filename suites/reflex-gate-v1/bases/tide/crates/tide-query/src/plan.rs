//! Chooses how to find the rows of a query, by what each way is expected to cost.

use std::fmt;

/// What is known of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    pub name: String,
    pub rows: u64,
    pub indexes: Vec<Index>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Index {
    pub column: String,
    /// Different keys in it.
    pub keys: u64,
    /// Holds the rows themselves, in its order.
    pub clustered: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Test {
    /// One of so many keys.
    Keys(u64),
    /// A range that holds this share of the keys.
    Range(f64),
}

/// A condition on a column.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    pub column: String,
    pub test: Test,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Plan {
    Scan { table: String },
    Lookup { table: String, column: String },
    Sort { by: String, input: Box<Plan> },
}

#[derive(Debug, Clone, PartialEq)]
pub struct Priced {
    pub plan: Plan,
    /// In reads of a row in order.
    pub cost: f64,
    pub rows: f64,
}

/// Fetching a row at a random place costs as much as reading so many in order.
const RANDOM: f64 = 4.0;
/// Going down an index.
const DESCENT: f64 = 8.0;

impl Condition {
    /// The share of rows that fulfil it.
    fn share(&self, table: &Table) -> f64 {
        let keys =
            table.indexes.iter().find(|index| index.column == self.column).map_or(10, |index| index.keys);
        match self.test {
            Test::Keys(count) => (count as f64 / keys.max(1) as f64).min(1.0),
            Test::Range(share) => share.clamp(0.0, 1.0),
        }
    }
}

/// Rows that fulfil all conditions, if these have nothing to do with each other.
pub fn expected_rows(table: &Table, conditions: &[Condition]) -> f64 {
    conditions.iter().map(|condition| condition.share(table)).product::<f64>() * table.rows as f64
}

fn scan(table: &Table, conditions: &[Condition]) -> Priced {
    Priced {
        plan: Plan::Scan { table: table.name.clone() },
        cost: table.rows as f64,
        rows: expected_rows(table, conditions),
    }
}

fn lookup(table: &Table, index: &Index, conditions: &[Condition]) -> Option<Priced> {
    let condition = conditions.iter().find(|condition| condition.column == index.column)?;
    let found = condition.share(table) * table.rows as f64;
    let descents = match condition.test {
        Test::Keys(count) => count as f64,
        Test::Range(_) => 1.0,
    };
    let read = if index.clustered { found } else { found * RANDOM };
    Some(Priced {
        plan: Plan::Lookup { table: table.name.clone(), column: index.column.clone() },
        cost: descents * DESCENT + read,
        rows: expected_rows(table, conditions),
    })
}

/// Sorting costs n log n comparisons, ten of which are a read; what comes in the right order needs none.
fn ordered(priced: Priced, table: &Table, by: &str) -> Priced {
    let comes_in_order = match &priced.plan {
        Plan::Lookup { column, .. } => column == by,
        Plan::Scan { .. } => table.indexes.iter().any(|index| index.clustered && index.column == by),
        Plan::Sort { by: sorted, .. } => sorted == by,
    };
    if comes_in_order {
        return priced;
    }
    let comparisons = priced.rows * priced.rows.max(2.0).log2();
    Priced {
        plan: Plan::Sort { by: by.to_owned(), input: Box::new(priced.plan) },
        cost: priced.cost + comparisons / 10.0,
        rows: priced.rows,
    }
}

/// All ways, the cheapest first; of equal ones the one that was thought of first.
pub fn plans(table: &Table, conditions: &[Condition], order_by: Option<&str>) -> Vec<Priced> {
    let lookups = table.indexes.iter().filter_map(|index| lookup(table, index, conditions));
    let mut all: Vec<Priced> = std::iter::once(scan(table, conditions)).chain(lookups).collect();
    if let Some(by) = order_by {
        all = all.into_iter().map(|priced| ordered(priced, table, by)).collect();
    }
    all.sort_by(|a, b| a.cost.total_cmp(&b.cost));
    all
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Plan::Scan { table } => write!(f, "scan {table}"),
            Plan::Lookup { table, column } => write!(f, "look {column} up in {table}"),
            Plan::Sort { by, input } => write!(f, "{input}, sort by {by}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn readings() -> Table {
        let index = |column: &str, keys, clustered| Index { column: column.into(), keys, clustered };
        Table {
            name: "readings".into(),
            rows: 10_000,
            indexes: vec![index("time", 10_000, true), index("station", 50, false)],
        }
    }

    fn condition(column: &str, test: Test) -> Condition {
        Condition { column: column.into(), test }
    }

    fn best(conditions: &[Condition], order_by: Option<&str>) -> (String, f64) {
        let best = plans(&readings(), conditions, order_by).swap_remove(0);
        (best.plan.to_string(), best.cost)
    }

    #[test]
    fn expects_rows() {
        let both = [condition("station", Test::Keys(5)), condition("time", Test::Range(0.5))];
        assert_eq!(expected_rows(&readings(), &both), 500.0);
        assert_eq!(expected_rows(&readings(), &[condition("flag", Test::Keys(1))]), 1000.0);
        assert_eq!(expected_rows(&readings(), &[condition("station", Test::Keys(80))]), 10_000.0);
        assert_eq!(expected_rows(&readings(), &[condition("time", Test::Range(-0.5))]), 0.0);
    }

    #[test]
    fn looks_up_what_is_rare() {
        assert_eq!(
            best(&[condition("station", Test::Keys(1))], None),
            ("look station up in readings".into(), 808.0)
        );
        assert_eq!(best(&[condition("station", Test::Keys(20))], None), ("scan readings".into(), 10_000.0));
        assert_eq!(
            best(&[condition("time", Test::Range(0.9))], None),
            ("look time up in readings".into(), 9008.0)
        );
        let both = [condition("time", Test::Range(0.01)), condition("station", Test::Keys(1))];
        assert_eq!(best(&both, None), ("look time up in readings".into(), 108.0));
    }

    #[test]
    fn sorts_only_if_need_be() {
        let one = [condition("station", Test::Keys(1))];
        let (plan, cost) = best(&one, Some("time"));
        assert_eq!(plan, "look station up in readings, sort by time");
        assert!((cost - 960.877).abs() < 0.001, "{cost}");
        assert_eq!(best(&one, Some("station")).1, 808.0);
        assert_eq!(best(&[], Some("time")), ("scan readings".into(), 10_000.0));
        let all = plans(&readings(), &[], Some("flag"));
        assert_eq!((all.len(), all[0].plan.to_string()), (1, "scan readings, sort by flag".into()));
    }
}
