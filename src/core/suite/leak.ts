// Looks for a solution's added lines in what a trial's workspace holds: sources, documents, build artefacts, git objects.
import { applyEdits, type Content } from "../text/edit.ts";
import { tokenize } from "../rust/tokens.ts";
import { brokenTree, type Task } from "./suite.ts";

export interface Leak {
  readonly task: string;
  readonly where: string;
  /** `code`: an identical line of code elsewhere, which may be chance; everything else gives the answer away. */
  readonly kind: "code" | "comment" | "document" | "artefact" | "git-object" | "file";
  readonly line: string;
}

/** What looking for a task's solution in its workspace came to. */
export interface LeakCheck {
  /** Added lines that are long enough to be looked for. */
  readonly lines: number;
  readonly leaks: readonly Leak[];
}

/** Identical code elsewhere is told, and is no flaw by itself. */
export const isDistinctive = ({ kind }: Leak): boolean => kind !== "code";

/** A leak in words: `document README.md holds "width * height"`. */
export const leakText = ({ where, kind, line }: Leak): string => `${kind} ${where} holds ${JSON.stringify(line)}`;

/** Shorter lines (`}`, `return x;`) stand everywhere by chance. Counted without white space. */
const MIN_TELLING = 12;
/** Identical code elsewhere tells something only where it is longer than an idiom. */
const MIN_TELLING_CODE = 40;

const squeeze = (text: string): string => text.replace(/\s+/g, " ").trim();
const weight = (line: string): number => line.replace(/\s/g, "").length;

/** Lines of code that the solution has and the broken tree's file lacks, without surrounding white space, each once. What it says in comments is no answer. */
export function addedLines(task: Task): string[] {
  const broken = brokenTree(task);
  const solved = applyEdits(broken, task.solution);
  if (!solved.ok) return [];
  const lines = [...solved.changes].flatMap(([path, content]) => {
    const before = broken.get(path);
    const known = new Set(typeof before === "string" ? before.split("\n").map(squeeze) : []);
    const text = path.endsWith(".rs") ? withoutComments(content ?? "") : (content ?? "");
    return text
      .split("\n")
      .map(squeeze)
      .filter((line) => !known.has(line));
  });
  return [...new Set(lines)].filter((line) => weight(line) >= MIN_TELLING && /\p{L}/u.test(line));
}

/** The source with its lines that are nothing but comment left empty; what stands behind code stays, as it is searched for with it. */
function withoutComments(source: string): string {
  const comments = tokenize(source).filter(({ kind }) => kind === "comment");
  let [offset, next] = [0, 0];
  return source
    .split("\n")
    .map((line) => {
      const [start, end] = [offset + line.length - line.trimStart().length, offset + line.trimEnd().length];
      offset += line.length + 1;
      while ((comments[next]?.end ?? Number.POSITIVE_INFINITY) <= start) next += 1;
      const comment = comments[next];
      return comment !== undefined && comment.start <= start && end <= comment.end ? "" : line;
    })
    .join("\n");
}

/** Those of a task's added lines that the broken tree's code does not hold anyway: what stands there is an idiom, and no secret. */
export function secretLines(task: Task): string[] {
  const lines = addedLines(task);
  if (lines.length === 0) return [];
  const code = new Set([...brokenTree(task)].flatMap(([path, content]) => (path.endsWith(".rs") && typeof content === "string" ? codeLines(content) : [])));
  return lines.filter((line) => !code.has(line));
}

/** Leaks in the sources and documents of the broken tree itself. */
export function leaksInTree(task: Task): Leak[] {
  const lines = addedLines(task);
  if (lines.length === 0) return [];
  const secret = secretLines(task);
  return [...brokenTree(task)].flatMap(([path, content]) => leaksInFile({ task: task.id, lines, secret }, path, content));
}

interface Wanted {
  readonly task: string;
  readonly lines: readonly string[];
  readonly secret: readonly string[];
}

const codeLines = (source: string): string[] =>
  source
    .split("\n")
    .map(squeeze)
    .filter((line) => commentStart(line) === null);

function leaksInFile({ task, lines, secret }: Wanted, path: string, content: Content): Leak[] {
  const leak =
    (kind: Leak["kind"]) =>
    (line: string): Leak => ({ task, where: path, kind, line });
  // Bytes that are no text are looked through where they lie: in the workspace.
  if (typeof content !== "string") return [];
  if (!path.endsWith(".rs")) {
    const text = squeeze(content);
    return secret.filter((line) => text.includes(line)).map(leak("document"));
  }
  const code = new Set(codeLines(content));
  const comments = content.split("\n").map(squeeze).flatMap(commentOf);
  const said = comments.join("\n");
  return [
    ...secret.filter((line) => said.includes(line)).map(leak("comment")),
    ...lines.filter((line) => weight(line) >= MIN_TELLING_CODE && code.has(line)).map(leak("code")),
  ];
}

function commentOf(line: string): string[] {
  const start = commentStart(line);
  return start === null ? [] : [line.slice(start)];
}

/** Where a line's comment begins. A line that continues a block comment counts as one; so does a URL in a string, which does no harm. */
function commentStart(line: string): number | null {
  if (/^\*(?!\w)/.test(line)) return 0;
  const start = line.search(/\/\/|\/\*/);
  return start < 0 ? null : start;
}
