// Applies a model's unified diff with `git apply` in a scratch folder, and returns plain files only.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { BakeoffError } from "../../core/base/errors.ts";
import { treeChanges } from "../../core/text/edit.ts";
import { newlineOf, withNewlines } from "../../core/text/newlines.ts";
import type { AnswerReading } from "../../core/verdict/answer/reading.ts";
import type { DiffTool } from "../../ports/workbench.ts";
import { readTree } from "../files/tree-files.ts";
import { runProcess } from "../sandbox/process.ts";

type Applied = Awaited<ReturnType<DiffTool["apply"]>>;
type Files = ReadonlyMap<string, string>;

/** How a diff is tried: with these flags, one list after the other. */
interface Ladder {
  /** What is wrong with a diff before it is tried; null: nothing. */
  readonly refuse: (diff: string) => string | null;
  readonly flags: (diff: string) => readonly (readonly string[])[];
  /** With files whose lines all end in CRLF, and the diff, brought to line feeds for it; or as they are; or first one, then the other. */
  readonly linefeeds: readonly boolean[];
}

/** Models often write wrong line counts and white space. */
const LOOSELY = ["--recount", "--ignore-whitespace"];
/** Takes hunks without context, or with context on one side only, as patch(1) does: at their line, if what they remove stands there. */
const NO_CONTEXT = "--unidiff-zero";

const BY_CONTEXT = [[], LOOSELY];
const BY_LINE = [[NO_CONTEXT], [NO_CONTEXT, ...LOOSELY]];
/** Lines added to a file that is there, with nothing around them: without the flag, git takes that for the end of the file. */
const ADDS_WITHOUT_CONTEXT = /^@@ -[1-9]\d*,0 \+/m;

/** Strictly at first, then more and more tolerantly. */
const LADDERS: Readonly<Record<AnswerReading, Ladder>> = {
  tolerant: {
    refuse: absolutePath,
    flags: (diff) => (ADDS_WITHOUT_CONTEXT.test(diff) ? [...BY_LINE, ...BY_CONTEXT] : [...BY_CONTEXT, ...BY_LINE]),
    linefeeds: [true, false],
  },
  narrow: { refuse: () => null, flags: () => BY_CONTEXT, linefeeds: [false] },
};

export function gitDiffTool(signal: AbortSignal): DiffTool {
  return {
    apply: async (files, diff, reading) => {
      const folder = await mkdtemp(join(tmpdir(), "bakeoff-diff-"));
      try {
        return await climb(folder, { files, diff, ladder: LADDERS[reading], signal });
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

interface Climb {
  readonly files: Files;
  readonly diff: string;
  readonly ladder: Ladder;
  readonly signal: AbortSignal;
}

/** The first try that git accepts decides; where it accepts none, what it said first is told. */
async function climb(folder: string, { files, diff, ladder, signal }: Climb): Promise<Applied> {
  const refused = ladder.refuse(diff);
  if (refused !== null) return { ok: false, detail: refused };
  const crlf = new Map([...files].filter(([, content]) => newlineOf(content) === "\r\n"));
  // Where nothing has carriage returns, both ways are one.
  const ways = crlf.size === 0 && !diff.includes("\r\n") ? ladder.linefeeds.slice(0, 1) : ladder.linefeeds;
  let detail = "";
  for (const linefeeds of ways) {
    const [laid, text] = linefeeds ? [withLinefeeds(files, crlf), withNewlines(diff, "\n")] : [files, diff];
    const root = join(folder, linefeeds ? "linefeeds" : "tree");
    await layFiles(root, laid);
    for (const flags of ladder.flags(diff)) {
      const refusal = await gitApply(folder, root, { flags, diff: text, signal });
      if (refusal === null) return withReturns(await takeBack(root, laid), linefeeds ? crlf : new Map());
      detail ||= refusal;
    }
  }
  return { ok: false, detail: detail || "git apply refused it without a word" };
}

const withLinefeeds = (files: Files, crlf: Files): Files =>
  new Map([...files].map(([path, content]) => [path, crlf.has(path) ? withNewlines(content, "\n") : content]));

/** git takes the leading slash away and goes on. */
function absolutePath(diff: string): string | null {
  const named = [...diff.matchAll(/^--- (.*)\r?\n\+\+\+ (.*)$/gm)].flatMap(([, before = "", after = ""]) => [before, after]);
  const path = named.find((name) => name.startsWith("/") && !/^\/dev\/null(\s|$)/.test(name));
  return path === undefined ? null : `the diff names ${path.trim().slice(0, 200)}: write paths relative to the workspace`;
}

/** Null where it applied; else what git says. */
async function gitApply(
  folder: string,
  root: string,
  { flags, diff, signal }: { readonly flags: readonly string[]; readonly diff: string; readonly signal: AbortSignal },
): Promise<string | null> {
  await writeFile(join(folder, "patch.diff"), diff.endsWith("\n") ? diff : `${diff}\n`);
  const end = await runProcess({
    command: ["git", "apply", ...flags, join(folder, "patch.diff")],
    env: { PATH: process.env["PATH"] ?? "", LANG: "C", GIT_CONFIG_NOSYSTEM: "1", HOME: folder, GIT_CEILING_DIRECTORIES: folder },
    cwd: root,
    timeoutMs: 10_000,
    signal,
  });
  if (end.missing) throw new BakeoffError("environment", "git can't be started", "install git (apt-get install git)");
  return end.code === 0 ? null : end.stderr.trim().replaceAll(folder, "").slice(0, 400);
}

async function layFiles(root: string, files: Files): Promise<void> {
  // A diff may only create, change and delete files.
  await mkdir(root, { recursive: true });
  for (const [path, content] of files) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
}

/** Changed files that had CRLF line ends have them again. */
function withReturns(applied: Applied, crlf: Files): Applied {
  if (!applied.ok) return applied;
  const changes = [...applied.changes].map(([path, content]) => [path, content !== null && crlf.has(path) ? withNewlines(content, "\r\n") : content] as const);
  return { ok: true, changes: new Map(changes) };
}

/** git accepts diffs that create links and binary files: a tree with anything but plain text files is refused as a whole. */
async function takeBack(root: string, files: Files): Promise<Applied> {
  const { tree, issues } = await readTree(root, () => false);
  const issue = issues[0];
  if (issue) return { ok: false, detail: `the diff makes ${issue.path.slice(root.length + 1)}, ${issue.message}` };
  const binary = [...tree].find(([, content]) => typeof content !== "string");
  if (binary) return { ok: false, detail: `the diff makes ${binary[0]} a file that is not text: change text files only` };
  const changes = treeChanges(files, tree);
  // A mode change or a submodule applies but changes no text.
  return changes.size === 0 ? { ok: false, detail: "the diff changes the text of no file" } : { ok: true, changes };
}
