// Reports of a stored run: texts or files, of runs that verify or are not finished yet.
import { beforeAll, describe, expect, it } from "vitest";
import { merkleRoot } from "../../../../src/core/base/canonical.ts";
import { isKept } from "../../../../src/core/capsule/keep-rule.ts";
import { closeSeal, lineText } from "../../../../src/core/capsule/line.ts";
import { type ReportPorts, reportRun, type ReportRequest } from "../../../../src/app/report/report.ts";
import { composeReport } from "../../../../src/app/compose/report.ts";
import { REPORT_FORMAT_NAMES, REPORT_FORMATS } from "../../../../src/core/report/formats/registry.ts";
import { memoryTexts } from "../fakes.ts";
import { openMemoryCapsule } from "../gate/memory-capsule.ts";
import { PLACES } from "../memory-capsules.ts";
import { type HonestRun, honestRun } from "../replay/honest-run.ts";

let run: HonestRun;
beforeAll(async () => {
  run = await honestRun({ candidates: ["small", "other one"] });
});

async function reported(request: Partial<ReportRequest>, stored: HonestRun = run, isSafeExport = false) {
  const texts = memoryTexts();
  const { header, events, seal } = stored;
  const all = [...stored.blobs].map(([sha256, text]) => ({ sha256, text }));
  const blobs = all.filter((text) => !isSafeExport || isKept(text, header));
  const withheld = all.filter((text) => !blobs.includes(text)).map(({ sha256 }) => ({ sha256 }));
  const asStored = { header, events, seal, blobs, withheld, blob: (hash: string) => blobs.find(({ sha256 }) => sha256 === hash)?.text ?? null };
  const paths: string[] = [];
  const read = async (path: string) => {
    paths.push(path);
    return asStored;
  };
  const open: ReportPorts["capsules"]["open"] = async (path, _, seen) => {
    paths.push(path);
    return openMemoryCapsule(asStored, seen);
  };
  const outcome = await reportRun(
    { capsules: { read, open, isSealed: async () => seal !== null }, texts, places: PLACES },
    { capsules: ["run-1"], formats: ["md"], folder: null, ...request },
  );
  return { outcome, texts, paths };
}

describe("a report", () => {
  it("is texts in the order of the formats where no folder is named, and nothing is written", async () => {
    const { outcome, texts, paths } = await reported({ formats: ["csv", "md"] });
    expect("texts" in outcome && outcome.texts.map((text) => text.slice(0, 9))).toEqual(["candidate", "# Bakeoff"]);
    expect(texts.written).toEqual([]);
    expect(paths).toEqual([PLACES.capsule("run-1")]);
  });

  it("is a file of the registry's name for every format, and for Inspect AI one a candidate, named as its tools look for them", async () => {
    const { outcome, texts } = await reported({ formats: REPORT_FORMAT_NAMES, folder: "out" });
    const single = REPORT_FORMAT_NAMES.map((name): string => REPORT_FORMATS[name].file).filter((file) => !/[A-Z…]/.test(file));
    const more = texts.written.filter((path) => !single.includes(path.replace("out/", "")));
    expect(texts.written).toHaveLength(single.length + more.length);
    const names =
      /^out\/(?:\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\+00-00_[^_]+_[0-9a-f]{22}\.json|otlp-(?:traces|metrics)\.jsonl|(?:(?:multi-)?swe-bench|harbor)\/.+)$/;
    for (const path of more) expect(path).toMatch(names);
    expect(more.filter((path) => path.endsWith(".json") && !/swe-bench|harbor/.test(path))).toHaveLength(2);
    expect("paths" in outcome && outcome.paths).toEqual(texts.written);
    for (const [path, text] of texts.files) if (!path.endsWith(".parquet")) expect(text, path).toMatch(/[^\n]\n$/);
  });

  it("is refused as one stream where a format has several files", async () => {
    await expect(reported({ formats: ["md", "inspect"] })).rejects.toMatchObject({ code: "usage", hint: expect.stringContaining("--out") as string });
  });

  it("is refused of a sealed capsule that does not verify, and made of one that is not sealed yet", async () => {
    const { events } = run;
    await expect(reported({}, { ...run, events: events.slice(0, -3) })).rejects.toMatchObject({
      code: "integrity",
      hint: expect.stringContaining("capsule verify run-1") as string,
    });
    const { outcome } = await reported({}, { ...run, seal: null, events: events.slice(0, -3) });
    expect("texts" in outcome && outcome.texts[0]).toContain("not finished");
  });

  it("is made of a safe export with a notice, and refused of one whose decisions come out otherwise, all hashes redone", async () => {
    const { outcome } = await reported({}, run, true);
    expect("texts" in outcome && outcome.texts[0]).toContain("not proven here, since this is a safe export");
    const events = run.events.map((line) =>
      line.payload.type === "GateDecision" && line.payload.gate_name === "validate" ? { ...line, payload: { ...line.payload, reason: "because" } } : line,
    );
    const { seal_hash: _, ...facts } = run.seal ?? expect.unreachable("it is sealed");
    const seal = closeSeal({ ...facts, merkle_root: merkleRoot(events.map(lineText)) });
    await expect(reported({}, { ...run, events, seal }, true)).rejects.toMatchObject({
      code: "integrity",
      message: expect.stringContaining("says what it does not prove") as string,
    });
  });
});

describe("a report of a sealed run", () => {
  const folder = new URL("../../../golden/formats/3/capsules/", import.meta.url).pathname;
  const ports = composeReport({ ...PLACES, capsule: (name) => `${folder}${name}.capsule.jsonl` });

  it.each(["run-small", "exported"])("is the same to the byte trial by trial as from all of it at once: %s", async (name) => {
    const made = async (isSealed: boolean) => {
      const texts = memoryTexts();
      const capsules = { ...ports.capsules, isSealed: async () => isSealed };
      await reportRun({ ...ports, capsules, texts }, { capsules: [name], formats: REPORT_FORMAT_NAMES, folder: "out" });
      return texts.files;
    };
    const [streamed, whole] = [await made(true), await made(false)];
    expect([...streamed.keys()]).toEqual([...whole.keys()]);
    for (const [path, text] of whole) expect(streamed.get(path), path).toEqual(text);
    expect(whole.size).toBeGreaterThan(REPORT_FORMAT_NAMES.length);
  });
});
