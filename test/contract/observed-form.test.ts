// The observed form as the compiler takes it: values of all shapes, in each edition, and what their assertions then tell.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { derivedTypes } from "../../src/core/rust/derived-types.ts";
import type { FormOptions } from "../../src/core/verdict/observed/assertions.ts";
import { withObservedForm } from "../../src/core/verdict/observed/form.ts";
import { keyed, readObservations } from "../../src/core/verdict/observed/records.ts";

const NAMES = { module: "seen", record: "record", right: "RIGHT" };

const TYPES = `
use std::collections::VecDeque;
#[derive(Debug, Clone, PartialEq)]
pub struct P { pub x: i32, pub y: Q }
#[derive(Debug, Clone, PartialEq)]
pub struct Q(pub u8, pub String);
#[derive(Debug, PartialEq)]
pub enum K<T> { A { n: T }, B(T, Option<Box<P>>) }
#[derive(Debug, PartialEq, Default)]
pub struct D { pub a: u8, pub c: Vec<P> }
#[derive(Debug, PartialEq)]
pub struct Owner { s: String }
fn q() -> Q { Q(2, "q".into()) }
fn p() -> P { P { x: 1, y: q() } }
fn r() -> Result<P, Q> { Ok(p()) }
fn v() -> Vec<P> { vec![p(), p()] }
`;

/** Assertions, and what is told of the parts of the side that is seen. */
const SHAPES: readonly (readonly [assertion: string, parts: readonly string[]])[] = [
  ['assert_eq!(p(), P { x: 1, y: Q(2, "q".into()) });', ["1", "2", '"q"']],
  ['assert_eq!(r(), Ok(P { x: 1, y: Q(2, String::from("q")) }), "so {}", 1);', ["1", "2", '"q"']],
  ["assert_eq!(r().as_ref().unwrap(), &P { x: 1, y: q() });", ["1", 'Q(2, "q")']],
  ["assert_eq!(v(), vec![P { x: 1, y: q() }, p()]);", ["1", 'Q(2, "q")', 'P { x: 1, y: Q(2, "q") }']],
  ["assert_eq!(v(), [P { x: 1, y: q() }, p()]);", ["1", 'Q(2, "q")', 'P { x: 1, y: Q(2, "q") }']],
  ["assert_eq!(&v()[..1], &[P { x: 1, y: q() }]);", ["1", 'Q(2, "q")']],
  ["assert_eq!(v().first(), Some(&P { x: 1, y: q() }));", ["1", 'Q(2, "q")']],
  ["assert_eq!(K::B(1u8, None), K::<u8>::B(1, None));", ["1", "None"]],
  ["assert_eq!((1, K::A { n: 7 }), (1, K::A::<i64> { n: 7 }));", ["1", "7"]],
  ["assert_eq!(D { a: 3, ..D::default() }, D { a: 3, ..Default::default() });", ["3"]],
  ['let owner = (Owner { s: "a".into() },); assert_eq!(owner.0, Owner { s: "a".into() });', ['"a"']],
  ['let owner = (Owner { s: "a".into() },); assert!(owner.0 == Owner { s: "a".to_string() });', ['"a"']],
  ["let (x, y) = (1, q()); assert_eq!(p(), P { x, y });", ["1", 'Q(2, "q")']],
  ["let want = P { x: 1, y: q() }; assert_eq!(p(), want);", ["1", 'Q(2, "q")']],
  ["let want = (1, vec![1]); let want = K::<u8>::A { n: 7 }; { let want = K::<u8>::B(1, None); assert_eq!(K::B(1, None), want); }", ["1", "None"]],
  ["let other = [P { x: 1, y: q() }]; for other in &v()[..1] { assert_eq!(p(), *other); }", []],
  ["for one in v() { assert_eq!(one, P { x: 1, y: q() }); }", ["1", 'Q(2, "q")', "1", 'Q(2, "q")']],
];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bakeoff-observed-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Compiles the observed form of these tests; the compiler's words where it refuses. */
function compiled(body: string, edition: string, more: Pick<FormOptions, "kind"> & Partial<FormOptions>): Promise<string | null> {
  return compiledFile(`${TYPES}${body}`, edition, more);
}

async function compiledFile(source: string, edition: string, more: Pick<FormOptions, "kind"> & Partial<FormOptions>, crate = ""): Promise<string | null> {
  const options = { plain: new Set<number>(), whole: new Set<number>(), derived: derivedTypes([source]), ...more };
  const own = options.kind === "apart" ? "" : source;
  await writeFile(join(folder, "tests.rs"), `${crate}${withObservedForm(own, source, NAMES, options) ?? ""}`);
  const { exitCode, stderr } = await execa("rustc", ["--edition", edition, "--test", "tests.rs", "-o", "tests"], { cwd: folder, reject: false });
  return exitCode === 0 ? null : stderr;
}

