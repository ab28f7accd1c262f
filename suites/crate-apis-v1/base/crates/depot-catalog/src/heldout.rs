//! Held-out tests.

use std::error::Error as _;

use chrono::{NaiveDate, Timelike};
use semver::{Version, VersionReq};
use serde_json::json;

use crate::access::Access;
use crate::audit::{measures, text_at};
use crate::capacity::Capacity;
use crate::error::{distance, messages, CatalogError};
use crate::event::{read_journal, write_journal, Event, Record};
use crate::manifest::{Dependency, Inherited, Manifest};
use crate::route::{read_route, round_trip, with_detour, Stop, Stops};
use crate::schedule::{days_apart, driver_label, due, next_working_day, slot};
use crate::select::{candidate, is_stable, newest, pin, same_release};
use crate::stage::{overview, Stage};
use crate::{ident, Result};

fn v(text: &str) -> Version {
    text.parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn mark_without_bay_has_no_cause() {
    let error = distance("Q").unwrap_err();
    assert_eq!(messages(&error), ["shelf mark `Q` has no bay number"]);
    assert!(error.source().is_none());
}

#[test]
fn mark_with_a_huge_bay_has_one_cause() {
    let error = distance("D70000").unwrap_err();
    assert_eq!(
        messages(&error),
        [
            "shelf mark `D70000` has a bad bay number",
            "number too large to fit in target type"
        ]
    );
    assert!(error.source().unwrap().source().is_none());
}

#[test]
fn manifest_errors_convert() {
    let error = Manifest::parse("name = ").unwrap_err();
    assert!(matches!(error, CatalogError::Manifest(_)));
    assert_eq!(error.to_string(), "the manifest is not valid");
}

#[test]
fn capacity_borrows_nothing() {
    let read: Capacity = serde_json::from_value(json!("3MiB")).unwrap();
    assert_eq!(read, Capacity(3 << 20));
    let read: Capacity = serde_json::from_reader(&b"70000000000"[..]).unwrap();
    assert_eq!(read, Capacity(70_000_000_000));
}

#[test]
fn capacity_explains_itself() {
    let refused = |text: &str| {
        serde_json::from_str::<Capacity>(text)
            .unwrap_err()
            .to_string()
    };
    assert!(refused("[]").contains("expected a number of bytes or text"));
    assert!(refused("\"4GB\"").contains("has no count"));
    assert!(refused("\"4\"").contains("`4` has no unit"));
}

#[test]
fn capacity_in_toml() {
    let text = "name = \"a\"\nversion = \"1.0.0\"\nmin-capacity = 1024\n";
    assert_eq!(
        Manifest::parse(text).unwrap().min_capacity.to_string(),
        "1KiB"
    );
    let text = text.replace("1024", "-1");
    assert!(Manifest::parse(&text).is_err());
}

#[test]
fn journal_numbers_count_blank_lines() {
    let good = r#"{"at":"2024-05-01T00:00:00Z","type":"closed"}"#;
    let error = read_journal(&format!("{good}\n\n\n{good}\nnonsense\n{good}")).unwrap_err();
    let CatalogError::Journal { line, source } = &error else {
        panic!("a journal error");
    };
    assert_eq!((*line, source.is_syntax()), (5, true));
    assert_eq!(error.source().unwrap().to_string(), source.to_string());
}

#[test]
fn journal_uses_the_scanners_spelling() {
    let event = Event::Received {
        item_code: "LOT-7".into(),
        unit_count: 2,
        shelf_mark: Some("B4".into()),
    };
    let at = slot(2024, 6, 1, 7).unwrap();
    let text = write_journal(&[Record { at, event }]).unwrap();
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        value,
        json!({
            "at": "2024-06-01T07:00:00Z", "type": "received",
            "itemCode": "LOT-7", "unitCount": 2, "shelfMark": "B4"
        })
    );
}

#[test]
fn journal_reads_stock_takes() {
    let line =
        r#"{"type":"stock_take","at":"2024-06-01T07:00:00+02:00","unitCount":1,"countedBy":"b"}"#;
    let record = &read_journal(line).unwrap()[0];
    assert_eq!(record.at.hour(), 5);
    let counted_by = "b".to_owned();
    assert_eq!(
        record.event,
        Event::StockTake {
            counted_by,
            unit_count: 1
        }
    );
}

