// What a run recorded of verdicts that its coordinator worked out again.
import { expect, it } from "vitest";
import { recheckFaults } from "../../../../src/core/capsule/rechecked.ts";
import type { EventOf } from "../../../../src/core/trial/event.ts";

const error = (code: string, message: string): { readonly payload: EventOf<"ErrorEvent"> } => ({
  payload: { type: "ErrorEvent", error_code: code, message } as EventOf<"ErrorEvent">,
});

it("is a sentence for each verdict that did not come out again, in order, and nothing of other errors and events", () => {
  const signal = { payload: { ...error("recheck-disagreed", "no error").payload, type: "CounterSignal" } } as never;
  expect(recheckFaults([error("recheck-disagreed", "first"), error("server-gone", "another"), signal, error("recheck-disagreed", "second")])).toEqual([
    "first",
    "second",
  ]);
  expect(recheckFaults([])).toEqual([]);
});
