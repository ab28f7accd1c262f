// The run as Inspect AI's logs: what its tools show of each trial is what the capsule holds of it.
import { beforeAll, describe, expect, it } from "vitest";
import { inspectReports } from "../../../../../src/core/report/formats/inspect/log.ts";
import type { ReportSource } from "../../../../../src/core/report/source.ts";
import { NO_TEXTS, reportSource } from "../../../../../src/core/report/source.ts";
import { GOLDEN_RUNS } from "../../../../golden/golden-run.ts";
import { eventsOf, type HonestRun, honestRun, tasksNamed } from "../../../app/replay/honest-run.ts";
import { type Script, goodScript, answered } from "../../../run/fakes.ts";
import { sourceOf } from "../report-source.ts";

interface Message {
  role: string;
  content: string;
  id: string;
  model?: string;
  metadata?: Record<string, unknown>;
}
interface Event {
  event: string;
  span_id?: string;
  id?: string;
  parent_id?: string | null;
  name?: string;
  timestamp: string;
  working_start: number;
  output?: { usage?: { input_tokens: number } };
  input?: Message[];
  result?: string;
  source?: string;
  data?: string;
  score?: object;
}
interface Sample {
  id: string;
  epoch: number;
  messages: Message[];
  events: Event[];
  input: unknown;
  scores: Record<string, { value: string; explanation: string }>;
  metadata: Record<string, unknown>;
  model_usage: Record<string, { total_tokens: number }>;
  started_at?: string;
  completed_at?: string;
  total_time?: number;
  error?: object;
}
interface Log {
  version: number;
  status: string;
  eval: { task_id: string; tags: string[]; dataset: { sample_ids: string[] } };
  results: { total_samples: number; scores: { scored_samples: number; unscored_samples: number }[] };
  stats: { completed_at: string; model_usage: object };
  samples: Sample[];
}

const logsOf = (source: ReportSource): Log[] => inspectReports(source).map(({ content }) => JSON.parse(String(content)) as Log);

/** The first answer of the slot is no edit at all, so that there is feedback to answer. */
const onceWrong: Script = (request, provider) =>
  request.purpose === "patch" && !request.messages.some(({ role }) => role === "assistant") ? answered('{"edits":[]}') : goodScript(request, provider);

let run: HonestRun;
let log: Log;
let sample: Sample;
beforeAll(async () => {
  run = await honestRun({ tasks: [...tasksNamed(1), ...tasksNamed(2, { risk: "high" }).slice(1)], candidates: ["small"], script: onceWrong });
  [log] = logsOf(sourceOf(run)) as [Log];
  [sample] = log.samples as [Sample];
});

describe("a log", () => {
  it("says when it was sealed, and what was used", () => {
    expect(log.stats.completed_at).toBe(run.seal?.sealed_at);
    expect(Object.keys(log.stats.model_usage).length).toBeGreaterThan(0);
    expect(log.eval.tags).toContain("high-risk tasks");
  });

  it("has the same bytes each time, and an id of its own for each candidate", async () => {
    expect(inspectReports(sourceOf(run))).toEqual(inspectReports(sourceOf(run)));
    const two = logsOf(sourceOf(await honestRun({ candidates: ["small", "other"] })));
    expect(new Set(two.map((one) => one.eval.task_id)).size).toBe(2);
  });

  it("counts each scorer's samples, those without a score apart", () => {
    const [slot] = log.results.scores;
    expect(slot).toMatchObject({ scored_samples: 1, unscored_samples: 1 });
    expect(log.samples[1]).toMatchObject({ metadata: { risk: "high", slot_attempts: 0 } });
    expect(Object.keys(log.samples[1]?.scores ?? {})).toEqual(["final_pass"]);
  });
});

