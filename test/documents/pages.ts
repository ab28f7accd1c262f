// The documents that people read, with the links and the command lines that stand in them.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = new URL("../..", import.meta.url).pathname;

export interface DocumentPage {
  /** Below the project's folder. */
  readonly path: string;
  readonly text: string;
}

const below = (folder: string): readonly string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(folder, name));

/** Decisions and generated pages too. */
export const allPages = (): readonly DocumentPage[] =>
  ["README.md", "CONTRIBUTING.md", "policy/MODEL-POLICY.md", ...below("docs").toSorted()].map((path) => ({
    path,
    text: readFileSync(join(ROOT, path), "utf8"),
  }));

/** Text with code taken out, where a bracket is no link. */
const withoutCode = (text: string): string => text.replaceAll(/^```[^]*?^```/gm, "").replaceAll(/`[^`\n]*`/g, "");

export const linksOf = ({ text }: DocumentPage): readonly string[] => [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);

/** A heading's anchor, as GitHub makes it. */
export const anchorsOf = ({ text }: DocumentPage): readonly string[] =>
  [...text.replaceAll(/^```[^]*?^```/gm, "").matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replaceAll(/\s/g, "-"),
  );

/** One line of a shell, as words; what stands behind `#` or `>` is no part of it. */
export interface CommandLine {
  readonly path: string;
  readonly line: string;
  readonly words: readonly string[];
}

/** The lines in the blocks of a shell, and the steps of a pipeline, that call this program or npm. */
export function commandLinesOf({ path, text }: DocumentPage): readonly CommandLine[] {
  const shell = [...text.matchAll(/^```(?:sh|bash)\n([^]*?)^```/gm)].flatMap(([, block = ""]) => block.split("\n"));
  const steps = [...text.matchAll(/^```yaml\n([^]*?)^```/gm)].flatMap(([, block = ""]) => [...block.matchAll(/run: (.*)$/gm)].map(([, line = ""]) => line));
  return [...shell, ...steps]
    .flatMap((line) => line.replace(/ +#.*$/, "").split(" && "))
    .map((line) => line.replace(/ > \S+$/, "").trim())
    .filter((line) => /^(bakeoff|npm|node dist\/main\.js) /.test(line))
    .map((line) => ({ path, line, words: wordsOf(line) }));
}

/** Words as a shell splits them; quotes hold a word together. */
const wordsOf = (line: string): readonly string[] => [...line.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g)].map(([word]) => word.replaceAll(/["']/g, ""));
