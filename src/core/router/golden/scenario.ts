// Golden scenarios as people write them: a policy layer, a task, a history and conditions, and the decision that they lead to.
import { z } from "zod";
import type { FileIssue } from "../../base/errors.ts";
import { parseToml } from "../../base/toml.ts";
import { lazyLocator } from "../../policy/layer.ts";
import { isEmbedded } from "../../policy/rules/rules.ts";
import { policySchema, type WrittenPolicy } from "../../policy/schema.ts";
import type { PolicySnapshot } from "../../policy/snapshot.ts";
import type { Binding, Bindings, TrialPlan } from "../../trial/command.ts";
import { breakerState, type Conditions } from "../../trial/conditions.ts";
import type { TrialEvent } from "../../trial/event.ts";
import { expandHistory } from "./history.ts";
import { providerOf } from "../reflex.ts";

const isTable = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null && !Array.isArray(value);

/** Kept as written (a record would silently drop `__proto__`): the policy's own schema reports what is wrong with it. */
const layer = z.custom<Readonly<Record<string, unknown>>>(isTable, "not a table of policy keys");
const words = z.string().min(1).max(400);
const percent = z.number().min(0).max(100).nullable().default(null);
const measured = z.strictObject({
  samples: z.number().int().min(0),
  p95_latency_ms: z.number().min(0).nullable().default(null),
  success_percent: percent,
  json_compliance_percent: percent,
});

const scenarioSchema = z.strictObject({
  name: words,
  task: z
    .strictObject({
      id: words.default("some-task"),
      risk: z.enum(["low", "high"]).default("low"),
      tags: z.array(words).max(100).default([]),
      editable: z.array(words).max(100).default([]),
    })
    .prefault({}),
  /** A candidate under evaluation; without it, routing uses the policy's own reflex model. */
  slot: words.optional(),
  capability: z.boolean().default(false),
  /** Merged over the policy, key by key; a list or a rollout is replaced whole. */
  policy: layer.default({}),
  history: z.array(words).max(200).default([]),
  /** Candidates with a server of their own: its address, by the candidate's name. */
  endpoints: z.record(z.string(), words).default({}),
  breakers: z.record(z.string(), breakerState).default({}),
  health: z.record(z.string(), measured).default({}),
  budget: z.enum(["within", "spent", "overridden"]).default("within"),
  expect: z.string().min(1).max(2000),
});

const goldenSchema = z.strictObject({
  format: z.literal(1, { error: (issue) => `format ${String(issue.input)} is not known: this version reads format 1` }),
  /** Merged over the policy for every scenario of the file. */
  policy: layer.default({}),
  scenario: z.array(scenarioSchema).min(1, "write at least one [[scenario]]").max(1000),
});

export interface GoldenFile {
  readonly path: string;
  readonly text: string;
}

export interface Scenario {
  readonly name: string;
  readonly path: string;
  /** The position of its expectation. */
  readonly line: number;
  readonly column: number;
  readonly written: z.infer<typeof scenarioSchema>;
  readonly layers: readonly Readonly<Record<string, unknown>>[];
  readonly history: readonly TrialEvent[];
  readonly expect: string;
}

/** Reads scenario files: every scenario, or every issue of all files at once. */
export function readGolden(files: readonly GoldenFile[]): { readonly scenarios: readonly Scenario[]; readonly issues: readonly FileIssue[] } {
  const read = files.map(readFile);
  const scenarios = read.flatMap((one) => one.scenarios);
  const twice = scenarios.filter(({ name }, index) => scenarios.findIndex((other) => other.name === name) < index);
  const issues = twice.map(({ name, path, line, column }) => ({ path, line, column, message: `scenario ${name} is defined twice: rename one` }));
  return { scenarios, issues: [...read.flatMap((one) => one.issues), ...issues] };
}

