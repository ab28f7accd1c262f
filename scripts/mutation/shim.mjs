// Enough of the test runner to run unit tests inside one process, a mutant at a time: collects them, runs them, stops at the first failure.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const near = createRequire(createRequire(import.meta.url).resolve("vitest/package.json"));
const load = async (name) => import(pathToFileURL(near.resolve(name)).href);

/** The runner's own `expect`, built from its parts. */
async function createExpect(testFile) {
  const chai = await load("chai");
  const parts = await load(dirname(near.resolve("@vitest/expect/package.json")) + "/dist/index.js").catch(() => load("@vitest/expect"));
  chai.use(parts.JestExtend);
  chai.use(parts.JestChaiExpect);
  chai.use(parts.JestAsymmetricMatchers);
  // A page that the code writes: held against the file, and never written.
  chai.use(({ Assertion }, { flag }) => {
    Assertion.prototype.toMatchFileSnapshot = function (path) {
      if (flag(this, "object") !== readFileSync(resolve(dirname(testFile), path), "utf8")) throw new Error(`it is not what ${path} holds`);
    };
  });
  const expect = (value, message) => chai.expect(value, message);
  Object.assign(expect, chai.expect, globalThis[parts.ASYMMETRIC_MATCHERS_OBJECT]);
  globalThis[parts.GLOBAL_EXPECT] = expect;
  parts.setState({ assertionCalls: 0, isExpectingAssertions: false, environment: "node" }, expect);
  return expect;
}

/** `it.each` and `describe.each`: one for each case. */
const each = (take) => (cases) => (name, body) => {
  for (const [index, one] of cases.entries()) take(`${name} #${index}`, () => (Array.isArray(one) ? body(...one) : body(one)));
};

/** Options may stand before a body: here they change nothing. */
const bodyOf = (...given) => given.find((one) => typeof one === "function");

/** What is prepared once, whoever asks first. */
const once = (body) => {
  let done = null;
  return () => (done ??= Promise.resolve(body()));
};

/** A fresh collection of the tests of a file: `api` is what it imports, `run` runs what was collected. */
export async function createRunner(testFile) {
  const expect = await createExpect(testFile);
  const tests = [];
  const groups = [{ name: "", before: [] }];
  const it = (name, ...given) => {
    const before = groups.flatMap((group) => group.before);
    tests.push({ name: [...groups.map((group) => group.name), name].filter(Boolean).join(" > "), body: bodyOf(...given), before });
  };
  const describe = (name, ...given) => {
    groups.push({ name, before: [] });
    try {
      bodyOf(...given)();
    } finally {
      groups.pop();
    }
  };
  it.each = each(it);
  describe.each = each(describe);
  const beforeEach = (body) => void groups.at(-1).before.push(body);
  const beforeAll = (body) => beforeEach(once(body));
  const api = { describe, it, test: it, expect, beforeEach, beforeAll, afterEach: () => undefined, afterAll: () => undefined };
  /** The name of the first test that fails, or null. */
  const run = async () => {
    for (const { name, body, before } of tests) {
      try {
        for (const prepare of before) await prepare();
        await body({});
      } catch {
        return name;
      }
    }
    return null;
  };
  return { api, run };
}
