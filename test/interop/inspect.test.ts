// Inspect AI's own tools on what we write for them: nothing is hollow, and every value is the capsule's.
import { beforeAll, expect, it } from "vitest";
import { readCapsule } from "../../src/adapters/capsules/file.ts";
import { foldRun, type RunRecord } from "../../src/core/capsule/record.ts";
import { reportModel } from "../../src/core/report/model.ts";
import { exported, SAMPLE } from "./exported.ts";
import { readByPeer } from "./peer.ts";

interface Seen {
  readonly tasks: readonly string[];
  readonly ids: readonly string[];
  readonly bundled: readonly string[];
  readonly hollow: readonly string[];
  readonly logs: Readonly<
    Record<
      string,
      { readonly model: string; readonly tags: readonly string[]; readonly completed_at: string; readonly samples: Readonly<Record<string, SeenSample>> }
    >
  >;
  readonly frames: {
    readonly evals: { readonly rows: number; readonly accuracy: Readonly<Record<string, number>> };
    readonly samples: { readonly rows: number };
    readonly messages: { readonly roles: Readonly<Record<string, number>> };
    readonly events: { readonly kinds: Readonly<Record<string, number>> };
  };
}

interface SeenSample {
  readonly scores: Readonly<Record<string, string>>;
  readonly models: readonly string[];
  readonly answers: readonly string[];
  readonly verdicts: readonly string[];
  readonly total_time: number;
  readonly risk: string;
}

let seen: Seen;
let record: RunRecord;
beforeAll(async () => {
  seen = await readByPeer("read_inspect.py", await exported("inspect"));
  const stored = await readCapsule(SAMPLE);
  record = foldRun(stored.header, stored.events);
});

it("finds, lists and bundles one log a candidate", () => {
  expect(seen.tasks).toEqual([record.header.suite.name]);
  expect(seen.ids).toHaveLength(record.header.candidates.length);
  expect(seen.bundled.filter((file) => file !== "listing.json")).toHaveLength(record.header.candidates.length);
});

it("sees no hollow field", () => {
  expect(seen.hollow).toEqual([]);
  for (const { completed_at: at, tags } of Object.values(seen.logs)) {
    expect(Date.parse(at)).toBeGreaterThan(0);
    expect(tags).toContain("stand-ins");
  }
});

it("scores each sample as the report does, and leaves out what is in no rate", () => {
  const model = reportModel(record);
  for (const { candidate, task, epoch, slotPass, finalPass, risk } of model.trials) {
    const letter = (passed: boolean | null): object => (passed === null ? {} : { passed: passed ? "C" : "I" });
    const sample = seen.logs[candidate]?.samples[`${task}/${epoch}`];
    const { slot_pass: own, final_pass: final } = sample?.scores ?? {};
    expect([own === undefined ? {} : { passed: own }, final === undefined ? {} : { passed: final }]).toEqual([letter(slotPass), letter(finalPass)]);
    expect(sample?.risk).toBe(risk);
  }
  const rates = Object.fromEntries(model.summary.candidates.map(({ provider, model: name, slot }) => [`${provider}/${name}`, slot.pass.value]));
  expect(seen.frames.evals.accuracy).toEqual(rates);
});

it("shows every call, answer and verdict that the capsule holds", () => {
  for (const { candidate, task, epoch, events } of record.trials) {
    const sample = seen.logs[candidate]?.samples[`${task.id}/${epoch}`];
    const calls = events.flatMap(({ payload }) => (payload.type === "ModelCallEnvelope" ? [payload] : []));
    expect(sample?.models).toEqual(
      calls.map(({ provider, stand_in: standIn, resolved_model: model }) => (standIn === null ? `${provider}/${model}` : `stand-in/${standIn}`)),
    );
    expect(sample?.answers).toHaveLength(calls.filter(({ role }) => role === "Implementer").length);
    const verdicts = events.flatMap(({ payload }) => (payload.type === "ToolResult" ? [payload.verdict.status] : []));
    expect(sample?.verdicts.map((text) => text.split(/[: ]/)[0])).toEqual(verdicts);
  }
});

it("has all of it in its data frames", () => {
  const { frames } = seen;
  expect(frames.evals.rows).toBe(record.header.candidates.length);
  expect(frames.samples.rows).toBe(record.trials.length);
  const calls = record.trials.flatMap(({ events }) => events.filter(({ payload }) => payload.type === "ModelCallEnvelope"));
  expect(frames.events.kinds["model"]).toBe(calls.length);
  expect(frames.messages.roles["assistant"]).toBeGreaterThan(0);
});
