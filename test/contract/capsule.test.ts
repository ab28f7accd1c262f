// Reading and verifying capsules that were damaged or changed: a named fault or a typed error, never "verified".
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { canonicalJson, hashOf, sha256 } from "../../src/core/base/canonical.ts";
import { BakeoffError } from "../../src/core/base/errors.ts";
import { createRandom } from "../../src/core/base/random.ts";
import { CAPSULE_CHECKS, capsuleFaults } from "../../src/core/capsule/verify.ts";
import { taskNamed } from "../unit/run/fakes.ts";
import { draws } from "../setup/sample.ts";
import { scratch } from "../setup/scratch.ts";
import { read, runOnDisk } from "./journal-world.ts";

const folder = await scratch();
const small = join(folder, "small.capsule.jsonl");
await runOnDisk(small, { tasks: [taskNamed("a"), taskNamed("b", { risk: "high" })], candidates: ["small"] });
const bytes = await readFile(small);
const lines = bytes.toString("utf8").split("\n").slice(0, -1);
const foreign = join(folder, "foreign.capsule.jsonl");
await runOnDisk(foreign, { tasks: [taskNamed("c")], candidates: ["small"] });
const foreignLines = (await readFile(foreign, "utf8")).split("\n").slice(0, -1);

type Outcome = { readonly verified: boolean; readonly said: string };

/** What a reader is told of these bytes. Anything thrown that is not ours is thrown on. */
async function verdictOn(content: Uint8Array | string): Promise<Outcome> {
  const path = join(folder, "changed.capsule.jsonl");
  await writeFile(path, content);
  try {
    const faults = capsuleFaults(await read(path));
    return { verified: faults.length === 0, said: faults.map(({ check }) => check).join() };
  } catch (error) {
    if (!(error instanceof BakeoffError)) throw error;
    expect(["integrity", "usage"]).toContain(error.code);
    return { verified: false, said: error.code };
  }
}

const joined = (changed: readonly string[]): string => changed.map((line) => `${line}\n`).join("");
const at = (kind: string): number => lines.findIndex((line) => line.includes(`"kind":"${kind}"`));
const withLine = (index: number, change: (line: Record<string, unknown>) => void): string[] =>
  lines.map((line, position) => {
    if (position !== index) return line;
    const value = JSON.parse(line) as Record<string, unknown>;
    change(value);
    return canonicalJson(value);
  });
const blobOf = (text: string): string =>
  canonicalJson({ kind: "blob", sha256: sha256(text), encoding: "deflate+base64", data: deflateSync(text).toString("base64") });

/** The seal made to fit what was changed, as someone would who knows the format. */
function resealed(changed: readonly string[], change: (seal: Record<string, unknown>) => void): string[] {
  const { seal_hash: _, ...seal } = JSON.parse(changed.at(-1) ?? "{}") as Record<string, unknown>;
  change(seal);
  return [...changed.slice(0, -1), canonicalJson({ ...seal, seal_hash: hashOf(seal) })];
}

describe("a capsule as it was sealed", () => {
  it("verifies", async () => expect(await verdictOn(bytes)).toEqual({ verified: true, said: "" }));

  it("reads back what the run recorded", async () => {
    const stored = await read(small);
    expect(stored.header.tasks.map(({ id }) => id)).toEqual(["fix-a", "fix-b"]);
    expect(stored.blobs.every((blob) => sha256(blob.text) === blob.sha256 && stored.blob(blob.sha256) === blob.text)).toBe(true);
    expect(stored.blob("0".repeat(64))).toBeNull();
  });

  it("has checks with names and sentences of their own", () => {
    expect(new Set(CAPSULE_CHECKS.map(({ name }) => name)).size).toBe(CAPSULE_CHECKS.length);
  });
});

describe("what is not a capsule", () => {
  it("is wrong usage where it can't be read: a folder, nothing there", async () => {
    await mkdir(join(folder, "is-a-folder.jsonl"));
    for (const name of ["is-a-folder.jsonl", "nothing.jsonl"]) await expect(read(join(folder, name))).rejects.toMatchObject({ code: "usage" });
  });

  it("is an integrity error where it is some other text", async () => {
    for (const text of ["", "\n", "{}", "{}\n", "[]\n", "null\n", "# Read me\n", "\ufeff" + joined(lines), `${"[".repeat(100_000)}\n`, "\u0000\u0000\n"]) {
      const path = join(folder, "other.jsonl");
      await writeFile(path, text);
      await expect(read(path)).rejects.toMatchObject({ code: "integrity" });
    }
  });

  it("is an integrity error where it is not UTF-8", async () => {
    const bad = Buffer.concat([bytes.subarray(0, 40), Buffer.of(0xff, 0xc0), bytes.subarray(40)]);
    expect(await verdictOn(bad)).toEqual({ verified: false, said: "integrity" });
  });

  it("says what to do where its format is newer", async () => {
    for (const format of [2, 99]) {
      const path = join(folder, "newer.jsonl");
      await writeFile(path, joined(withLine(0, (header) => void (header["format"] = format))));
      await expect(read(path)).rejects.toMatchObject({ code: "integrity", hint: expect.stringContaining("upgrade") as string });
    }
  });
});

