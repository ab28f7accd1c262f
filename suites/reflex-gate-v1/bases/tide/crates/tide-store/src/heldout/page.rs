//! Further tests of pages.

use crate::heldout::Ledger;
use crate::page::Page;

#[test]
fn against_a_model() {
    let mut ledger = Ledger::default();
    let mut page = Page::new(200);
    let mut model: Vec<Option<Vec<u8>>> = Vec::new();
    let mut state = 7_u64;
    let mut next = move |bound: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound
    };
    let (mut refused, mut changed) = (0, 0);
    for round in 0..2000_u64 {
        let record = vec![round as u8; next(40) as usize];
        let slot = next(12) as usize;
        match next(4) {
            0 | 1 => match page.insert(&record) {
                Some(slot) if slot == model.len() => model.push(Some(record)),
                Some(slot) => {
                    note!(ledger, model[slot], None);
                    model[slot] = Some(record);
                }
                None => refused += 1,
            },
            2 => note!(ledger, page.remove(slot), model.get_mut(slot).and_then(Option::take).is_some()),
            _ => {
                if page.update(slot, &record) {
                    model[slot] = Some(record);
                    changed += 1;
                }
            }
        }
        while let Some(None) = model.last() {
            model.pop();
        }
        for (slot, record) in model.iter().enumerate() {
            note!(ledger, page.get(slot), record.as_deref());
        }
        let used: usize = model.iter().flatten().map(Vec::len).sum();
        note!(ledger, page.free(), 200 - used - 4 * model.len());
        note!(ledger, page.len(), model.iter().flatten().count());
    }
    assert!(refused > 50 && changed > 50, "{refused} {changed}");
    assert_eq!(ledger.found, ledger.expected);
}

#[test]
fn what_fits() {
    let mut page = Page::new(20);
    assert_eq!((page.insert(b"12345678"), page.insert(b"12345")), (Some(0), None));
    assert_eq!((page.insert(b"1234"), page.free()), (Some(1), 0));
    assert!(page.update(0, b"") && page.update(1, b"123456789012"));
    assert_eq!(page.get(1), Some(&b"123456789012"[..]));
    assert!(!page.update(1, b"1234567890123"));
    assert_eq!(page.iter().map(|(slot, record)| (slot, record.len())).collect::<Vec<_>>(), [(0, 0), (1, 12)]);
}

#[test]
fn lowest_free_slot_first() {
    let mut page = Page::new(100);
    for record in [b"a", b"b", b"c", b"d"] {
        page.insert(record);
    }
    assert!(page.remove(1) && page.remove(2));
    assert_eq!((page.insert(b"x"), page.insert(b"y"), page.insert(b"z")), (Some(1), Some(2), Some(4)));
    assert!(page.remove(3) && page.remove(4));
    assert_eq!((page.insert(b"w"), page.len()), (Some(3), 4));
}
