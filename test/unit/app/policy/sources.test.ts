// From a command line's words to a policy's files.
import { describe, expect, it } from "vitest";
import { policySources } from "../../../../src/app/policy/sources.ts";
import { BakeoffError } from "../../../../src/core/base/errors.ts";

const codeOf = (work: () => unknown): string => {
  try {
    work();
    return "none";
  } catch (error) {
    return error instanceof BakeoffError ? error.code : String(error);
  }
};

describe("the files of a policy", () => {
  it("are the policy file and what lies beside it", () =>
    expect(policySources({}, "policy/p.toml")).toEqual({ policyFile: "policy/p.toml", specFile: null, overrides: [] }));

  it("take a spec by its file, or by its name in specs/ beside the policy", () => {
    expect(policySources({ spec: "auth" }, "x/p.toml").specFile).toBe("x/specs/auth.toml");
    expect(policySources({ spec: "elsewhere/auth.toml" }, "d.toml").specFile).toBe("elsewhere/auth.toml");
  });

  it("are none for a name that leaves the folder, or for overrides that were not allowed", () => {
    expect(codeOf(() => policySources({ spec: "../auth" }, "d.toml"))).toBe("usage");
    expect(codeOf(() => policySources({ set: ["a = 1"] }, "d.toml"))).toBe("usage");
    expect(policySources({ set: ["a = 1"], allowOverride: true }, "d.toml").overrides).toEqual(["a = 1"]);
  });
});
