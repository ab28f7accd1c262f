// Compiles the texts of a policy's layers and of the candidates to a snapshot, or lists every issue of all of them.
import { hashOf } from "../base/canonical.ts";
import { type FileIssue, WrittenFileError } from "../base/errors.ts";
import { schemaFaults } from "../base/toml.ts";
import { POLICY_DEFAULTS } from "./defaults.ts";
import {
  holds,
  keyText,
  leavesOf,
  type PolicyLayer,
  lazyLocator,
  mergeTables,
  originsOf,
  placeOf,
  readLayer,
  readTable,
  type SourceText,
  type Table,
} from "./layer.ts";
import type { RuleFault, Written } from "./rules/rule.ts";
import { policyFaults } from "./rules/rules.ts";
import { candidatesSchema, policySchema, type WrittenCandidates } from "./schema.ts";
import { compileSnapshot, type PolicySnapshot } from "./snapshot.ts";

export interface PolicyTexts {
  readonly policy: SourceText;
  readonly candidates: SourceText;
  /** The layer of one spec, over the workspace's. */
  readonly spec: SourceText | null;
  /** `key = value` each, above all other layers. */
  readonly overrides: readonly string[];
}

export type Compiled =
  | { readonly ok: true; readonly snapshot: PolicySnapshot; readonly warnings: readonly FileIssue[] }
  | { readonly ok: false; readonly issues: readonly FileIssue[] };

const DEFAULTS: PolicyLayer = { name: "defaults", path: "", table: POLICY_DEFAULTS, locate: () => ({ line: 1, column: 1 }) };

/** Sections about the policy's identity and how it may change: no layer above the workspace's may set them. */
const WORKSPACE_ONLY: readonly string[] = ["meta", "gates", "promotion", "signing"];
/** What one run may say of them all the same: it costs what it costs, and a gate takes no run of another policy than the one in force. */
const ONE_RUNS_OWN: readonly string[] = ["gates.calibration_plants"];

export function compilePolicy(texts: PolicyTexts, createdAt: string): Compiled {
  const read = [readLayer("workspace", texts.policy), ...(texts.spec ? [readLayer("spec", texts.spec)] : []), ...texts.overrides.map(readOverride)];
  const candidates = readCandidates(texts.candidates);
  const layers = read.flatMap((layer) => (layer.ok ? [layer.value] : []));
  const unreadable = read.flatMap((layer) => (layer.ok ? [] : layer.issues));
  // Each layer is checked on top of those below it, so that none hides an error in another; without the lowest there is nothing to check.
  const stacks = read[0]?.ok ? layers.map((_, top) => [DEFAULTS, ...layers.slice(0, top + 1)]) : [];
  const context = { candidates, today: createdAt.slice(0, 10) };
  const issues = [...unreadable, ...stacks.flatMap((stack) => stackIssues(stack, context)), ...candidates.issues];
  const stack = stacks.at(-1);
  const merged = tableOf(stack ?? []);
  const policy = policySchema.safeParse(merged);
  if (issues.length > 0 || !stack || !policy.success || !candidates.value) return { ok: false, issues: inOrder(issues, texts) };
  const files = [...stack.slice(1), { path: texts.candidates.path, name: "candidates", table: candidates.table } as const].map(sourceFile);
  const snapshot = compileSnapshot(policy.data, candidates.value, { createdAt, files, layers: originsOf(stack, merged) });
  const warnings = policyFaults({ ...policy.data, candidates: candidates.value.candidate }, { raw: merged, today: context.today }, "warning");
  return {
    ok: true,
    snapshot,
    warnings: inOrder(
      warnings.map((fault) => issueOf(fault, stack, context)),
      texts,
    ),
  };
}

/** The snapshot of texts that don't come from a folder, such as a git revision. Throws `written-file`. */
export function compileTexts(policy: SourceText, candidates: SourceText, createdAt: string): PolicySnapshot {
  const compiled = compilePolicy({ policy, candidates, spec: null, overrides: [] }, createdAt);
  if (!compiled.ok) throw new WrittenFileError(compiled.issues);
  return compiled.snapshot;
}

function readOverride(text: string) {
  return readLayer("override", { path: `--set ${text.slice(0, 200)}`, text });
}

interface ReadCandidates extends Pick<PolicyLayer, "path" | "table" | "locate"> {
  readonly value: WrittenCandidates | null;
  readonly issues: readonly FileIssue[];
}