function readFile({ path, text }: GoldenFile): { readonly scenarios: readonly Scenario[]; readonly issues: readonly FileIssue[] } {
  const parsed = parseToml(path, text, goldenSchema);
  if (!parsed.ok) return { scenarios: [], issues: [...parsed.issues, ...historyIssues(path, text)] };
  // Positions are computed only for errors: finding them costs more than running all the scenarios.
  const locate = lazyLocator(text);
  const issues: FileIssue[] = [];
  const scenarios = parsed.value.scenario.map((written, index): Scenario => {
    const { events, faults } = expandHistory(written.history);
    for (const fault of faults) issues.push({ path, ...locate(["scenario", index, "history", fault.index]), message: fault.message });
    const layers = [parsed.value.policy, written.policy];
    const place = () => locate(["scenario", index, "expect"]);
    return {
      name: written.name,
      path,
      get line() {
        return place().line;
      },
      get column() {
        return place().column;
      },
      written,
      layers,
      history: events,
      expect: written.expect,
    };
  });
  return { scenarios, issues };
}

/** What a file looks like whose form is wrong elsewhere. */
const anyGolden = z.looseObject({ scenario: z.array(z.looseObject({ history: z.array(z.string()).catch([]) })).catch([]) });

/** What is wrong with the histories of a file, told beside what is wrong with its form. */
function historyIssues(path: string, text: string): readonly FileIssue[] {
  const parsed = parseToml(path, text, anyGolden);
  if (!parsed.ok) return [];
  const locate = lazyLocator(text);
  return parsed.value.scenario.flatMap(({ history }, index) =>
    expandHistory(history).faults.map((fault) => ({ path, ...locate(["scenario", index, "history", fault.index]), message: fault.message })),
  );
}

export type StagedScenario =
  | { readonly ok: true; readonly snapshot: PolicySnapshot; readonly plan: TrialPlan; readonly conditions: Conditions }
  | { readonly ok: false; readonly fault: string };

/** The router's input for a scenario under a policy; a fault if its layers don't form a valid policy. */
export function stageScenario(base: PolicySnapshot, { written, layers }: Scenario): StagedScenario {
  const policy = layered(base.policy, layers);
  if (typeof policy === "string") return { ok: false, fault: policy };
  const candidates = base.candidates.map((candidate) => ({ ...candidate, endpoint: written.endpoints[candidate.name] ?? candidate.endpoint }));
  const snapshot = { ...base, policy, candidates };
  const slot = written.slot === undefined ? null : slotOf(snapshot, written.slot);
  if (slot === undefined) return { ok: false, fault: `slot ${written.slot ?? ""} is not a candidate` };
  const { breakers, health, budget, capability } = written;
  const task = { ...written.task, kind: "test" } as const;
  const plan = { id: `golden/${task.id}/1`, task, slot, epoch: 1, capability, bindings: policyBindings(policy) };
  return { ok: true, snapshot, plan, conditions: { breakers, health, budget } };
}

/** The policy with the layers merged over it, or what is wrong with the result. */
function layered(policy: WrittenPolicy, layers: Scenario["layers"]): WrittenPolicy | string {
  if (layers.every((one) => Object.keys(one).length === 0)) return policy;
  const parsed = policySchema.safeParse(layers.reduce<unknown>(overlay, policy));
  if (parsed.success) return parsed.data;
  return `its policy is not valid: ${parsed.error.issues.map(({ path, message }) => `${path.map(String).join(".")} ${message}`).join("; ")}`;
}

function overlay(below: unknown, above: unknown): unknown {
  if (!isTable(below) || !isTable(above)) return above;
  const merged = new Map(Object.entries(below));
  for (const [key, value] of Object.entries(above)) merged.set(key, key === "rollout" ? value : overlay(merged.get(key), value));
  return Object.fromEntries(merged);
}

function slotOf({ candidates }: PolicySnapshot, name: string): Binding | undefined {
  if (isEmbedded(name)) return { provider: "embedded", model: name, standIn: null };
  const candidate = candidates.find((item) => item.name === name);
  return candidate && { provider: providerOf(candidate), model: name, standIn: null };
}

/** The policy's own models behind every role, all of them reachable. */
function policyBindings(policy: WrittenPolicy): Bindings {
  const bind = (model: string): Binding => ({ provider: policy.models[model]?.provider ?? "", model, standIn: null });
  return {
    architect: bind(policy.roles.architect.model),
    implementer: bind(policy.roles.implementer.model),
    judge: bind(policy.roles.judge.model),
    sidecarCritic: bind(policy.roles.sidecar_critic.model),
    notebook: { provider: "notebooklm", model: policy.tier2.notebook, standIn: null },
  };
}
