// What a policy says, from its files, from a stored snapshot, and in another form; and its bytes.
import { describe, expect, it } from "vitest";
import { showFile, showPolicy } from "../../../../src/app/policy/show.ts";
import { takeSnapshot } from "../../../../src/app/policy/snapshot.ts";
import { POLICY_FILE } from "../fakes.ts";
import { policyWorld, SOURCES } from "./world.ts";

describe("what is shown", () => {
  it("is each value with the layer that says it, in the order of the schema's sections", async () => {
    const world = policyWorld();
    world.texts.files.set("policy/specs/auth.toml", "format = 2\n[reflex]\nmax_attempts = 1\n");
    const sources = { ...SOURCES, specFile: "policy/specs/auth.toml", overrides: ["budgets.warn_percent = 70"] };
    const { values } = await showPolicy(world.ports, sources);
    const layerOf = (key: string) => values.find((value) => value.key === key);
    expect(layerOf("reflex.max_attempts")).toEqual({ key: "reflex.max_attempts", value: 1, layer: "spec" });
    expect(layerOf("budgets.warn_percent")).toMatchObject({ value: 70, layer: "override" });
    expect(layerOf('models."gpt-5.2-mini".model')).toMatchObject({ layer: "workspace" });
    expect(layerOf("promotion")).toEqual({ key: "promotion", value: [], layer: "defaults" });
    expect(values[0]?.key).toBe("format");
  });

  it("is the same for a file and for its stored snapshot, and none of a snapshot that was changed", async () => {
    const { ports, texts } = policyWorld();
    const text = await takeSnapshot(ports, { sources: SOURCES, createdAt: null, out: "s.json" });
    expect(texts.files.get("s.json")).toBe(text);
    const shown = await showPolicy(ports, SOURCES);
    expect(await showFile(ports, "s.json", SOURCES)).toEqual(shown);
    expect(await showFile(ports, POLICY_FILE, SOURCES)).toEqual(shown);
    texts.files.set("s.json", text.replace('"max_attempts":2', '"max_attempts":3'));
    await expect(showFile(ports, "s.json", SOURCES)).rejects.toMatchObject({ code: "integrity" });
  });

  it("can be a snapshot of the Spec-Kit form", async () => {
    const { ports, texts } = policyWorld();
    const stored = { schema_version: "1.0", policy_id: "p", hash: "x", created_at: "", source_files: [], governance: { capture: { mode: "none" } } };
    texts.files.set("k.json", JSON.stringify(stored));
    expect(await showFile(ports, "k.json", SOURCES)).toMatchObject({ form: "spec-kit", policy: { policyId: "p", hashVerifies: false } });
  });

  it("is a matter of use where the file is not there, and of integrity where it is no JSON", async () => {
    const { ports, texts } = policyWorld();
    await expect(showFile(ports, "nowhere.toml", SOURCES)).rejects.toMatchObject({ code: "usage" });
    texts.files.set("s.json", "{");
    await expect(showFile(ports, "s.json", SOURCES)).rejects.toMatchObject({ code: "integrity" });
  });
});

describe("a snapshot", () => {
  it("is the same bytes for the same time, and is written only where a file is named", async () => {
    const { ports, texts } = policyWorld();
    const at = "2026-01-02T03:04:05.678Z";
    const one = await takeSnapshot(ports, { sources: SOURCES, createdAt: at, out: null });
    expect(texts.written).toEqual([]);
    expect(await takeSnapshot(ports, { sources: SOURCES, createdAt: at, out: null })).toBe(one);
    expect(JSON.parse(one)).toMatchObject({ created_at: at });
    expect(JSON.parse(await takeSnapshot(ports, { sources: SOURCES, createdAt: null, out: null }))).toMatchObject({ created_at: ports.clock.wall() });
  });

  it("is not taken of a policy that must be signed and is not", async () => {
    const { ports } = policyWorld({
      change: (text) =>
        text.replace("require_signature = false", "require_signature = true").replace("trusted_keys = []", `trusted_keys = ["${"A".repeat(43)}="]`),
    });
    await expect(takeSnapshot(ports, { sources: SOURCES, createdAt: null, out: null })).rejects.toMatchObject({ code: "integrity" });
  });
});
