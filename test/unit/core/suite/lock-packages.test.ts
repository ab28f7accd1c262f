import { expect, it } from "vitest";
import { lockPackages } from "../../../../src/core/suite/lock-packages.ts";

const lock = (version: string, others = ""): string => `# generated
version = 4

[[package]]
name = "gauge"
version = "${version}"
dependencies = ["semver"]

[[package]]
name = "semver"
version = "1.0.23"
source = "registry+https://example.org/index"
checksum = "aa"
${others}`;

it("tells a workspace's own packages from those that are fetched", () => {
  expect(lockPackages(lock("0.1.0")).own).toEqual(["gauge"]);
  expect(lockPackages(lock("0.1.0")).fetched).toHaveLength(1);
  expect(lockPackages("")).toEqual({ fetched: [], own: [], sources: [], unused: [] });
});

it("names each source once, and knows where a patch that nothing uses comes from, which is no package", () => {
  const git = '[[package]]\nname = "a"\nversion = "1.0.0"\nsource = "git+https://host/a#1"\n\n';
  const last = '[[package]]\nname = "zeta"\nversion = "0.1.0"\n\n[[patch.unused]]\nname = "b"\nversion = "2.0.0"\nsource = "git+https://host/b#2"\n';
  const { own, fetched, sources, unused } = lockPackages(lock("0.1.0", `\n${git}${git.replace('"a"', '"c"')}${last}`));
  expect(unused).toEqual([{ name: "b", version: "2.0.0" }]);
  expect([own, fetched.length, sources]).toEqual([
    ["gauge", "zeta"],
    3,
    ["git+https://host/a#1", "git+https://host/b#2", "registry+https://example.org/index"],
  ]);
});

it("names patches from elsewhere that nothing uses, and none of the tree", () => {
  const patch = (name: string, source: string) => `\n[[patch.unused]]\nname = "${name}"\nversion = "2.0.0"\n${source}`;
  const text = lock("0.1.0", `${patch("b", 'source = "git+https://host/b#2"\n')}${patch("here", "")}`);
  expect(lockPackages(text).unused).toEqual([{ name: "b", version: "2.0.0" }]);
});

it("fetches the same for another version of the workspace's own package, and something else for another dependency", () => {
  expect(lockPackages(lock("0.2.0").replaceAll("\n", "\r\n")).fetched).toEqual(lockPackages(lock("0.1.0")).fetched);
  const more = '\n[[package]]\nname = "anyhow"\nversion = "1.0.0"\nsource = "registry+https://example.org/index"\n';
  expect(lockPackages(lock("0.1.0", more)).fetched).toHaveLength(2);
});
