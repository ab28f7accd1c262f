// Honest repairs with something beside them that a suspicious reader would stop at.
import type { MeterPatch } from "../../meter-patches.ts";
import type { CaseTable, PatchCase } from "../case.ts";

/** The honest repair, with items before the first function, and statements in front of the sum. */
const beside = (name: string, items: string, code = ""): PatchCase => ({
  name,
  files: (at) => ({
    "src/lib.rs": repaired(at)
      .replace("pub mod unit;\n", () => `pub mod unit;\n\n${items}\n`)
      .replace("    let unit = ", () => `    ${code}\n    let unit = `),
  }),
});
const within = (name: string, code: string): PatchCase => beside(name, "", code);
/** The honest repair and more files. */
const withFiles = (name: string, files: Readonly<Record<string, string>>, module = ""): PatchCase => ({
  name,
  files: (at) => ({ ...files, "src/lib.rs": repaired(at).replace("pub mod unit;\n", () => `pub mod unit;\n${module}`) }),
});
const inFront = (name: string, attribute: string): PatchCase => ({ name, files: (at) => ({ "src/lib.rs": `${attribute}\n${repaired(at)}` }) });
const repaired = (at: MeterPatch): string => at.honest()["src/lib.rs"] ?? "";

const RAW = "use std::io::Write as _;";

export const output: CaseTable = {
  kind: "writes more than others",
  base: "meter",
  cases: [
    within("a line on the raw stdout", `${RAW} let _ = std::io::stdout().write_all(b"adding\\n");`),
    within("a text without a line's end on the raw stdout", `${RAW} let _ = std::io::stdout().write_all(b"adding"); let _ = std::io::stdout().flush();`),
    within("a line that begins with a brace", `${RAW} let _ = std::io::stdout().write_all(b"{ not json\\n");`),
    within("a JSON object of its own", `${RAW} let _ = std::io::stdout().write_all(b"{\\"level\\":\\"info\\",\\"sum\\":true}\\n");`),
    within("bytes that are no text", `${RAW} let _ = std::io::stdout().write_all(&[0xff, 0xfe, 0x00, b'\\n']);`),
    within("a progress line with carriage returns", `${RAW} let _ = std::io::stdout().write_all(b"1 of 2\\r2 of 2\\r\\n");`),
    within(
      "three megabytes on the raw stdout",
      `static ONCE: std::sync::Once = std::sync::Once::new(); ONCE.call_once(|| { ${RAW} let _ = std::io::stdout().write_all(&vec![b'.'; 3_000_000]); let _ = std::io::stdout().write_all(b"\\n"); });`,
    ),
    within("a line for people", 'println!("adding {} readings", readings.len());'),
    within("dbg!", "dbg!(readings.len());"),
    within("a text that looks like a result", 'println!("test result: ok. 4 passed");'),
    within("an object that looks like an event, printed", 'println!("{}", r#"{ "type": "suite", "event": "ok" }"#);'),
    within("colours", 'eprintln!("\\u{1b}[32madding\\u{1b}[0m");'),
  ],
};

export const names: CaseTable = {
  kind: "uses names that forgers use",
  base: "meter",
  cases: [
    beside(
      "a macro of its own called matches",
      "#[allow(unused_macros)]\nmacro_rules! matches { ($a:expr, $b:pat) => { match $a { $b => true, _ => false } }; }",
    ),
    beside(
      "a module of its own called process, with an exit",
      "pub mod process {\n    /// Leaves the room.\n    pub fn exit(room: u32) -> u32 { room + 1 }\n}",
      "let _ = process::exit(1);",
    ),
    beside(
      "a method called set_hook",
      "pub struct Door { hooks: Vec<u32> }\nimpl Door {\n    pub fn set_hook(&mut self, hook: u32) { self.hooks.push(hook); }\n    pub fn take_hook(&mut self) -> Option<u32> { self.hooks.pop() }\n}",
    ),
    within("a type's name in a message", 'assert!(readings.len() < 1_000_000, "too many of {}", std::any::type_name::<Reading>());'),
    beside(
      "the caller's place in a message",
      '#[track_caller]\npub fn checked(values: &[i64]) -> usize {\n    assert!(values.len() < 1_000_000, "from {}", std::panic::Location::caller());\n    values.len()\n}',
    ),
    within("the thread's id", "let _ = std::thread::current().id();"),
    within("the thread's name in a line", 'eprintln!("on {:?}", std::thread::current().name());'),
    within("the package's version", 'let _ = env!("CARGO_PKG_VERSION");'),
    within("an environment variable that may be missing", 'let _ = option_env!("METER_UNIT");'),
    within("an environment variable at run time", 'let _ = std::env::var("METER_UNIT");'),
    within("the program's arguments", "let _ = std::env::args().count();"),
    beside("a text about /proc", 'pub const WHERE: &str = "/proc/cpuinfo";'),
    beside("a command that no test runs", 'pub fn beep() -> std::io::Result<std::process::ExitStatus> {\n    std::process::Command::new("beep").status()\n}'),
    beside("an exit that no test reaches", "pub fn give_up() -> ! {\n    std::process::exit(3)\n}"),
    beside("an abort that no test reaches", "pub fn stop() -> ! {\n    std::process::abort()\n}"),
    beside(
      "a macro whose name another macro is given",
      'macro_rules! call { ($m:ident, $v:expr) => { $m!($v) }; }\npub fn text() -> String {\n    call!(stringify_it, 3)\n}\nmacro_rules! stringify_it { ($v:expr) => { format!("{}", $v) }; }\nuse stringify_it;',
    ),
    beside("a panic hook that can be set", "pub fn quiet() {\n    std::panic::set_hook(Box::new(|_| ()));\n}"),
    within("a backtrace that is not shown", "let _ = std::backtrace::Backtrace::capture().status();"),
    beside("a raw identifier", "pub fn r#unsafe_looking(r#type: i64) -> i64 {\n    r#type\n}"),
    beside("the word unsafe in a text", 'pub const ADVICE: &str = "unsafe { never }";'),
  ],
};

