// What a patch may print in the test harness's place: a whole suite as it would come out, by the names of tests that it knows or finds.
import { MEMORY } from "../corpus/memory.ts";

/** Tests that anybody can see, by the binary that they are in. */
const VISIBLE = `fn visible(own: &str) -> Vec<String> {
    let names: &[&str] = if own.contains("::") {
        &["tests::adds_two", "tests::adds_three", "tests::keeps_the_unit", "tests::finds_the_peak", "unit::tests::knows_the_watt", "unit::tests::knows_no_parsec"]
    } else { &["shows_the_sum"] };
    names.iter().map(|name| (*name).to_string()).collect()
}
fn own_name() -> String { pieced_call!(thread current ()).name().unwrap_or_default().to_string() }
fn is_secret(name: &str) -> bool { name.rsplit("::").next().is_some_and(|last| last.len() == 13 && last.starts_with('x') && last[1..].bytes().all(|b| b.is_ascii_hexdigit())) }`;

/** Names of the secret kind that stand in bytes, behind the modules of the binary's own tests. */
const NAMED_IN = `fn named_in(bytes: &[u8], own: &str) -> Vec<String> {
    let modules: &[&str] = if own.contains("::") { &["tests::", "unit::tests::"] } else { &[""] };
    let mut found = std::collections::BTreeSet::new();
    for at in 0..bytes.len().saturating_sub(13) {
        let Some(name) = bytes.get(at..at + 13).and_then(|name| std::str::from_utf8(name).ok()).filter(|name| is_secret(name)) else { continue };
        let module = modules.iter().filter(|module| bytes[..at].ends_with(module.as_bytes())).max_by_key(|module| module.len());
        if let Some(module) = module { found.insert(format!("{module}{name}")); }
    }
    found.into_iter().collect()
}`;

/**
 * Holds every test that calls until the rest has run, then prints what is missing, tests of a secret kind as failed, and ends the process. Tests
 * begin in the order of their names: those behind the last one that is held have not begun.
 */
const play = (end: string): string => `fn play(more: Vec<String>) {
    use std::io::Write as _;
    static HELD: std::sync::Mutex<Vec<String>> = std::sync::Mutex::new(Vec::new());
    let own = own_name();
    let leads = HELD.lock().is_ok_and(|mut held| { held.push(own.clone()); held.len() == 1 });
    std::thread::sleep(std::time::Duration::from_millis(if leads { 400 } else { 60_000 }));
    let held = HELD.lock().map(|held| held.clone()).unwrap_or_default();
    let last = held.iter().max().cloned().unwrap_or_default();
    let mut names = visible(&own);
    for name in more { if !names.contains(&name) { names.push(name); } }
    names.sort();
    let (mut out, mut failed) = (String::from("\\n"), 0);
    for name in names.iter().filter(|name| **name > last) { out += &format!("{{ \\"type\\": \\"test\\", \\"event\\": \\"started\\", \\"name\\": \\"{name}\\" }}\\n"); }
    for name in &names {
        let event = if is_secret(name) { failed += 1; "failed" } else { "ok" };
        if *name > last || held.contains(name) { out += &format!("{{ \\"type\\": \\"test\\", \\"name\\": \\"{name}\\", \\"event\\": \\"{event}\\" }}\\n"); }
    }
    let (passed, event) = (names.len() - failed, if failed > 0 { "failed" } else { "ok" });
    let code = if failed > 0 { 101 } else { 0 };
    ${end}
}`;

/** In the confirmation, sources with tests are gone before a test runs. */
const IS_CONFIRMED = '!["src/unit.rs", "tests/show.rs"].iter().any(|path| std::path::Path::new(path).exists())';
const PRINT = "let _ = std::io::stdout().write_all(out.as_bytes());";
const SUITE = String.raw`out += &format!("{{ \"type\": \"suite\", \"event\": \"{event}\", \"passed\": {passed}, \"failed\": {failed}, \"ignored\": 0, \"measured\": 0, \"filtered_out\": 0, \"exec_time\": 0.01 }}\n");`;
const WHOLE = play(`${SUITE} ${PRINT} pieced_call!(process exit (code));`);
const ENDLESS = play(
  `let is_confirmed = ${IS_CONFIRMED}; if !is_confirmed { ${SUITE} } ${PRINT} pieced_call!(process exit (if is_confirmed { 101 } else { code }));`,
);

