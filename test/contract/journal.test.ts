// The journal's contract: order, one writer, whole lines only, and nothing half-written when the disk refuses.
import type { EventOrder } from "../../src/core/capsule/order.ts";
import { execFile, spawn } from "node:child_process";
import { chmod, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import { createJournal, reopenJournal } from "../../src/adapters/capsules/journal/journal.ts";
import { openCapsule } from "../../src/adapters/capsules/reader.ts";
import { sha256 } from "../../src/core/base/canonical.ts";
import { closeSeal, type EventLine, eventLine, lineText } from "../../src/core/capsule/line.ts";
import type { JournalLine, JournalReader, SealFacts, StoredTexts } from "../../src/ports/journal.ts";
import { headerOf } from "../unit/run/fakes.ts";
import { scratch } from "../setup/scratch.ts";
import { read, runOnDisk } from "./journal-world.ts";

const folder = await scratch();
const header = headerOf({});
let places = 0;
const place = (): string => join(folder, `j${(places += 1)}.capsule.jsonl`);

function event(seq: number, trial = "small/fix-a/1", message = "m"): EventLine {
  return eventLine.parse({
    kind: "event",
    uri: "u",
    trial,
    spec_id: "fix-a",
    run_id: "run-1",
    branch_id: "b",
    seq,
    step: seq,
    more: false,
    timestamp: "t",
    stage: null,
    policy_id: "p",
    policy_hash: header.policy.hash,
    event_type: "ErrorEvent",
    payload: { type: "ErrorEvent", error_code: "e", message, severity: "Error", stage: null, recoverable: true },
  });
}

const sealOf = (facts: SealFacts) =>
  closeSeal({
    kind: "seal",
    format: 1,
    run_id: "run-1",
    sealed_at: "t",
    merkle_root: facts.merkleRoot,
    header_hash: facts.headerHash,
    events: facts.events,
    blobs: facts.blobs,
    suite_root: header.suite.root,
    policy_hash: header.policy.hash,
  });
/** All that is there counts. */
const keepAll = (texts: StoredTexts): JournalReader<{ readonly texts: StoredTexts; readonly seqs: readonly number[] }> => {
  const seqs: number[] = [];
  return { take: ({ seq }) => void seqs.push(seq), end: () => ({ kept: { texts, seqs }, dropped: [] }) };
};
/** By number alone. */
const bySeq: EventOrder = (a, b) => a.seq - b.seq;
const sumOf = (path: string): string => path.replace(".jsonl", ".sum.json");
const blob = (text: string) => ({ sha256: sha256(text), text });

describe("appending", () => {
  it("keeps the order in which appends were asked for, without waiting between them", async () => {
    const path = place();
    const journal = await createJournal(path, header);
    await Promise.all(
      Array.from({ length: 200 }, (_, seq) => journal.append({ blobs: [], lines: [lineText(event(seq, "small/fix-a/1", "x".repeat((seq * 37) % 3000)))] })),
    );
    await journal.sync();
    await journal.close();
    expect((await read(path)).events.map(({ seq }) => seq)).toEqual(Array.from({ length: 200 }, (_, seq) => seq));
  });

  it("writes the texts of an entry before the lines that refer to them", async () => {
    const path = place();
    const journal = await createJournal(path, header);
    await journal.append({ blobs: [blob("one"), blob("two")], lines: [lineText(event(0))] });
    await journal.close();
    const kinds = (await readFile(path, "utf8"))
      .trimEnd()
      .split("\n")
      .map((line) => (JSON.parse(line) as { kind: string }).kind);
    expect(kinds).toEqual(["header", "blob", "blob", "event"]);
  });

  it("gives back texts with every kind of line end in them", async () => {
    const path = place();
    const journal = await createJournal(path, header);
    const odd = "a\r\nb\rc\u2028d\u2029e\u0085f\u0000g😀\n";
    await journal.append({ blobs: [blob(odd)], lines: [lineText(event(0, "small/fix-a/1", odd)), lineText(event(1, "small/fix-a/1", "\u2028"))] });
    await journal.close();
    const stored = await read(path);
    expect(stored.blob(sha256(odd))).toBe(odd);
    expect(stored.events.map(({ payload }) => payload.type === "ErrorEvent" && payload.message)).toEqual([odd, "\u2028"]);
  });

  it("refuses a file that is there, and leaves it alone", async () => {
    const path = place();
    await writeFile(path, "mine\n");
    await expect(createJournal(path, header)).rejects.toMatchObject({ code: "environment" });
    expect(await readFile(path, "utf8")).toBe("mine\n");
    await expect(stat(`${path}.lock`)).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("refuses what comes after it was closed", async () => {
    const journal = await createJournal(place(), header);
    await journal.close();
    await journal.close();
    await expect(journal.append({ blobs: [], lines: [lineText(event(0))] })).rejects.toMatchObject({ code: "environment" });
  });
});

describe("opening again", () => {
  it("drops a torn last line and goes on behind the last whole one", async () => {
    const path = place();
    const first = await createJournal(path, header);
    await first.append({ blobs: [], lines: [0, 1, 2].map((seq) => lineText(event(seq))) });
    await first.close();
    const text = await readFile(path, "utf8");
    await writeFile(path, text.slice(0, -20));
    const { journal, kept } = await reopenJournal(path, keepAll);
    expect(kept.seqs).toEqual([0, 1]);
    await journal.append({ blobs: [], lines: [lineText(event(2))] });
    await journal.close();
    expect(await readFile(path, "utf8")).toBe(text);
  });

  it("gives texts by their hashes, and says which it does not hold", async () => {
    const path = place();
    const first = await createJournal(path, header, [blob("one")]);
    await first.append({ blobs: [blob("two")], lines: [] });
    await first.close();
    const { journal, kept } = await reopenJournal(path, keepAll);
    expect(["one", "two", "three"].map((text) => [kept.texts.holds(sha256(text)), kept.texts.text(sha256(text))])).toEqual([
      [true, "one"],
      [true, "two"],
      [false, null],
    ]);
    await journal.close();
  });

  it("refuses a sealed capsule and leaves its bytes and no lock", async () => {
    const path = place();
    const journal = await createJournal(path, header);
    await journal.append({ blobs: [], lines: [lineText(event(0))] });
    await journal.seal(bySeq, sealOf);
    const before = await readFile(path);
    await expect(reopenJournal(path, keepAll)).rejects.toMatchObject({ code: "usage" });
    expect(await readFile(path)).toEqual(before);
    expect((await readdir(folder)).filter((name) => name.startsWith(path.slice(folder.length + 1)) && name !== path.slice(folder.length + 1))).toEqual([]);
  });

  it("names a journal that is not there as wrong usage, and leaves nothing", async () => {
    const path = place();
    await expect(reopenJournal(path, keepAll)).rejects.toMatchObject({ code: "usage" });
    await expect(stat(`${path}.lock`)).rejects.toMatchObject({ code: "ENOENT" });
  });
});

describe("the sum beside a journal that was stopped", () => {
  const message = (seq: number, text: string) => lineText(event(seq, "small/fix-a/1", text));

  async function stopped(): Promise<string> {
    const path = place();
    const journal = await createJournal(path, header, [blob("one")]);
    await journal.append({
      blobs: [blob("two")],
      lines: [lineText({ ...event(0), more: true }), lineText({ ...event(1, "small/fix-a/1", sha256("two")), step: 0 })],
    });
    await journal.append({ blobs: [], lines: [message(2, 'a "policy_hash":"x", and "seq":9, in it')] });
    await journal.close();
    return path;
  }

  async function reopenedLines(path: string): Promise<unknown> {
    const lines: unknown[] = [];
    const reader = (texts: StoredTexts): JournalReader<StoredTexts> => ({
      take: ({ trial, spec_id: task, seq, step, more, timestamp, event_type: type, payload }) =>
        void lines.push({ trial, task, seq, step, more, timestamp, type, payload }),
      end: () => ({ kept: texts, dropped: [] }),
    });
    const { journal, kept } = await reopenJournal(path, reader);
    const found = { lines, texts: ["one", "two"].map((text) => kept.text(sha256(text))) };
    await journal.close();
    return found;
  }

  it("changes nothing of what is read", async () => {
    const [path, checked] = [await stopped(), await stopped()];
    await rm(sumOf(checked));
    const found = await reopenedLines(path);
    expect(found).toEqual(await reopenedLines(checked));
    expect(found).toMatchObject({ lines: [{ seq: 0, more: true }, { seq: 1 }, { seq: 2 }], texts: ["one", "two"] });
  });

  it("does not vouch for other bytes: what was damaged is found and named", async () => {
    const path = await stopped();
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replace('"recoverable":true', '"recoverable":trve'));
    await expect(reopenJournal(path, keepAll)).rejects.toMatchObject({ code: "integrity", message: expect.stringContaining("JSON") as string });
  });

  it("proves nothing where it was forged with the journal: the sealed capsule does not verify", async () => {
    const path = await stopped();
    const forged = (await readFile(path, "utf8")).replace('"recoverable":true', '"recoverable":"it"');
    await writeFile(path, forged);
    await writeFile(sumOf(path), JSON.stringify({ format: 1, bytes: Buffer.byteLength(forged), sha256: sha256(forged) }));
    const { journal } = await reopenJournal(path, keepAll);
    await journal.seal(bySeq, sealOf);
    await expect(openCapsule(path, [])).rejects.toMatchObject({ code: "integrity" });
  });

  it("is of no use for a journal that somebody changes while it is written: its seal checks every line", async () => {
    const path = place();
    const journal = await createJournal(path, header);
    await journal.append({ blobs: [], lines: [message(0, "m")] });
    await writeFile(path, (await readFile(path, "utf8")).replace('"recoverable":true', '"recoverable":"it"'));
    await expect(journal.seal(bySeq, sealOf)).rejects.toMatchObject({ code: "integrity" });
    await journal.close();
  });

  it("is gone once the journal is sealed, and where it is nonsense all is checked", async () => {
    const path = await stopped();
    await writeFile(sumOf(path), "{}");
    const { journal } = await reopenJournal(path, keepAll);
    await journal.seal(bySeq, sealOf);
    await expect(stat(sumOf(path))).rejects.toMatchObject({ code: "ENOENT" });
  });
});

describe("lines that don't count", () => {
  const dropping =
    (...seqs: readonly number[]) =>
    (texts: StoredTexts): JournalReader<StoredTexts> => {
      const lines: JournalLine[] = [];
      return { take: (line) => void lines.push(line), end: () => ({ kept: texts, dropped: lines.filter(({ seq }) => seqs.includes(seq)) }) };
    };

  it("are taken out wherever they are, and what follows is found where it lies then", async () => {
    for (const [gone, left] of [
      [
        [1, 2],
        [0, 3],
      ],
      [
        [0, 3],
        [1, 2],
      ],
      [[3], [0, 1, 2]],
      [[0, 1, 2, 3], []],
    ] as const) {
      const path = place();
      const first = await createJournal(path, header);
      for (const seq of [0, 1, 2, 3])
        await first.append({ blobs: [blob(`text ${seq}`)], lines: [lineText(event(seq, "small/fix-a/1", sha256(`text ${seq}`)))] });
      await first.close();
      const { journal, kept } = await reopenJournal(path, dropping(...gone));
      expect([0, 1, 2, 3].map((seq) => kept.text(sha256(`text ${seq}`)))).toEqual(["text 0", "text 1", "text 2", "text 3"]);
      const now = await readFile(path);
      expect(JSON.parse(await readFile(sumOf(path), "utf8"))).toEqual({ format: 1, bytes: now.length, sha256: sha256(now) });
      await journal.append({ blobs: [], lines: [lineText(event(4))] });
      await journal.close();
      expect((await read(path)).events.map(({ seq }) => seq)).toEqual([...left, 4]);
    }
  });
});

describe("sealing", () => {
  it("rewrites the events in the order it is given, texts first and by hash", async () => {
    const path = place();
    const journal = await createJournal(path, header);
    const texts = ["b", "a", "c"].map(blob);
    for (const [index, text] of texts.entries()) await journal.append({ blobs: [text], lines: [lineText(event(5 - index, "small/fix-a/1", text.sha256))] });
    await journal.seal(bySeq, sealOf);
    const stored = await read(path);
    expect(stored.events.map(({ seq }) => seq)).toEqual([3, 4, 5]);
    expect(stored.blobs.map((each) => each.sha256)).toEqual(texts.map((each) => each.sha256).toSorted());
    expect(stored.seal).toMatchObject({ events: 3, blobs: 3 });
  });

  it("leaves neither lock nor temporary file", async () => {
    const path = place();
    const journal = await createJournal(path, header);
    await journal.seal(bySeq, sealOf);
    const name = path.slice(folder.length + 1);
    expect((await readdir(folder)).filter((each) => each.startsWith(name))).toEqual([name]);
  });
});

describe("one writer", () => {
  it("refuses a journal that this process is writing to", async () => {
    const path = place();
    const journal = await createJournal(path, header);
    await expect(reopenJournal(path, keepAll)).rejects.toMatchObject({ code: "environment" });
    await journal.close();
    const again = await reopenJournal(path, keepAll);
    await again.journal.close();
  });

  it("refuses a journal whose lock names a process that is alive", async () => {
    const path = place();
    await (await createJournal(path, header)).close();
    const sleeper = spawn("sleep", ["60"], { stdio: "ignore" });
    try {
      await writeFile(`${path}.lock`, String(sleeper.pid));
      await expect(reopenJournal(path, keepAll)).rejects.toMatchObject({ code: "environment" });
      expect(await readFile(`${path}.lock`, "utf8")).toBe(String(sleeper.pid));
    } finally {
      sleeper.kill("SIGKILL");
    }
  });

  it("takes over the lock of a dead process, of one that had our number, and one that names nobody", async () => {
    const dead = spawn("true", { stdio: "ignore" });
    await new Promise((resolve) => dead.once("exit", resolve));
    for (const owner of [String(dead.pid), String(process.pid), "", "not a number", "-1", "0"]) {
      const path = place();
      await (await createJournal(path, header)).close();
      await writeFile(`${path}.lock`, owner);
      const { journal } = await reopenJournal(path, keepAll);
      await journal.close();
      await expect(stat(`${path}.lock`)).rejects.toMatchObject({ code: "ENOENT" });
    }
  });

  it("lets one of many that come at once have it", async () => {
    const path = place();
    await (await createJournal(path, header)).close();
    await writeFile(`${path}.lock`, "");
    const ends = await Promise.allSettled(Array.from({ length: 8 }, () => reopenJournal(path, keepAll)));
    const won = ends.flatMap((end) => (end.status === "fulfilled" ? [end.value] : []));
    expect(won).toHaveLength(1);
    for (const end of ends) if (end.status === "rejected") expect(end.reason).toMatchObject({ code: "environment" });
    await won[0]?.journal.close();
  });
});

describe("a disk that refuses", () => {
  const writer = join(folder, "writer.mjs");
  beforeAll(() =>
    build({
      entryPoints: [new URL("journal-writer.ts", import.meta.url).pathname],
      outfile: writer,
      bundle: true,
      format: "esm",
      platform: "node",
      logLevel: "error",
      banner: { js: 'import { createRequire as r } from "node:module"; const require = r(import.meta.url);' },
      define: { "import.meta.url": JSON.stringify(new URL("../unit/run/fakes.ts", import.meta.url).href) },
    }),
  );

  const told = async (command: readonly [string, ...string[]]) =>
    JSON.parse((await promisify(execFile)(command[0], command.slice(1))).stdout) as {
      code: string;
      hint: string;
      acknowledged: number;
      afterRefusal: number;
      typed: boolean;
    };

  it("stops the run with an environment error and no half line, in the middle of a journal", async () => {
    for (const bytes of [12_000, 20_001, 50_003]) {
      const path = place();
      const end = await told(["prlimit", `--fsize=${bytes}`, process.execPath, writer, path, "100"]);
      // A shorter line would still fit behind the one that did not: nothing may follow a gap.
      expect(end).toMatchObject({ code: "environment", typed: true, afterRefusal: 0 });
      expect(end.acknowledged).toBeGreaterThan(0);
      const text = await readFile(path, "utf8");
      expect(text.endsWith("\n")).toBe(true);
      expect((await read(path)).events).toHaveLength(end.acknowledged);
      await expect(stat(`${path}.lock`)).rejects.toMatchObject({ code: "ENOENT" });
    }
  });

  it("leaves no file at all where not even the header fits", async () => {
    const path = place();
    expect(await told(["prlimit", "--fsize=100", process.execPath, writer, path, "1"])).toMatchObject({ code: "environment", typed: true, acknowledged: 0 });
    await expect(stat(path)).rejects.toMatchObject({ code: "ENOENT" });
    await expect(stat(`${path}.lock`)).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("stops when a real file system is full, and keeps what was acknowledged", async () => {
    const small = join(folder, "small");
    await mkdir(small);
    const inside = `mount -t tmpfs -o size=128k none ${small} && ${process.execPath} ${writer} ${small}/x.capsule.jsonl 500 && cat ${small}/x.capsule.jsonl > ${folder}/rescued.capsule.jsonl`;
    const asRoot = process.getuid?.() === 0 ? [] : ["--map-root-user"];
    const end = await told(["unshare", ...asRoot, "-m", "sh", "-c", inside]);
    expect(end).toMatchObject({ code: "environment", typed: true });
    expect(end.hint).toContain("--resume");
    expect(end.acknowledged).toBeGreaterThan(10);
    expect((await read(join(folder, "rescued.capsule.jsonl"))).events).toHaveLength(end.acknowledged);
  });

  it("refuses folders that are files, that can't be made, or that can't be written to", async () => {
    const file = join(folder, "file");
    await writeFile(file, "");
    const loop = join(folder, "loop");
    await symlink(loop, loop);
    const shut = join(folder, "shut");
    await mkdir(shut);
    await chmod(shut, 0o500);
    // Root may write to any folder of an ordinary file system: /proc refuses even it.
    const closed = process.getuid?.() === 0 ? "/proc/bakeoff" : shut;
    for (const bad of [file, join(file, "below"), loop, closed]) {
      await expect(createJournal(join(bad, "x.capsule.jsonl"), header)).rejects.toMatchObject({ code: "environment" });
    }
    expect(await readFile(file, "utf8")).toBe("");
  });

  it("keeps the journal when the seal can't be written", async () => {
    // A name so long that there is room for a lock beside it and for no temporary file.
    const name = `${"x".repeat(255 - ".capsule.jsonl".length - `.lock.${process.pid}`.length)}.capsule.jsonl`;
    const path = join(dirname(place()), name);
    const journal = await createJournal(path, header);
    await journal.append({ blobs: [], lines: [lineText(event(0))] });
    const before = await readFile(path);
    await expect(journal.seal(bySeq, sealOf)).rejects.toMatchObject({ code: "environment" });
    await journal.close();
    expect(await readFile(path)).toEqual(before);
  });
});

it("runs a whole bakeoff into a capsule that has no lock beside it", async () => {
  const path = place();
  await runOnDisk(path, {});
  expect((await read(path)).seal).not.toBeNull();
  await expect(stat(`${path}.lock`)).rejects.toMatchObject({ code: "ENOENT" });
});
