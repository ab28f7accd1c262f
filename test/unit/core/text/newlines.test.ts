// Which line ends a text has, and texts fitted to them.
import { expect, it } from "vitest";
import { newlineOf, withNewlines } from "../../../../src/core/text/newlines.ts";

it.each([
  ["a\nb\n", "\n"],
  ["a\r\nb", "\r\n"],
  ["a\r\nb\n", null],
  ["a", null],
  ["", null],
  ["a\rb", null],
])("the line ends of %j are %j", (text, newline) => expect(newlineOf(text)).toBe(newline));

it("texts get the line ends that are wanted, each once", () => {
  expect(withNewlines("a\nb\r\nc", "\r\n")).toBe("a\r\nb\r\nc");
  expect(withNewlines("a\nb\r\nc\r", "\n")).toBe("a\nb\nc\r");
});
