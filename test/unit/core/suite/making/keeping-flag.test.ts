import { expect, it } from "vitest";
import { keepingFlag } from "../../../../../src/core/suite/making/keeping-flag.ts";

const manifest = (name: string): string => `[package]\nname = "${name}"\n`;
const one = new Map([["Cargo.toml", manifest("house")]]);
const two = new Map([...one, ["crates/panel/Cargo.toml", manifest("panel")]]);

it.each([
  [one, "src/lib.rs", "couldn't read `src/../data/steps.txt`: No such file or directory (os error 2)", "if git ignores it: --include data/steps.txt"],
  [one, "src/lib.rs", "couldn't read src/table.bin: No such file or directory (os error 2)", "if git ignores it: --include src/table.bin"],
  [one, "src/lib.rs", "E0583: file not found for module `generated`", "if git ignores it: --include '**/generated.rs'"],
  [two, "crates/panel/src/lib.rs", "E0308: mismatched types", "the rest without it: --exclude panel"],
  [two, "src/lib.rs", "E0308: mismatched types", "the rest without it: --exclude house"],
  [one, "src/lib.rs", "E0308: mismatched types", null],
])("%#: names the flag that would have kept a base", (tree, path, message, flag) => expect(keepingFlag(tree, { path, message })).toBe(flag));
