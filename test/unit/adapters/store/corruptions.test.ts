// Thousands of seeded corruptions of a small sealed capsule: each is detected and named, none crashes, hangs or fills the memory.
import { generateKeyPairSync } from "node:crypto";
import { deflateSync, inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { CapsuleScan } from "../../../../src/adapters/capsules/scan.ts";
import { LineSplitter } from "../../../../src/adapters/capsules/lines.ts";
import { encodeBlob } from "../../../../src/adapters/capsules/journal/journal.ts";
import { canonicalJson, hashOf, merkleRoot, sha256 } from "../../../../src/core/base/canonical.ts";
import { newSigningKey, signStatement } from "../../../../src/core/base/dsse.ts";
import { createRandom } from "../../../../src/core/base/random.ts";
import { CapsuleFault, READING_FAULTS } from "../../../../src/core/capsule/fault.ts";
import { type Header, lineText, type Seal } from "../../../../src/core/capsule/line.ts";
import { isKept } from "../../../../src/core/capsule/keep-rule.ts";
import { capsuleStatement, judgeSignature } from "../../../../src/core/capsule/proof/statement.ts";
import { dataHash } from "../../../../src/core/capsule/proof/text-root.ts";
import { type CapsuleAudit, CAPSULE_CHECKS, openAudit } from "../../../../src/core/capsule/verify.ts";
import { runBakeoff } from "../../../../src/app/run/bakeoff.ts";
import { draws } from "../../../setup/sample.ts";
import { headerOf, memoryJournal, optionsFor, policyWith, snapshotBlob, taskNamed } from "../../run/fakes.ts";

/** A sealed capsule as the real recorder and the real order make it, in memory. */
async function sealedLines(task: string): Promise<string[]> {
  const snapshot = policyWith();
  const sketch = { tasks: [taskNamed(task)], candidates: ["small"], snapshot };
  const header = headerOf(sketch);
  const journal = memoryJournal(header);
  const own = snapshotBlob(snapshot);
  journal.blobs.set(own.sha256, own.text);
  await runBakeoff(optionsFor(sketch, journal));
  const [end] = journal.sealed;
  if (!end) throw new Error("the run was not sealed");
  const blobs = [...journal.blobs].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([hash, text]) => encodeBlob(hash, text));
  return [lineText(header), ...blobs, ...end.events.map(lineText), lineText(end.seal)];
}

const lines = await sealedLines("a");
const foreign = await sealedLines("c");
const whole = Buffer.from(joined(lines));

function joined(some: readonly string[]): string {
  return some.map((line) => `${line}\n`).join("");
}

interface Told {
  readonly faults: readonly string[];
  readonly header: Header | null;
  readonly seal: Seal | null;
}

/** What reading and checking these bytes finds. Anything thrown that is not a named fault is thrown on. */
function told(bytes: Buffer): Told {
  const seen: { audit: CapsuleAudit | null; header: Header | null; seal: Seal | null } = { audit: null, header: null, seal: null };
  const scan = new CapsuleScan("corrupted", {
    header: (header, text) => Object.assign(seen, { header, audit: openAudit(header, text) }),
    blob: (blob) => seen.audit?.text(blob),
    withheld: (line) => seen.audit?.withheld(line),
    event: (line, text) => seen.audit?.event(line, text),
    seal: (seal) => {
      seen.seal = seal;
      seen.audit?.seal(seal);
    },
  });
  const cutter = new LineSplitter("corrupted");
  try {
    for (const line of cutter.take(bytes)) scan.take(line, cutter.place);
    const { sealed } = scan.end();
    const torn = sealed && cutter.isTorn ? ["after-seal"] : [];
    return { ...seen, faults: [...torn, ...(seen.audit?.faults() ?? []).map(({ check }) => check)] };
  } catch (error) {
    if (error instanceof CapsuleFault) return { ...seen, faults: [error.fault] };
    throw error;
  }
}

const snapshotHash = (JSON.parse(lines[0] ?? "") as Header).policy.snapshot_hash;
const { count: CORRUPTIONS, seed } = draws("twenty thousand", { whole: 20_000, part: 400 });
const random = createRandom(seed);
const some = (): number => random.int(lines.length);
const first = (kind: string): number => lines.findIndex((line) => line.includes(`"kind":"${kind}"`));
const eventsFrom = first("event");

