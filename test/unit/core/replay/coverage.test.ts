// What an audit can and can't see: every member of every kind of event is changed, with all hashes made to fit.
import { expect, it } from "vitest";
import { sha256 } from "../../../../src/core/base/canonical.ts";
import { BakeoffError } from "../../../../src/core/base/errors.ts";
import { BEYOND_PROOF } from "../../../../src/core/capsule/proof/beyond-proof.ts";
import { LATE_SEQ } from "../../../../src/core/capsule/line.ts";
import { goodScript, policyWith, type Script, taskNamed } from "../../run/fakes.ts";
import { recorded, type Recorded, replayOf } from "./recorded.ts";

/** One of its answers is that of an earlier call. */
const script: Script = async (request, provider) => ({ ...(await goodScript(request, provider)), ...(request.purpose === "critique" ? { reused: true } : {}) });

const run = await recorded(
  { script, tasks: [taskNamed("a")], candidates: ["small", "other"], snapshot: policyWith((policy) => void (policy.tier2.enabled = true)) },
  { notebook: { port: { ask: async () => ({ outcome: "answered", text: "Mind the sum.", totalMs: 3 }) } } },
);

function changed(value: unknown): unknown {
  if (typeof value === "string") return /^[0-9a-f]{64}$/.test(value) ? sha256(value) : `${value}x`;
  if (typeof value === "number") return value + 1;
  return typeof value === "boolean" ? !value : value === null ? "there" : {};
}

/** The same run with one member of one event changed. */
function withMember(index: number, key: string): Recorded {
  const events = run.events.map((line, at) => {
    if (at !== index) return line;
    const payload = structuredClone(line.payload) as unknown as Record<string, unknown>;
    payload[key] = changed(payload[key]);
    return { ...line, payload: payload as unknown as typeof line.payload };
  });
  return { ...run, events };
}

/** A history that does not even fit together is refused as damaged. */
function isFound(changedRun: Recorded): boolean {
  try {
    return replayOf(changedRun).findings.length > 0;
  } catch (error) {
    if (error instanceof BakeoffError && error.code === "integrity") return true;
    throw error;
  }
}

it("sees a change of every member that something else in the record vouches for", () => {
  const trial = run.events.find((line) => line.trial !== null)?.trial;
  const unseen = new Set<string>();
  const seen = new Set<string>();
  for (const [index, { payload, trial: own, seq }] of run.events.entries()) {
    if (own !== trial && seq < LATE_SEQ) continue;
    for (const key of Object.keys(payload)) {
      if (key === "type" || seen.has(`${payload.type}.${key}`)) continue;
      (isFound(withMember(index, key)) ? seen : unseen).add(`${payload.type}.${key}`);
    }
  }
  expect([...unseen].filter((name) => !seen.has(name)).toSorted()).toEqual(BEYOND_PROOF.payload);
  expect(seen.size).toBeGreaterThan(50);
}, 30_000);
