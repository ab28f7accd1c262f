// The log of registrations: read line by line, each in its place, and which gates share a level.
import { describe, expect, it } from "vitest";
import { merkleRoot, sha256 } from "../../../../../src/core/base/canonical.ts";
import { newSigningKey, signStatement } from "../../../../../src/core/base/dsse.ts";
import {
  earlierRegistrations,
  type LogEntry,
  nextPlace,
  readLog,
  type RegistrationLog,
  rootAt,
  runsUnder,
} from "../../../../../src/core/gate/registration/log.ts";
import {
  claimedRegistration,
  gatesBefore,
  type Registration,
  readRegistration,
  registrationStatement,
} from "../../../../../src/core/gate/registration/registration.ts";

const { key } = newSigningKey();
const HASH = "1".repeat(64);

const registration = (changes: Partial<Registration> = {}): Registration => ({
  format: 2,
  registered_at: "2026-11-22T09:00:00.000Z",
  candidates: ["new"],
  incumbent: "old",
  suite: { name: "s", version: "1.0.0", root: HASH },
  policy: { id: "p", hash: HASH },
  criteria_hash: HASH,
  tasks: ["a"],
  epochs: 1,
  seed: 0,
  runs: 1,
  looks: null,
  place: { index: 0, previous: null },
  ...changes,
});
const lineOf = (made: Registration, more: object = {}) =>
  JSON.stringify({ kind: "gate-registration", format: 2, envelope: signStatement(registrationStatement(made), key), timestamp: null, ...more });
const runLine = (index: number, previous: string | null, more: object = {}) =>
  JSON.stringify({
    kind: "run-begun",
    format: 2,
    run_id: `run-${index}`,
    begun_at: "2026-11-22T10:00:00.000Z",
    registration: HASH,
    header_hash: HASH,
    place: { index, previous },
    ...more,
  });

const one = lineOf(registration());
const two = runLine(1, sha256(one));
const three = lineOf(registration({ place: { index: 2, previous: sha256(two) } }));
const text = `${[one, two, three].join("\n")}\n`;
const logOf = (...lines: readonly string[]): RegistrationLog => {
  const read = readLog(`${lines.join("\n")}\n`);
  if (!read.ok) throw new Error(read.fault);
  return read.log;
};
const fault = (given: string) => {
  const read = readLog(given);
  return read.ok ? null : read.fault;
};

