// Words for a shell: what is printed for somebody to copy names the file that it means.
import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { shellWord } from "../../../../src/core/text/shell-word.ts";

it.each([
  ["a plain name", "runs/x-1.capsule.jsonl", "runs/x-1.capsule.jsonl"],
  ["spaces and quotes", 'it\'s "mine"', String.raw`'it'\''s "mine"'`],
  ["what a shell would read", "$(rm -rf ~)`x`\\", "'$(rm -rf ~)`x`\\'"],
  ["other letters", "nä me ✓", "'nä me ✓'"],
  ["a newline", "a\nb'\\", String.raw`$'a\012b\'\\'`],
  ["an escape and a change of direction", "a\u001b[2Jb\u202ec", String.raw`$'a\033[2Jb\342\200\256c'`],
])("%s comes out of a shell as it went in", (_, word, expected) => {
  expect(shellWord(word)).toBe(expected);
  expect(execFileSync("bash", ["-c", `printf %s ${shellWord(word)}`], { encoding: "utf8" })).toBe(word);
});
