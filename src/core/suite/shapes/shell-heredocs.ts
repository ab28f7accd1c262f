// Reads a solution script that does no more than write files and apply diffs; nothing of it is ever run.
export type ScriptStep =
  | { readonly kind: "file"; readonly path: string; readonly text: string }
  | { readonly kind: "diff"; readonly folder: string; readonly text: string };
export type ReadScript = { readonly ok: true; readonly steps: readonly ScriptStep[] } | { readonly ok: false; readonly why: string };

const MAX_LINES = 20_000;

/** Lines that change nothing that matters here. */
const IDLE =
  /^\s*(#.*|set\s+-[a-z]+(\s+pipefail)?|mkdir\s+-p\s+[\w./-]+|echo\s+("[^"$`\\]*"|'[^']*'|[\w .!]+)|cargo\s+(build|check|test|fmt)(\s+[\w=-]+)*|exit\s+0)?\s*$/;
const FILE = /^\s*cat\s+(?:>\s*(?<a>[\w./-]+)\s*<<\s*(?<b>['"]?)(?<c>\w+)\k<b>|<<\s*(?<d>['"]?)(?<e>\w+)\k<d>\s*>\s*(?<f>[\w./-]+))\s*$/;
const DIFF = /^\s*(?:patch\s+-p1|git\s+apply(?:\s+-)?)\s*<<\s*(['"]?)(\w+)\1\s*$/;
const FOLDER = /^\s*cd\s+([\w./-]+)\s*$/;

/** Paths are as the script has them, joined to the folder that it stands in (at first: `start`). */
export function readScript(script: string, start: string): ReadScript {
  const lines = script.replaceAll("\r\n", "\n").split("\n");
  if (lines.length > MAX_LINES) return { ok: false, why: `a script of ${lines.length} lines` };
  const steps: ScriptStep[] = [];
  let folder = start;
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? "";
    const opened = openedBy(line);
    if (opened) {
      const text = textUntil(lines, index, opened);
      if (typeof text === "string") return { ok: false, why: text };
      steps.push(opened.path === null ? { kind: "diff", folder, text: text.text } : { kind: "file", path: joined(folder, opened.path), text: text.text });
      index = text.end;
    } else if (FOLDER.test(line)) folder = joined(folder, FOLDER.exec(line)?.[1] ?? "");
    else if (!IDLE.test(line)) return { ok: false, why: `it runs \`${line.trim().slice(0, 80)}\`, and nothing is run` };
  }
  return steps.length === 0 ? { ok: false, why: "it writes no file" } : { ok: true, steps };
}

interface Opened {
  readonly mark: string;
  readonly quoted: boolean;
  /** Null for a diff. */
  readonly path: string | null;
}

/** The text that a line opens, and the line of its mark; or why it can't be taken. */
function textUntil(lines: readonly string[], index: number, { mark, quoted }: Opened): { readonly text: string; readonly end: number } | string {
  const end = lines.indexOf(mark, index + 1);
  if (end < 0) return `its text ${mark} has no end`;
  const text = lines
    .slice(index + 1, end)
    .map((part) => `${part}\n`)
    .join("");
  // Without quotes around its mark the shell would fill in variables.
  return !quoted && /[$`\\]/.test(text) ? `its text ${mark} is for the shell to fill in` : { text, end };
}

function openedBy(line: string): Opened | null {
  const file = FILE.exec(line)?.groups;
  if (file) return { mark: file["c"] ?? file["e"] ?? "", quoted: (file["b"] ?? file["d"] ?? "") !== "", path: file["a"] ?? file["f"] ?? "" };
  const diff = DIFF.exec(line);
  return diff ? { mark: diff[2] ?? "", quoted: diff[1] !== "", path: null } : null;
}

const joined = (folder: string, path: string): string => (path.startsWith("/") ? path : `${folder.replace(/\/$/, "")}/${path}`);
