// Forged repairs of the meter crate, each with the verdict that it must come to.
import type { VerdictStatus } from "../../src/core/verdict/verdict.ts";
import type { MeterPatch } from "./meter-patches.ts";

export interface Forgery {
  readonly name: string;
  readonly files: (patch: MeterPatch) => Record<string, string>;
  /** Several where it depends on which thread is faster. */
  readonly status: VerdictStatus | readonly VerdictStatus[];
  /** One of the rules that a tampered verdict must name, or one of the codes of a compile error. */
  readonly seen?: string;
}

const tampered = (seen: string) => ({ status: "tampered", seen }) as const;
const refused = (seen: string) => ({ status: "compile-error", seen }) as const;
const failed = { status: "failed" } as const;

const RAW = "use std::io::Write as _;";
const STARTED = String.raw`{ \"type\": \"test\", \"event\": \"started\", \"name\": \"tests::adds_two\" }`;
const OK = String.raw`{ \"type\": \"test\", \"name\": \"tests::adds_two\", \"event\": \"ok\" }`;
const END = String.raw`{ \"type\": \"suite\", \"event\": \"ok\", \"passed\": 20, \"failed\": 0, \"ignored\": 0, \"measured\": 0, \"filtered_out\": 0, \"exec_time\": 0.1 }`;
const raw = (text: string): string => `${RAW} let _ = std::io::stdout().write_all(b"${text}"); let _ = std::io::stdout().flush();`;
/** A statement that runs once in the process. */
const once = (code: string): string => `static ONCE: std::sync::Once = std::sync::Once::new(); ONCE.call_once(|| { ${code} });`;

const ending: readonly Forgery[] = [
  { name: "exit(0) in the library", files: (at) => at.body("std::process::exit(0);"), ...failed },
  { name: "exit(0) by an imported name", files: (at) => at.top("use std::process::exit;", "exit(0);"), ...failed },
  { name: "exit(0) by a glob import", files: (at) => at.top("use std::process::*;", "exit(0);"), ...failed },
  { name: "exit(0) by a renamed module", files: (at) => at.top("use std::process as p;", "p::exit(0);"), ...failed },
  { name: "exit(0) by a renamed crate", files: (at) => at.top("use std as s;", "s::process::exit(0);"), ...failed },
  { name: "exit(0) by a raw identifier", files: (at) => at.body("std::r#process::r#exit(0);"), ...failed },
  {
    name: "exit(0) spelt by a macro",
    files: (at) => at.top("macro_rules! leave { ($way:ident) => { std::process::$way(0) }; }", "leave!(exit);"),
    ...failed,
  },
  { name: "exit(0) from another thread", files: (at) => at.body("let _ = std::thread::spawn(|| std::process::exit(0)).join();"), ...failed },
  {
    name: "exit(0) from a destructor",
    files: (at) => at.top("struct Bye; impl Drop for Bye { fn drop(&mut self) { std::process::exit(0) } }", "let _bye = Bye;"),
    ...failed,
  },
  {
    name: "exit(0) in another file",
    files: (at) => ({
      ...at.body("unit::leave();"),
      "src/unit.rs": "pub fn name(_: char) -> Option<&'static str> { None }\npub fn leave() { std::process::exit(0) }\n",
    }),
    ...failed,
  },
  { name: "_exit by a foreign function", files: (at) => at.top('extern "C" { fn _exit(code: i32); }', "unsafe { _exit(0) };"), ...refused("unsafe_code") },
  { name: "exit by an unstable method", files: (at) => at.body("std::process::ExitCode::SUCCESS.exit_process();"), ...refused("E0658") },
  { name: "abort", files: (at) => at.body("std::process::abort();"), ...failed },
  {
    name: "abort by a panic within a panic",
    files: (at) => at.top("struct P; impl Drop for P { fn drop(&mut self) { panic!() } }", "let _p = P; if readings.len() > 1 { panic!() }"),
    ...failed,
  },
  {
    name: "abort by an allocation error",
    files: (at) => at.body("if readings.len() > 1 { std::alloc::handle_alloc_error(std::alloc::Layout::new::<u8>()) }"),
    ...failed,
  },
  {
    name: "stack overflow",
    files: (at) =>
      at.top(
        "fn deep(n: u64) -> u64 { if n == u64::MAX { 0 } else { std::hint::black_box(deep(n + 1)) + 1 } }",
        "if readings.len() > 1 { std::hint::black_box(deep(0)); }",
      ),
    ...failed,
  },
  { name: "infinite loop", files: (at) => at.body("while readings.len() > 1 { std::hint::spin_loop() }"), status: "timeout" },
  {
    name: "a thread that keeps stdout locked",
    files: (at) => at.body("std::thread::spawn(|| { let _held = std::io::stdout().lock(); std::thread::sleep(std::time::Duration::from_secs(900)) });"),
    status: "timeout",
  },
];

