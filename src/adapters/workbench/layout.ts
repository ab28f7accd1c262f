// The files of a prepared base, by its variant: what the loop's build sees, and what only the confirmation's does.
import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { matcher } from "../../core/base/glob.ts";
import type { Base } from "../../core/suite/suite.ts";
import { readCode } from "../../core/rust/code.ts";
import { readItems } from "../../core/rust/items.ts";
import { readCargoMessages } from "../../core/verdict/output/diagnostics.ts";
import { observedOffset, withObservedForm } from "../../core/verdict/observed/form.ts";
import type { ObservedNames } from "../../core/verdict/observed/prelude.ts";
import type { Diagnostic } from "../../core/verdict/verdict.ts";
import { dropTwins, type Instrumented, instrument } from "../../core/verdict/twins/sentinel.ts";
import type { InstrumentedFiles } from "../sandbox/inventory.ts";

/**
 * `loop`: exactly the tree that a model sees; hidden sources are empty, and nothing is added. `confirmation`: hidden tests under
 * secret names, each hidden file's observed form behind it, and twins. Nothing of its output is ever shown.
 */
export type Variant = "loop" | "confirmation";

/** Twins a source file gets at the most: enough to cover each module, few enough to cost nothing. */
export const MAX_TWINS = 8;

export interface Layout {
  readonly files: InstrumentedFiles;
  /** Null: no hidden file could be observed. */
  readonly observed: ObservedNames | null;
  /** Lines of hidden files, as written by the suite's author, whose assertions tell a bit only. */
  readonly plain: ReadonlyMap<string, ReadonlySet<number>>;
  /** Hidden files without an observed form. */
  readonly unobserved: ReadonlySet<string>;
}

const secretName = (): string => `x${randomBytes(6).toString("hex")}`;

export function layoutOf(base: Base, variant: Variant): Layout {
  const none = { files: new Map<string, Instrumented>(), observed: null, plain: new Map<string, Set<number>>(), unobserved: new Set<string>() };
  if (variant === "loop") return none;
  const hidden = matcher(base.hidden);
  const files = new Map<string, Instrumented>();
  for (const [path, content] of base.tree) {
    if (!path.endsWith(".rs") || typeof content !== "string") continue;
    const file = instrument(content, { names: secretName, renameTests: hidden(path), maxTwins: MAX_TWINS });
    if (file.aliases.length + file.twins.length > 0) files.set(path, file);
  }
  return { ...none, files, observed: { module: secretName(), record: secretName(), right: secretName() } };
}

const holdsTests = ([path, content]: readonly [string, unknown]) =>
  path.endsWith(".rs") && typeof content === "string" && readItems(readCode(content)).tests.length > 0;

/** Every source that holds tests: no test may read what another expects. */
export function testSources(base: Base, variant: Variant): string[] {
  const hidden = matcher(base.hidden);
  // The loop's tree has hidden sources, empty ones, and no other hidden file.
  const isThere = ([path, content]: readonly [string, unknown]) =>
    variant === "confirmation" || !hidden(path) || (path.endsWith(".rs") && typeof content === "string");
  return [...base.tree]
    .filter((file) => (hidden(file[0]) || holdsTests(file)) && isThere(file))
    .map(([path]) => path)
    .toSorted();
}

/** The tree's files as this variant has them on disk. */
export async function writeLayout(tree: string, base: Base, variant: Variant, layout: Layout): Promise<void> {
  const hidden = matcher(base.hidden);
  for (const [path, content] of base.tree) {
    const isHiddenSource = hidden(path) && path.endsWith(".rs") && typeof content === "string";
    if (variant === "loop" && hidden(path) && !isHiddenSource) continue;
    await mkdir(dirname(join(tree, path)), { recursive: true });
    const own = layout.files.get(path)?.source ?? content;
    await writeFile(join(tree, path), isHiddenSource ? hiddenText(path, { own: String(own), content, variant }, layout) : own);
  }
}

function hiddenText(path: string, text: { readonly own: string; readonly content: string; readonly variant: Variant }, layout: Layout): string {
  if (text.variant === "loop") return "";
  if (layout.observed === null || layout.unobserved.has(path)) return text.own;
  return withObservedForm(text.own, text.content, layout.observed, layout.plain.get(path) ?? new Set()) ?? text.own;
}

/**
 * The layout without what compile errors point at: twins; lines of an observed form that do not compile (they tell their bit only);
 * at last the observed form of a file. Null where no error points at any of these: the base itself is at fault.
 */
export function withoutFailing(layout: Layout, stdout: string, textOf: (path: string) => string): Layout | null {
  const errors = readCargoMessages(stdout).diagnostics.filter(({ level }) => level === "error");
  const twins = withoutFailingTwins(layout.files, errors);
  const [plain, unobserved] = [new Map(layout.plain), new Set(layout.unobserved)];
  let changed = twins.dropped > 0;
  for (const [path, lines] of errorLines(errors)) {
    const offset = layout.observed === null || unobserved.has(path) ? null : observedOffset(textOf(path), layout.observed);
    if (offset === null) continue;
    const inside = lines.filter((line) => line > offset).map((line) => line - offset);
    if (inside.length === 0) continue;
    const known = plain.get(path) ?? new Set<number>();
    // A line that was made plain already, or the prelude's own: the whole form is given up.
    if (inside.some((line) => known.has(line))) unobserved.add(path);
    plain.set(path, new Set([...known, ...inside]));
    changed = true;
  }
  return changed ? { ...layout, files: twins.files, plain, unobserved } : null;
}

function errorLines(errors: readonly Diagnostic[]): ReadonlyMap<string, readonly number[]> {
  const lines = new Map<string, number[]>();
  for (const { span } of errors) if (span) lines.set(span.path, [...(lines.get(span.path) ?? []), span.line]);
  return lines;
}

function withoutFailingTwins(files: InstrumentedFiles, errors: readonly Diagnostic[]): { readonly files: InstrumentedFiles; readonly dropped: number } {
  const text = errors.map(({ rendered }) => rendered).join("\n");
  const lines = errorLines(errors);
  let dropped = 0;
  const kept = new Map<string, Instrumented>();
  for (const [path, file] of files) {
    const failing = file.twins.filter((twin) => text.includes(twin.alias) || (lines.get(path) ?? []).some((line) => covers(file.source, twin, line)));
    dropped += failing.length;
    const aliases = failing.map(({ alias }) => alias);
    kept.set(path, dropTwins(file, aliases));
  }
  return { files: kept, dropped };
}

function covers(source: string, twin: { readonly start: number; readonly end: number }, line: number): boolean {
  const lineOf = (offset: number) => source.slice(0, offset).split("\n").length;
  return lineOf(twin.start) <= line && line <= lineOf(twin.end);
}