/** As someone would who knows the format: every hash made to fit what was changed. */
function resealed(changed: readonly string[]): string[] {
  const events = changed.filter((line) => line.includes('"kind":"event"'));
  const blobs = changed.filter((line) => line.includes('"kind":"blob"'));
  const { seal_hash: _, ...seal } = JSON.parse(lines.at(-1) ?? "") as Record<string, unknown>;
  const facts = { ...seal, merkle_root: merkleRoot(events), header_hash: sha256(changed[0] ?? ""), events: events.length, blobs: blobs.length };
  return [...changed.slice(0, -1), canonicalJson({ ...facts, seal_hash: hashOf(facts) })];
}

type Json = Record<string, unknown>;

/** Changes one member of a line, however deep, to another value of its kind. */
function edited(line: string): string {
  const value = JSON.parse(line) as Json;
  let [at, keys] = [value, Object.keys(value)];
  for (;;) {
    const key = random.pick(keys);
    const member = at[key];
    if (typeof member === "object" && member !== null && Object.keys(member).length > 0) {
      at = member as Json;
      keys = Object.keys(at);
      continue;
    }
    at[key] = typeof member === "number" ? member + 1 : typeof member === "boolean" ? !member : typeof member === "string" ? `${member}x` : "there";
    return canonicalJson(value);
  }
}

const bombs = [70_000_000, 200_000_000].map((size) => {
  const data = deflateSync(Buffer.alloc(size), { level: 9 }).toString("base64");
  return canonicalJson({ kind: "blob", sha256: sha256(`bomb ${size}`), encoding: "deflate+base64", data });
});

/** The stored texts, and each one's line in a safe export of the run. */
const texts = lines.filter((line) => line.includes('"kind":"blob"')).map((line) => ({ line, ...storedIn(line) }));
const ownHeader = JSON.parse(lines[0] ?? "") as Header;
const exported = lines.map((line) => {
  const stored = texts.find((one) => one.line === line);
  return stored === undefined || isKept(stored, ownHeader) ? line : canonicalJson(leftOut(stored));
});

function leftOut({ sha256: hash, text, data }: ReturnType<typeof storedIn>) {
  return { kind: "withheld", sha256: hash, bytes: Buffer.byteLength(text), data_sha256: dataHash(data) };
}

function storedIn(line: string): { readonly sha256: string; readonly text: string; readonly data: string } {
  const { data, sha256: hash } = JSON.parse(line) as { readonly data: string; readonly sha256: string };
  return { sha256: hash, data, text: inflateSync(Buffer.from(data, "base64")).toString("utf8") };
}

/** The file with a text stored in another way. */
function withText(text: string, data: string): string {
  const at = lines.findIndex((line) => line.includes(`"${sha256(text)}"`) && line.includes('"kind":"blob"'));
  return joined(lines.with(at, canonicalJson({ ...(JSON.parse(lines[at] ?? "") as Json), data })));
}

const splice = (from: number, drop: number, piece = ""): Buffer => Buffer.concat([whole.subarray(0, from), Buffer.from(piece), whole.subarray(from + drop)]);