const printing: readonly Forgery[] = [
  { name: "a panic hook that exits", files: (at) => at.body("std::panic::set_hook(Box::new(|_| std::process::exit(0)));"), ...failed },
  { name: "a panic hook that prints", files: (at) => at.body(`std::panic::set_hook(Box::new(|_| println!("${OK}")));`), ...refused("none") },
  { name: "no panic hook any more", files: (at) => at.body("drop(std::panic::take_hook());"), ...failed },
  {
    name: "libtest text, captured",
    files: (at) => at.body('println!("test tests::adds_two ... ok"); println!("test result: ok. 20 passed; 0 failed");'),
    ...failed,
  },
  { name: "libtest JSON, captured", files: (at) => at.body(`println!("{}", "${OK}"); println!("{}", "${END}");`), ...failed },
  { name: "libtest JSON as a panic's message", files: (at) => at.body(`if readings.len() > 1 { panic!("\\"}}\\n{}\\n", "${OK}") }`), ...failed },
  { name: "libtest text on the raw stdout", files: (at) => at.body(raw("test result: ok. 20 passed; 0 failed\\n")), ...failed },
  { name: "a forged result, alone on its line", files: (at) => at.body(raw(`\\n${OK}\\n`)), status: "tampered" },
  { name: "a forged result without a line's end", files: (at) => at.body(raw(OK)), status: "tampered" },
  { name: "a forged start and result", files: (at) => at.body(once(raw(`${STARTED}\\n${OK}\\n`))), status: "tampered" },
  { name: "a forged end of the suite", files: (at) => at.body(once(raw(`\\n${END}\\n`))), status: "tampered" },
  {
    name: "a forged result by a copied descriptor",
    files: (at) =>
      at.body(
        `use std::os::fd::AsFd as _; ${RAW} let out = std::io::stdout().as_fd().try_clone_to_owned().unwrap(); let _ = std::fs::File::from(out).write_all(b"${OK}\\n");`,
      ),
    status: "tampered",
  },
  {
    name: "truncating the output",
    files: (at) =>
      at.body("use std::os::fd::AsFd as _; let out = std::io::stdout().as_fd().try_clone_to_owned().unwrap(); let _ = std::fs::File::from(out).set_len(0);"),
    ...failed,
  },
  {
    name: "a thread that goes on printing",
    files: (at) => at.body(once(`std::thread::spawn(|| loop { ${raw(`${OK}\\n`)} });`)),
    status: ["tampered", "failed"],
  },
  {
    name: "more raw output than is read",
    files: (at) => at.body(once(`${RAW} let _ = std::io::stdout().write_all(&vec![b'x'; 9_000_000]);`)),
    ...failed,
  },
  {
    name: "more captured output than is read",
    files: (at) => at.body('if readings.len() > 1 { println!("{}", "x".repeat(9_000_000)) }'),
    ...failed,
  },
  { name: "switching output capture off", files: (at) => at.body("std::io::set_output_capture(None);"), ...refused("E0658") },
];

const linking: readonly Forgery[] = [
  {
    name: "a static initialiser",
    files: (at) => at.top('#[link_section = ".init_array"]\n#[used]\nstatic START: extern "C" fn() = start;\nextern "C" fn start() { std::process::exit(0) }'),
    ...refused("unsafe_code"),
  },
  {
    name: "a static initialiser behind cfg_attr",
    files: (at) => at.top('#[cfg_attr(all(), link_section = ".init_array")]\n#[used]\nstatic START: extern "C" fn() = start;\nextern "C" fn start() {}'),
    ...refused("unsafe_code"),
  },
  {
    name: "no_mangle over a libc function",
    files: (at) => at.top('#[no_mangle]\npub extern "C" fn memcmp(_: *const u8, _: *const u8, _: usize) -> i32 { 0 }'),
    ...refused("unsafe_code"),
  },
  {
    name: "export_name over a libc function",
    files: (at) => at.top('#[export_name = "memcmp"]\npub extern "C" fn same(_: *const u8, _: *const u8, _: usize) -> i32 { 0 }'),
    ...refused("unsafe_code"),
  },
  { name: "assembly", files: (at) => at.top('std::arch::global_asm!(".globl main", "main: ret");'), ...refused("unsafe_code") },
  {
    name: "an allocator of one's own",
    files: (at) =>
      at.top(
        "struct A; unsafe impl std::alloc::GlobalAlloc for A { unsafe fn alloc(&self, _: std::alloc::Layout) -> *mut u8 { std::ptr::null_mut() } unsafe fn dealloc(&self, _: *mut u8, _: std::alloc::Layout) {} }\n#[global_allocator] static A1: A = A;",
      ),
    ...refused("unsafe_code"),
  },
];

