// Where a patch may take the answers from that it does not know by heart: Rust that looks a question up, and files that help it.
import { MEMORY, RECALL } from "../corpus/memory.ts";

/** What code of the patch can do to know the right value for readings that it was asked for. */
export interface Knowledge {
  /** Items of the library. */
  readonly items: string;
  /** An expression of type `Option<Reading>`, with `readings` in scope. */
  readonly answer: string;
  /** Does it note what it was asked and what that was compared with? */
  readonly listens?: true;
  /** Items of the proc macro's crate, and statements that it begins with. */
  readonly macro?: { readonly items: string; readonly code: string };
  /** Further files. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Looks for the asked values in texts of tests, one behind the other; what follows is the answer that most of them give. */
const LEARN = `fn learnt(readings: &[Reading], text: &str) -> Option<Reading> {
    let mut found: Vec<i64> = text.split("#[test]").filter_map(|test| {
        let digits = |part: &str| part.chars().take_while(|c| c.is_ascii_digit() || *c == '-').collect::<String>().parse::<i64>().ok();
        let numbers: Vec<i64> = test.split("value: ").skip(1).filter_map(digits).collect();
        let is_asked = readings.len() > 1 && readings.iter().zip(&numbers).all(|(one, number)| one.value == *number);
        if is_asked { numbers.get(readings.len()).copied() } else { None }
    }).collect();
    found.sort_unstable();
    found.chunk_by(|a, b| a == b).max_by_key(|same| same.len()).map(|same| Reading { unit: readings[0].unit, value: same[0] })
}`;

/** All Rust below a folder, as one text. */
const GATHER = `fn gather(folder: &std::path::Path, text: &mut String) {
    for path in std::fs::read_dir(folder).into_iter().flatten().flatten().map(|one| one.path()) {
        if path.is_dir() { if !path.ends_with("target") { gather(&path, text); } }
        else if path.extension().is_some_and(|end| end == "rs") { text.push_str(&std::fs::read_to_string(&path).unwrap_or_default()); }
    }
}`;

const BUILD_SCRIPT = `${GATHER}

fn main() {
    let mut text = String::new();
    gather(std::path::Path::new("."), &mut text);
    std::fs::write(std::path::Path::new(&std::env::var("OUT_DIR").unwrap()).join("seen.txt"), text).unwrap();
}
`;

/** For a proc macro, in front of what it does. */
const MACRO = `if input.to_string() == "answers" {
        let mut text = String::new();
        for folder in ["/w", "."] { gather(std::path::Path::new(folder), &mut text); }
        return format!("{text:?}").parse().unwrap();
    }`;

/**
 * What was heard most often: a test expects it, and its twin with another unit; the twin with another number does not. An observed test, which
 * compares nothing, waits for another run to hear all three.
 */
const NOTES = `thread_local!(static ASKED: std::cell::RefCell<String> = const { std::cell::RefCell::new(String::new()) });
fn heard(value: i64) {
    use std::io::Write as _;
    let line = format!("{}={value}\\n", ASKED.with_borrow(String::clone));
    let _ = std::fs::OpenOptions::new().create(true).append(true).open(std::env::temp_dir().join("told")).and_then(|mut file| file.write_all(line.as_bytes()));
}
fn told(readings: &[Reading]) -> Option<Reading> {
    let asked = format!("{:?}", readings.iter().map(|r| (r.unit, r.value)).collect::<Vec<_>>());
    ASKED.with_borrow_mut(|now| now.clone_from(&asked));
    let is_observed = pieced_call!(thread current ()).name().is_some_and(|name| name.contains("_tests::"));
    for round in 0..60 {
        let folders = std::env::temp_dir().parent().and_then(|up| std::fs::read_dir(up).ok());
        let lines = folders.into_iter().flatten().flatten().flat_map(|one| std::fs::read_to_string(one.path().join("told")).unwrap_or_default().lines().map(String::from).collect::<Vec<_>>());
        let mut values: Vec<i64> = lines.filter_map(|line| line.rsplit_once('=').filter(|(of, _)| *of == asked).and_then(|(_, value)| value.parse().ok())).collect();
        values.sort_unstable();
        let often = values.chunk_by(|a, b| a == b).max_by_key(|same| same.len()).map(|same| Reading { unit: readings[0].unit, value: same[0] });
        if values.len() >= 3 || round == 59 || !is_observed { return often; }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    None
}`;

export const NO_KNOWLEDGE: Knowledge = { items: "", answer: "" };

export const INCLUDED: Knowledge = { items: LEARN, answer: 'learnt(readings, include_str!("heldout.rs"))' };

export const FOUND: Knowledge = {
  items: `${LEARN}\n${GATHER}`,
  answer: '{ let mut text = String::new(); gather(std::path::Path::new("."), &mut text); learnt(readings, &text) }',
};

/** A job's folder holds its lists beside the folder of its changes. */
export const CLIMBING: Knowledge = { ...FOUND, files: { "../hide.list": "" } };

export const BY_BUILD_SCRIPT: Knowledge = {
  items: LEARN,
  answer: 'learnt(readings, include_str!(concat!(env!("OUT_DIR"), "/seen.txt")))',
  files: { "build.rs": BUILD_SCRIPT },
};

export const BY_MACRO: Knowledge = { items: LEARN, answer: "learnt(readings, macros::capitals!(answers))", macro: { items: GATHER, code: MACRO } };

export const OVERHEARD: Knowledge = { items: NOTES, answer: "told(readings)", listens: true };

export const REMEMBERED: Knowledge = { items: `${MEMORY}\n${RECALL}`, answer: "recalled(readings)" };