function readCandidates(source: SourceText): ReadCandidates {
  const { path } = source;
  const locate = lazyLocator(source.text);
  const read = readTable(source);
  if (!read.ok) return { path, locate, value: null, table: {}, issues: read.issues };
  const parsed = candidatesSchema.safeParse(read.value);
  const faults = parsed.success ? [] : schemaFaults(parsed.error);
  return { path, locate, value: parsed.data ?? null, table: read.value, issues: faults.map(({ key, message }) => ({ path, ...locate(key), message })) };
}

interface Context {
  readonly candidates: ReadCandidates;
  readonly today: string;
}

const tableOf = (stack: readonly PolicyLayer[]): Table => stack.reduce<Table>((below, { table }) => mergeTables(below, table), {});

function stackIssues(stack: readonly PolicyLayer[], context: Context): readonly FileIssue[] {
  const merged = tableOf(stack);
  const parsed = policySchema.safeParse(merged);
  const faults = parsed.success ? [] : schemaFaults(parsed.error);
  const sections: Partial<Written> = { ...readableSections(merged), ...(context.candidates.value ? { candidates: context.candidates.value.candidate } : {}) };
  const ruled = policyFaults(sections, { raw: merged, today: context.today }, "error");
  // A rule has a better message than the schema for the same key.
  const unruled = faults.filter(({ key }) => !ruled.some((other) => other.file === "policy" && keyText(other.key) === keyText(key)));
  return [
    ...unruled.map(({ key, message }) => ({ ...placeOf(stack, key), message })),
    ...ruled.map((fault) => issueOf(fault, stack, context)),
    ...outOfPlace(stack.at(-1)),
  ];
}

/** The sections that satisfy their schema, whether or not the others do. */
function readableSections(merged: Table): Partial<Written> {
  // Each section was parsed by its own schema; those that failed are undefined.
  return Object.fromEntries(Object.entries(policySchema.shape).map(([name, schema]) => [name, schema.safeParse(merged[name]).data])) as Partial<Written>;
}

function issueOf({ file, key, message }: RuleFault, stack: readonly PolicyLayer[], context: Context): FileIssue {
  const { candidates } = context;
  const place = file === "policy" ? placeOf(stack, key) : { path: candidates.path, ...candidates.locate(key) };
  return { ...place, message: `${key.map(String).join(".")}: ${message}` };
}

/** What a layer above the workspace's may not set. */
function outOfPlace(layer: PolicyLayer | undefined): readonly FileIssue[] {
  if (!layer || layer.name === "workspace" || layer.name === "defaults") return [];
  const said = leavesOf(layer.table).filter(({ key }) => layer.name !== "override" || !ONE_RUNS_OWN.includes(keyText(key)));
  const sections = WORKSPACE_ONLY.filter((section) => said.some(({ key }) => key[0] === section)).map((section) => ({
    path: layer.path,
    ...layer.locate([section]),
    message: `${section}: only the workspace's policy may say this: remove it here`,
  }));
  if (layer.name === "override" || holds(layer.table, ["format"])) return sections;
  return [{ path: layer.path, line: 1, column: 1, message: "format is missing: write format = 2 at the top" }, ...sections];
}

/** Files in layer order, each from the top, without duplicates. */
function inOrder(issues: readonly FileIssue[], texts: PolicyTexts): readonly FileIssue[] {
  const paths = [texts.policy.path, ...(texts.spec ? [texts.spec.path] : [])];
  const rank = ({ path }: FileIssue): number => (path === texts.candidates.path ? 1000 : paths.includes(path) ? paths.indexOf(path) : 100);
  const unlike = new Map(issues.map((issue) => [`${issue.path}:${issue.line}:${issue.column}:${issue.message}`, issue]));
  return [...unlike.values()].toSorted((one, other) => rank(one) - rank(other) || one.line - other.line || one.column - other.column);
}

const SOURCE_NAMES = { workspace: "policy/model_policy.toml", candidates: "policy/candidates.toml", override: "--set" } as const;

/** By content: comments, line endings and its folder change nothing. */
function sourceFile({ name, path, table }: Pick<PolicyLayer, "path" | "table"> & { readonly name: PolicyLayer["name"] | "candidates" }) {
  const base = path.split(/[/\\]/).at(-1) ?? "";
  return { path: name === "spec" || name === "defaults" ? `policy/specs/${base}` : SOURCE_NAMES[name], sha256: hashOf(table) };
}