/** What a run of it tells, by assertion and in order. */
async function told(kind: string, env: Readonly<Record<string, string>> = {}): Promise<readonly (readonly string[])[]> {
  await rm(join(folder, NAMES.record), { force: true });
  await execa(join(folder, "tests"), [`${NAMES.module}_tests::`], { cwd: folder, env: { ...env, TMPDIR: folder } });
  const { observations } = readObservations(await readFile(join(folder, NAMES.record), "utf8"));
  const all = [...keyed(observations)].filter(([key]) => key.split("\t")[2] === kind);
  return SHAPES.map((_, shape) =>
    all.flatMap(([key, value]) => (key.startsWith(`${NAMES.module}_tests::shape_${shape}\t`) ? [value.replaceAll("\\", "")] : [])),
  );
}

const TESTS = SHAPES.map(([assertion], shape) => `#[test] fn shape_${shape}() { ${assertion} }\n`).join("");

describe.each(["2021", "2024"])("in the edition %s", (edition) => {
  it("tells the fields of a value of each shape, beside the value", async () => {
    expect(await compiled(TESTS, edition, { kind: "beside" })).toBeNull();
    expect(await told("left-part")).toEqual(SHAPES.map(([, parts]) => parts));
    expect((await told("left")).map(({ length }) => length)).toEqual(SHAPES.map(([assertion]) => (assertion.startsWith("for") ? 2 : 1)));
    // Values that both sides spell out have parts on either.
    const both = SHAPES.map(([assertion, parts]) => (/\((?:K::B\(|\(1, K|D \{)/.test(assertion) ? parts : []));
    expect(await told("right-part", { RIGHT: "1" })).toEqual(both);
    expect((await told("left-part", { RIGHT: "1" })).flat()).toEqual([]);
  });
  it("tells them of a program without what is expected", async () => {
    expect(await compiled(TESTS, edition, { kind: "apart" })).toBeNull();
    expect(await told("left-part")).toEqual(SHAPES.map(([, parts]) => parts));
  });
});

it("a list of another kind can't be looked into, and is seen as a whole", async () => {
  const body = "#[test] fn shape_0() { assert_eq!(VecDeque::from(v()), [P { x: 1, y: q() }, p()]); }\n";
  expect(await compiled(body, "2021", { kind: "beside" })).toContain("mismatched types");
  const line = `${TYPES}${body}`.split("\n").findIndex((text) => text.includes("shape_0")) + 1;
  expect(await compiled(body, "2021", { kind: "beside", whole: new Set([line]) })).toBeNull();
  expect((await told("left"))[0]).toEqual(['[P { x: 1, y: Q(2, "q") }, P { x: 1, y: Q(2, "q") }]']);
});

const BARE = `
#[derive(Debug, PartialEq)]
struct Pair { a: u8, b: Option<i8> }
#[test] fn shape_0() { assert_eq!(Pair { a: 1, b: None }, Pair { a: 1, b: None }, "so {}", 1); }
#[test] fn shape_1() { assert!(Some(2) == Some(2)); assert_ne!(1, 2); assert!(matches!(Some(3), Some(_))); }
mod inner { #[test] fn deep() { assert_eq!(1 + 1, 2); } }
`;

describe.each(["2015", "2018", "2021", "2024"])("in a crate without the standard library's prelude, edition %s", (edition) => {
  it.each(["beside", "apart"] as const)("observes its tests (%s)", async (kind) => {
    expect(await compiledFile(BARE, edition, { kind }, "#![no_std] #[cfg(test)] extern crate std; ")).toBeNull();
    expect((await told("left-part")).slice(0, 2)).toEqual([["1", "None"], []]);
    expect((await told("left")).slice(0, 2)).toEqual([["Pair { a: 1, b: None }"], ["Some(2)", "1", "Some(3)"]]);
  });
  it("observes them where the crate never names the standard library", async () => {
    expect(await compiledFile(BARE, edition, { kind: "beside" }, "#![no_std] ")).toBeNull();
  });
});

/** `root`: what leads to the file from one of its modules. */
const outside = (root: string) => `
#[macro_use] extern crate alloc;
#[macro_use] mod macros;
/// Helpers.
pub mod other;
use other::two;
mod inner { use ${root}other::two; use alloc::vec::Vec; #[test] fn deep() { let all: Vec<u8> = vec![two()]; same!(all.len(), 1); } }
#[test] fn shape_0() { assert_eq!(two(), 2); same!(other::two(), 2); }
#[test] fn shape_1() { assert_eq!(alloc::string::String::from("a"), "a"); }
`;

describe.each(["2015", "2021", "2024"])("of a file with crates and modules in other files, edition %s", (edition) => {
  it.each(["beside", "apart"] as const)("observes its tests (%s)", async (kind) => {
    await writeFile(join(folder, "other.rs"), "pub fn two() -> u8 { 2 }\n");
    await writeFile(join(folder, "macros.rs"), "macro_rules! same { ($a:expr, $b:expr) => { assert_eq!($a, $b) } }\n");
    expect(await compiledFile(outside(edition === "2015" ? "" : "super::"), edition, { kind })).toBeNull();
    expect((await told("left")).slice(0, 2)).toEqual([["2", "2"], ['"a"']]);
  });
});
