// What is looked up in the record of a run: whose attempt it is, after which others, and what it took.
import { describe, expect, it } from "vitest";
import type { TrialRecord } from "../../../../../src/core/capsule/record.ts";
import { AttemptLibrary, contextOf, type RecordedStep, reviewedPatch, servedKey } from "../../../../../src/core/replay/counterfactual/attempt-library.ts";

type Payload = Readonly<Record<string, unknown>>;
const served = (model: string) => ({ provider: "p", model, stand_in: null });
const MODEL = servedKey(served("m"));
const JUDGE = servedKey(served("j"));
const called = (answer: string | null, more: Payload = {}): Payload => ({
  type: "ModelCallEnvelope",
  role: "Implementer",
  ...served("m"),
  response_hash: answer,
  latency_ms: 10,
  ...more,
});
const patched = (file: string, after: string): Payload => ({ type: "PatchApply", file_path: file, after_hash: after });
const ran = (tree: string): Payload => ({ type: "ToolCall", tree_hash: tree });
const cameTo = (status: string, more: Payload = {}): Payload => ({
  type: "ToolResult",
  output_hash: status,
  verdict: { status },
  reused: false,
  duration_ms: 100,
  ...more,
});

/** A trial of these steps; `task/epoch` of its id. */
function trialOf(id: string, ...steps: readonly (readonly Payload[])[]): TrialRecord {
  const [, task = "", epoch = ""] = id.split("/");
  const events = steps.flatMap((payloads, step) => payloads.map((payload, at) => ({ seq: 10 * step + at, step, trial: id, payload })));
  return { id, task: { id: task }, epoch: Number(epoch), events } as unknown as TrialRecord;
}
const libraryOf = (...trials: readonly TrialRecord[]) => new AttemptLibrary(trials);
const answerOf = (step: RecordedStep | null) => step?.call.response_hash ?? null;
const stepOf = (...payloads: readonly Payload[]): RecordedStep => {
  const [step] = libraryOf(trialOf("c/a/1", payloads)).stepsOf({ id: "c/a/1" } as TrialRecord);
  if (step === undefined) throw new Error("a step");
  return step;
};

describe("a model", () => {
  it("is another with another provider, name or stand-in", () => {
    const keys = [served("m"), served("n"), { ...served("m"), provider: "q" }, { ...served("m"), stand_in: "oracle" }].map(servedKey);
    expect(new Set(keys).size).toBe(4);
  });
});

describe("what a prompt was built from", () => {
  const first = stepOf(called("one"), ran("t"), cameTo("failed"));
  it("is the plan, and each answer before it with what came of it, in order", () => {
    const second = stepOf(called("two"), ran("t"), cameTo("failed"));
    const contexts = [
      contextOf(null, []),
      contextOf(first, []),
      contextOf(second, []),
      contextOf(null, [first]),
      contextOf(null, [second]),
      contextOf(null, [first, second]),
      contextOf(null, [second, first]),
      contextOf(null, [stepOf(called("one"), ran("t"), cameTo("passed"))]),
      contextOf(null, [stepOf(called("one"))]),
    ];
    expect(new Set(contexts).size).toBe(contexts.length);
    expect(contextOf(null, [stepOf(called("one", { latency_ms: 99 }), ran("u"), cameTo("failed", { duration_ms: 7 }))])).toBe(contextOf(null, [first]));
  });

  it("is the verdict and the patched files, for who reviews them", () => {
    const patches = [[], [patched("f", "h")], [patched("g", "h")], [patched("f", "i")], [patched("f", "h"), patched("g", "h")]];
    const reviewed = [
      reviewedPatch(null),
      reviewedPatch(stepOf(called("one"), patched("f", "h"))),
      ...patches.flatMap((own) => ["passed", "failed"].map((status) => reviewedPatch(stepOf(called("one"), ...own, ran("t"), cameTo(status))))),
    ];
    expect(new Set(reviewed).size).toBe(reviewed.length);
    expect(reviewedPatch(stepOf(called("two"), patched("f", "h"), ran("u"), cameTo("passed")))).toBe(
      reviewedPatch(stepOf(called("one"), patched("f", "h"), ran("t"), cameTo("passed"))),
    );
  });
});

describe("an attempt that is looked up by its number", () => {
  const own = trialOf(
    "c/a/1",
    [called("plan", { role: "Architect" })],
    [called("one")],
    [called("other", served("n"))],
    [called("two")],
    [called("judged", { role: "Judge" })],
  );
  const library = libraryOf(own, trialOf("d/a/1", [called("d-one")], [called("d-two")], [called("d-three")]), trialOf("c/a/2", [called("later")]));
  const found = (ordinal: number, model = "m", trial = own) => answerOf(library.byOrdinal(trial, servedKey(served(model)), ordinal));

  it("is the model's own, counted apart from others' and from plans and judgements", () => {
    expect([found(0), found(1), found(0, "n"), found(1, "n"), found(0, "o")]).toEqual(["one", "two", "other", null, null]);
    expect(library.stepsOf(own).map(({ ordinal }) => ordinal)).toEqual([0, 0, 0, 1, 2]);
  });

  it("is taken from another trial of the same task and epoch where its own has none", () => {
    expect([found(2), found(3)]).toEqual(["d-three", null]);
    expect([found(0, "m", trialOf("e/a/1")), found(0, "m", trialOf("e/a/2")), found(0, "m", trialOf("e/b/1"))]).toEqual(["one", "later", null]);
  });
});

