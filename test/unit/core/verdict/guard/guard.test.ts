// Tests of the static rules, each with a breach and with what it must leave alone.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { guard, guardRules } from "../../../../../src/core/verdict/guard/guard.ts";
import { rustish } from "../rustish.ts";

function broken(patched: string, base: string | null = "fn f() {}\n"): string[] {
  return [...new Set(guard("src/lib.rs", base, patched).map(({ rule }) => rule))];
}

describe("guard", () => {
  it.each([
    ["include", 'const A: &str = include_str!("../tests/t.rs");'],
    ["include", 'const A: &[u8] = include_bytes!("x");'],
    ["include", 'include!("x.rs");'],
    ["include", 'const A: &str = r#include_str!("x");'],
    ["include", "use std::{include_str as text};"],
    ["include", "use std::{fmt, include as i};"],
    ["spliced-macro", 'macro_rules! m { ($a:ident) => { $a!("x") } }'],
    ["path-attribute", '#[path = "evil.rs"] mod a;'],
    ["path-attribute", '#[cfg_attr(all(), path = "evil.rs")] mod a;'],
    ["test-condition", "#[cfg(test)] fn g() {}"],
    ["test-condition", "#[cfg(not(test))] fn g() {}"],
    ["test-condition", "fn g() -> bool { cfg!(test) }"],
    ["test-condition", "#[cfg_attr(test, derive(Debug))] struct A;"],
    ["test-condition", "#[cfg(any(unix, all(test, windows)))] fn g() {}"],
    ["test-condition", "#[r#cfg(r#test)] fn g() {}"],
    ["inner-attribute", "#![allow(warnings)]"],
    ["inner-attribute", "#![feature(custom_inner_attributes)]"],
    ["inner-attribute", "#![no_main]"],
    ["macro-redefined", "macro_rules! assert_eq { ($($t:tt)*) => {} }"],
    ["macro-redefined", "macro_rules! r#panic { () => {} }"],
    ["macro-redefined", "use crate::nothing as assert;"],
    ["macro-redefined", "macro_rules! m { ($n:ident) => { macro_rules! $n { () => {} } } }"],
    ["panic-hook", "fn g() { std::panic::set_hook(Box::new(|_| {})); }"],
    ["panic-hook", "fn g() { let _ = std::panic::take_hook(); }"],
    ["process-exit", "fn g() { std::process::exit(0) }"],
    ["process-exit", "fn g() { process::r#exit(0) }"],
    ["process-exit", "use std::process::{self, abort};"],
    ["process-exit", "use std::{process::{exit as leave}};"],
    ["process-exit", "use std::process::*;"],
    ["process-exit", "use std::process as p;"],
    ["process-exit", "use std::process::{self as p};"],
    ["process-exit", "macro_rules! m { ($a:ident) => { std::process::$a(0) } }"],
    ["unsafe", "fn g() { unsafe { h() } }"],
    ["linkage", "#[no_mangle] pub fn g() {}"],
    ["linkage", '#[export_name = "main"] pub fn g() {}'],
    ["linkage", '#[link_section = ".init_array"] static A: u8 = 0;'],
    ["linkage", 'extern "C" { fn exit(code: i32); }'],
    ["linkage", "extern { fn exit(code: i32); }"],
    ["compile-environment", 'const A: &str = env!("HOME");'],
    ["compile-environment", 'const A: Option<&str> = option_env!("HOME");'],
    ["assembly", 'core::arch::asm!("nop");'],
    ["assembly", 'global_asm!("");'],
    ["assembly", "use std::arch::{asm as a};"],
    ["test-framework", "#[test_runner(crate::r)] fn g() {}"],
    ["command", 'fn g() { std::process::Command::new("sh"); }'],
    ["command", "use std::{fs, process::{Command, Stdio}};"],
    ["proc-files", 'const A: &str = "/proc/self/exe";'],
    ["proc-files", String.raw`const A: &str = "\x2fproc/\u{73}elf";`],
    ["test-identity", "fn g() { std::thread::current().name(); }"],
    ["test-identity", "use std::panic::Location; fn g() { Location::caller(); }"],
    ["test-identity", "fn g() { std::backtrace::Backtrace::force_capture(); }"],
    ["test-identity", "fn g() -> &'static str { std::any::type_name::<T>() }"],
    ["test-identity", "fn g() { core::any::type_name_of_val(&x); }"],
    ["test-identity", "use std::{thread as t};"],
    ["test-identity", "use std::backtrace as b;"],
    ["include", 'core::include!("x.rs");'],
    ["include", "use core::include;"],
    ["spliced-macro", "macro_rules! m { ($a:ident) => { $a![1] } }"],
    ["test-condition", "cfg!(test);"],
    ["test-condition", "cfg_select! { test => {} }"],
    ["test-condition", "cfg_match! { test => {} }"],
    ["inner-attribute", "fn g() { #![allow(warnings)] }"],
    ["macro-redefined", "macro vec() {}"],
    ["panic-hook", "fn g() { std::panic::update_hook(f); }"],
    ["process-exit", "fn g() { core::intrinsics::abort() }"],
    ["linkage", '#[link_name = "g"] fn g();'],
    ["assembly", "use core::arch::naked_asm;"],
    ["test-framework", "#[custom_test_frameworks] fn g() {}"],
    ["test-framework", "reexport_test_harness_main!();"],
    ["command", "use std::os::unix::process::CommandExt;"],
  ])("reports %s in %s", (rule, patched) => {
    expect(broken(patched)).toContain(rule);
  });

  it.each([
    "assert",
    "assert_eq",
    "assert_ne",
    "assert_matches",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "panic",
    "matches",
    "vec",
    "unreachable",
    "todo",
    "unimplemented",
  ])("reports %s where it is redefined", (name) => {
    expect(broken(`macro_rules! ${name} { () => {} }`)).toEqual(["macro-redefined"]);
    expect(broken(`use crate::other as ${name};`)).toEqual(["macro-redefined"]);
  });

  it.each([
    ['const A: &str = include_str!("x", y);', 'include: src/lib.rs: new include_str!("x",y)'],
    ["use std::include_str; fn g() {}", "include: src/lib.rs: new include_str"],
    ["use std::{fmt, include as i};", "include: src/lib.rs: new std::include"],
    ["use crate::nothing as assert;", "macro-redefined: src/lib.rs: new crate::nothing as assert"],
    ["use std::process as p;", "process-exit: src/lib.rs: new std::process as p"],
    ["fn g() { std::process::exit(0) }", "process-exit: src/lib.rs: new std::process::exit"],
    ['#[path = "evil.rs"] mod a;', 'path-attribute: src/lib.rs: new path="evil.rs"'],
    ["#![allow(warnings)]", "inner-attribute: src/lib.rs: new #![allow(warnings)]"],
    ["#[cfg(all(a, test))] fn g() {}", "test-condition: src/lib.rs: new cfg(all(a,test))"],
    ["macro_rules! vec { () => {} }", "macro-redefined: src/lib.rs: new macro_rules! vec"],
    ['macro_rules! m { ($a:ident) => { $a!("x") } }', "spliced-macro: src/lib.rs: new $a!"],
    ['extern "C" { fn exit(code: i32); }', 'linkage: src/lib.rs: new extern "C" block'],
    ['const A: &str = "\\x2fproc/x";', 'proc-files: src/lib.rs: new "/proc/x"'],
  ])("says of %s what it found", (patched, told) => {
    expect(guard("src/lib.rs", "", patched).map(({ rule, detail }) => `${rule}: ${detail}`)).toEqual([told]);
  });

  it("says which lint is gone, and names ten findings of a rule at the most, each cut", () => {
    expect(guard("a.rs", "#![deny(a)]\n#![warn(b)]\n#![forbid(c)]", "#![warn(b)]")).toEqual([
      { rule: "lint-removed", detail: "a.rs: no longer #![deny(a)]" },
      { rule: "lint-removed", detail: "a.rs: no longer #![forbid(c)]" },
    ]);
    expect(broken("", "#![warn(b)]")).toEqual(["lint-removed"]);
    expect(guard("a.rs", "", "unsafe {} ".repeat(12))).toHaveLength(10);
    const [found] = guard("a.rs", "", `include!("${"x".repeat(1000)}");`);
    expect(found?.detail.length).toBeLessThan(250);
  });

  it("reports as many as are in excess of the base", () => {
    expect(guard("a.rs", "unsafe {}", "unsafe {} unsafe {} unsafe {}")).toHaveLength(2);
    expect(guard("a.rs", "unsafe {} unsafe {}", "unsafe {}")).toEqual([]);
    expect(guard("a.rs", "unsafe {} unsafe {}", "unsafe {} unsafe {} unsafe {}")).toHaveLength(1);
  });

  it("reports a removed deny, not a removed allow", () => {
    expect(broken("fn f() {}", "#![deny(unsafe_code)]\nfn f() {}")).toEqual(["lint-removed"]);
    expect(broken("fn f() {}", "#![allow(dead_code)]\nfn f() {}")).toEqual([]);
  });

  it.each([
    ["ordinary code", "use std::collections::HashMap; pub fn g(x: &str) -> usize { x.len() }"],
    ["words in comments", '// include_str!("x") unsafe std::process::exit(0)\nfn g() {}'],
    ["words in strings", 'const A: &str = "unsafe include_str!() std::process::exit";'],
    ["a variable named include", "fn g(include: bool) -> bool { let include = !include; include != true }"],
    ["a method named exit or abort", "fn g(x: Task) { x.abort(); x.exit(); exit(1); }"],
    ["a module of its own named command", "use crate::Command; fn g() { Command::new(); }"],
    ["ExitCode", "use std::process::ExitCode;"],
    ["a parameter named path", "fn g(path: &Path) { let path = path.join(x); }"],
    ["other conditions", '#[cfg(feature = "std")] fn g() {} #[cfg(unix)] fn h() {}'],
    ["inner documentation", '//! Doc.\n#![doc = "x"]'],
    ["a macro of its own", "macro_rules! my_assert { () => { assert!(true) } }"],
    ["environment variables at run time", 'fn g() { std::env::var("HOME"); }'],
    ["a C function's definition without a symbol name", 'extern "C" fn g() {}'],
    ["an external crate", "extern crate alloc;"],
    ["threads", "use std::thread; fn g() { thread::spawn(|| {}); }"],
    ["assertions", "fn g() { assert!(a != b); assert_eq!(vec![1], x); panic!(); }"],
    ["an assignment to path, beside attributes", "#[inline] fn g() { let path = x; a[{ path = f(); 0 }]; }"],
    ["path as a word of an attribute", "#[clap(path)] struct A;"],
    ["test as a word beside cfg", "fn g(cfg: Cfg) { cfg.test(test); }\n#[cfg(unix)] fn test() {}"],
    ["marks that are no attribute", "m!(#!x);"],
    ["other marks that are none", "m!(# x [y]);"],
    ["a macro's variable", "macro_rules! m { ($a:ident) => { $a != (1) } }"],
    ["a raw identifier unsafe", "fn g(r#unsafe: u8) {}"],
    ["strings about other files", 'const A: &str = "/process /procfs a/proc-b";'],
    ["extern functions and crates", 'pub extern "C" fn g() {} extern crate alloc;'],
    ["macros of the standard library by path", "std::println!(); other::include(x); x::include::y();"],
    ["a member of another owner", "use thread::current_thread; fn g() { x.current(); other::current(); }"],
    ["a test module's own condition", "#[cfg(test)] mod tests { #[cfg(test)] fn a() {} fn b() { cfg!(test); } }"],
  ])("leaves %s alone", (_name, patched) => {
    expect(broken(patched)).toEqual([]);
  });

  const uses = 'const A: &str = include_str!("a"); fn g() { unsafe { h() } std::process::exit(1) }\n#[cfg(test)] fn t() {}\n';

  it("leaves alone what the base has", () => {
    expect(broken(`fn new() {}\n${uses}`, uses)).toEqual([]);
  });

  it("leaves alone a change inside an unsafe block of the base", () => {
    expect(broken(uses.replace("h()", "k(2)"), uses)).toEqual([]);
  });

  it("reports a second use, and an included file that changes", () => {
    expect(broken(uses + uses.replace("cfg(test)", "inline"), uses)).toEqual(["include", "process-exit", "unsafe"]);
    expect(broken(uses.replace('"a"', '"b"'), uses)).toEqual(["include"]);
  });

  it("compares a new file with nothing", () => {
    expect(guard("src/new.rs", null, "fn g() { unsafe { h() } }")).toEqual([{ rule: "unsafe", detail: "src/new.rs: new unsafe" }]);
  });

  it("answers at once for a file that is the same", () => {
    expect(guard("src/lib.rs", uses, uses)).toEqual([]);
  });

  it("gives each rule a name of its own and a sentence", () => {
    expect(new Set(guardRules.map(({ name }) => name)).size).toBe(guardRules.length);
    expect(guardRules.every(({ sentence }) => sentence.startsWith("a patch "))).toBe(true);
  });

  it("reads any text without an exception", () => {
    fc.assert(fc.property(rustish, rustish, (base, patched) => Array.isArray(guard("a.rs", base, patched))));
  });

  it.each(["cfg(", "#[", "use a::{", "use {", "include_str!(", '"\\u{0', "a::", "#![a"])(
    "takes a long run of %s in linear time",
    (piece) => {
      expect(guard("a.rs", "", piece.repeat(30_000))).toBeInstanceOf(Array);
    },
    8000,
  );
});