/** Kinds of corruption, each with how often it is drawn of 1000. */
const KINDS: readonly (readonly [name: string, share: number, make: () => Buffer | string])[] = [
  [
    "bit flips",
    250,
    () => {
      const copy = Buffer.from(whole);
      for (let count = 1 + random.int(4); count > 0; count -= 1) {
        const place = random.int(copy.length);
        copy[place] = (copy[place] ?? 0) ^ (1 << random.int(8));
      }
      return copy;
    },
  ],
  ["truncation", 100, () => whole.subarray(0, random.int(whole.length))],
  ["dropped bytes", 60, () => splice(random.int(whole.length), 1 + random.int(300))],
  ["inserted bytes", 60, () => splice(random.int(whole.length), 0, random.pick(["\n", "\u0000", "}", '"', "\\", "\r", "1", " ", "\u2028", "{}"]))],
  ["dropped lines", 60, () => joined(lines.toSpliced(some(), 1 + random.int(3)))],
  ["doubled lines", 50, () => joined(lines.toSpliced(some(), 0, lines[some()] ?? ""))],
  [
    "swapped lines",
    60,
    () => {
      const [a, b] = [some(), some()];
      return joined(lines.with(a, lines[b] ?? "").with(b, lines[a] ?? ""));
    },
  ],
  ["lines of another run", 50, () => joined(lines.toSpliced(some(), random.int(2), random.pick(foreign)))],
  [
    "edited members, not re-hashed",
    60,
    () => {
      const at = some();
      return joined(lines[at]?.includes('"kind":"blob"') ? lines.toSpliced(at, 1) : lines.with(at, edited(lines[at] ?? "")));
    },
  ],
  ["dropped events, re-hashed", 40, () => joined(resealed(lines.toSpliced(eventsFrom + random.int(lines.length - eventsFrom - 1), 1)))],
  [
    "re-ordered events, re-hashed",
    40,
    () => {
      const at = eventsFrom + random.int(lines.length - eventsFrom - 2);
      return joined(resealed(lines.with(at, lines[at + 1] ?? "").with(at + 1, lines[at] ?? "")));
    },
  ],
  [
    "doubled events, re-hashed",
    30,
    () => {
      const at = eventsFrom + random.int(lines.length - eventsFrom - 1);
      return joined(resealed(lines.toSpliced(at, 0, lines[at] ?? "")));
    },
  ],
  ["dropped texts, re-hashed policy", 20, () => joined(resealed(lines.filter((line) => !line.includes(snapshotHash) || !line.includes('"kind":"blob"'))))],
  ["forged seals", 20, () => joined([...lines.slice(0, -1), edited(lines.at(-1) ?? "")])],
  [
    "texts in another deflated form",
    30,
    () => {
      const { text, data } = random.pick(texts);
      const forms = Array.from({ length: 10 }, (_, level) => deflateSync(text, { level }).toString("base64")).filter((form) => form !== data);
      return withText(text, random.pick(forms));
    },
  ],
  [
    "bytes after a text's end",
    30,
    () => {
      const { text, data } = random.pick(texts);
      const more = Buffer.from(Array.from({ length: 1 + random.int(8) }, () => random.int(256)));
      return withText(text, Buffer.concat([Buffer.from(data, "base64"), more]).toString("base64"));
    },
  ],
  [
    "wrong sizes of what was left out",
    30,
    () => {
      const left = exported.flatMap((line, index) => (line.includes('"kind":"withheld"') ? [index] : []));
      const at = random.pick(left);
      const line = JSON.parse(exported[at] ?? "") as Json & { bytes: number };
      return joined(
        exported.with(at, canonicalJson({ ...line, bytes: random.pick([0, line.bytes - 1, line.bytes + 1, line.bytes * 10, random.int(100_000) + 100_000]) })),
      );
    },
  ],
  ["a newer format", 10, () => joined(lines.with(0, canonicalJson({ ...(JSON.parse(lines[0] ?? "") as Json), format: 2 + random.int(90) })))],
];

const deck = KINDS.flatMap((kind) => Array.from({ length: kind[1] }, () => kind));
const NAMES: ReadonlySet<string> = new Set([...READING_FAULTS.map(({ name }) => name), ...CAPSULE_CHECKS.map(({ name }) => name)]);

