// What nothing in a capsule, its suite and its policy vouches for: every member of header, envelope and seal is changed, with all hashes made to fit.
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { BakeoffError } from "../../../../../src/core/base/errors.ts";
import { BEYOND_PROOF } from "../../../../../src/core/capsule/proof/beyond-proof.ts";
import { headerFaults, playerFaults } from "../../../../../src/core/capsule/plan/header-fit.ts";
import {
  closeSeal,
  eventLine,
  type EventLine,
  header as headerSchema,
  type Header,
  lineText,
  seal as sealSchema,
} from "../../../../../src/core/capsule/line.ts";
import { openAudit } from "../../../../../src/core/capsule/verify.ts";
import { gateWorld } from "../../../app/gate/world.ts";
import { MADE_SUITE, type MadeRun, madeRun, resealed } from "../../../app/gate/made-run.ts";
import { writtenLine } from "../../../run/written-line.ts";
import { replayOf } from "../../replay/recorded.ts";

// Some plants are enough: each makes events of every kind that a plant has.
const { snapshot } = gateWorld({ policy: (text) => text.replace(/calibration_plants = \d+/, "calibration_plants = 4") });
const run = await madeRun({
  runId: "run-1",
  snapshot,
  passes: { "new-model": 24, "gpt-oss-20b": 1 },
  header: {
    created_at: "2026-11-21T12:00:00.000Z",
    left_out: [{ name: "other", reason: "its server does not answer", start: "start it" }],
    warnings: ["a warning"],
    registration: { sha256: "0".repeat(64) },
    turns: [["new-model"], ["gpt-oss-20b"]],
    turn_blocks: 2,
  },
  size: { epochs: 1, limit: 2 },
});

/** Members that this run did not write, and what they might hold. */
const UNWRITTEN: Readonly<Record<string, unknown>> = {
  "policy.loaded": "last-good",
  "policy.signature": "valid",
  "policy.signature_hash": "1".repeat(64),
  "draw.tasks": ["task-00"],
  diagnosis_of: "run-0",
  answer_cache: true,
  external: { agent: "somebody", patches: "1".repeat(64) },
};

/** What members hold that may only hold one of a few words: another of them is as well formed. */
const WORDS: ReadonlySet<string> = new Set(
  [...JSON.stringify(z.toJSONSchema(headerSchema, { unrepresentable: "any" })).matchAll(/"enum":(\[[^\]]*\])/g)].flatMap(
    ([, words = "[]"]) => JSON.parse(words) as readonly string[],
  ),
);

/** What somebody might write in a value's place. */
function others(value: unknown): readonly unknown[] {
  if (typeof value === "string") {
    if (/^[0-9a-f]{64}$/.test(value)) return [`${value.slice(1)}0`];
    const time = Date.parse(value);
    return /^\d{4}-\d\d-\d\dT/.test(value) && !Number.isNaN(time) ? [1, -1].map((by) => new Date(time + by).toISOString()) : [`${value}x`];
  }
  if (typeof value === "number") return [value + 1];
  return typeof value === "boolean" ? [!value] : ["there"];
}

/** The same for what `changes` leaves: members that are taken away, and words for others of their kind. */
function omissions(value: unknown, name: string, put: (other: unknown) => unknown): readonly Change[] {
  if (Array.isArray(value)) return value.length === 0 ? [] : omissions(value[0], `${name}[]`, (other) => put([other, ...value.slice(1)]));
  if (typeof value === "string" && WORDS.has(value)) return [{ name, made: [...WORDS].filter((word) => word !== value).map(put) }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, own]) => {
    const member = name === "" ? key : `${name}.${key}`;
    const without = Object.fromEntries(Object.entries(value).filter(([other]) => other !== key));
    return [{ name: member, made: [put(without)] }, ...omissions(own, member, (other) => put({ ...value, [key]: other }))];
  });
}

interface Change {
  readonly name: string;
  /** Whole documents, each with another value there. */
  readonly made: readonly unknown[];
}

/** Every member, however deep; of a list the first element stands for all, and one less for its length. */
function changes(value: unknown, name: string, put: (other: unknown) => unknown): readonly Change[] {
  if (Array.isArray(value)) {
    const first = value.length === 0 ? [] : changes(value[0], `${name}[]`, (other) => put([other, ...value.slice(1)]));
    return [{ name, made: [put(value.length === 0 ? ["there"] : value.slice(0, -1))] }, ...first];
  }
  if (typeof value !== "object" || value === null) return [{ name, made: others(value).map(put) }];
  return Object.entries(value).flatMap(([key, own]) => changes(own, name === "" ? key : `${name}.${key}`, (other) => put({ ...value, [key]: other })));
}

