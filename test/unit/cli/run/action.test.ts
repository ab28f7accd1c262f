// From the flags of `run` to what is asked of a session, and the combinations that are refused.
import { describe, expect, it } from "vitest";
import { sessionRequest, untilDecidedRequest } from "../../../../src/cli/run/action.ts";
import { optionsOf } from "./options.ts";

const DEFAULT = "policy/model_policy.toml";

describe("the flags of run", () => {
  it("are a session with the usual values where none is given", () => {
    expect(sessionRequest(optionsOf(), DEFAULT)).toEqual({
      suite: null,
      policySources: { policyFile: DEFAULT, specFile: null, overrides: [] },
      candidates: null,
      epochs: 1,
      limit: null,
      tasks: null,
      concurrency: null,
      capability: false,
      seed: 1,
      registration: null,
      requiredSandbox: null,
      resume: null,
      diagnosisOf: null,
      overrideBudget: false,
      keyFile: null,
      reportFolder: null,
      otlp: null,
    });
  });

  it("use earlier answers only in a run of this process that no gate will look at", () => {
    expect(sessionRequest(optionsOf({ answerCache: "answers" }), DEFAULT).answerCache).toBe("answers");
    expect(sessionRequest(optionsOf({ answerCache: "answers", serve: true, resume: "x" }), DEFAULT)).toMatchObject({ answerCache: "answers", resume: "x" });
    for (const facts of [{ queue: "redis://127.0.0.1:6379" }, { registration: "x.json" }])
      expect(() => sessionRequest(optionsOf({ answerCache: "answers", ...facts }), DEFAULT), JSON.stringify(facts)).toThrow(
        expect.objectContaining({ code: "usage" }),
      );
    expect(() => untilDecidedRequest(optionsOf({ answerCache: "answers", untilDecided: true, candidate: "c" }), DEFAULT)).toThrow(
      expect.objectContaining({ code: "usage" }),
    );
  });

  it("take the tasks of a file beside those that are named", () => {
    expect(sessionRequest(optionsOf({ task: ["a"], taskFrom: "tasks.txt" }), DEFAULT, ["b", "c"]).tasks).toEqual(["a", "b", "c"]);
    expect(sessionRequest(optionsOf({ taskFrom: "tasks.txt" }), DEFAULT, ["b"]).tasks).toEqual(["b"]);
  });

  it("refuse what belongs to --until-decided, with the flag that was probably meant", () => {
    for (const facts of [{ candidate: "x" }, { incumbent: "x" }, { trust: ["x"] }])
      expect(() => sessionRequest(optionsOf(facts), DEFAULT)).toThrow(expect.objectContaining({ code: "usage", hint: "did you mean --candidates?" }));
  });

  it("begin a run under what was registered, with --until-decided or without", () => {
    expect(sessionRequest(optionsOf({ registration: "x.json" }), DEFAULT).registration).toBe("x.json");
    expect(untilDecidedRequest(optionsOf({ candidate: "c", registration: "x.json" }), DEFAULT).registration).toBe("x.json");
  });

  it("take the policy of a revision, which a branch can't change", () => {
    expect(sessionRequest(optionsOf({ policyFrom: "origin/main" }), DEFAULT).policySources).toMatchObject({ policyFile: DEFAULT, revision: "origin/main" });
  });

  it("refuse overrides that were not allowed", () => {
    expect(() => sessionRequest(optionsOf({ set: ["a=1"] }), DEFAULT)).toThrow(expect.objectContaining({ code: "usage" }));
    expect(sessionRequest(optionsOf({ set: ["a=1"], allowOverride: true }), DEFAULT).policySources.overrides).toEqual(["a=1"]);
  });
});

describe("the flags of run --until-decided", () => {
  it("need a candidate, and leave tasks, candidates and report folders to the batches", () => {
    expect(() => untilDecidedRequest(optionsOf(), DEFAULT)).toThrow(expect.objectContaining({ code: "usage" }));
    for (const facts of [{ resume: "x" }, { failedOf: "x" }, { task: ["x"] }, { taskFrom: "x" }, { limit: 1 }, { candidates: ["x"] }, { out: "x" }])
      expect(() => untilDecidedRequest(optionsOf({ candidate: "c", ...facts }), DEFAULT), JSON.stringify(facts)).toThrow(
        expect.objectContaining({ code: "usage" }),
      );
  });

  it("leave the repeats and the incumbent to the policy where none is named", () => {
    expect(untilDecidedRequest(optionsOf({ candidate: "c" }), DEFAULT)).toMatchObject({ candidate: "c", incumbent: null, epochs: null, looks: 4 });
    expect(untilDecidedRequest(optionsOf({ candidate: "c", epochs: 5, incumbent: "i" }), DEFAULT)).toMatchObject({ epochs: 5, incumbent: "i" });
  });
});
