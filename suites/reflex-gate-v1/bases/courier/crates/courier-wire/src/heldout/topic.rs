//! Further tests of topics.

use crate::topic::{Filter, Level, Topic, TopicError};

const TOPICS: [&str; 8] = ["x", "x/y", "x/y/", "/x", "x/y/z/w", "$x/y", "y", "x/$y"];
const FILTERS: [&str; 9] = ["x", "+", "#", "x/#", "x/+", "+/y", "x/+/#", "/#", "$x/#"];

#[test]
fn all_pairs() {
    let line = |filter: &str| {
        let filter = Filter::new(filter).unwrap();
        TOPICS
            .iter()
            .map(|topic| if filter.matches(&Topic::new(topic).unwrap()) { 'x' } else { '.' })
            .collect::<String>()
    };
    assert_eq!(
        FILTERS.map(line),
        [
            "x.......", "x.....x.", "xxxxx.xx", "xxx.x..x", ".x.....x", ".x......", ".xx.x..x", "...x....",
            ".....x.."
        ]
    );
}

#[test]
fn covering_means_matching_all() {
    let filters: Vec<Filter> =
        FILTERS.iter().chain(&["x/y", "x/y/#", "+/+"]).map(|text| Filter::new(text).unwrap()).collect();
    let mut covered = 0;
    for a in &filters {
        for b in &filters {
            if a.covers(b) {
                covered += 1;
                for topic in
                    TOPICS.iter().map(|topic| Topic::new(topic).unwrap()).filter(|topic| !topic.is_internal())
                {
                    assert!(!b.matches(&topic) || a.matches(&topic), "{a} covers {b} but not {topic:?}");
                }
            }
        }
    }
    assert_eq!(covered, 38);
}

#[test]
fn parts() {
    let filter = Filter::new("a/+/b/#").unwrap();
    assert_eq!(filter.levels(), [Level::Name("a".into()), Level::One, Level::Name("b".into()), Level::Rest]);
    assert_eq!(filter.to_string(), "a/+/b/#");
    assert_eq!(Topic::new("a//b").unwrap().levels().collect::<Vec<_>>(), ["a", "", "b"]);
    assert_eq!(
        (Topic::new("$a").unwrap().is_internal(), Topic::new("a/$b").unwrap().is_internal()),
        (true, false)
    );
    assert_eq!(Topic::new("a/b").unwrap().as_str(), "a/b");
}

#[test]
fn refusals() {
    assert_eq!(
        (Topic::new("+"), Topic::new("a/b/#")),
        (Err(TopicError::BadLevel(0)), Err(TopicError::BadLevel(2)))
    );
    assert_eq!((Filter::new(""), Filter::new("#/")), (Err(TopicError::Empty), Err(TopicError::NotLast(0))));
    assert_eq!(
        (Filter::new("a/+b"), Filter::new("a\0")),
        (Err(TopicError::BadLevel(1)), Err(TopicError::BadLevel(0)))
    );
    assert!(Filter::new(&"x".repeat(1024)).is_ok() && Filter::new(&"x".repeat(1025)).is_err());
    let texts =
        [TopicError::Empty, TopicError::TooLong, TopicError::NotLast(3)].map(|error| error.to_string());
    assert_eq!(texts, ["an empty topic", "a topic that is too long", "`#` in level 3 must be the last one"]);
}
