// The stages that commits go through on their way to tasks.
import { expect, it } from "vitest";
import { commitFunnel, commitFunnelLine } from "../../../../../../src/core/suite/making/commits/funnel.ts";

it("counts changes with a test, and of these the ones that repair something", () => {
  const funnel = commitFunnel(40, 3, [{ reason: "not-broken" }, { reason: "too-large" }, { reason: "not-broken" }, { reason: "base-broken" }]);
  expect(funnel).toEqual({ commits: 40, withTest: 7, notBroken: 2, repairs: 5, tasks: 3, share: 0.6 });
  expect(commitFunnelLine(funnel)).toBe(
    "40 commits read: 7 change sources and carry a test, 2 of these repair nothing that it shows, of the other 5 3 made a task (60 %)",
  );
  expect(commitFunnel(4, 0, [{ reason: "not-broken" }]).share).toBeNull();
});
