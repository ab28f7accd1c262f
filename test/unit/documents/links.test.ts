// Every link of a document leads somewhere: to a file of the project and a heading of it, or to an address that can be one.
import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { allPages, anchorsOf, linksOf } from "../../documents/pages.ts";

const ROOT = new URL("../../..", import.meta.url).pathname;
const pages = allPages();
const anchors = new Map(pages.map((page) => [page.path, anchorsOf(page)]));

/** What is wrong with a link; null where nothing is. */
function fault(path: string, target: string): string | null {
  if (/^[a-z]+:/.test(target)) return /^https:\/\/[\w.-]+\.[a-z]+(\/|$)/.test(target) ? null : `${target} is no https address`;
  const [file = "", anchor] = target.split("#");
  const aim = file === "" ? path : normalize(join(dirname(path), file));
  if (!existsSync(join(ROOT, aim))) return `${target} does not exist`;
  return anchor === undefined || !anchors.has(aim) || anchors.get(aim)?.includes(anchor) ? null : `${aim} has no heading #${anchor}`;
}

describe("links", () => {
  it("lead to what is there", () => {
    expect(
      pages.flatMap((page) =>
        linksOf(page)
          .flatMap((target) => fault(page.path, target) ?? [])
          .map((wrong) => `${page.path}: ${wrong}`),
      ),
    ).toEqual([]);
  });

  it("are noticed where they lead nowhere", () => {
    expect(fault("docs/README.md", "gone.md")).toBe("gone.md does not exist");
    expect(fault("docs/tutorial.md", "README.md#no-such-heading")).toBe("docs/README.md has no heading #no-such-heading");
  });

  it("lead from the overview to every page but decisions", () => {
    const linked = new Set(["docs/README.md", "README.md", "CONTRIBUTING.md", "policy/MODEL-POLICY.md", "docs/DECISION_REGISTER.md"]);
    for (const page of pages.filter(({ path }) => path === "docs/README.md" || path === "README.md" || path.startsWith("docs/how-to/")))
      for (const target of linksOf(page)) linked.add(normalize(join(dirname(page.path), target.split("#")[0] ?? "")));
    expect(pages.map(({ path }) => path).filter((path) => !linked.has(path) && !path.startsWith("docs/decisions/"))).toEqual([]);
  });
});