describe("changes made by hand", () => {
  it("are found in every member of the header and the seal", async () => {
    for (const index of [0, lines.length - 1]) {
      for (const key of Object.keys(JSON.parse(lines[index] ?? "{}") as object)) {
        const changed = withLine(index, (line) => {
          const value = line[key];
          line[key] =
            typeof value === "string"
              ? /^[0-9a-f]{64}$/.test(value)
                ? sha256(value)
                : `${value}x`
              : typeof value === "number"
                ? value + 1
                : typeof value === "boolean"
                  ? !value
                  : value === null
                    ? "there"
                    : null;
        });
        expect((await verdictOn(joined(changed))).verified, key).toBe(false);
      }
    }
  });

  it("are found in every member of an event", async () => {
    const event = at("event");
    for (const key of Object.keys(JSON.parse(lines[event] ?? "{}") as object)) {
      const changed = withLine(event, (line) => {
        const value = line[key];
        line[key] =
          typeof value === "string"
            ? `${value}x`
            : typeof value === "number"
              ? value + 1
              : typeof value === "boolean"
                ? !value
                : value === null
                  ? "there"
                  : null;
      });
      expect((await verdictOn(joined(changed))).verified, key).toBe(false);
    }
  });

  it("are found where a line is dropped, doubled or swapped with its neighbour", async () => {
    for (let index = 0; index < lines.length; index += 1) {
      const dropped = lines.toSpliced(index, 1);
      const doubled = lines.toSpliced(index, 0, lines[index] ?? "");
      const swapped = lines.toSpliced(index, 2, lines[index + 1] ?? "", lines[index] ?? "").filter((line) => line !== "");
      expect((await verdictOn(joined(dropped))).verified, `dropped ${index}`).toBe(false);
      expect((await verdictOn(joined(doubled))).verified, `doubled ${index}`).toBe(false);
      if (index < lines.length - 1) expect((await verdictOn(joined(swapped))).verified, `swapped ${index}`).toBe(false);
    }
  });

  it("are found where a text is put in another's place or comes from another run", async () => {
    const first = at("blob");
    const strangers = [blobOf("foreign"), ...foreignLines.filter((line) => line.includes('"kind":"blob"') && !lines.includes(line))];
    for (const stranger of strangers) {
      const blobs = [...lines.slice(first + 1, at("event")), stranger].toSorted((a, b) =>
        (JSON.parse(a) as { sha256: string }).sha256 < (JSON.parse(b) as { sha256: string }).sha256 ? -1 : 1,
      );
      expect((await verdictOn(joined([lines[0] ?? "", ...blobs, ...lines.slice(at("event"))]))).verified).toBe(false);
    }
  });

  it("are found where events or seals of another run are put in", async () => {
    const others = foreignLines.filter((line) => line.includes('"kind":"event"'));
    expect((await verdictOn(joined([...lines.slice(0, -1), others[0] ?? "", lines.at(-1) ?? ""]))).verified).toBe(false);
    expect((await verdictOn(joined([...lines.slice(0, -1), foreignLines.at(-1) ?? ""]))).verified).toBe(false);
    expect((await verdictOn(joined([foreignLines[0] ?? "", ...lines.slice(1)]))).verified).toBe(false);
  });

  it("are found where the seal belongs to another run, though whole in itself", async () => {
    for (const key of ["run_id", "suite_root", "policy_hash"]) {
      const end = await verdictOn(joined(resealed(lines, (seal) => void (seal[key] = key === "run_id" ? "run-2" : "0".repeat(64)))));
      expect(end).toEqual({ verified: false, said: "seal-whole" });
    }
  });

  it("are found where a snapshot is named that is no snapshot, without a crash", async () => {
    for (const text of ["null", "[]", "not JSON", "5", "{}"]) {
      const changed = withLine(0, (header) => void ((header["policy"] as Record<string, unknown>)["snapshot_hash"] = sha256(text)));
      const blobs = [...changed.slice(1, at("event")), blobOf(text)].toSorted((a, b) =>
        (JSON.parse(a) as { sha256: string }).sha256 < (JSON.parse(b) as { sha256: string }).sha256 ? -1 : 1,
      );
      const whole = resealed([changed[0] ?? "", ...blobs, ...changed.slice(at("event"))], (seal) => {
        seal["header_hash"] = sha256(changed[0] ?? "");
        seal["blobs"] = blobs.length;
      });
      expect((await verdictOn(joined(whole))).said).toContain("policy-resolves");
    }
  });

  it("are found where a line says the same in other words", async () => {
    const reordered = lines.map((line, index) =>
      index === at("event") ? JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(line) as object).toReversed())) : line,
    );
    const spaced = lines.map((line, index) => (index === at("event") ? `${line} ` : line));
    const carriage = lines.map((line) => `${line}\r`);
    const doubledKey = lines.map((line, index) => (index === at("event") ? line.replace('"kind":"event"', '"kind":"x","kind":"event"') : line));
    for (const changed of [reordered, spaced, carriage, doubledKey]) expect((await verdictOn(joined(changed))).verified).toBe(false);
  });

  it("are found where the last line end is missing or something follows it", async () => {
    expect((await verdictOn(joined(lines).slice(0, -1))).verified).toBe(false);
    expect((await verdictOn(`${joined(lines)}\n`)).verified).toBe(false);
    expect((await verdictOn(`${joined(lines)}${lines.at(-1) ?? ""}\n`)).verified).toBe(false);
  });

  it("are found where base64 hides other bits behind the same bytes", async () => {
    const index = lines.findIndex((line) => /[A-Za-z0-9+/]=",?/.test(line) && line.includes('"kind":"blob"'));
    const changed = lines.with(
      index,
      (lines[index] ?? "").replace(
        /([A-Za-z0-9+/])(=+")/,
        (_, last: string, rest: string) => `${last === "B" ? "C" : String.fromCodePoint((last.codePointAt(0) ?? 65) + 1)}${rest}`,
      ),
    );
    expect(changed).not.toEqual(lines);
    expect((await verdictOn(joined(changed))).verified).toBe(false);
  });
});

