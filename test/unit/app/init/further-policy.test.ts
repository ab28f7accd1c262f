// A further policy lies beside the home's first, and takes nothing's place.
import { expect, it } from "vitest";
import { initPolicy } from "../../../../src/app/init/further-policy.ts";
import type { InitPorts } from "../../../../src/app/init/init.ts";

function world() {
  const disk = new Map<string, string>();
  const texts: InitPorts["texts"] = {
    read: async (path) => disk.get(path) ?? null,
    write: async (path, text) => void disk.set(path, text),
    exists: async (path) => disk.has(path),
    shown: (path) => path,
  };
  const defaults: InitPorts["defaults"] = async () => [
    ["model_policy.toml", "# After a change: npm run policy -- bump.\n"],
    ["golden/reflex.toml", "golden"],
  ];
  return { disk, init: (name: string, home: string | null = "/r/bakeoff") => initPolicy({ texts, defaults }, home, name) };
}

it("is begun as the package's, in the user's words, and a second time nothing is written over", async () => {
  const { disk, init } = world();
  const made = await init("careful");
  expect(made).toEqual({
    file: "/r/bakeoff/policies/careful/model_policy.toml",
    written: ["/r/bakeoff/policies/careful/model_policy.toml", "/r/bakeoff/policies/careful/golden/reflex.toml"],
    kept: [],
  });
  expect(disk.get(made.file)).toBe("# After a change: bakeoff policy bump.\n");
  disk.set(made.file, "mine");
  expect(await init("careful")).toMatchObject({ written: [], kept: made.written });
  expect(disk.get(made.file)).toBe("mine");
});

it("is refused without a home, and under a name that no command would take", async () => {
  const { disk, init } = world();
  await expect(init("careful", null)).rejects.toMatchObject({ code: "usage" });
  for (const name of ["../up", "a b", "", "a/b"]) await expect(init(name)).rejects.toMatchObject({ code: "usage" });
  expect(disk.size).toBe(0);
});
