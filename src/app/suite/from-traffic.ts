// Logs of real calls, sorted: answers to tasks of a suite become patches that `score` verifies; the rest is listed with what is missing.
import { join, resolve } from "node:path";
import { BakeoffError } from "../../core/base/errors.ts";
import { hasRedaction, type Redactor } from "../../core/capsule/redaction.ts";
import { type LoggedCall, readTraffic } from "../../core/suite/shapes/traffic.ts";
import { brokenTree, mayEdit, type Suite, type Task } from "../../core/suite/suite.ts";
import { unifiedDiff } from "../../core/text/diff.ts";
import { type Changes, textFiles, type Tree } from "../../core/text/edit.ts";
import { diffOf, type Patch, patchOf } from "../../core/trial/answer-outcome.ts";
import { readAnswer } from "../../core/verdict/answer/answer.ts";
import { READING_NOW } from "../../core/verdict/answer/reading.ts";
import type { MakingPorts } from "./ports.ts";

export interface TrafficPorts extends Pick<MakingPorts, "suites" | "writer" | "workingFolder" | "foreign"> {
  /** Takes secrets out: this machine's own, and what looks like one, by the policy's patterns too. */
  redactor(policyFile: string): Promise<Redactor>;
}

export interface TrafficRequest {
  readonly file: string;
  readonly suite: string;
  readonly policyFile: string;
  /** Folder to make; null: traffic/<suite>. */
  readonly out: string | null;
}

/** A call that nothing here can verify, its secrets taken out: a candidate for a task, if somebody finds its commit and its tests. */
export type UnverifiedCall = LoggedCall & { readonly why: string };

export interface SortedTraffic {
  readonly suite: string;
  readonly folder: string;
  readonly calls: number;
  /** Files of patches, one a model and repetition: what `score` takes. */
  readonly patches: readonly { readonly file: string; readonly agent: string; readonly tasks: number }[];
  /** Why calls can't be verified, and how many. */
  readonly unverified: Readonly<Record<string, number>>;
  readonly unread: readonly { readonly line: number; readonly why: string }[];
  /** Texts out of which something was taken. */
  readonly scrubbed: number;
}

/** Throws `usage` for a file that can't be read, or holds no call. */
export async function sortTraffic(ports: TrafficPorts, request: TrafficRequest): Promise<SortedTraffic> {
  const suite = await ports.suites.load(await ports.suites.find(request.suite));
  const folder = resolve(ports.workingFolder, request.out ?? join("traffic", suite.name));
  await ports.writer.free(folder);
  const redactor = await ports.redactor(request.policyFile);
  const { calls, unread } = readTraffic(await ports.foreign.text(resolve(ports.workingFolder, request.file)));
  if (calls.length === 0)
    throw new BakeoffError("usage", `${request.file} holds no call`, "it may be JSON lines of LiteLLM's payloads, or of requests with their responses");
  const sorter = new Sorter(suite, redactor);
  for (const call of calls) sorter.take(call);
  const files = sorter.files();
  await ports.writer.write(folder, new Map(files.map(({ file, lines }) => [file, lines.map((line) => `${JSON.stringify(line)}\n`).join("")])));
  return {
    suite: suite.name,
    folder,
    calls: calls.length,
    patches: files.flatMap(({ file, agent, lines }) => (agent === null ? [] : [{ file, agent, tasks: lines.length }])),
    unverified: sorter.reasons(),
    unread,
    scrubbed: sorter.scrubbed,
  };
}

interface PatchLine {
  readonly task: string;
  readonly agent: string;
  readonly diff: string;
  /** What the log says, which nobody has checked: `score` does not read it. */
  readonly claimed: { readonly id: string | null; readonly at: string | null; readonly outcome: string | null };
}

const NO_TASK = "no task: it names none of the suite, and its prompt holds no task's instruction";
const REDACTED = "redacted: a secret was taken out of its answer, which is no longer what was answered";

class Sorter {
  readonly unverified: UnverifiedCall[] = [];
  /** By model, one map a repetition. */
  private readonly patches = new Map<string, Map<string, PatchLine>[]>();
  private readonly suite: Suite;
  private readonly redactor: Redactor;
  scrubbed = 0;

  constructor(suite: Suite, redactor: Redactor) {
    this.suite = suite;
    this.redactor = redactor;
  }

