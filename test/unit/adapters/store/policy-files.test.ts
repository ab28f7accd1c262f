// Policies that can't be read: every file says what is wrong with it, whatever is wrong with another, and what is at fault comes first.
import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { loadPolicy } from "../../../../src/adapters/policies/policy-files.ts";
import type { FileIssue } from "../../../../src/core/base/errors.ts";
import { ROOT } from "../../../cli/bakeoff.ts";
import { ownScratch } from "../../../setup/scratch.ts";

const scratch = ownScratch();

const LATIN = Buffer.from("# geh\u00e9im\n", "latin1");
const [POLICY, CANDIDATES] = ["model_policy.toml", "candidates.toml"] as const;
type Change = readonly [file: string, change: "latin" | "broken" | "gone" | "unknown key" | "without the incumbent"];

async function changed(...changes: readonly Change[]): Promise<string> {
  const folder = join(await scratch(), "policy");
  await cp(join(ROOT, "policy"), folder, { recursive: true });
  for (const [name, change] of changes) {
    const file = join(folder, name);
    const bytes = await readFile(file);
    const make: Readonly<Record<Change[1], () => Promise<void>>> = {
      latin: () => writeFile(file, Buffer.concat([LATIN, bytes])),
      broken: () => writeFile(file, Buffer.concat([bytes, Buffer.from("a = = 1\n")])),
      gone: () => rm(file),
      "unknown key": () => writeFile(file, Buffer.concat([bytes, Buffer.from("\n[nonsense]\na = 1\n")])),
      "without the incumbent": () => writeFile(file, bytes.toString("utf8").replace('name = "gpt-oss-20b"', 'name = "another"')),
    };
    await make[change]();
  }
  return join(folder, POLICY);
}

async function issuesOf(...changes: readonly Change[]): Promise<readonly string[]> {
  const error: unknown = await loadPolicy(await changed(...changes), "2026-11-30T00:00:00.000Z").catch((thrown: unknown) => thrown);
  const { issues, message } = error as { readonly issues?: readonly FileIssue[]; readonly message: string };
  return (
    issues?.map(({ path, line, message: what }) => `${path.split("/").at(-1) ?? ""}:${line} ${/^[\w' .-]{0,24}/.exec(what)?.[0] ?? ""}`) ?? [
      message.split("/").at(-1) ?? "",
    ]
  );
}

const utf8 = (name: string): string => `${name}:1 a byte that is not UTF-8`;

it.each<[what: string, changes: readonly Change[], expected: readonly unknown[]]>([
  ["not UTF-8", [[POLICY, "latin"]], [utf8(POLICY)]],
  [
    "not UTF-8, beside candidates that are no TOML",
    [
      [POLICY, "latin"],
      [CANDIDATES, "broken"],
    ],
    [utf8(POLICY), expect.stringMatching(/^candidates.toml:\d+ not TOML/)],
  ],
  [
    "not UTF-8, beside candidates that are not either",
    [
      [POLICY, "latin"],
      [CANDIDATES, "latin"],
    ],
    [utf8(POLICY), utf8(CANDIDATES)],
  ],
  [
    "not UTF-8, without candidates",
    [
      [POLICY, "latin"],
      [CANDIDATES, "gone"],
    ],
    [utf8(POLICY), "candidates.toml:1 it can't be read"],
  ],
  [
    "wrong, without candidates",
    [
      [POLICY, "unknown key"],
      [CANDIDATES, "gone"],
    ],
    [expect.stringMatching(/^model_policy.toml:\d+ unknown key nonsense/), "candidates.toml:1 it can't be read"],
  ],
  [
    "wrong, beside candidates that are not UTF-8",
    [
      [POLICY, "unknown key"],
      [CANDIDATES, "latin"],
    ],
    [expect.stringMatching(/^model_policy.toml:\d+ unknown key/), utf8(CANDIDATES)],
  ],
  ["whole, without candidates", [[CANDIDATES, "gone"]], ["candidates.toml can't be read"]],
  ["gone", [[POLICY, "gone"]], ["model_policy.toml can't be read"]],
  ["whole, and its reflex model has no entry", [[CANDIDATES, "without the incumbent"]], [expect.stringMatching(/^model_policy.toml:\d+ reflex.candidate/)]],
])("a policy that is %s", async (_, changes, expected) => {
  expect(await issuesOf(...changes)).toEqual(expected);
});
