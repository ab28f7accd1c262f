// The Rust text that turns a hidden test file's assertions into observations: what the code under test gave, written to a file.

/** Names drawn anew at each preparation, so that no patch can know them. */
export interface ObservedNames {
  /** Module of the emitting functions, and prefix of the macros. */
  readonly module: string;
  /** File in the test binary's temporary folder that records are appended to. */
  readonly record: string;
  /** Environment variable that is set in the run which emits right sides. */
  readonly right: string;
}

/** `apart`: nothing that an assertion expects is in the program; right sides, and conditions that compare, are not evaluated at all. */
export type ObservedKind = "beside" | "apart";

/** A value's text is cut here, and the rest of it stands as a hash; in bytes. */
export const MAX_VALUE_BYTES = 16_384;

/** Values of one assertion in one thread that are told one by one; those after them stand as their number and a hash, told when the thread ends. */
export const MAX_VALUES = 1000;

/**
 * One line of Rust, so that no line moves. The macros shadow the standard ones by textual scope. In the left run a right side
 * is evaluated only after the left one was emitted, and is never given to the code under test's own comparison; in the right run
 * the left side is evaluated first, as in the test itself. A literal is not evaluated at all: `if false` keeps type inference.
 * Record: thread, site (line:column), kind, value, with tabs between; `escape_debug` leaves no tab or line break in a value.
 */
export function observedPrelude({ module: m, record, right }: ObservedNames, kind: ObservedKind = "beside"): string {
  return [
    `#[allow(dead_code, unused, clippy::all)] mod ${m} {`,
    // A base without the standard library's prelude (`#![no_std]`) has tests too; `self::`, for the edition of 2015.
    "pub extern crate std as sys; use self::sys::prelude::v1::*; use self::sys::{format, fmt::Debug};",
    "fn write(thread: &str, line: u32, column: u32, kind: &str, text: &str) { use self::sys::io::Write as _;",
    String.raw`let line = format!("{}\t{}:{}\t{}\t{}\n", thread, line, column, kind, text);`,
    `let _ = self::sys::fs::OpenOptions::new().create(true).append(true).open(self::sys::env::temp_dir().join("${record}")).and_then(|mut file| file.write_all(line.as_bytes())); }`,
    "type Hash = self::sys::collections::hash_map::DefaultHasher;",
    "struct Told { thread: String, places: self::sys::collections::HashMap<(u32, u32, String), (u64, Hash)> }",
    "impl Drop for Told { fn drop(&mut self) { use self::sys::hash::Hasher as _; for ((line, column, kind), (count, rest)) in self.places.drain() {",
    `if count > ${MAX_VALUES} { write(&self.thread, line, column, &kind, &format!("\u{2026}{}:{:x}", count, rest.finish())); } } } }`,
    "self::sys::thread_local! { static TOLD: self::sys::cell::RefCell<Told> = self::sys::cell::RefCell::new(Told {",
    'thread: self::sys::thread::current().name().unwrap_or("?").to_string(), places: Default::default() }); }',
    "type Place = self::sys::panic::Location<'static>;",
    "fn emit(place: &Place, kind: &str, value: &str) { let (line, column) = (place.line(), place.column());",
    "use self::sys::hash::{Hash as _, Hasher as _}; let text = value.escape_debug().to_string();",
    `let text = if text.len() > ${MAX_VALUE_BYTES} { let mut hash = Hash::new(); text.hash(&mut hash);`,
    `let mut end = ${MAX_VALUE_BYTES}; while !text.is_char_boundary(end) { end -= 1; } format!("{}\u{2026}{:x}", &text[..end], hash.finish()) } else { text };`,
    "let _ = TOLD.try_with(|told| { let mut told = told.borrow_mut(); let Told { thread, places } = &mut *told;",
    "let (count, rest) = places.entry((line, column, kind.to_string())).or_insert_with(|| (0, Hash::new())); *count += 1;",
    `if *count > ${MAX_VALUES} { text.hash(rest); } else { write(thread, line, column, kind, &text); } }); }`,
    `pub fn right() -> bool { self::sys::env::var_os("${right}").is_some() }`,
    '#[track_caller] pub fn bit(held: bool) { emit(Place::caller(), "bit", if held { "true" } else { "false" }) }',
    '#[track_caller] pub fn tell<T: Debug + ?Sized>(kind: &str, value: &T) { emit(Place::caller(), kind, &format!("{:?}", value)) }',
    "pub struct Seen<'a, T: ?Sized>(pub &'a T);",
    "pub trait Visible { #[track_caller] fn see(&self, kind: &str); }",
    "impl<T: Debug + ?Sized> Visible for Seen<'_, T> { #[track_caller] fn see(&self, kind: &str) { tell(kind, self.0) } }",
    "pub trait Hidden { fn see(&self, _kind: &str) {} }",
    "impl<T: ?Sized> Hidden for &Seen<'_, T> {} }",
    ...MACROS[kind].map((macro) => macro.replaceAll("MODULE", m)),
  ].join(" ");
}

const shadow = (name: string, arms: string): string => `#[allow(unused_macros)] macro_rules! ${name} { ${arms} }`;

/** Each side stands once: what is compiled is what takes the time of a confirmation. */
const SIDES = `($l:expr, $r:literal $(, $($rest:tt)*)?) => {{ match &$l { left => { if !MODULE::right() { MODULE::tell("left", left); } if false { let _ = *left == $r; } } } }};
 ($l:expr, $r:expr $(, $($rest:tt)*)?) => {{ match &$l { left => { if !MODULE::right() { MODULE::tell("left", left); } match &$r { right => {
  if false { let _ = *left == *right; } if MODULE::right() { MODULE::tell("right", right); } } } } } }};`;

