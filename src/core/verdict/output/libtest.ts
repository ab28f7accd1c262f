// Reads one test binary's `--format json` output: what its events say, whether they fit together, and what else was written there.
import { readLibtestLine } from "./libtest-event.ts";
import type { LibtestEvent } from "./libtest-event.ts";
import { readPieces } from "./libtest-pieces.ts";
import type { VerificationProtocol } from "../protocol.ts";
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
  /**
   * The process ended before its suite, or otherwise than its suite. Where it died, unfinished tests count as failed, those not begun as
   * missing; where it exited by itself, all are missing.
   */
  readonly crashed: boolean;
  /** What the process wrote between the events, both ends of it. */
  readonly foreign: string;
}

export type LibtestReading = Pick<VerificationProtocol, "foreignOutput">;

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
  readonly foreign: string[] = [];
  /** What is no event is a violation, and so is whatever else an honest process rarely does. */
  readonly isStrict: boolean;
  hasEnded = false;
  private hasBegun = false;
  private testCount = 0;
  private readonly expected: ReadonlyMap<string, ExpectedTest>;
  /** Tests of the patch's own: they run, and are not judged. */
  private readonly extras = new Set<string>();

  constructor(expected: ReadonlyMap<string, ExpectedTest>, { foreignOutput }: LibtestReading) {
    this.expected = expected;
    this.isStrict = foreignOutput === "violation";
  }

  flag(rule: string, detail: string): void {
    if (this.tampered.length < maxTampers) this.tampered.push({ rule, detail: detail.slice(0, maxDetailChars) });
  }

  line(text: string): void {
    if (!this.isStrict) for (const piece of readPieces(text)) this.piece(piece.event, piece.text);
    else {
      const event = readLibtestLine(text);
      if (event === null) this.flag("unparsable-line", text);
      else this.piece(event, text);
    }
  }

  private piece(event: LibtestEvent | null, text: string): void {
    if (event === null) this.foreign.push(text);
    else if (this.hasEnded && event.event !== "report") this.flag("after-end", text);
    else if (event.event === "suite-started") this.begin(event.testCount);
    else if (event.event === "suite-ended") this.end(event);
    else if ("name" in event) this.test(event);
  }

  private begin(testCount: number): void {
    if (this.hasBegun) this.flag("suite-start", "the suite starts twice");
    this.hasBegun = true;
    this.testCount = testCount;
    if (this.isStrict && testCount !== this.expected.size) this.flag("test-count", `${testCount} tests instead of ${this.expected.size}`);
  }

  private test(event: Extract<LibtestEvent, { name: string }>): void {
    const { name } = event;
    if (!this.hasBegun) this.flag("suite-start", `${name} comes before the suite's start`);
    if (!this.expected.has(name)) {
      if (this.isStrict) return this.flag("unknown-test", name);
      this.extras.add(name);
    }
    if (event.event === "started") this.start(name);
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
    const all = this.expected.size + this.extras.size;
    if (!this.isStrict && this.testCount !== all) this.flag("test-count", `${this.testCount} tests instead of ${all}`);
    if (!this.isStrict) this.takeLost(seen.failed);
    for (const status of ["passed", "failed", "ignored"] as const) {
      const count = this.count(status);
      if (seen[status] !== count) this.flag("counts", `${seen[status]} ${status} in the summary, ${count} seen`);
    }
    if (seen.ok !== (seen.failed === 0)) this.flag("counts", `suite ${seen.ok ? "ok" : "failed"} with ${seen.failed} failed`);
  }

  /** A failure's event is long, and what another thread writes at once may stand in the middle of it: the summary still counts it. */
  private takeLost(failed: number): void {
    const lost = [...this.started].filter((name) => !this.finished.has(name));
    if (this.foreign.length === 0 || failed !== this.count("failed") + lost.length) return;
    for (const name of lost) this.finished.set(name, { status: "failed", output: "" });
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
  if (last !== "" && (reading.hasEnded || !reading.isStrict || !isDeath(exit))) reading.line(last);
}

/** Tells whether the process ended as its suite did. */
function checkComplete(reading: Reading, exit: TestExit, expected: readonly ExpectedTest[]): boolean {
  for (const { name } of expected) {
    if (!reading.started.has(name)) reading.flag("missing-test", name);
    else if (!reading.finished.has(name)) reading.flag("unfinished-test", name);
  }
  const code = reading.count("failed") > 0 ? 101 : 0;
  if (exit.code === code && exit.signal === null) return true;
  // A suite with failures can't end in success; a process that dies behind its suite merely does not pass.
  if (reading.isStrict || exit.code === 0) reading.flag("exit-code", `${exit.signal ?? exit.code} instead of ${code}`);
  return false;
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

/** Of a process that exits by itself before its suite ends: which of its tests had ended by then is chance, so that none counts. */
function leftOut({ code }: TestExit): typeof resultOf {
  return (_, { id, role }) => {
    const heldOut = role === "held-out";
    return { id, status: "missing", heldOut, output: heldOut ? "" : `the test process exited with code ${code} before its tests had ended` };
  };
}

/**
 * The results of one test binary, and each violation in its output: an event that contradicts the inventory, the counts, the twins
 * or the process's end. An end before the suite's is an ordinary failure (`crashed`). What is no event is output; read strictly, as
 * runs of older protocols were, it is a violation, and so is an early exit that looks clean. Linear in the output, never throws.
 */
export function readLibtest(stdout: string, exit: TestExit, expected: readonly ExpectedTest[], how: LibtestReading): LibtestOutcome {
  const byName = new Map(expected.map((test) => [test.name, test]));
  const reading = new Reading(byName, how);
  if (byName.size !== expected.length) reading.flag("duplicate-test", "two expected tests share a name");
  readLines(reading, stdout, exit);
  const crashed = endsBadly(reading, exit, expected);
  checkSentinels(reading, expected);
  const judged = expected.filter(({ role }) => role === "visible" || role === "held-out");
  const result = crashed && !reading.hasEnded && !isDeath(exit) ? leftOut(exit) : resultOf;
  return { tests: judged.map((test) => result(reading, test)), tampered: reading.tampered, crashed, foreign: capped(reading.foreign.join("\n")) };
}

function endsBadly(reading: Reading, exit: TestExit, expected: readonly ExpectedTest[]): boolean {
  if (reading.hasEnded) return !checkComplete(reading, exit, expected) && !reading.isStrict;
  if (reading.isStrict && !isDeath(exit)) {
    reading.flag("early-exit", `exit code ${exit.code} before the suite's end`);
    return false;
  }
  return true;
}