describe("a sample", () => {
  it("is one conversation: prompt, answer, what came of it, answer", () => {
    expect(sample.messages.map(({ role }) => role)).toEqual(["system", "user", "assistant", "user", "assistant"]);
    const [, , first, feedback] = sample.messages;
    expect(first).toMatchObject({ content: '{"edits":[]}', metadata: { attempt: 1, mode: "Reflex" } });
    expect(feedback?.content).toContain("attempt 1");
    expect(new Set(sample.messages.map(({ id }) => id)).size).toBe(5);
    expect(sample.input).toEqual(sample.messages.slice(1, 2));
  });

  it("has a model event for each call that is recorded, with what was sent and used", () => {
    const calls = eventsOf(run, "ModelCallEnvelope");
    const models = log.samples.flatMap(({ events }) => events.filter(({ event }) => event === "model"));
    expect(models).toHaveLength(calls.length);
    expect(models.map(({ output }) => output?.usage?.input_tokens)).toEqual(calls.map(({ prompt_tokens: tokens }) => tokens));
    expect(models[0]?.input?.map(({ content }) => content)).toEqual(sample.messages.slice(0, 2).map(({ content }) => content));
  });

  it("sums usage over its calls", () => {
    const known = eventsOf(run, "ModelCallEnvelope").reduce((sum, { prompt_tokens: input, response_tokens: output }) => sum + (input ?? 0) + (output ?? 0), 0);
    const counted = log.samples.flatMap(({ model_usage: usage }) => Object.values(usage)).reduce((sum, { total_tokens: tokens }) => sum + tokens, 0);
    expect(counted).toBe(known);
  });

  it("shows each verification as a tool call, and the patch before it", () => {
    const tools = sample.events.filter(({ event }) => event === "tool");
    expect(tools).toHaveLength(2);
    expect(tools[1]?.result).toMatch(/^passed/);
    expect(sample.events.some(({ source, data }) => source === "patch" && data?.includes("````diff"))).toBe(true);
  });

  it("explains its score", () => {
    expect(sample.scores["slot_pass"]).toMatchObject({ value: "C" });
    expect(sample.scores["slot_pass"]?.explanation).toContain("passed in the slot");
  });

  it("opens and closes every span, each inside its parent, in order of time", () => {
    const open: string[] = [];
    for (const { event, id, parent_id: parent, span_id: span } of sample.events) {
      if (event === "span_begin") {
        expect(parent).toBe(open.at(-1) ?? null);
        open.push(id ?? "");
      } else if (event === "span_end") expect(open.pop()).toBe(id);
      else if (event !== "score") expect(span).toBe(open.at(-1));
    }
    expect(open).toEqual([]);
    const stamps = sample.events.map(({ timestamp }) => timestamp);
    expect(stamps.toSorted()).toEqual(stamps);
    for (const { working_start: start } of sample.events) expect(start).toBeGreaterThanOrEqual(0);
  });
});

it("says of a safe export why there is no text", () => {
  const prompts = new Set(eventsOf(run, "ModelCallEnvelope").flatMap(({ prompt_hash: hash, response_hash: answer }) => [hash, answer ?? ""]));
  const [shown] = logsOf(sourceOf(run, prompts))[0]?.samples ?? [];
  for (const { content } of shown?.messages ?? []) expect(content).toMatch(/^\[left out of this safe export/);
});

it.each(Object.entries(GOLDEN_RUNS))(
  "has a sample for every trial of the %s run, with an error where the harness failed and none where nothing began",
  (_, make) => {
    const source = reportSource(make(), { texts: NO_TEXTS, sealedAt: null, notices: [] });
    const samples = logsOf(source).flatMap((one) => one.samples);
    expect(samples).toHaveLength(source.model.trials.length);
    expect(samples.filter(({ error }) => error !== undefined)).toHaveLength(source.model.trials.filter(({ standing }) => standing === "infrastructure").length);
    for (const { scores } of samples) for (const { value } of Object.values(scores)) expect(["C", "I"]).toContain(value);
  },
);