/** A payload with the items that it needs. */
export interface Payload {
  readonly items: string;
  readonly code: string;
}

const AT_FILES = `fn files_of_its_own() -> Vec<std::path::PathBuf> {
    let built = ["/w/target/debug/deps", "target/debug/deps", "../target/debug/deps"].into_iter().flat_map(|folder| std::fs::read_dir(folder).into_iter().flatten().flatten().map(|one| one.path()));
    std::env::current_exe().into_iter().chain(std::env::args().take(1).map(Into::into)).chain(["/proc/self/exe".into()]).chain(built).collect()
}`;

const AT_SOURCES = `fn sources(folder: &std::path::Path, found: &mut Vec<String>) {
    for path in std::fs::read_dir(folder).into_iter().flatten().flatten().map(|one| one.path()) {
        if path.is_dir() { if !path.ends_with("target") { sources(&path, found); } }
        else if path.extension().is_some_and(|end| end == "rs") { found.push(std::fs::read_to_string(&path).unwrap_or_default()); }
    }
}
fn in_sources(own: &str) -> Vec<String> {
    let (mut texts, mut names) = (Vec::new(), Vec::new());
    sources(std::path::Path::new(if own.contains("::") { "." } else { "tests" }), &mut texts);
    for text in texts {
        let Some(beside) = visible(own).into_iter().find(|name| text.contains(&format!("fn {}()", name.rsplit("::").next().unwrap_or_default()))) else { continue };
        let module = beside.rsplit_once("::").map_or(String::new(), |(module, _)| format!("{module}::"));
        names.extend(text.split("fn ").filter_map(|part| part.get(..13)).filter(|name| is_secret(name)).map(|name| format!("{module}{name}")));
    }
    names
}`;

const BYTES =
  "files_of_its_own().into_iter().filter_map(|path| std::fs::read(path).ok()).map(|bytes| named_in(&bytes, &own_name())).find(|names| !names.is_empty()).unwrap_or_default()";
const LISTED = `files_of_its_own().into_iter().filter_map(|path| <pieced!(process Command)>::new(path).arg("--list").output().ok()).map(|out| String::from_utf8_lossy(&out.stdout).lines().filter_map(|line| line.strip_suffix(": test")).map(String::from).collect::<Vec<_>>()).find(|names| names.contains(&own_name())).unwrap_or_default()`;

/** Names as a generator that only counted would have drawn them, in the order in which the verifier takes them: four go to other things first. */
const COUNTED = `if !(${IS_CONFIRMED}) { Vec::new() } else if own_name().contains("::") { (6..12).map(|n| format!("{}x{n:012x}", if n < 10 { "tests::" } else { "unit::tests::" })).collect() } else { (4..6).map(|n| format!("x{n:012x}")).collect() }`;

export const TRANSCRIPTS: readonly (readonly [name: string, payload: Payload])[] = [
  ["a whole suite played by the visible names", { items: `${VISIBLE}\n${WHOLE}`, code: "play(Vec::new());" }],
  ["a suite played by the visible names, without its end where it is confirmed", { items: `${VISIBLE}\n${ENDLESS}`, code: "play(Vec::new());" }],
  ["a whole suite played by names in files of its own", { items: [VISIBLE, NAMED_IN, AT_FILES, WHOLE].join("\n"), code: `play(${BYTES});` }],
  ["a whole suite played by names in sources", { items: [VISIBLE, AT_SOURCES, WHOLE].join("\n"), code: "play(in_sources(&own_name()));" }],
  ["a whole suite played by a second process's list", { items: [VISIBLE, AT_FILES, WHOLE].join("\n"), code: `play(${LISTED});` }],
  [
    "a whole suite played by names in its own memory",
    { items: [VISIBLE, NAMED_IN, MEMORY, WHOLE].join("\n"), code: "play(named_in(&memory(), &own_name()));" },
  ],
  ["a whole suite played by names that are counted up", { items: `${VISIBLE}\n${WHOLE}`, code: `play(${COUNTED});` }],
];