#[test]
fn audit_measures_every_number() {
    let report = json!([u64::MAX, [1.5, {"deep": -4}], "7", null]);
    let found: Vec<_> = measures(&report).into_iter().collect();
    assert_eq!(
        found,
        [
            ("0".to_owned(), u64::MAX as f64),
            ("1.0".to_owned(), 1.5),
            ("1.1.deep".to_owned(), -4.0)
        ]
    );
    assert_eq!(measures(&json!(2))[""], 2.0);
}

#[test]
fn audit_finds_text_only() {
    let report = json!({"a": [{"b": "x"}, {"b": ["y", {"c": "z"}]}], "n": {"m": 4}});
    assert_eq!(text_at(&report, "a.0.b"), Some("x"));
    assert_eq!(text_at(&report, "a.1.b.1.c"), Some("z"));
    assert_eq!(text_at(&report, "a.2.b"), None);
    assert_eq!(text_at(&report, "n.m"), None);
}

#[test]
fn manifest_is_published_by_default() {
    let open = "version = \"2.0.0\"\nname = \"open\"\n[dependencies]\n";
    let manifest = Manifest::parse(open).unwrap();
    assert!(manifest.publish && manifest.dependencies.is_empty());
    assert_eq!(manifest.min_capacity, Capacity(0));
    assert!(
        Manifest::parse(&format!("publish = true\n{open}"))
            .unwrap()
            .publish
    );
    assert!(
        !Manifest::parse(&format!("publish = false\n{open}"))
            .unwrap()
            .publish
    );
}

#[test]
fn manifest_inherits_what_it_says() {
    let text = "name = \"a\"\nversion = \"1.0.0\"\n[dependencies]\n\
        x = { inherited = true }\ny = { inherited = false }\nz = { version = \"2\" }\n\
        [dependencies.w]\ninherited = true\n";
    let manifest = Manifest::parse(text).unwrap();
    assert_eq!(manifest.inherited(), ["w", "x"]);
    let no = Inherited { inherited: false };
    assert_eq!(manifest.dependencies["y"], Dependency::Inherited(no));
    let Dependency::Detailed(z) = &manifest.dependencies["z"] else {
        panic!("z has details");
    };
    assert_eq!(z.version, Some(VersionReq::parse("2").unwrap()));
}

#[test]
fn manifest_plain_requirement() {
    let text = "name = \"a\"\nversion = \"1.0.0\"\n[dependencies]\nq = \">=1, <3\"\n";
    let manifest = Manifest::parse(text).unwrap();
    let Dependency::Plain(requirement) = &manifest.dependencies["q"] else {
        panic!("q is plain");
    };
    assert!(requirement.matches(&v("2.9.9")) && !requirement.matches(&v("3.0.0")));
}

#[test]
fn select_pins_any_version() {
    assert!(!pin(&v("0.2.5")).matches(&v("0.2.6")));
    assert!(!pin(&v("0.2.5")).matches(&v("0.2.4")));
    let candidate = v("2.0.0-rc.2");
    assert!(pin(&candidate).matches(&candidate));
    assert!(!pin(&candidate).matches(&v("2.0.0-rc.3")));
    assert!(!pin(&candidate).matches(&v("2.0.0")));
    assert!(pin(&v("1.0.0+a")).matches(&v("1.0.0+b")));
}

#[test]
fn select_numbers_candidates() {
    let (second, tenth) = (candidate(&v("0.9.9"), 2), candidate(&v("0.9.9+x"), 10));
    let (second, tenth) = (second.unwrap(), tenth.unwrap());
    assert_eq!(tenth.to_string(), "0.10.0-rc.10");
    assert!(second < tenth && tenth < v("0.10.0"));
}

#[test]
fn select_stable() {
    assert!(is_stable(&v("1.0.0")) && is_stable(&v("3.1.0+b.5")));
    assert!(!is_stable(&v("1.0.0-0")) && !is_stable(&v("0.0.0")));
    let found = [v("1.0.0"), v("1.1.0-beta")];
    assert_eq!(newest(&VersionReq::STAR, &found), Some(&found[0]));
}

#[test]
fn select_compares_releases() {
    assert!(same_release(&v("2.1.0-rc.1+b1"), &v("2.1.0-rc.1")));
    assert!(!same_release(&v("2.1.0+b1"), &v("2.1.1+b1")));
}

