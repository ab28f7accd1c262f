// A home of the user's own, as commands find it from anywhere in a repository; the package stays as it came.
import { cp, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scratch } from "../setup/scratch.ts";
import { bakeoff, ROOT } from "./bakeoff.ts";

/** A repository with a home, and a folder in it to call from. */
async function repository(): Promise<{ readonly root: string; readonly deep: string }> {
  const root = await scratch();
  const deep = join(root, "crates", "a", "src");
  await mkdir(deep, { recursive: true });
  await cp(join(ROOT, "policy"), join(root, "bakeoff", "policy"), { recursive: true });
  return { root, deep };
}

describe("a home", () => {
  it("is found from any folder of the repository, and by --home from elsewhere", async () => {
    const { root, deep } = await repository();
    const found = await bakeoff(["policy", "validate", "--json"], { cwd: deep });
    expect(JSON.parse(found.stdout)).toMatchObject({ read: expect.arrayContaining(["../../../bakeoff/policy/candidates.toml"]) as unknown });
    const elsewhere = await bakeoff(["policy", "validate", "--home", root, "--json"], { cwd: await scratch() });
    expect((JSON.parse(elsewhere.stdout) as { hash: string }).hash).toBe((JSON.parse(found.stdout) as { hash: string }).hash);
    expect(await bakeoff(["capsule", "list", "--home", join(root, "crates")], { cwd: root })).toMatchObject({ code: 2 });
  });

  it("is what is written to: a signature lies beside its policy, and none in the package", async () => {
    const { root, deep } = await repository();
    const key = join(await scratch(), "key.pem");
    expect(await bakeoff(["policy", "sign", "--new-key", key], { cwd: deep })).toMatchObject({ code: 0 });
    expect(await readdir(join(root, "bakeoff", "policy"))).toContain("model_policy.sig.json");
    const homeless = await bakeoff(["policy", "sign", "--key", key], { cwd: await scratch() });
    expect(homeless).toMatchObject({ code: 2, stderr: expect.stringContaining("read only") as string });
    expect(await readdir(join(ROOT, "policy"))).not.toContain("model_policy.sig.json");
  });
});
