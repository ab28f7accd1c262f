// Reads one test binary's `--format json` output strictly: anything that libtest does not print is a protocol violation.
import { readLibtestLine } from "./libtest-event.ts";
import type { LibtestEvent } from "./libtest-event.ts";
import type { Tamper, TestId, TestResult, TestStatus } from "../verdict.ts";

export interface ExpectedTest {
  /** As libtest prints it. */
  readonly name: string;
  readonly id: TestId;
  readonly role: "visible" | "held-out" | "sentinel" | "unjudged";
  /** Printed name of the test that this sentinel is the twin of; null if it must always fail. */
  readonly origin: string | null;
}

/** How the process ended. */
export interface TestExit {
  readonly code: number | null;
  readonly signal: string | null;
}

export interface LibtestOutcome {
  /** Visible and held-out tests, in the order expected. */
  readonly tests: readonly TestResult[];
  readonly tampered: readonly Tamper[];
  /** The process died before the suite ended: unfinished tests count as failed, the others as missing. */
  readonly crashed: boolean;
}

const maxOutputChars = 4000;
const maxTampers = 20;
const maxDetailChars = 200;

interface Finished {
  readonly status: TestStatus;
  readonly output: string;
}

/** Keeps both ends (the beginning, and the panic message near the end); drops the thread ids, which differ each run. */
function capped(output: string): string {
  const kept = output.length <= maxOutputChars ? output : `${output.slice(0, 1500)}\n…\n${output.slice(-2400)}`;
  return kept.replaceAll(/^(thread '[^'\n]*') \(\d+\) panicked/gm, "$1 panicked").replaceAll(/\p{Surrogate}/gu, "\uFFFD");
}

class Reading {
  readonly tampered: Tamper[] = [];
  readonly started = new Set<string>();
  readonly finished = new Map<string, Finished>();
  hasEnded = false;
  private hasBegun = false;
  private readonly expected: ReadonlyMap<string, ExpectedTest>;

  constructor(expected: ReadonlyMap<string, ExpectedTest>) {
    this.expected = expected;
  }

  flag(rule: string, detail: string): void {
    if (this.tampered.length < maxTampers) this.tampered.push({ rule, detail: detail.slice(0, maxDetailChars) });
  }

  line(text: string): void {
    const event = readLibtestLine(text);
    if (event === null) this.flag("unparsable-line", text);
    else if (this.hasEnded && event.event !== "report") this.flag("after-end", text);
    else if (event.event === "suite-started") this.begin(event.testCount);
    else if (event.event === "suite-ended") this.end(event);
    else if ("name" in event) this.test(event);
  }

  private begin(testCount: number): void {
    if (this.hasBegun) this.flag("suite-start", "the suite starts twice");
    this.hasBegun = true;
    if (testCount !== this.expected.size) this.flag("test-count", `${testCount} tests instead of ${this.expected.size}`);
  }

  private test(event: Extract<LibtestEvent, { name: string }>): void {
    const { name } = event;
    if (!this.hasBegun) this.flag("suite-start", `${name} comes before the suite's start`);
    if (!this.expected.has(name)) this.flag("unknown-test", name);
    else if (event.event === "started") this.start(name);
    else if (!this.started.has(name)) this.flag("not-started", name);
    else if ("stdout" in event) this.finish(name, event);
  }

  private start(name: string): void {
    if (this.started.has(name)) this.flag("duplicate-test", `${name} starts twice`);
    this.started.add(name);
  }

  private finish(name: string, { event, stdout, message }: Extract<LibtestEvent, { stdout: string }>): void {
    if (this.finished.has(name)) return this.flag("duplicate-test", `${name} ends twice`);
    const output = event === "failed" ? [stdout, message].filter((text) => text !== "").join("\n") : "";
    this.finished.set(name, { status: event, output });
  }

  private end(seen: Extract<LibtestEvent, { event: "suite-ended" }>): void {
    this.hasEnded = true;
    if (!this.hasBegun) this.flag("suite-start", "the suite ends without a start");
    for (const status of ["passed", "failed", "ignored"] as const) {
      const count = this.count(status);
      if (seen[status] !== count) this.flag("counts", `${seen[status]} ${status} in the summary, ${count} seen`);
    }
    if (seen.ok !== (seen.failed === 0)) this.flag("counts", `suite ${seen.ok ? "ok" : "failed"} with ${seen.failed} failed`);
  }

  count(status: TestStatus): number {
    let count = 0;
    for (const test of this.finished.values()) if (test.status === status) count += 1;
    return count;
  }
}

/** An evident death (a signal, the shell's 128 + n, libtest's own 101), unlike an exit that looks clean. */
function isDeath({ code, signal }: TestExit): boolean {
  return signal !== null || code === null || code === 101 || (code > 128 && code < 160);
}

/** Reads all lines; one cut off by the process's death is not a forgery. */
function readLines(reading: Reading, stdout: string, exit: TestExit): void {
  const lines = stdout.split("\n");
  const last = lines.pop() ?? "";
  for (const line of lines) reading.line(line);
  if (last !== "" && (reading.hasEnded || !isDeath(exit))) reading.line(last);
}

function checkComplete(reading: Reading, exit: TestExit, expected: readonly ExpectedTest[]): void {
  for (const { name } of expected) {
    if (!reading.started.has(name)) reading.flag("missing-test", name);
    else if (!reading.finished.has(name)) reading.flag("unfinished-test", name);
  }
  const code = reading.count("failed") > 0 ? 101 : 0;
  if (exit.code !== code || exit.signal !== null) reading.flag("exit-code", `${exit.signal ?? exit.code} instead of ${code}`);
}

/** A twin of a test that didn't pass proves nothing; nor does a twin that a crash prevented from finishing. */
function checkSentinels(reading: Reading, expected: readonly ExpectedTest[]): void {
  for (const { name, role, origin } of expected) {
    const status = reading.finished.get(name)?.status;
    if (role !== "sentinel" || status === "failed" || (status === undefined && !reading.hasEnded)) continue;
    if (origin !== null && reading.finished.get(origin)?.status !== "passed") continue;
    reading.flag("sentinel-passed", `a test that must fail is ${status ?? "missing"}, beside ${origin ?? "any"}`);
  }
}

function resultOf(reading: Reading, { name, id, role }: ExpectedTest): TestResult {
  const heldOut = role === "held-out";
  const finished = reading.finished.get(name);
  const status = finished?.status ?? (reading.started.has(name) ? "failed" : "missing");
  return { id, status, heldOut, output: heldOut || finished === undefined ? "" : capped(finished.output) };
}

/**
 * The results of one test binary, and each protocol violation in its output. Death by a signal before the suite's end is an
 * ordinary failure (`crashed`); an exit that looks clean at that point is a violation. Linear in the output, never throws.
 */
export function readLibtest(stdout: string, exit: TestExit, expected: readonly ExpectedTest[]): LibtestOutcome {
  const byName = new Map(expected.map((test) => [test.name, test]));
  const reading = new Reading(byName);
  if (byName.size !== expected.length) reading.flag("duplicate-test", "two expected tests share a name");
  readLines(reading, stdout, exit);
  const crashed = !reading.hasEnded && isDeath(exit);
  if (reading.hasEnded) checkComplete(reading, exit, expected);
  else if (!crashed) reading.flag("early-exit", `exit code ${exit.code} before the suite's end`);
  checkSentinels(reading, expected);
  const judged = expected.filter(({ role }) => role === "visible" || role === "held-out");
  return { tests: judged.map((test) => resultOf(reading, test)), tampered: reading.tampered, crashed };
}