  take(logged: LoggedCall): void {
    const call: LoggedCall = { ...logged, ...this.scrub(logged) };
    const task = taskOf(this.suite, call);
    if (task === null) this.refuse(call, NO_TASK);
    else if (call.answer !== logged.answer || hasRedaction(call.answer)) this.refuse(call, REDACTED);
    else {
      const diff = answeredDiff(task, call.answer);
      if (diff.ok) this.keep(call, task, diff.text);
      else this.refuse(call, `no patch: ${diff.why}`);
    }
  }

  private scrub({ prompt, answer, outcome, model, id }: LoggedCall): Pick<LoggedCall, "prompt" | "answer" | "outcome" | "model" | "id"> {
    const clean = (text: string): string => {
      const scrubbed = this.redactor.scrub(text);
      if (scrubbed !== text) this.scrubbed += 1;
      return scrubbed;
    };
    return {
      prompt: clean(prompt),
      answer: clean(answer),
      outcome: outcome === null ? null : clean(outcome),
      model: clean(model),
      id: id === null ? null : clean(id),
    };
  }

  private keep({ model, id, at, outcome }: LoggedCall, task: Task, diff: string): void {
    const own = this.patches.get(model) ?? [];
    this.patches.set(model, own);
    const free = own.find((round) => !round.has(task.id)) ?? own[own.push(new Map()) - 1];
    free?.set(task.id, { task: task.id, agent: model, diff, claimed: { id, at, outcome } });
  }

  private refuse(call: LoggedCall, why: string): void {
    this.unverified.push({ ...call, why });
  }

  files(): readonly { readonly file: string; readonly agent: string | null; readonly lines: readonly object[] }[] {
    const named = new Map<string, number>();
    const patches = [...this.patches].flatMap(([agent, rounds]) =>
      rounds.map((round) => {
        const name = agent.replaceAll(/[^A-Za-z0-9._-]+/g, "-");
        // Two models may come to one file name.
        const number = (named.get(name) ?? 0) + 1;
        named.set(name, number);
        return { file: `patches-${name}-${number}.jsonl`, agent, lines: [...round.values()] };
      }),
    );
    return [...patches, { file: "unverified.jsonl", agent: null, lines: this.unverified }];
  }

  /** By their first words. */
  reasons(): Readonly<Record<string, number>> {
    const counts = new Map<string, number>();
    for (const { why } of this.unverified) {
      const reason = why.split(":", 1)[0] ?? why;
      counts.set(reason, (counts.get(reason) ?? 0) + 1);
    }
    return Object.fromEntries(counts);
  }
}

/** The one that it names, else the only one whose whole instruction stands in the prompt. */
function taskOf({ name, tasks }: Suite, { task, prompt }: LoggedCall): Task | null {
  if (task !== null) return tasks.find(({ id }) => id === task || `${name}__${id}` === task) ?? null;
  const told = tasks.filter(({ instruction }) => prompt.includes(instruction.trim()));
  return told.length === 1 ? (told[0] ?? null) : null;
}

const FORMATS = ["edits", "udiff", "whole"] as const;
const LIMITS = { max_answer_chars: 10_000_000 };

/** The answer in any of our forms, or a diff as it stands. */
function answeredDiff(task: Task, answer: string): { readonly ok: true; readonly text: string } | { readonly ok: false; readonly why: string } {
  if (/^(?:diff --git |--- )/m.test(answer) && !answer.trimStart().startsWith("{")) return { ok: true, text: answer };
  const tree = brokenTree(task);
  const read = FORMATS.map((format) => readAnswer(answer, format, LIMITS, READING_NOW)).find(({ ok }) => ok);
  if (!read) return { ok: false, why: "the answer is in none of the forms that are known here" };
  const diff = diffOf(read);
  if (diff !== null) return { ok: true, text: diff };
  const patch: Patch = patchOf(read, { tree, mayEdit: mayEdit(task), reading: READING_NOW }, null);
  return patch.ok ? { ok: true, text: changesText(tree, patch.changes) } : { ok: false, why: `${patch.why}: ${patch.detail}` };
}

const changesText = (tree: Tree, changes: Changes): string => {
  const before = textFiles(tree);
  return [...changes].map(([path, after]) => unifiedDiff(path, before.get(path) ?? null, after)).join("");
};
