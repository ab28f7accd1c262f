// A task's instruction: what people wrote and what fails, with the answer's own text kept out.
import { clipped } from "../../text/clip.ts";
import type { Verdict } from "../../verdict/verdict.ts";
import { lineHunks, linesOf } from "../../text/diff.ts";
import type { Repair } from "./repair.ts";

/** What the schema allows is more; a model reads the failing output again in its first prompt. */
const MAX_MESSAGE = 1500;
const MAX_OUTPUT = 1500;
const MAX_TITLE = 120;

/** Lines that only say who wrote or read a commit, or where it was talked about. */
const TRAILER = /^\s*([A-Z][A-Za-z-]+-by|Change-Id|Signed-off|Co-authored-by|PiperOrigin-RevId|git-svn-id|Reviewed-on|Bug|PR-URL|See-Also):?\s/i;

/** White space out: how an answer is laid out does not make it another one. */
const tight = (text: string): string => text.replaceAll(/\s+/g, "");

/** Lines that the repair adds, without white space; those that say nothing (`}`, `else {`, `mod tests;`) are left aside. */
export function answerLines(repair: Pick<Repair, "clean" | "before">): ReadonlySet<string> {
  const lines = new Set<string>();
  for (const [path, before] of repair.before) {
    const after = repair.clean.get(path);
    if (typeof after !== "string") continue;
    const all = linesOf(after);
    for (const { afterStart, afterEnd } of lineHunks(linesOf(before ?? ""), all)) {
      for (const line of all.slice(afterStart, afterEnd)) if (isTelling(line)) lines.add(tight(line));
    }
  }
  return lines;
}

/** At least a word and something that is done with it. */
const isTelling = (line: string): boolean => tight(line).length >= 8 && /\w{2,}/.test(line) && /[^\w\s]/.test(line.replaceAll(/[{};,]/g, ""));

/** The text without the lines that hold a line of the answer. */
export function withoutAnswer(text: string, answer: ReadonlySet<string>): string {
  const holdsAnswer = (part: string): boolean => [...answer].some((line) => tight(part).includes(line));
  if (!holdsAnswer(text)) return text;
  const kept = text.split("\n").filter((line) => !holdsAnswer(line));
  // An answer that was broken over several lines is found by no single one of them: then nothing is kept.
  const left = kept.join("\n");
  return holdsAnswer(left) ? "" : left;
}

export function titleOf(repair: Repair): string {
  const title = withoutAnswer(repair.title.replaceAll(/\s*\(#\d+\)$/g, ""), answerLines(repair)).trim();
  return clipped(title === "" ? "Repair what the tests find" : title, MAX_TITLE);
}

/** `verdict`: that of the broken tree; only what a model may see of it is told. */
export function instructionOf(repair: Repair, verdict: Verdict): string {
  const answer = answerLines(repair);
  const message = withoutAnswer(spoken(repair.message), answer).trim();
  const failing = withoutAnswer(failureText(verdict), answer).trim();
  const told = message.includes(failing) ? "" : clipped(failing, MAX_OUTPUT);
  return [clipped(message === "" ? titleOf(repair) : message, MAX_MESSAGE), told].filter((part) => part !== "").join("\n\n");
}

const spoken = (message: string): string =>
  message
    .split("\n")
    .filter((line) => !TRAILER.test(line) && !/^\s*(diff --git|@@ |\+\+\+ |--- )/.test(line))
    .join("\n")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim();

function failureText(verdict: Verdict): string {
  if (verdict.status === "compile-error") {
    const errors = verdict.diagnostics
      .slice(0, 4)
      .map(({ code, message, span }) => `- ${code === "none" ? "" : `${code}: `}${message}${span ? ` (${span.path}:${span.line})` : ""}`);
    return errors.length === 0 ? "It does not compile." : `It does not compile:\n${errors.join("\n")}`;
  }
  if (verdict.status !== "failed") return "";
  const failed = verdict.tests.filter((test) => test.status !== "passed" && !test.heldOut).slice(0, 3);
  const shown = failed.map(({ id, output }) => `- ${id}${indented(output)}`);
  return failed.length === 0 ? "" : `These tests fail:\n${shown.join("\n")}`;
}

/** The few lines in which an assertion says what it found. */
function indented(output: string): string {
  const lines = output
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("note: "))
    .slice(0, 5);
  return lines.map((line) => `\n    ${line.trim()}`).join("");
}