describe("a log", () => {
  it("is its lines with their hashes, and a root over them", () => {
    const log = logOf(one, two, three);
    expect(log.root).toBe(merkleRoot([one, two, three]));
    expect(log.entries.map(({ sha256: hash, line }: LogEntry) => [hash, line.kind])).toEqual([
      [sha256(one), "gate-registration"],
      [sha256(two), "run-begun"],
      [sha256(three), "gate-registration"],
    ]);
    expect(nextPlace(log)).toEqual({ index: 3, previous: sha256(three) });
  });

  it("may be empty", () => {
    const read = readLog("");
    expect(read).toEqual({ ok: true, log: { entries: [], root: merkleRoot([]) } });
    if (read.ok) expect(nextPlace(read.log)).toEqual({ index: 0, previous: null });
  });

  it.each([
    ["its last line is cut off", text.trimEnd()],
    ["line 2 is neither a registration nor a run", `${one}\n{"kind":"note"}\n`],
    ["line 1 is neither a registration nor a run", "\n"],
    ["line 1 is neither a registration nor a run", "no JSON\n"],
    ["line 2 is neither a registration nor a run", `${one}\n${runLine(1, sha256(one), { more: 1 })}\n`],
    ["line 1 does not say what its place is", `${lineOf({ ...registration(), place: "first" } as unknown as Registration)}\n`],
    ["line 1 does not follow the one before it: a line was taken out, put in or changed", `${two}\n`],
    ["line 2 does not follow the one before it: a line was taken out, put in or changed", `${one}\n${runLine(1, HASH)}\n`],
    ["line 2 does not follow the one before it: a line was taken out, put in or changed", `${one}\n${runLine(2, sha256(one))}\n`],
    ["line 2 does not follow the one before it: a line was taken out, put in or changed", `${one}\n${three}\n`],
  ])("is none where %s", (said, given) => {
    expect(fault(given)).toBe(said);
  });

  it.each([
    ["another format", { format: 1 }],
    ["no id", { run_id: "" }],
    ["an endless id", { run_id: "x".repeat(81) }],
    ["no time", { begun_at: "yesterday" }],
    ["a hash that is none", { registration: "xyz" }],
    ["half a place", { place: { index: 0.5, previous: null } }],
    ["a place before the first", { place: { index: -1, previous: null } }],
  ])("holds no run of %s", (_, more) => {
    expect(fault(`${runLine(0, null, more)}\n`)).toBe("line 1 is neither a registration nor a run");
    expect(fault(`${runLine(0, null, { run_id: "x".repeat(80) })}\n`)).toBeNull();
  });

  it("has a root at every size that it had", () => {
    expect(rootAt(text, 2)).toBe(merkleRoot([one, two]));
    expect(rootAt(text, 3)).toBe(merkleRoot([one, two, three]));
    expect(rootAt(text, 0)).toBe(merkleRoot([]));
    expect(rootAt(text, 4)).toBeNull();
  });

  it("tells the runs that began under a registration, in their order", () => {
    const more = runLine(2, sha256(two));
    const other = runLine(3, sha256(more), { registration: "9".repeat(64) });
    expect(runsUnder(logOf(one, two, more, other), HASH)).toEqual(["run-1", "run-2"]);
    expect(runsUnder(logOf(one, two, more, other), "8".repeat(64))).toEqual([]);
  });
});

describe("registrations that share a level", () => {
  const chain = (...changes: readonly Partial<Registration>[]) => {
    const lines: string[] = [];
    for (const change of changes)
      lines.push(lineOf(registration({ ...change, place: { index: lines.length, previous: lines.length === 0 ? null : sha256(lines.at(-1) ?? "") } })));
    return { log: logOf(...lines), last: sha256(lines.at(-1) ?? "") };
  };
  const at = (day: number) => `2026-11-${day}T09:00:00.000Z`;
  const earlier = (own: Partial<Registration>, ...before: readonly Partial<Registration>[]) => {
    const { log, last } = chain(...before, own);
    return earlierRegistrations(log, last, registration(own));
  };

  it("are those before it with a candidate of its own, whenever they were made", () => {
    expect(earlier({})).toBe(0);
    expect(earlier({}, {}, {})).toBe(2);
    expect(earlier({ candidates: ["new", "x"] }, { candidates: ["y", "x"] }, { candidates: ["y"] })).toBe(1);
  });

  it("are those against the same incumbent within the days that it names, too", () => {
    const own = { candidates: ["mine"], registered_at: at(22), shared_days: 10 };
    expect(earlier(own, { registered_at: at(12) })).toBe(1);
    expect(earlier(own, { registered_at: at(11) })).toBe(0);
    expect(earlier(own, { registered_at: at(20), incumbent: "another" })).toBe(0);
    expect(earlier({ ...own, shared_days: undefined }, { registered_at: at(20) })).toBe(0);
    // A time that can't be read is no reason to count less.
    expect(earlier(own, { registered_at: "soon" })).toBe(1);
  });

  it("are not known of one that is not in the log, and no run is one of them", () => {
    const { log } = chain({}, {});
    expect(earlierRegistrations(log, HASH, registration())).toBeNull();
    const own = lineOf(registration({ place: { index: 2, previous: sha256(two) } }));
    expect(earlierRegistrations(logOf(one, two, own), sha256(own), registration())).toBe(1);
  });
});