describe("a step that is looked up by what came before it", () => {
  const judge = { role: "Judge", ...served("j") };
  const attempt = (answer: string, status: string) => [called(answer), patched("f", answer), ran(answer), cameTo(status)];
  const own = trialOf("c/a/1", [called("plan", { role: "Architect" })], attempt("one", "failed"), attempt("two", "passed"), [called("yes", judge)]);
  const other = trialOf("d/a/1", attempt("d-one", "failed"), attempt("d-two", "passed"), [called("no", judge)]);
  const library = libraryOf(own, other);
  const [plan = null, one = stepOf(), two = stepOf(), judged] = library.stepsOf(own);
  const found = (role: string, context: string, trial = own, model = MODEL) => answerOf(library.inContext(trial, role, model, context));

  it("is the attempt after the same plan and the same attempts", () => {
    expect(found("Implementer", contextOf(plan, []))).toBe("one");
    expect(found("Implementer", contextOf(plan, [one]))).toBe("two");
    expect(found("Implementer", contextOf(plan, [one, two]))).toBeNull();
    expect(found("Implementer", contextOf(null, []))).toBe("d-one");
    expect(found("Implementer", contextOf(plan, []), own, servedKey(served("n")))).toBeNull();
    expect(found("Architect", contextOf(plan, []))).toBeNull();
  });

  it("is the plan of a task, which nothing comes before", () => {
    expect([found("Architect", ""), found("Architect", "", other)]).toEqual(["plan", "plan"]);
    expect(found("Architect", "", trialOf("c/b/1"))).toBeNull();
  });

  it("is a judgement of the patch of the last attempt", () => {
    expect(judged?.context).toBe(reviewedPatch(two));
    expect(found("Judge", reviewedPatch(two), own, JUDGE)).toBe("yes");
    expect(found("Judge", reviewedPatch(two), other, JUDGE)).toBe("yes");
    expect(found("Judge", reviewedPatch(one), own, JUDGE)).toBeNull();
    expect(found("Judge", reviewedPatch(null), own, JUDGE)).toBeNull();
    // Of two judgements of one patch it is the first.
    const twice = trialOf("c/a/1", attempt("one", "failed"), [called("first", judge)], [called("second", judge)]);
    expect(answerOf(libraryOf(twice).inContext(twice, "Judge", JUDGE, reviewedPatch(libraryOf(twice).stepsOf(twice)[0] ?? null)))).toBe("first");
    const early = trialOf("c/a/1", [called("soon", judge)]);
    expect(answerOf(libraryOf(early).inContext(early, "Judge", JUDGE, reviewedPatch(null)))).toBe("soon");
  });
});

describe("where two trials hold the same", () => {
  it("each finds its own, and a third one the first", () => {
    const [c, d, e] = [trialOf("c/a/1", [called("c")]), trialOf("d/a/1", [called("d")]), trialOf("e/a/1", [called("e")])];
    const library = libraryOf(c, d, e);
    const start = contextOf(null, []);
    expect([c, d, e, trialOf("f/a/1")].map((trial) => answerOf(library.inContext(trial, "Implementer", MODEL, start)))).toEqual(["c", "d", "e", "c"]);
    expect([c, d, e, trialOf("f/a/1")].map((trial) => answerOf(library.byOrdinal(trial, MODEL, 0)))).toEqual(["c", "d", "e", "c"]);
  });
});

describe("the steps of a trial", () => {
  it("are those in which a model was called, each with its last try", () => {
    const own = trialOf("c/a/1", [{ type: "StageTransition" }], [called(null), called("one"), ran("t"), cameTo("failed")], [{ type: "GateDecision" }]);
    const library = libraryOf(own);
    expect(library.stepsOf(own).map(({ call, result, trial, events }) => [call.response_hash, result?.verdict.status, trial, events.length])).toEqual([
      ["one", "failed", "c/a/1", 4],
    ]);
    expect(library.stepsOf(trialOf("d/a/1"))).toEqual([]);
  });
});

describe("what a step took", () => {
  const times = (...trials: readonly TrialRecord[]) => {
    const library = libraryOf(...trials);
    return trials.map((trial) => library.stepsOf(trial).map(({ latencyMs }) => latencyMs));
  };

  it("is its calls, each try of them, and its verification", () => {
    const attempt = [called(null, { latency_ms: 20 }), called("one", { latency_ms: 3 }), ran("t"), cameTo("failed")];
    expect(times(trialOf("c/a/1", attempt, [called("judged", { role: "Judge" })]))).toEqual([[123, 10]]);
    // An answer that was no patch was never verified.
    expect(times(trialOf("c/a/1", [called("one"), cameTo("patch-rejected", { duration_ms: 0 })], [called("two"), ran("t")]))).toEqual([[10, 10]]);
  });

  it("is, where the verdict was reused, what its tree took when it was verified for that task and epoch, before or after", () => {
    const [fresh, reused] = [cameTo("failed", { duration_ms: 500 }), cameTo("failed", { reused: true, duration_ms: 0 })];
    const first = trialOf("c/a/1", [called("one"), ran("t"), reused]);
    expect(times(first, trialOf("d/a/1", [called("one"), ran("t"), fresh]))).toEqual([[510], [510]]);
    for (const other of [trialOf("d/a/2", [called("one"), ran("t"), fresh]), trialOf("d/b/1", [called("one"), ran("t"), fresh])])
      expect(times(first, other)).toEqual([[null], [510]]);
    expect(times(first, trialOf("d/a/1", [called("one"), ran("u"), fresh]))).toEqual([[null], [510]]);
  });

  it("is not known where any answer of it was used again", () => {
    const again = called("one", { answer_reused: true, latency_ms: 0 });
    expect(times(trialOf("c/a/1", [again, ran("t"), cameTo("failed")], [again, called("two"), ran("t"), cameTo("failed")]))).toEqual([[null, null]]);
  });
});
