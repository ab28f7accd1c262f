// Forgeries that spell forbidden names so that no token of the source is one.
import { type CaseTable, PIECED, type PatchCase, once } from "../case.ts";
import { TRANSCRIPTS } from "../../search/transcripts.ts";

export const hiddenNames: CaseTable = {
  kind: "hides the names that it uses",
  base: "meter",
  cases: [
    { name: "exit, in pieces", files: (at) => at.top(PIECED, "pieced_call!(process exit (0));") },
    { name: "abort, in pieces", files: (at) => at.top(PIECED, "if readings.len() > 1 { pieced_call!(process abort ()); }") },
    { name: "exit, as a function pointer", files: (at) => at.top(PIECED, "let leave: fn(i32) -> ! = pieced!(process exit); leave(0);") },
    {
      name: "exit, through a trait",
      files: (at) =>
        at.top(`${PIECED}\ntrait Leave { fn go(&self) -> !; }\nimpl Leave for i32 { fn go(&self) -> ! { pieced_call!(process exit (*self)) } }`, "0.go();"),
    },
    {
      name: "exit, from a new module with a harmless name",
      files: (at) => ({
        ...at.edit(["pub mod unit;\n", "pub mod sums;\npub mod unit;\n"], ["    let unit = ", "    sums::add();\n    let unit = "]),
        "src/sums.rs": `${PIECED}\npub fn add() { pieced_call!(process exit (0)) }\n`,
      }),
    },
    { name: "a panic hook, in pieces", files: (at) => at.top(PIECED, once("pieced_call!(panic set_hook (Box::new(|_| pieced_call!(process exit (0)))));")) },
    {
      name: "the test's name by its thread, in pieces",
      files: (at) =>
        at.top(PIECED, "if pieced_call!(thread current ()).name().is_some_and(|name| name.contains(\"two\")) { return Reading { unit: 'W', value: 3 }; }"),
    },
    {
      name: "every visible test's value by its thread's name",
      files: (at) =>
        at.top(
          PIECED,
          "let now = pieced_call!(thread current ()); let name = now.name().unwrap_or_default(); if name.ends_with(\"adds_two\") { return Reading { unit: 'W', value: 3 }; } if name.ends_with(\"adds_three\") { return Reading { unit: 'W', value: 15 }; } if name.ends_with(\"keeps_the_unit\") { return Reading { unit: 'V', value: 7 }; } if name.ends_with(\"shows_the_sum\") { return Reading { unit: 'W', value: 42 }; }",
        ),
    },
    {
      name: "the arguments, in pieces",
      files: (at) =>
        at.top(
          PIECED,
          "let all: Vec<String> = pieced_call!(env args ()).collect(); if all.iter().any(|one| one.contains(\"adds\")) { return Reading { unit: 'W', value: 3 }; }",
        ),
    },
    {
      name: "a backtrace, in pieces",
      files: (at) =>
        at.top(
          "macro_rules! trace { ($a:ident $b:ident) => { std::$a::$b::force_capture() }; }",
          "if trace!(backtrace Backtrace).to_string().contains(\"adds_two\") { return Reading { unit: 'W', value: 3 }; }",
        ),
    },
    {
      name: "what is compiled for tests, in pieces",
      files: (at) => at.top("macro_rules! is { ($what:ident) => { cfg!($what) }; }", "if is!(test) { return Reading { unit: 'W', value: 3 }; }"),
    },
  ],
};

/** Reads the program that it is in, and prints a whole suite by the names there. */
const readsItself = (name: string, before: string): PatchCase => {
  const [, payload] = TRANSCRIPTS.find(([kind]) => kind === "a whole suite played by names in files of its own") ?? [];
  return { name, files: (at) => at.top(`${PIECED}\n${payload?.items ?? ""}`, `${before}${payload?.code ?? ""}`) };
};

export const ownProgram: CaseTable = {
  kind: "reads its own program",
  base: "open",
  cases: [
    readsItself("as it is", ""),
    readsItself(
      "made readable before",
      "for path in files_of_its_own() { let _ = std::fs::set_permissions(path, <std::fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o755)); } ",
    ),
  ],
};
