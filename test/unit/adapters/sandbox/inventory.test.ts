// Tests of the inventory of a clean base's tests.
import { describe, expect, it } from "vitest";
import { expectedTests, inventoryOf, readPrinted, secretNames } from "../../../../src/adapters/sandbox/inventory.ts";
import type { Instrumented } from "../../../../src/core/verdict/twins/sentinel.ts";

const file = (aliases: Instrumented["aliases"], twins: readonly { alias: string; original: string | null; module: readonly string[] }[]): Instrumented => ({
  source: "",
  aliases,
  twins: twins.map((twin) => ({ ...twin, kind: "flip", start: 0, end: 0 })),
});

const files = new Map([
  [
    "src/lib.rs",
    file(
      [],
      [
        { alias: "xt1", original: "adds", module: ["tests"] },
        { alias: "xt2", original: null, module: ["tests"] },
      ],
    ),
  ],
  ["src/heldout.rs", file([{ alias: "xa1", original: "adds", module: [] }], [{ alias: "xt3", original: "adds", module: [] }])],
]);

describe("secretNames", () => {
  it("makes the twin of a renamed test the twin of its new name", () => {
    const secrets = secretNames(files);
    expect([...secrets.aliases]).toEqual([["xa1", "adds"]]);
    expect([...secrets.twins]).toEqual([
      ["xt1", "adds"],
      ["xt2", null],
      ["xt3", "xa1"],
    ]);
  });
});

describe("readPrinted", () => {
  it("reads ends of tests, and nothing else", () => {
    const stdout =
      '{ "type": "suite", "event": "started", "test_count": 2 }\n{ "type": "test", "event": "started", "name": "a" }\n{ "type": "test", "name": "a", "event": "ok" }\nnoise\n{ "type": "test", "name": "b", "event": "ignored" }\n';
    expect(readPrinted(stdout)).toEqual([
      { name: "a", status: "ok" },
      { name: "b", status: "ignored" },
    ]);
  });
});

describe("what else a process writes", () => {
  it.each([
    ["a text without a line's end", 'adding{ "type": "test", "name": "a", "event": "ok" }\n'],
    ["a line that begins with a brace and is no JSON", '{ not json\n{ "type": "test", "name": "a", "event": "ok" }\n'],
    ["an object of its own", '{"level":"info"}\n{ "type": "test", "name": "a", "event": "ok" }\n'],
    ["bytes behind an event", '{ "type": "test", "name": "a", "event": "ok" }done\n'],
    ["half an event", '{ "type": "test", "name": "b", "event": "o\n{ "type": "test", "name": "a", "event": "ok" }\n'],
  ])("hides no end of a test, and throws nothing: %s", (_, stdout) => expect(readPrinted(stdout)).toEqual([{ name: "a", status: "ok" }]));
});

describe("inventoryOf", () => {
  const printed = [
    { name: "tests::adds", status: "ok" },
    { name: "tests::xt1", status: "failed" },
    { name: "tests::xt2", status: "ok" },
    { name: "heldout::xa1", status: "ok" },
    { name: "heldout::xt3", status: "failed" },
    { name: "tests::slow", status: "ignored" },
    { name: "tests::wrong", status: "failed" },
  ] as const;
  const found = inventoryOf(printed, "a/lib/", secretNames(files));
  const roles = Object.fromEntries(found.tests.map(({ name, role, origin, id }) => [name, [role, origin, id]]));

  it("gives each test its role, its true name and its original", () => {
    expect(roles["tests::adds"]).toEqual(["visible", null, "a/lib/tests::adds"]);
    expect(roles["heldout::xa1"]).toEqual(["held-out", null, "a/lib/heldout::adds"]);
    expect(roles["tests::xt1"]).toEqual(["sentinel", "tests::adds", "a/lib/tests::xt1"]);
    expect(roles["heldout::xt3"]).toEqual(["sentinel", "heldout::xa1", "a/lib/heldout::xt3"]);
    expect(roles["tests::slow"]?.[0]).toBe("unjudged");
  });

  it("does not judge by a twin that passed, and reports tests that failed", () => {
    expect(roles["tests::xt2"]?.[0]).toBe("unjudged");
    expect(found.deadTwins).toBe(1);
    expect(found.broken).toEqual(["a/lib/tests::wrong"]);
  });

  it("judges neither a test that is set aside, red or green, nor its twin", () => {
    const aside = new Set(["a/lib/tests::wrong", "a/lib/tests::adds", "a/lib/heldout::adds"]);
    const { tests, broken } = inventoryOf(printed, "a/lib/", secretNames(files), (id) => aside.has(id));
    expect(broken).toEqual([]);
    expect(Object.fromEntries(tests.map(({ name, role }) => [name, role]))).toEqual({
      "tests::adds": "unjudged",
      "tests::xt1": "unjudged",
      "tests::xt2": "unjudged",
      "heldout::xa1": "unjudged",
      "heldout::xt3": "unjudged",
      "tests::slow": "unjudged",
      "tests::wrong": "unjudged",
    });
  });

  it("leaves tests and twins that a task doesn't judge unjudged", () => {
    const expected = expectedTests(found.tests, ({ role }) => role === "held-out");
    expect(Object.fromEntries(expected.map(({ name, role }) => [name, role]))).toMatchObject({
      "tests::adds": "unjudged",
      "tests::xt1": "unjudged",
      "heldout::xa1": "held-out",
      "heldout::xt3": "sentinel",
    });
  });
});