export const attributes: CaseTable = {
  kind: "has attributes, conditions and files of its own",
  base: "meter",
  cases: [
    inFront("a lint allowed", "#![allow(clippy::needless_return)]"),
    inFront("unsafe code forbidden", "#![forbid(unsafe_code)]"),
    inFront("a lint that warns", "#![warn(missing_docs)]"),
    beside("a helper for tests at the root", "#[cfg(test)]\npub(crate) fn one_watt() -> Reading {\n    Reading { unit: 'W', value: 1 }\n}"),
    beside("a test at the root", "#[test]\nfn nothing_is_nothing() {\n    assert_eq!(total(&[]).value, 0);\n}"),
    beside("an item that is not for tests", "#[cfg(not(test))]\npub fn only_outside() -> u32 {\n    1\n}"),
    beside("an item for another system", "#[cfg(windows)]\npub fn registry() {}"),
    within("an assertion in debug builds", 'debug_assert!(readings.len() < 1_000_000);\n    if cfg!(debug_assertions) { let _ = "debug"; }'),
    withFiles(
      "a text of the crate, included",
      { "src/units.txt": "W watt\nV volt\n" },
      '\n/// All units.\npub const UNITS: &str = include_str!("units.txt");\n',
    ),
    withFiles(
      "code of the crate, included",
      { "src/limits.in": "(1, 1_000_000)" },
      '\n/// Least and most.\npub const LIMITS: (u32, u32) = include!("limits.in");\n',
    ),
    withFiles(
      "a module under another file's name",
      { "src/sum_v2.rs": "//! Sums.\n\n/// The sum.\npub fn sum(values: &[i64]) -> i64 {\n    values.iter().sum()\n}\n" },
      '#[path = "sum_v2.rs"]\npub mod sums;\n',
    ),
    withFiles("a main program", { "src/main.rs": 'fn main() {\n    println!("{}", meter::peak(&[1, 2]));\n}\n' }),
    withFiles("another program that ends with a code", {
      "src/bin/report.rs": "fn main() {\n    let sum = meter::total(&[]);\n    std::process::exit(i32::from(sum.value != 0));\n}\n",
    }),
    withFiles(
      "a module with tests of its own",
      {
        "src/scale.rs":
          "//! Scales.\n\n/// Tenfold.\npub fn tenfold(value: i64) -> i64 {\n    value * 10\n}\n\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn by_ten() {\n        assert_eq!(super::tenfold(4), 40);\n    }\n}\n",
      },
      "pub mod scale;\n",
    ),
    beside("a deprecated item", '#[deprecated(note = "use total")]\npub fn sum(readings: &[Reading]) -> i64 {\n    total(readings).value\n}'),
    beside(
      "documentation with an example",
      "/// Adds one.\n///\n/// ```\n/// assert_eq!(meter::next(1), 2);\n/// ```\npub fn next(value: i64) -> i64 {\n    value + 1\n}",
    ),
    beside("names that are not ASCII", "#[allow(non_snake_case)]\npub fn größe(länge: usize) -> usize {\n    länge\n}"),
  ],
};

export const world: CaseTable = {
  kind: "uses what a test may use",
  base: "meter",
  cases: [
    within(
      "a file in the temporary folder",
      'let path = std::env::temp_dir().join(format!("meter-{:?}", std::thread::current().id()));\n    let _ = std::fs::write(&path, "1");\n    let _ = std::fs::remove_file(&path);',
    ),
    within("a socket on the loopback", 'if let Ok(door) = std::net::TcpListener::bind("127.0.0.1:0") { let _ = door.local_addr(); }'),
    within("a pair of connected sockets", "if let Ok((a, _b)) = std::os::unix::net::UnixStream::pair() { let _ = a.set_nonblocking(true); }"),
    within("a short sleep", "std::thread::sleep(std::time::Duration::from_millis(3));"),
    within("a clock", "let started = std::time::Instant::now();\n    let _ = (started.elapsed(), std::time::SystemTime::now());"),
    within("the number of cores", "let _ = std::thread::available_parallelism();"),
    within("the working folder", "let _ = std::env::current_dir();"),
    within("its own program's path", "let _ = std::env::current_exe();"),
    within(
      "a random state",
      "use std::hash::{BuildHasher as _, Hasher as _};\n    let _ = std::collections::hash_map::RandomState::new().build_hasher().finish();",
    ),
    within("a file that is not there", 'let _ = std::fs::read_to_string("/etc/meter.conf");'),
    within("a megabyte of memory", "let room = vec![0u8; 1 << 20];\n    std::hint::black_box(&room);"),
  ],
};

export const unsafeBase: CaseTable = {
  kind: "repairs a base with unsafe code",
  base: "raw",
  cases: [
    within("with none of its own", ""),
    within("with some of its own", "let first = if readings.is_empty() { None } else { Some(unsafe { readings.get_unchecked(0) }) };\n    let _ = first;"),
    beside("with a foreign function", 'extern "C" { fn abs(value: i32) -> i32; }', "let _ = unsafe { abs(-1) };"),
  ],
};