describe("a sealed capsule", () => {
  it("verifies as it is, and as a safe export", () => {
    expect(told(whole).faults).toEqual([]);
    expect(exported).not.toEqual(lines);
    expect(told(Buffer.from(joined(exported))).faults).toEqual([]);
  });

  it("is not inflated further than any text of ours, whatever a text grows to", () => {
    const before = process.memoryUsage.rss();
    for (const bomb of bombs) expect(told(Buffer.from(joined([lines[0] ?? "", bomb, ...lines.slice(1)]))).faults).toEqual(["text-encoding"]);
    expect(process.memoryUsage.rss() - before).toBeLessThan(400_000_000);
  });

  it("holds nothing after the end of a deflated text, where no hash would see it", () => {
    const at = first("blob");
    const { data, ...blob } = JSON.parse(lines[at] ?? "") as Json & { data: string };
    const longer = Buffer.concat([Buffer.from(data, "base64"), Buffer.from("a secret")]).toString("base64");
    expect(told(Buffer.from(joined(lines.with(at, canonicalJson({ ...blob, data: longer }))))).faults).toEqual(["text-encoding"]);
  });

  it(`never verifies after any of ${CORRUPTIONS} corruptions, and every one is named`, () => {
    const found = new Map<string, number>();
    let made = 0;
    const before = process.memoryUsage.rss();
    while (made < CORRUPTIONS) {
      const [kind, , make] = random.pick(deck);
      const bytes = Buffer.from(make());
      if (bytes.equals(whole)) continue;
      made += 1;
      const { faults } = told(bytes);
      if (faults.length === 0) expect.unreachable(`${kind} number ${made} verifies`);
      for (const fault of faults) {
        if (!NAMES.has(fault)) expect.unreachable(`${kind}: ${fault} is no name`);
        found.set(fault, (found.get(fault) ?? 0) + 1);
      }
    }
    expect(found.size).toBeGreaterThan(15);
    expect(process.memoryUsage.rss() - before).toBeLessThan(600_000_000);
  }, 1_800_000);
});

describe("what a signature is worth", () => {
  const { header, seal } = told(whole);
  if (!header || !seal) throw new Error("it has no seal");
  const { key } = newSigningKey();
  const fileHash = sha256(whole);
  const facts = { header, seal, fileHash, isSafeExport: false };
  const envelope = signStatement(capsuleStatement(header, seal, { fileHash, publicKey: key.publicKey }), key);

  it("is told apart by whose key is trusted", () => {
    expect(judgeSignature(envelope, facts, [key.publicKey])).toMatchObject({ state: "trusted", coversFile: true });
    expect(judgeSignature(envelope, facts, [])).toMatchObject({ state: "self-signed", publicKey: key.publicKey });
    expect(judgeSignature(null, facts, [key.publicKey])).toEqual({ state: "unsigned" });
    expect(judgeSignature(envelope, facts, [newSigningKey().key.publicKey])).toMatchObject({ state: "bad" });
  });

  it("is nothing for another file, unless it is a safe export of this one, or for another seal", () => {
    const changed = { ...facts, fileHash: sha256("another") };
    expect(judgeSignature(envelope, changed, [])).toMatchObject({ state: "bad" });
    expect(judgeSignature(envelope, { ...changed, isSafeExport: true }, [])).toMatchObject({ state: "self-signed", coversFile: false });
    expect(judgeSignature(envelope, { ...facts, seal: { ...seal, seal_hash: sha256("another") } }, [])).toMatchObject({ state: "bad" });
    expect(judgeSignature(envelope, { ...facts, header: { ...header, run_id: "another" } }, [])).toMatchObject({ state: "bad" });
  });

  it("is nothing after any of 500 changes to the envelope, and never throws", () => {
    const text = JSON.stringify(envelope);
    for (let count = 0; count < 500; count += 1) {
      const at = random.int(text.length);
      const changed = `${text.slice(0, at)}${random.pick(["x", "", "=", "0", '"', "A"])}${text.slice(at + 1)}`;
      if (changed === text) continue;
      let value: unknown = changed;
      try {
        value = JSON.parse(changed);
      } catch {
        // Not even JSON: judged as the text that it is.
      }
      if (canonicalJson(value) === canonicalJson(envelope)) continue;
      const { state } = judgeSignature(value, facts, [key.publicKey]);
      // The key id is a hint that nobody relies on: DSSE does not sign it.
      const withoutHint = (one: unknown) => JSON.stringify(one).replace(/"keyid":"[^"]*"/, "");
      if (withoutHint(value) !== withoutHint(envelope)) expect(state, changed).toBe("bad");
    }
  });

  it("is refused where the key is of another kind", () => {
    const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const raw = publicKey.export({ format: "der", type: "spki" }).subarray(-32).toString("base64");
    expect(judgeSignature(envelope, facts, [raw])).toMatchObject({ state: "bad" });
  });
});