describe("zip bombs", () => {
  const bombOf = (size: number): string => {
    const data = deflateSync(Buffer.alloc(size), { level: 9 }).toString("base64");
    return canonicalJson({ kind: "blob", sha256: sha256(Buffer.alloc(size)), encoding: "deflate+base64", data });
  };

  it("are refused where one text is larger than any of ours", async () => {
    expect(await verdictOn(joined([lines[0] ?? "", bombOf(65_000_000), ...lines.slice(1)]))).toEqual({ verified: false, said: "integrity" });
  });

  it("do not fill the memory where there are many", async () => {
    const path = join(folder, "bombs.jsonl");
    const bomb = bombOf(40_000_000);
    await writeFile(path, joined([lines[0] ?? "", ...Array.from({ length: 30 }, () => bomb)]));
    const before = process.memoryUsage().heapUsed;
    const stored = await read(path);
    expect(stored.blobs).toHaveLength(1);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(200_000_000);
  });
});

it("never verifies any of a thousand random corruptions, some of them drawn anew each time, and never throws what is not its own", async () => {
  const { count: tried, seed } = draws("corruptions", { whole: 1000, part: 200 });
  const random = createRandom(seed);
  const flip = (): Buffer => {
    const copy = Buffer.from(bytes);
    for (let count = 1 + random.int(3); count > 0; count -= 1) {
      const place = random.int(copy.length);
      copy[place] = (copy[place] ?? 0) ^ (1 << random.int(8));
    }
    return copy;
  };
  const some = () => random.int(lines.length);
  const corruptions: (() => Buffer | string)[] = [
    flip,
    flip,
    flip,
    () => joined(lines.toSpliced(some(), 1 + random.int(3))),
    () => joined(lines.toSpliced(some(), 0, lines[some()] ?? "")),
    () => {
      const [a, b] = [some(), some()];
      return joined(lines.with(a, lines[b] ?? "").with(b, lines[a] ?? ""));
    },
    () => joined(lines.toSpliced(some(), random.int(2), random.pick(foreignLines))),
    () => bytes.subarray(0, random.int(bytes.length)),
    () =>
      Buffer.concat([
        bytes.subarray(0, random.int(bytes.length)),
        Buffer.from(random.pick(["\n", "\u0000", "}", '"', "\\", "\r", "1", "\u2028"])),
        bytes.subarray(random.int(bytes.length)),
      ]),
    () => {
      const from = random.int(bytes.length);
      return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + 1 + random.int(200))]);
    },
  ];
  const said = new Map<string, number>();
  for (let count = 0; count < tried; count += 1) {
    const corrupted = random.pick(corruptions)();
    if (Buffer.from(corrupted).equals(bytes)) continue;
    const end = await verdictOn(corrupted);
    expect(end.verified, `corruption ${count}`).toBe(false);
    said.set(end.said, (said.get(end.said) ?? 0) + 1);
  }
  expect(said.size).toBeGreaterThan(5);
}, 300_000);