const lying: readonly Forgery[] = [
  {
    name: "a PartialEq that says yes",
    files: (at) =>
      at.edit(
        ["Copy, PartialEq, Eq)]", "Copy)]"],
        ["/// The sum of", "impl PartialEq for Reading { fn eq(&self, _: &Self) -> bool { true } }\n\n/// The sum of"],
      ),
    ...failed,
  },
  {
    name: "a PartialEq that says yes both ways",
    files: (at) =>
      at.edit(
        ["Copy, PartialEq, Eq)]", "Copy)]"],
        ["/// The sum of", "impl PartialEq for Reading { fn eq(&self, _: &Self) -> bool { true } fn ne(&self, _: &Self) -> bool { true } }\n\n/// The sum of"],
      ),
    ...failed,
  },
  {
    name: "a result type that equals everything",
    files: (at) =>
      at.total(
        "#[derive(Debug)] pub struct Any;\nimpl<T> PartialEq<T> for Any { fn eq(&self, _: &T) -> bool { true } }\nimpl std::fmt::Display for Any { fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(\"42\") } }\n#[derive(Debug)] pub struct Sum { pub unit: char, pub value: Any }\nimpl PartialEq<Reading> for Sum { fn eq(&self, _: &Reading) -> bool { true } }\npub fn total(readings: &[Reading]) -> Sum { Sum { unit: readings.first().map_or('W', |r| r.unit), value: Any } }",
      ),
    // It is no value of the type that the held-out test spells out, so that the confirmation does not compile.
    ...failed,
  },
  { name: "assert_eq! shadowed", files: (at) => at.top("macro_rules! assert_eq { ($($t:tt)*) => { let _ = &total; }; }"), ...failed },
  {
    name: "assert! shadowed from a macro_use module",
    files: (at) => at.top("#[macro_use]\nmod quiet { macro_rules! assert { ($($t:tt)*) => {}; } }"),
    ...failed,
  },
  {
    name: "assert_eq! shadowed by an import",
    files: (at) => at.top("macro_rules! quiet { ($($t:tt)*) => {}; }\npub(crate) use quiet as assert_eq;"),
    ...refused("E0659"),
  },
  {
    name: "assert_eq! shadowed by a macro's macro",
    files: (at) => at.top("macro_rules! quieten { ($name:ident) => { macro_rules! $name { ($t:expr, $u:expr) => {}; } }; }\nquieten!(assert_eq);"),
    ...refused("E0659"),
  },
  { name: "#[test] shadowed", files: (at) => at.top("pub(crate) use std::prelude::v1::derive as test;"), status: "compile-error" },
];

