//! Further tests of text with a gap.

use crate::gap::GapText;
use crate::heldout::Ledger;

#[test]
fn against_a_string() {
    let mut ledger = Ledger::default();
    let (mut text, mut model) = (GapText::default(), String::new());
    let pieces = ["a", "bé", "\n", "\u{1f30a}", "wxyz", "", "ü\nü"];
    let mut state = 3_u64;
    for _ in 0..1500 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let boundaries: Vec<usize> = (0..=model.len()).filter(|at| model.is_char_boundary(*at)).collect();
        let at = boundaries[(state >> 40) as usize % boundaries.len()];
        let piece = pieces[(state >> 33) as usize % pieces.len()];
        if (state >> 50) % 5 < 3 && model.len() < 120 {
            text.insert(at, piece);
            model.insert_str(at, piece);
            note!(ledger, text.gap(), at + piece.len());
        } else {
            let later: Vec<usize> = boundaries.into_iter().filter(|end| *end >= at).take(6).collect();
            let end = later[(state >> 20) as usize % later.len()];
            let removed: String = model.drain(at..end).collect();
            note!(ledger, (text.remove(at..end), text.gap()), (removed, at));
        }
        note!(
            ledger,
            (text.to_string(), text.len(), text.is_empty()),
            (model.clone(), model.len(), model.is_empty())
        );
        for line in 0..4 {
            let expected = if line == 0 {
                Some(0)
            } else {
                model.match_indices('\n').nth(line - 1).map(|(at, _)| at + 1)
            };
            note!(ledger, text.line_start(line), expected);
        }
    }
    assert_eq!(ledger.found, ledger.expected);
}

#[test]
fn boundaries_and_slices() {
    let mut text = GapText::from("äöü");
    text.insert(2, "€");
    assert_eq!(text.parts(), ("ä€", "öü"));
    let all: Vec<bool> = (0..=10).map(|at| text.is_boundary(at)).collect();
    assert_eq!(all, [true, false, true, false, false, true, false, true, false, true, false]);
    assert_eq!(
        (text.slice(0..9), text.slice(2..7), text.slice(5..9), text.slice(0..5)),
        ("ä€öü".into(), "€ö".into(), "öü".into(), "ä€".into())
    );
    assert_eq!(text.chars().collect::<String>(), "ä€öü");
}

#[test]
fn the_gap_follows() {
    let mut text = GapText::from("0123456789");
    let mut gaps = vec![text.gap()];
    for at in [3, 8, 8, 0, 14] {
        text.insert(at, "-");
        gaps.push(text.gap());
    }
    assert_eq!((gaps, text.to_string()), (vec![10, 4, 9, 9, 1, 15], "-012-3456--789-".into()));
    assert_eq!((text.remove(2..5), text.gap(), text.remove(8..12)), ("12-".to_owned(), 2, "789-".to_owned()));
    assert_eq!(text.parts(), ("-03456--", ""));
}

#[test]
#[should_panic(expected = "a range that begins behind its end")]
fn backward_ranges() {
    GapText::from("abc").remove(std::ops::Range { start: 2, end: 1 });
}

#[test]
#[should_panic(expected = "byte 4 is no boundary of 3 bytes")]
fn behind_the_end() {
    GapText::from("abc").remove(2..4);
}
