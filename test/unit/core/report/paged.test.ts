// Reports of very many trials: an index that stays small, and a page for each trial, all links between them whole.
import { describe, expect, it } from "vitest";
import { AUDIT_LAYOUTS, writeAudit } from "../../../../src/core/report/audit/audit.ts";
import { AuditFigures } from "../../../../src/core/report/audit/figures.ts";
import { type Audit, audit } from "../../../../src/core/report/audit/model.ts";
import { htmlReports } from "../../../../src/core/report/formats/html.ts";
import { reportModel } from "../../../../src/core/report/model.ts";
import { foldRun } from "../../../../src/core/capsule/record.ts";
import { policyWith, taskNamed } from "../../run/fakes.ts";
import { readerOf, recorded, replayOf } from "../replay/recorded.ts";

const HOSTILE = "<img src=x>\u001b[2J";
const TRIALS = 2600;
const run = await recorded({ tasks: [taskNamed("a")], candidates: ["small"], snapshot: policyWith() });
const record = foldRun(run.header, run.events);

/** The audit of a run in which the one trial of this one was tried very often. */
function largeAudit(): Audit {
  const reader = readerOf(record);
  const figures = new AuditFigures();
  for (const trial of reader.trials()) figures.trial(trial);
  const { model, parts } = audit({
    run: reader,
    figures,
    replay: replayOf(run),
    seal: null,
    signature: { state: "unsigned", key: null, detail: "unsigned" },
    version: "0.1.0",
    holds: () => true,
    counterfactual: null,
    comparison: null,
  });
  const [only] = [...parts.trials()];
  if (!only) throw new Error("there is no trial");
  const { trial, calls } = only;
  const finding = {
    ...replayOf(run).findings[0],
    level: "decisions",
    check: "x",
    kind: "x",
    cause: "record",
    what: "x",
    why: "x",
    trial: "t",
    seq: 3,
    recorded: null,
    redone: null,
    anchor: "e1234-3",
  };
  const trials = function* () {
    for (let place = 1; place <= TRIALS; place += 1) {
      const timeline = trial.timeline.map((event) => ({ ...event, anchor: `e${place}-${event.seq}`, text: HOSTILE }));
      yield { trial: { ...trial, id: `${HOSTILE}/${place}`, anchor: `t${place}`, timeline }, calls };
    }
  };
  return {
    model: { ...model, trialCount: TRIALS, findings: [finding as unknown as (typeof model.findings)[number]], findingCount: 1 },
    parts: { trials, plants: parts.plants },
  };
}

function auditFiles(): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  const writer = {
    part: ({ file }: { readonly file: string }, text: string) => void files.set(file, `${files.get(file) ?? ""}${text}`),
    page: ({ file, text }: { readonly file: string; readonly text: string }) => void files.set(file, text),
  };
  for (const _ of writeAudit(
    largeAudit(),
    AUDIT_LAYOUTS.filter(({ file }) => file.endsWith(".html")),
    writer,
  ));
  return files;
}

function reportFiles(): ReadonlyMap<string, string> {
  const model = reportModel(record);
  const [trial] = model.trials;
  if (!trial) throw new Error("there is no trial");
  const trials = Array.from({ length: TRIALS }, (_, index) => ({ ...trial, task: HOSTILE, epoch: index + 1 }));
  return new Map(htmlReports({ ...model, trials }).map(({ file, content }) => [file, String(content)]));
}

describe.each([
  ["an audit", auditFiles(), "replay_report.html", TRIALS + Math.ceil(TRIALS / 500) + 2],
  ["a run's report", reportFiles(), "report.html", Math.ceil(TRIALS / 500) + 2],
] as const)("%s of very many trials", (_, files, index, count) => {
  it("is an index, lists, and what they lead to", () => {
    expect(files.size).toBe(count);
    expect((files.get(index) ?? "").length).toBeLessThan(60_000);
  });

  it("leads nowhere that is not there", () => {
    for (const [from, page] of files) {
      for (const [, link = ""] of page.matchAll(/ href="([^"]+)"/g)) {
        const [path = "", anchor] = new URL(link, `http://x/${from}`).href.slice("http://x/".length).split("#");
        expect(files.has(path), `${from} → ${link}`).toBe(true);
        if (anchor !== undefined && anchor !== "") expect(files.get(path), `${from} → ${link}`).toContain(`id="${anchor}"`);
      }
    }
  });

  it("leads from the index to every page", () => {
    const known = new Set<string>([index]);
    for (const from of known)
      for (const [, link = ""] of (files.get(from) ?? "").matchAll(/ href="([^"#]+)/g))
        known.add(new URL(link, `http://x/${from}`).href.slice("http://x/".length));
    expect(known).toEqual(new Set(files.keys()));
  });

  it("makes no element of a text, and sends no terminal anything", () => {
    for (const page of files.values()) {
      expect(page).not.toMatch(/<(img|script|iframe|form|object)/i);
      expect(page).not.toContain("\u001b");
    }
  });
});