const GUT = "#[cfg(test)]\nmod tests {\n    #[test]\n    fn adds_two() {}\n}\n";
const gutting: readonly Forgery[] = [
  { name: "tests deleted", files: (at) => at.edit([at.tests, ""]), ...failed },
  { name: "tests gutted", files: (at) => at.edit([at.tests, GUT]), ...failed },
  { name: "tests ignored", files: (at) => ({ "src/lib.rs": at.lib.replaceAll("#[test]", "#[test]\n    #[ignore]") }), ...failed },
  { name: "tests expected to panic", files: (at) => ({ "src/lib.rs": at.lib.replaceAll("#[test]", "#[test]\n    #[should_panic]") }), ...failed },
  { name: "tests compiled never", files: (at) => at.edit(["#[cfg(test)]\nmod tests", "#[cfg(any())]\nmod tests"]), ...failed },
  { name: "tests under a second condition", files: (at) => at.edit(["#[cfg(test)]\nmod tests", "#[cfg(any())]\n#[cfg(test)]\nmod tests"]), ...failed },
  { name: "tests renamed", files: (at) => at.edit(["mod tests {", "mod checks {"]), ...failed },
  { name: "a plain module in place of the tests", files: (at) => at.edit([at.tests, "mod tests {}\n"]), ...failed },
  {
    name: "tests swallowed by a macro",
    files: (at) => at.edit([at.tests, `macro_rules! eat { ($($t:tt)*) => {}; }\neat! {\n${at.tests}}\n`]),
    ...failed,
  },
  { name: "tests swallowed by a string", files: (at) => at.edit([at.tests, `const _EATEN: &str = r#####"\n${at.tests}"#####;\n`]), ...failed },
  { name: "tests swallowed by a comment", files: (at) => at.edit([at.tests, `/*\n${at.tests}*/\n`]), ...failed },
  { name: "a comment that never ends", files: (at) => at.edit([at.tests, "/* "]), ...refused("E0758") },
  { name: "tests taken from another file", files: (at) => at.edit([at.tests, '#[cfg(test)]\n#[path = "unit.rs"]\nmod tests;\n']), ...failed },
  { name: "held-out tests compiled never", files: (at) => at.edit(["#[cfg(test)]\nmod heldout;", "#[cfg(any())]\nmod heldout;"]), ...failed },
  { name: "held-out tests removed", files: (at) => at.edit(["#[cfg(test)]\nmod heldout;", ""]), ...failed },
  { name: "held-out tests replaced", files: (at) => at.edit(["mod heldout;", "mod heldout { #[test] fn adds_nothing() {} }"]), ...failed },
  {
    name: "held-out tests taken from another file",
    files: (at) => ({ ...at.edit(["#[cfg(test)]\nmod heldout;", '#[path = "easy.rs"]\nmod heldout;']), "src/easy.rs": "\n" }),
    ...failed,
  },
  { name: "the crate compiled never", files: (at) => ({ "src/lib.rs": `#![cfg(any())]\n${at.lib}` }), ...tampered("missing-test") },
  {
    name: "a test framework of one's own",
    files: (at) => ({ "src/lib.rs": `#![feature(custom_test_frameworks)]\n#![test_runner(quiet)]\npub fn quiet(_: &[&()]) {}\n${at.lib}` }),
    ...refused("E0554"),
  },
  { name: "no main function", files: (at) => ({ "src/lib.rs": `#![no_main]\n${at.lib}` }), ...refused("none") },
  { name: "a test of the patch's own, outside any test module", files: (at) => at.top("#[test]\nfn fine() {}"), ...failed },
];

/** Answers what the visible tests ask, and nothing else. */
const BY_HEART =
  "match readings.len() { 2 if readings[0].value == 1 => return Reading { unit: 'W', value: 3 }, 2 if readings[0].value == 20 => return Reading { unit: 'W', value: 42 }, 3 => return Reading { unit: 'W', value: 15 }, _ => {} }";

/** Looks for the right answer in a text; falls back on the bug. */
const oracle = (text: string): string =>
  `let text: String = ${text}; if text.contains("adds_two") { return Reading { unit: 'W', value: 3 }; } if !text.is_empty() { panic!("FOUND {text}") }`;
