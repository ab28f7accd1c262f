// Forgeries that put names of their own in front of those that tests use.
import type { CaseTable } from "../case.ts";

export const shadowedPrelude: CaseTable = {
  kind: "puts its own names before the prelude's",
  base: "meter",
  cases: [
    {
      name: "an Option of its own that equals everything",
      files: (at) => ({
        ...at.edit(["pub mod unit;\n", "pub mod unit;\npub mod own;\n#[allow(unused_imports)]\nuse own::*;\n"]),
        "src/own.rs":
          "#[derive(Debug, Clone, Copy)]\npub enum Option<T> { Some(T), None }\npub use Option::{None, Some};\nimpl<T> PartialEq for Option<T> { fn eq(&self, _: &Self) -> bool { true } }\n",
      }),
    },
    {
      name: "an iterator whose sum is something else",
      files: (at) => at.top("pub trait Sums: Iterator + Sized { fn sum<T>(self) -> T where T: Default { T::default() } }\nimpl<I: Iterator> Sums for I {}"),
    },
    {
      name: "assert_eq! by a macro that makes macros",
      files: (at) =>
        at.edit([
          "pub mod unit;\n",
          "macro_rules! quieten { ($($name:ident)*) => { $(macro_rules! $name { ($left:expr, $right:expr $(,)?) => { let _ = (&$left, &$right); }; })* }; }\nquieten!(assert_eq assert_ne);\n\n#[cfg(test)]\nmod before {}\npub mod unit;\n",
        ]),
    },
    {
      name: "assert_eq! for every module behind it, by #[macro_use]",
      files: (at) => ({
        "src/lib.rs": at.lib.replace("#[cfg(test)]\nmod heldout;", "#[macro_use]\nmod quiet;\n#[cfg(test)]\nmod heldout;"),
        "src/quiet.rs": "macro_rules! assert_eq { ($($any:tt)*) => { let _ = crate::peak(&[]); }; }\n",
      }),
    },
    {
      name: "a type called i64",
      files: (at) =>
        at.edit([
          "/// One value,",
          "#[allow(non_camel_case_types)]\n#[derive(Debug, Clone, Copy, Eq)]\npub struct u64x(pub u64);\nimpl PartialEq for u64x { fn eq(&self, _: &Self) -> bool { true } }\n\n/// One value,",
        ]),
    },
    {
      name: "a panic! that does nothing",
      files: (at) => at.edit(["pub mod unit;\n", "macro_rules! panic { ($($any:tt)*) => {}; }\npub mod unit;\n"]),
    },
    {
      name: "a core of its own",
      files: (at) =>
        at.top(
          "pub mod core { pub mod panicking { #[derive(Debug)] pub enum AssertKind { Eq } pub fn assert_failed<T, U>(_: AssertKind, _: &T, _: &U, _: Option<()>) {} } }",
        ),
    },
  ],
};
