//! Looking into free-form JSON reports.

use std::collections::BTreeMap;

use serde_json::Value;

/// Every number of the report under its dotted path; array items count from 0.
pub fn measures(report: &Value) -> BTreeMap<String, f64> {
    let mut found = BTreeMap::new();
    collect("", report, &mut found);
    found
}

fn collect(path: &str, value: &Value, found: &mut BTreeMap<String, f64>) {
    let below = |key: &str| match path {
        "" => key.to_owned(),
        _ => format!("{path}.{key}"),
    };
    match value {
        Value::Number(number) => {
            found.extend(number.as_f64().map(|number| (path.to_owned(), number)));
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(&below(&index.to_string()), item, found);
            }
        }
        Value::Object(fields) => {
            for (key, field) in fields {
                collect(&below(key), field, found);
            }
        }
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

/// The text at `path` (`site.owner.name`), or nothing if it isn't there or isn't text.
pub fn text_at<'a>(report: &'a Value, path: &str) -> Option<&'a str> {
    let pointer = format!("/{}", path.replace('.', "/"));
    report.pointer(&pointer)?.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn collects_numbers() {
        let report = json!({"load": {"cpu": 0.5, "runs": [3, -1]}, "ok": true, "name": "x"});
        let found: Vec<_> = measures(&report).into_iter().collect();
        assert_eq!(
            found,
            [
                ("load.cpu".to_owned(), 0.5),
                ("load.runs.0".to_owned(), 3.0),
                ("load.runs.1".to_owned(), -1.0)
            ]
        );
    }

    #[test]
    fn finds_text() {
        let report = json!({"site": {"owner": {"name": "Ada"}}, "tags": ["a", "b"], "n": 1});
        assert_eq!(text_at(&report, "site.owner.name"), Some("Ada"));
        assert_eq!(text_at(&report, "tags.1"), Some("b"));
        assert_eq!(text_at(&report, "n"), None);
    }
}