/** `capsuleFaults`, with the texts of unchanged events written once for all changes. */
function hasFault({ header, blobs, events, seal }: MadeRun): boolean {
  const audit = openAudit(header, lineText(header));
  for (const text of blobs) audit.text(text);
  for (const line of events) audit.event(line, writtenLine(line));
  audit.seal(seal);
  return audit.faults().length > 0;
}

function isFound(changed: MadeRun): boolean {
  const { header } = changed;
  if (hasFault(changed)) return true;
  if (header.suite.root !== MADE_SUITE.root || headerFaults(header, MADE_SUITE).length > 0 || playerFaults(header, snapshot).length > 0) return true;
  try {
    return replayOf({ ...changed, blobs: changed.texts, suite: MADE_SUITE }).findings.length > 0;
  } catch (error) {
    if (error instanceof BakeoffError && error.code === "integrity") return true;
    throw error;
  }
}

/** The names of which a change goes unseen, where the format allows it at all. */
function unseen(all: readonly Change[], runOf: (made: never) => MadeRun, isWritten: (made: unknown) => boolean): readonly string[] {
  const names = all.filter(({ made }) => made.some((one) => isWritten(one) && !isFound(runOf(one as never)))).map(({ name }) => name);
  return [...new Set(names)].toSorted();
}

const withHeader = (header: Header): MadeRun =>
  resealed({ ...run, header, seal: { ...run.seal, run_id: header.run_id, suite_root: header.suite.root, policy_hash: header.policy.hash } });

describe("a run that nobody changed", () => {
  it("shows nothing", () => {
    expect(isFound(run)).toBe(false);
  });
});

describe("what nothing vouches for is listed", { timeout: 180_000 }, () => {
  it("of a header", () => {
    const written = [...changes(run.header, "", (other) => other), ...omissions(run.header, "", (other) => other)];
    const names = new Set(written.map(({ name }) => name.split(/[.[]/)[0]));
    expect(Object.keys(headerSchema.shape).filter((name) => !names.has(name) && UNWRITTEN[name] === undefined)).toEqual([]);
    const more = Object.entries(UNWRITTEN).map(([name, value]) => {
      const [outer = "", inner] = name.split(".");
      const own = run.header[outer as keyof Header];
      return { name, made: [{ ...run.header, [outer]: inner === undefined ? value : { ...(own as object), [inner]: value } }] };
    });
    expect(unseen([...written, ...more], withHeader, (made) => headerSchema.safeParse(made).success)).toEqual(BEYOND_PROOF.header);
  });

  it("of an event's envelope", () => {
    const found = new Map<string, boolean>();
    const seen = new Set<string>();
    for (const [index, { payload, ...envelope }] of run.events.entries()) {
      if (seen.has(payload.type)) continue;
      seen.add(payload.type);
      const put = (line: EventLine): MadeRun => resealed({ ...run, events: run.events.map((own, at) => (at === index ? line : own)) });
      const all = changes(envelope, "", (other) => ({ ...(other as object), payload }));
      const names = new Set(unseen(all, put, (made) => eventLine.safeParse(made).success));
      for (const { name } of all) found.set(name, (found.get(name) ?? false) || names.has(name));
    }
    expect([...found.keys(), "payload"].toSorted()).toEqual(Object.keys(eventLine.shape).toSorted());
    expect([...found].flatMap(([name, isUnseen]) => (isUnseen ? [name] : [])).toSorted()).toEqual(BEYOND_PROOF.event);
  });

  it("of a seal", () => {
    const { seal_hash: _, ...facts } = run.seal;
    const all = changes(facts, "", (other) => other);
    expect([...all.map(({ name }) => name), "seal_hash"].toSorted()).toEqual(Object.keys(sealSchema.shape).toSorted());
    const put = (changed: typeof facts): MadeRun => ({ ...run, seal: closeSeal(changed) });
    expect(unseen(all, put, (made) => sealSchema.safeParse({ ...(made as object), seal_hash: "0".repeat(64) }).success)).toEqual(BEYOND_PROOF.seal);
  });
});