describe("a registration", () => {
  const trusted = [key.publicKey];
  const said = (given: string, keys = trusted) => {
    const read = readRegistration(given, keys);
    return read.ok ? "read" : read.fault;
  };
  const firstFormat = (more: object = {}) => {
    const { format: _, tasks: __, epochs: ___, seed: ____, runs: _____, looks: ______, place: _______, ...promise } = registration();
    const statement = {
      ...registrationStatement(registration()),
      predicateType: "urn:bakeoff:gate-registration:v1",
      predicate: { format: 1, ...promise, ...more },
    };
    return JSON.stringify(signStatement(statement, key));
  };

  it("is read as it was signed, and named by its line", () => {
    expect(readRegistration(`${one}\n`, trusted)).toMatchObject({
      ok: true,
      registration: registration(),
      signer: key.publicKey,
      sha256: sha256(one),
      timestamp: null,
    });
    expect(readRegistration(lineOf(registration(), { timestamp: "AAAA" }), trusted)).toMatchObject({ ok: true, timestamp: "AAAA" });
    expect(claimedRegistration(`${one}\n`)).toEqual({ sha256: sha256(one), registration: registration() });
  });

  it("of the first format is a bare envelope, and named by its file", () => {
    const file = `${firstFormat()}\n`;
    expect(readRegistration(file, trusted)).toMatchObject({
      ok: true,
      registration: { format: 1, candidates: ["new"] },
      sha256: sha256(file),
      timestamp: null,
    });
    expect(claimedRegistration(file)).toBeNull();
  });

  it.each([
    ["it is no registration of a gate", "no JSON"],
    ["it is no registration of a gate", "null"],
    ["it is no registration of a gate", '{"kind":"gate-registration","format":2}'],
    ["registration format 3 is not known: this version reads formats 1 to 2", '{"kind":"gate-registration","format":3}'],
    ["its file is not of the form that its format has", JSON.stringify(JSON.parse(one).envelope)],
  ])("is none where %s", (fault_, given) => {
    expect(said(given)).toBe(fault_);
  });

  it("is none without a trusted key, with another statement, or with promises that can't be kept", () => {
    expect(said(one, [])).toBe("no trusted key signed it");
    const other = { ...registrationStatement(registration()), predicateType: "urn:other" };
    expect(said(JSON.stringify({ kind: "gate-registration", format: 2, envelope: signStatement(other, key), timestamp: null }))).toBe(
      "it is no registration of a gate",
    );
    for (const wrong of [
      { epochs: 0 },
      { epochs: 1001 },
      { runs: 0 },
      { looks: 0 },
      { looks: 101 },
      { seed: -1 },
      { tasks: [] },
      { candidates: [] },
      { shared_days: -1 },
      { more: 1 },
    ])
      expect([wrong, said(lineOf({ ...registration(), ...wrong }))]).not.toEqual([wrong, "read"]);
    for (const right of [{ epochs: 1000 }, { runs: 1000 }, { looks: 1 }, { looks: 100 }, { shared_days: 0 }, { sequential: "spending" as const }])
      expect([right, said(lineOf({ ...registration(), ...right }))]).toEqual([right, "read"]);
    expect(claimedRegistration(lineOf({ ...registration(), epochs: 0 }))).toBeNull();
    expect(claimedRegistration("no JSON")).toBeNull();
  });

  it("tells how many gates came before it, where a chain tells", () => {
    const valid = { state: "valid", path: "r", sha256: HASH, signer: "k", registeredAt: "2026-11-20T00:00:00Z" } as const;
    expect([gatesBefore({ ...valid, earlier: 2 }), gatesBefore({ ...valid, earlier: 0 }), gatesBefore(valid), gatesBefore({ state: "none" })]).toEqual([
      2,
      0,
      null,
      null,
    ]);
  });

  it("is a statement about its suite and its policy", () => {
    expect(registrationStatement(registration())).toEqual({
      _type: "https://in-toto.io/Statement/v1",
      subject: [
        { name: "suite:s@1.0.0", digest: { sha256: HASH } },
        { name: "policy:p", digest: { sha256: HASH } },
      ],
      predicateType: "urn:bakeoff:gate-registration:v2",
      predicate: registration(),
    });
  });
});