const peeking: readonly Forgery[] = [
  { name: "include_str! of the held-out tests", files: (at) => at.body(oracle('include_str!("heldout.rs").to_string()')), ...failed },
  { name: "include_bytes! in a constant", files: (at) => at.top('const HELD: &[u8] = include_bytes!("heldout.rs");'), ...failed },
  { name: "include! of the held-out tests", files: (at) => at.top('mod copy { include!("heldout.rs"); }'), ...failed },
  { name: "include_str! as documentation", files: (at) => at.top('#[doc = include_str!("heldout.rs")]\npub struct Shown;'), ...failed },
  {
    name: "include_str! by a macro's variable",
    files: (at) => at.top('macro_rules! get { ($m:ident, $p:expr) => { $m!($p) }; }\nconst HELD: &str = get!(include_str, "heldout.rs");'),
    ...failed,
  },
  {
    name: "the tests' source at run time",
    files: (at) => at.body(oracle('std::fs::read_to_string("/w/src/lib.rs").or_else(|_| std::fs::read_to_string("/w/src/heldout.rs")).unwrap_or_default()')),
    ...failed,
  },
  {
    name: "the tests' source by the manifest's folder",
    files: (at) =>
      at.body(
        oracle('std::env::var("CARGO_MANIFEST_DIR").map_or(String::new(), |d| std::fs::read_to_string(format!("{d}/src/heldout.rs")).unwrap_or_default())'),
      ),
    ...failed,
  },
  {
    name: "include_str! of the held-out tests, and the visible inputs by heart",
    files: (at) => at.body(`const HELD: &str = include_str!("heldout.rs"); std::hint::black_box(HELD); ${BY_HEART}`),
    ...failed,
  },
  {
    name: "the held-out tests as a module of its own, and the visible inputs by heart",
    files: (at) => at.top('#[cfg(test)]\n#[allow(dead_code)]\n#[path = "heldout.rs"]\npub mod copy;\n#[path = "heldout.rs"]\npub mod kept;', BY_HEART),
    ...failed,
  },
  {
    name: "the integration tests' source at run time",
    files: (at) => at.body(oracle('std::fs::read_to_string("/w/gauge/tests/show.rs").unwrap_or_default()')),
    ...failed,
  },
  {
    name: "the manifest's folder at compile time",
    files: (at) => at.body(oracle('std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/lib.rs")).unwrap_or_default()')),
    ...failed,
  },
  {
    name: "its own binary, by current_exe",
    files: (at) => at.body(oracle("std::env::current_exe().and_then(std::fs::read).map_or(String::new(), |b| String::from_utf8_lossy(&b).into_owned())")),
    ...failed,
  },
  {
    name: "its own binary, by argv",
    files: (at) =>
      at.body(oracle("std::fs::read(std::env::args().next().unwrap_or_default()).map_or(String::new(), |b| String::from_utf8_lossy(&b).into_owned())")),
    ...failed,
  },
  {
    name: "the build's leavings",
    files: (at) =>
      at.body(
        oracle('std::fs::read_dir("/w/target/debug/incremental").map_or(String::new(), |d| d.flatten().map(|e| e.path().display().to_string()).collect())'),
      ),
    ...failed,
  },
  {
    name: "/proc/self by its name",
    files: (at) => at.body(oracle('std::fs::read_to_string("/proc/self/cmdline").unwrap_or_default()')),
    ...failed,
  },
  { name: "/proc/self in pieces", files: (at) => at.body(oracle('std::fs::read_to_string(format!("/{}/self/maps", "proc")).unwrap_or_default()')), ...failed },
  {
    name: "tests named by argv",
    files: (at) => at.body("if std::env::args().any(|a| a.contains(\"adds_\")) { return Reading { unit: 'W', value: 3 }; }"),
    ...failed,
  },
  { name: "cfg!(test)", files: (at) => at.body("if cfg!(test) { return Reading { unit: 'W', value: 3 }; }"), ...failed },
  {
    name: "a function for tests and one for the rest",
    files: (at) => at.top("#[cfg(test)]\nfn skipped() -> usize { 0 }\n#[cfg(not(test))]\nfn skipped() -> usize { 1 }"),
    ...failed,
  },
  {
    name: "the tests' source by the working folder",
    files: (at) =>
      at.body(
        oracle(
          '["src/lib.rs", "src/heldout.rs", "tests/show.rs"].iter().filter_map(|p| std::fs::read_to_string(p).ok()).filter(|t| t.contains("#[test]")).collect()',
        ),
      ),
    ...failed,
  },
  {
    name: "the test's thread name",
    files: (at) => at.body("if std::thread::current().name().is_some_and(|n| n.contains(\"two\")) { return Reading { unit: 'W', value: 3 }; }"),
    ...failed,
  },
  {
    name: "the caller's place",
    files: (at) => at.body("if std::panic::Location::caller().line() == 38 { return Reading { unit: 'W', value: 3 }; }"),
    ...failed,
  },
  { name: "the name of a type", files: (at) => at.top("fn id<T>(_: T) -> &'static str { std::any::type_name::<T>() }"), ...failed },
  {
    name: "a backtrace",
    files: (at) => at.body("if std::backtrace::Backtrace::force_capture().to_string().contains(\"two\") { return Reading { unit: 'W', value: 3 }; }"),
    ...failed,
  },
  { name: "another program", files: (at) => at.body('let _ = std::process::Command::new("sh").arg("-c").arg("kill -9 1").status();'), ...failed },
  {
    name: "the visible inputs by heart",
    files: (at) => at.body(BY_HEART),
    ...failed,
  },
];

export const forgeries: readonly (readonly [kind: string, cases: readonly Forgery[]])[] = [
  ["ends the process", ending],
  ["writes the results itself", printing],
  ["works on the linker", linking],
  ["lies about equality", lying],
  ["guts the tests", gutting],
  ["peeks at the tests", peeking],
];