#[test]
fn access_needs_all() {
    let picker = Access::VIEW | Access::PICK;
    assert!(!picker.allows(Access::FLOOR));
    assert!(picker.allows(Access::empty()) && picker.allows(picker));
    assert!(!Access::empty().allows(Access::COUNT));
}

#[test]
fn access_floor() {
    assert_eq!(Access::FLOOR.bits(), 0b0111);
    assert_eq!(Access::all().difference(Access::FLOOR).label(), "count");
}

#[test]
fn access_stored() {
    assert_eq!(Access::from_stored(0), Some(Access::empty()));
    assert_eq!(Access::from_stored(0x0f), Some(Access::all()));
    assert_eq!(Access::from_stored(0xff), None);
    assert_eq!(Access::from_stored(0x10), None);
}

#[test]
fn stage_codes() {
    let codes = [Stage::Outbound, Stage::QualityCheck, Stage::Shelf].map(Stage::code);
    assert_eq!(codes, ["out", "quality-check", "shelf"]);
    assert_eq!(overview().split(" > ").count(), 4);
}

#[test]
fn stage_displays() {
    assert_eq!(format!("[{}]", Stage::Outbound), "[out]");
    assert_eq!(
        format!("{}/{}", Stage::Inbound, Stage::Shelf),
        "inbound/shelf"
    );
}

#[test]
fn stage_old_names() {
    assert_eq!(Stage::named("outbound"), Some(Stage::Outbound));
    assert_eq!(Stage::named("out"), Some(Stage::Outbound));
    assert_eq!(Stage::named("QualityCheck"), None);
    assert_eq!(Stage::Shelf.next(), Some(Stage::Outbound));
}

#[test]
fn ident_round_trips() {
    let id = ident::item_id("west.example", "LOT-2");
    assert_eq!(ident::read(&format!(" urn:uuid:{id}\n")), Some(id));
    assert_eq!(ident::read(&ident::scanner_code(&id)), Some(id));
    assert_eq!(ident::read("LOT-2"), None);
}

#[test]
fn ident_stamps_over_old_text() {
    let id = ident::read("{00000000-0000-0000-0000-00000000ABCD}").unwrap();
    let mut label = [b'?'; 40];
    ident::stamp(&id, &mut label);
    assert_eq!(&label, b"00000000-0000-0000-0000-00000000abcd    ");
    assert_eq!(ident::scanner_code(&id), format!("{}ABCD", "0".repeat(28)));
}

#[test]
fn route_spills_when_long() {
    let stops: Stops = read_route("A1,A2,A3,A4");
    assert_eq!(
        (stops.len(), stops.spilled(), stops.inline_size()),
        (4, false, 4)
    );
    let there_and_back = round_trip(&stops);
    assert_eq!(there_and_back.len(), 7);
    assert_eq!(there_and_back[6], Stop { aisle: 'A', bay: 1 });
}

#[test]
fn route_detours_from_nothing() {
    let detour = read_route("Z1,Z2");
    assert_eq!(with_detour(&[], &detour), detour);
    let route = with_detour(&read_route("A1,B1,C1"), &detour);
    let bays: String = route.iter().map(|stop| stop.aisle).collect();
    assert_eq!(bays, "AZZBC");
}

#[test]
fn schedule_slots() -> Result<()> {
    let made = slot(2024, 12, 31, 23)?;
    assert_eq!(driver_label(made), "31.12.2024 23:00");
    assert_eq!(days_apart(made, slot(2025, 1, 1, 22)?), 0);
    assert_eq!(
        slot(2024, 1, 1, 24).unwrap_err().to_string(),
        "no such moment: 2024-1-1 24h"
    );
    assert!(slot(2024, 13, 1, 0).is_err());
    Ok(())
}

#[test]
fn schedule_labels_minutes() {
    let label = |text: &str| driver_label(text.parse().unwrap());
    assert_eq!(label("2024-02-09T17:45:10Z"), "09.02.2024 17:45");
    assert_eq!(label("1999-11-30T00:05:00Z"), "30.11.1999 00:05");
}

#[test]
fn schedule_days() {
    assert_eq!(next_working_day(day("2024-12-27")), day("2024-12-30"));
    assert_eq!(next_working_day(day("2024-02-29")), day("2024-03-01"));
    assert_eq!(due(day("2023-12-31")), Some(day("2024-01-31")));
    assert_eq!(due(day("2023-01-30")), Some(day("2023-02-28")));
}
