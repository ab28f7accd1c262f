// Checks that no planted patch was taken away, and that no event makes more of a verdict than is stored.
import { describe, expect, it } from "vitest";
import { canonicalJson, sha256 } from "../../../../../src/core/base/canonical.ts";
import type { Header } from "../../../../../src/core/capsule/line.ts";
import { plantsFor } from "../../../../../src/core/capsule/plan/plant-draw.ts";
import type { EventOf, TrialEvent } from "../../../../../src/core/trial/event.ts";
import { summariseVerdict } from "../../../../../src/core/verdict/summary.ts";
import { headerOf, planting, policyWith, snapshotBlob, taskNamed, VERDICTS } from "../../../run/fakes.ts";
import { attemptEvents } from "../../router/history.ts";
import { faultOf, FIRST_ATTEMPT, plainLine, sealOf, watchOf } from "../sealed.ts";

describe("the plants of a run", () => {
  const snapshot = policyWith(planting(4));
  const own = snapshotBlob(snapshot);
  const header: Header = { ...headerOf({ tasks: [taskNamed("a"), taskNamed("c")], candidates: ["small"], snapshot }), calibration: "whole-run" };
  const drawn = plantsFor(header, snapshot.policy.gates).map(({ id }) => id);
  const events = drawn.map((id) => plainLine(id, 0));
  const seal = sealOf(header);
  const stop = (code: string, trial: string | null = null) => ({ ...plainLine(trial, 0), payload: { type: "ErrorEvent", error_code: code } as TrialEvent });
  const [last] = drawn.slice(-1);
  const missing = `the seed draws ${last ?? ""}, and it is not there`;
  const shown = { texts: [own], events: events.slice(0, -1), seal };

  it("are all there that the seed draws", () => {
    expect(drawn).toHaveLength(4);
    const whole = watchOf("plants-complete", header, { texts: [own], events, seal });
    expect([whole.end(), whole.unchecked?.()]).toEqual([null, null]);
    expect(faultOf("plants-complete", header, shown)).toBe(missing);
    expect(faultOf("plants-complete", header, { ...shown, events: [] })).toBe(`the seed draws ${drawn[0] ?? ""}, and it is not there`);
  });

  it("are not asked for before the run is sealed, nor of runs that did not record those left out", () => {
    expect(faultOf("plants-complete", header, { texts: [own], events: [] })).toBeNull();
    const older = watchOf("plants-complete", { ...header, calibration: undefined }, shown);
    expect([older.end(), older.unchecked?.()]).toEqual([null, "a run of its time did not record the plants that it left out"]);
  });

  it("are not asked for once the budget is used up, which the run's own event says", () => {
    const stopped = watchOf("plants-complete", header, { ...shown, events: [...shown.events, stop("cost-budget-spent")] });
    expect([stopped.end(), stopped.unchecked?.()]).toEqual([null, "the run's budget was used up"]);
    expect(faultOf("plants-complete", header, { ...shown, events: [...shown.events, stop("cost-budget-warning")] })).toBe(missing);
    expect(faultOf("plants-complete", header, { ...shown, events: [...shown.events, stop("cost-budget-spent", "small/fix-a/1")] })).toBe(missing);
    expect(faultOf("plants-complete", header, { ...shown, events: [...shown.events, plainLine(null, 0)] })).toBe(missing);
  });

  it("can't be drawn where the policy is not there or does not say how many", () => {
    const unread = (texts: readonly { sha256: string; text: string }[]) => {
      const watch = watchOf("plants-complete", header, { ...shown, texts });
      return [watch.end(), watch.unchecked?.()];
    };
    const why = [null, "the policy can't be read"];
    const says = (gates: object) => [{ sha256: own.sha256, text: canonicalJson({ policy: { gates } }) }];
    expect(unread([])).toEqual(why);
    expect(unread([{ ...own, sha256: sha256("other") }])).toEqual(why);
    expect(unread(says({ calibration_plants: 4 }))).toEqual(why);
    expect(unread(says({ reflex_promotion: { min_epochs: 1 } }))).toEqual(why);
    expect(unread(says({ calibration_plants: "4", reflex_promotion: { min_epochs: 1 } }))).toEqual(why);
    expect(unread(says({ calibration_plants: 4, reflex_promotion: { min_epochs: 1 } }))).toEqual([missing, null]);
  });

  it("are trials of calibration: no other of that name stands for one", () => {
    const renamed = [...shown.events, plainLine(`x${last ?? ""}`, 0)];
    expect(faultOf("plants-complete", header, { ...shown, events: renamed })).toBe(missing);
  });
});

describe("a verdict", () => {
  const header = headerOf({ tasks: [taskNamed("a")], candidates: ["small"] });
  const verdict = VERDICTS["failed"];
  if (!verdict) throw new Error("no verdict");
  const stored = { sha256: sha256("verdict"), text: canonicalJson(verdict) };
  const [, , result] = attemptEvents(FIRST_ATTEMPT, "failed");
  const told = (change: Partial<EventOf<"ToolResult">> = {}) => ({
    ...plainLine(null, 0),
    uri: "e",
    payload: { ...result, verdict: summariseVerdict(verdict), success: false, output_hash: stored.sha256, ...change } as TrialEvent,
  });
  const watch = (texts: readonly { sha256: string; text: string; start?: string }[], events = [told()]) => {
    const shown = watchOf("verdicts-fit", header, { texts, events });
    return [shown.end(), shown.unchecked?.()];
  };

  it("is told as it is stored", () => {
    expect(watch([stored])).toEqual([null, null]);
    expect(watch([{ ...stored, start: "{" }])).toEqual([null, null]);
    expect(watch([stored], [told({ success: true })])[0]).toBe("event e says failed, and the verdict stored in full says failed, with other facts");
    const passed = told({ success: true, verdict: { ...summariseVerdict(verdict), status: "passed" } });
    expect(watch([stored], [passed])[0]).toBe("event e says passed, and the verdict stored in full says failed");
  });

  it("is no other text: neither the policy nor what is no table", () => {
    const no = "what is stored as the verdict of e is no verdict";
    expect(watch([{ ...stored, text: "[]" }])[0]).toBe(no);
    expect(watch([{ ...stored, text: "{}" }])[0]).toBe(no);
    expect(watch([{ ...stored, text: snapshotBlob(policyWith()).text }])[0]).toBe(no);
    // Only a text that begins like a table is read.
    expect(watch([{ ...stored, start: "fn main" }])[0]).toBe(no);
    expect(watch([{ ...stored, start: '{"candidates":[' }])[0]).toBe(no);
  });

  it("that is not stored is told missing, and that there is none is told too", () => {
    expect(watch([])).toEqual([null, "no verdict is stored in full: 1 are missing"]);
    expect(watch([], [told(), told()])).toEqual([null, "no verdict is stored in full: 2 are missing"]);
    expect(watch([stored], [])).toEqual([null, "there is no verdict"]);
    expect(watch([stored], [plainLine(null, 0)])).toEqual([null, "there is no verdict"]);
    expect(watch([stored], [told({ output_hash: sha256("gone") }), told()])).toEqual([null, null]);
  });
});