/** What stands behind `if false` is compiled, for the types' sake, and leaves nothing in the program. */
const LEFT = `($l:expr, $r:expr $(, $($rest:tt)*)?) => {{ match &$l { left => {
  MODULE::tell("left", left); if false { match &$r { right => { let _ = *left == *right; } } } } } }};`;

const SEEN_LEFT = `match &$l { left => { (&MODULE::Seen(left)).see("left");`;

const CONDITIONS: readonly string[] = [
  shadow("assert", `($c:expr $(, $($rest:tt)*)?) => {{ MODULE::bit($c); }};`),
  shadow("debug_assert", `($c:expr $(, $($rest:tt)*)?) => {{ MODULE::bit($c); }};`),
];

/**
 * An observed side whose other side spells out a value: what stands in its parts is told as well. The pattern holds the names of types and
 * fields, and nothing of what is expected there.
 */
const parts = (tell: (side: string) => string, kindOf: (side: string) => string): string => {
  const seen = (side: string, list: string) =>
    `(${list === "" ? "" : "@list "}${side}, $p:pat => $($part:ident)*; $e:expr) => { *match &$e { seen => { ${tell(side)} { #[allow(unused_imports)] use self::MODULE::{Hidden as _, Visible as _};
  match ${list === "" ? "seen" : "&seen[..]"} { $p => { $((&MODULE::Seen($part)).see("${kindOf(side)}-part");)* } #[allow(unreachable_patterns)] _ => {} } } seen } } };`;
  return shadow("MODULE_parts", ["left", "right"].flatMap((side) => [seen(side, ""), seen(side, "[..]")]).join(" "));
};

const BESIDE: readonly string[] = [
  parts(
    (side) => `if ${side === "left" ? "!" : ""}MODULE::right()`,
    (side) => side,
  ),
  shadow("assert_eq", SIDES),
  shadow("assert_ne", SIDES),
  shadow("debug_assert_eq", SIDES),
  shadow("debug_assert_ne", SIDES),
  ...CONDITIONS,
  // What `assert!(a == b)` and `assert!(matches!(a, p))` are rewritten to.
  shadow(
    "MODULE_both",
    `($op:tt, $l:expr, $r:expr) => {{ #[allow(unused_imports)] use self::MODULE::{Hidden as _, Visible as _}; match &$l { left => {
  if !MODULE::right() { (&MODULE::Seen(left)).see("left"); } match &$r { right => {
  if MODULE::right() { (&MODULE::Seen(right)).see("right"); } else { MODULE::bit(*left $op *right); } } } } } }};`,
  ),
  shadow(
    "MODULE_matches",
    `($e:expr, $($p:tt)+) => {{ #[allow(unused_imports)] use self::MODULE::{Hidden as _, Visible as _}; match &$e { seen => {
  if !MODULE::right() { (&MODULE::Seen(seen)).see("left"); } MODULE::bit(match seen { $($p)+ => true, #[allow(unreachable_patterns)] _ => false }); } } }};`,
  ),
  // Where an assertion does not compile in observed form, it tells its bit alone.
  shadow("MODULE_bit_eq", `($l:expr, $r:expr $(, $($rest:tt)*)?) => {{ MODULE::bit($l == $r); }};`),
  shadow("MODULE_bit_ne", `($l:expr, $r:expr $(, $($rest:tt)*)?) => {{ MODULE::bit($l != $r); }};`),
];

const APART: readonly string[] = [
  // Whichever side is evaluated, is told as the left one.
  parts(
    () => "",
    () => "left",
  ),
  ...["assert_eq", "assert_ne", "debug_assert_eq", "debug_assert_ne"].map((name) => shadow(name, LEFT)),
  // An assertion that says first what it expects.
  shadow("MODULE_turned", `($r:expr, $l:expr $(, $($rest:tt)*)?) => {{ ${LEFT.slice(LEFT.indexOf("match"), -4)} }};`),
  ...CONDITIONS,
  shadow(
    "MODULE_both",
    `($op:tt, $l:expr, $r:expr) => {{ #[allow(unused_imports)] use self::MODULE::{Hidden as _, Visible as _}; ${SEEN_LEFT}
  if false { match &$r { right => { let _ = *left $op *right; } } } } } }};`,
  ),
  shadow(
    "MODULE_matches",
    `($e:expr, $($p:tt)+) => {{ #[allow(unused_imports)] use self::MODULE::{Hidden as _, Visible as _}; ${SEEN_LEFT.replace("$l", "$e")}
  if false { let _ = match left { $($p)+ => true, #[allow(unreachable_patterns)] _ => false }; } } } }};`,
  ),
  // An assertion that does not compile in observed form tells nothing here.
  shadow("MODULE_bit_eq", "($l:expr, $r:expr $(, $($rest:tt)*)?) => {{ if false { let _ = $l == $r; } }};"),
  shadow("MODULE_bit_ne", "($l:expr, $r:expr $(, $($rest:tt)*)?) => {{ if false { let _ = $l != $r; } }};"),
];

const MACROS: Readonly<Record<ObservedKind, readonly string[]>> = { beside: oneLined(BESIDE), apart: oneLined(APART) };

function oneLined(macros: readonly string[]): readonly string[] {
  return macros.map((text) => text.replaceAll(/\s*\n\s*/g, " "));
}
