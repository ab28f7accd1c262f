// Every page's name leads back to its page, and no other name to any.
import { describe, expect, it } from "vitest";
import { LINKS, routeOf } from "../../../src/ui/links.ts";

const RUN = "2026-11-22T19-59-09Z-0e42b7";

it.each([
  [LINKS.runs, { page: "runs" }],
  ["", { page: "runs" }],
  [LINKS.trend, { page: "trend" }],
  [LINKS.run(RUN), { page: "run", run: RUN, part: 1 }],
  [LINKS.tasks(RUN, 1), { page: "run", run: RUN, part: 1 }],
  [LINKS.tasks(RUN, 12), { page: "run", run: RUN, part: 12 }],
  [LINKS.live(RUN), { page: "live", run: RUN }],
  [LINKS.audit(RUN), { page: "audit", run: RUN }],
  [LINKS.trial(RUN, 17), { page: "trial", run: RUN, number: 17 }],
  [LINKS.compare({ run: RUN, candidate: 0 }, { run: "b-vs-c~1", candidate: 2 }), null],
  [
    LINKS.compare({ run: RUN, candidate: 0 }, { run: "other", candidate: 2 }),
    { page: "compare", a: { run: RUN, candidate: 0 }, b: { run: "other", candidate: 2 } },
  ],
  [LINKS.beside(RUN), { page: "beside", run: RUN }],
  [LINKS.compareRuns(RUN, "other-vs-that"), { page: "runs-compared", a: RUN, b: "other-vs-that" }],
  [LINKS.compareRuns("a~b", "c"), null],
  [LINKS.otherPolicy(RUN, null), { page: "other-policy", run: RUN, policyOf: null }],
  [LINKS.otherPolicy(RUN, "other"), { page: "other-policy", run: RUN, policyOf: "other" }],
])("%s", (file, route) => {
  expect(routeOf(file)).toEqual(route);
});

describe("is no page", () => {
  it.each([
    "../secret",
    "run-../x.html",
    "run-.html/..",
    "trial-a-x.html",
    "trial-a-99999999.html",
    "constructor",
    "run-a b.html",
    "viewer.css.html",
    "run-a.html\n",
  ])("%j", (file) => {
    expect(routeOf(file)).toBeNull();
  });
});
