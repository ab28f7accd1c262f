import { describe, expect, it } from "vitest";
import { draftMutantTask, mutantDropReason, signatureOf } from "../../../../src/core/mutation/draft.ts";
import { editOf } from "../../../../src/core/mutation/mutant.ts";
import { type MutantOutcome, outcomeOf, readOutcome } from "../../../../src/core/mutation/outcome.ts";
import { taskSchema } from "../../../../src/core/suite/schema.ts";
import { mutantsOf } from "./rust.ts";

const SOURCE = "pub fn wide_enough(width: u32) -> bool {\n    width >= 10\n}\n";
const [mutant] = mutantsOf(SOURCE, "boundary");
if (!mutant) throw new Error("no mutant");

const outcome = (facts: Partial<MutantOutcome>): MutantOutcome => ({
  format: 1,
  status: "failed",
  codes: [],
  errors: [],
  failed: [],
  detail: "",
  compileMs: 1,
  testMs: 1,
  ...facts,
});
const failing = (id: string, heldOut: boolean, output = "") => ({ id, heldOut, output });
const PANIC = "thread 'tests::a' panicked at src/lib.rs:9:9:\nassertion `left == right` failed\n  left: true\n right: false\nnote: run with\n";

const both = outcome({ failed: [failing("c/lib/tests::heldout::b", true), failing("c/lib/tests::a", false, PANIC)] });
const refused = outcome({
  status: "compile-error",
  codes: ["E0308"],
  errors: [{ code: "E0308", message: "expected `wide_enough_value(width)`", path: "src/lib.rs", line: 2 }],
});
const draft = (of: MutantOutcome, answer = ">=") =>
  draftMutantTask({
    mutant,
    outcome: of,
    coverage: { visible: ["c/lib/tests::a"], heldOut: ["c/lib/tests::heldout::b"] },
    edit: editOf("src/lib.rs", SOURCE, mutant.change),
    answer,
  });

describe("what makes a task", () => {
  it.each([
    [outcome({ status: "passed" }), "survived"],
    [outcome({ status: "timeout" }), "timeout"],
    [outcome({ status: "tampered" }), "tampered"],
    [outcome({ status: "compile-error", codes: ["E0308"] }), "unseen"],
    [outcome({ failed: [failing("a", false)] }), "not-held-out"],
    [outcome({ failed: [failing("a", true)] }), "only-held-out"],
    [both, null],
    [refused, null],
  ] as const)("%#: an outcome is dropped with its reason, or kept", (of, reason) => {
    expect(mutantDropReason(of)).toBe(reason);
  });

  it("is written in the suite's own form, with exactly the tests that fail", () => {
    const task = draft(both);
    expect(taskSchema.safeParse(task).success).toBe(true);
    expect([task.kind, task.fail_to_pass, task.held_out, task.risk]).toEqual(["test", ["c/lib/tests::a"], ["c/lib/tests::heldout::b"], "low"]);
    expect(task.id).toBe(`lib-wide-enough-${mutant.key.slice(0, 8)}`);
    expect(taskSchema.safeParse(draft(refused)).success).toBe(true);
  });

  it("tells what failed and never what held-out tests said", () => {
    expect(draft(both).instruction).toContain("assertion `left == right` failed; left: true; right: false");
    expect(draft(both).instruction).not.toContain("heldout");
    expect(draft(refused).instruction).toContain("error[E0308]");
  });

  it("keeps quiet where the message holds the answer", () => {
    const told = draft(refused, "wide_enough_value(width)").instruction;
    expect(told).not.toContain("wide_enough_value");
    expect(told).toContain("src/lib.rs");
  });

  it("differs by what fails and where", () => {
    expect(signatureOf(mutant, both)).not.toBe(signatureOf(mutant, refused));
    expect(signatureOf(mutant, both)).toBe(signatureOf(mutant, { ...both, testMs: 900 }));
  });
});

describe("a kept outcome", () => {
  it("is read back as it was, and refused when damaged", () => {
    const kept = outcomeOf(
      {
        status: "failed",
        tests: [
          { id: "a", status: "failed", heldOut: false, output: "x\ud800" },
          { id: "b", status: "passed", heldOut: false, output: "" },
        ],
      },
      { checkMs: 1, testMs: 2 },
    );
    expect(kept.failed).toEqual([{ id: "a", heldOut: false, output: "x\ufffd" }]);
    expect(readOutcome(JSON.stringify(kept))).toEqual(kept);
    expect([readOutcome("{"), readOutcome("{}"), readOutcome(JSON.stringify({ ...kept, format: 2 }))]).toEqual([null, null, null]);
  });
});
