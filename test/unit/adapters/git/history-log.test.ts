// The log reader: any split into chunks gives the same commits, and nothing in a path or message is taken for a mark.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commitsOf, fieldsOf, MAX_CHANGED, plainPath } from "../../../../src/adapters/git/history-log.ts";
import { readListing } from "../../../../src/adapters/git/commit-tree.ts";
import type { HistoryCommit } from "../../../../src/ports/repository.ts";

const A = "a".repeat(40);
const B = "b".repeat(40);
const NONE = "0".repeat(40);

async function* chunksOf(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let at = 0;
  for (let index = 0; at < bytes.length; index++) {
    const size = sizes.length === 0 ? bytes.length : Math.max(1, sizes[index % sizes.length] ?? 1);
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function read(text: string | Buffer, sizes: readonly number[] = []): Promise<HistoryCommit[]> {
  const commits: HistoryCommit[] = [];
  for await (const commit of commitsOf(fieldsOf(chunksOf(Buffer.from(text as string, "latin1"), sizes)))) commits.push(commit);
  return commits;
}

const LOG = `\u0002${A}\0${B} ${B}\0merge\n\0\u0003\0\u0002${B}\0${A}\0two\n\n\u0002${A}\n\0\u0003\0\n:100644 100644 ${A} ${B} M\0src/lib.rs\0:000000 120000 ${NONE} ${B} A\0\u0002odd\0`;

describe("commitsOf", () => {
  it("reads commits, merges and changed files", async () => {
    const commits = await read(LOG);
    expect(commits.map(({ id, parents, changedCount }) => [id, parents.length, changedCount])).toEqual([
      [A, 2, 0],
      [B, 1, 2],
    ]);
    expect(commits[1]?.message).toContain(`\u0002${A}`);
    expect(commits[1]?.changed).toEqual([
      { path: "src/lib.rs", before: A, after: B, isFile: true },
      { path: null, before: null, after: B, isFile: false },
    ]);
  });

  it("gives the same whatever the chunks", async () => {
    const whole = await read(LOG);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 20 }), async (sizes) => {
        expect(await read(LOG, sizes)).toEqual(whole);
      }),
    );
  });

  it("drops a torn commit at the end and never throws", async () => {
    expect(await read(`\u0002${A}\0${B}`)).toEqual([]);
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => void (await read(Buffer.from(bytes).toString("latin1")))));
  });

  it("counts all changed files of a huge commit and keeps the first ones", async () => {
    const entries = Array.from({ length: MAX_CHANGED + 50 }, (_, index) => `:100644 100644 ${A} ${B} M\0f${index}\0`).join("");
    const [commit] = await read(`\u0002${A}\0\0big\0\u0003\0\n${entries}`);
    expect([commit?.changedCount, commit?.changed.length]).toEqual([MAX_CHANGED + 50, MAX_CHANGED]);
  });

  it("cuts an endless message", async () => {
    const [commit] = await read(`\u0002${A}\0\0${"x".repeat(2_000_000)}\0\u0003\0`, [65_536]);
    expect(commit?.message.length).toBe(20_000);
  });
});

describe("plainPath", () => {
  it("takes no bytes that are not UTF-8, and nothing that leads elsewhere", () => {
    expect(plainPath(Buffer.from("src/\u00e4.rs"))).toBe("src/\u00e4.rs");
    for (const odd of ["../x", "/etc/passwd", "a\\b", "a\nb", ""]) expect(plainPath(Buffer.from(odd))).toBeNull();
    expect(plainPath(Buffer.from([0x63, 0xe9]))).toBeNull();
  });
});

describe("readListing", () => {
  it("leaves out submodules, build folders and large files, each with a reason", () => {
    const row = (mode: string, size: string, path: string) => `${mode} blob ${A} ${size.padStart(7)}\t${path}\0`;
    const { entries, leftOut } = readListing(
      Buffer.from(
        row("100644", "3", "a b.rs") +
          row("160000", "-", "sub") +
          row("100644", "9", "x/target/CACHEDIR.TAG") +
          row("100644", "2", "src/target/mod.rs") +
          row("100644", "9000000", "big"),
      ),
    );
    expect(entries.map(({ path, bytes }) => [path, bytes])).toEqual([
      ["a b.rs", 3],
      ["src/target/mod.rs", 2],
    ]);
    expect(leftOut.map(({ path }) => path)).toEqual(["sub", "big", "x/target/CACHEDIR.TAG"]);
  });
});
