// The exact event shapes of libtest's `--format json` (rustc 1.95 and neighbours), read one line at a time.

export type LibtestEvent =
  | { readonly event: "suite-started"; readonly testCount: number }
  | { readonly event: "suite-ended"; readonly ok: boolean; readonly passed: number; readonly failed: number; readonly ignored: number }
  | { readonly event: "started" | "timeout"; readonly name: string }
  | { readonly event: "passed" | "failed" | "ignored"; readonly name: string; readonly stdout: string; readonly message: string }
  | { readonly event: "report" };

type Fields = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string";
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isSeconds: Check = (value) => typeof value === "number" && value >= 0;

interface Shape {
  readonly required: Readonly<Record<string, Check>>;
  readonly optional: Readonly<Record<string, Check>>;
}

const named = { name: isText };
const counts = { passed: isCount, failed: isCount, ignored: isCount, measured: isCount, filtered_out: isCount };
const shapes: Readonly<Record<string, Shape>> = {
  "suite started": { required: { test_count: isCount }, optional: {} },
  "suite ok": { required: counts, optional: { exec_time: isSeconds } },
  "suite failed": { required: counts, optional: { exec_time: isSeconds } },
  "test started": { required: named, optional: {} },
  "test timeout": { required: named, optional: {} },
  "test ok": { required: named, optional: { exec_time: isSeconds, stdout: isText } },
  "test failed": { required: named, optional: { exec_time: isSeconds, stdout: isText, message: isText, reason: isText } },
  "test ignored": { required: named, optional: { message: isText } },
};

function fits(fields: Fields, shape: Shape): boolean {
  const isKnown = Object.entries(fields).every(([key, value]) => {
    if (key === "type" || key === "event") return true;
    const check = Object.hasOwn(shape.required, key) ? shape.required[key] : Object.hasOwn(shape.optional, key) ? shape.optional[key] : undefined;
    return check?.(value) ?? false;
  });
  return isKnown && Object.keys(shape.required).every((key) => Object.hasOwn(fields, key));
}

function isReport(fields: Fields): boolean {
  return fields["type"] === "report" && Object.entries(fields).every(([key, value]) => key === "type" || isSeconds(value));
}

/** Of a text between braces: what is JSON there is an object. */
function parse(line: string): Fields | null {
  try {
    return JSON.parse(line) as Fields;
  } catch {
    return null;
  }
}

function textOr(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function build(fields: Fields, kind: string): LibtestEvent {
  const name = textOr(fields["name"]);
  if (kind === "test started" || kind === "test timeout") return { event: kind === "test started" ? "started" : "timeout", name };
  if (kind === "suite started") return { event: "suite-started", testCount: Number(fields["test_count"]) };
  if (kind.startsWith("suite")) {
    const [passed, failed, ignored] = ["passed", "failed", "ignored"].map((key) => Number(fields[key])) as [number, number, number];
    return { event: "suite-ended", ok: kind === "suite ok", passed, failed, ignored };
  }
  const event = kind === "test ok" ? "passed" : kind === "test failed" ? "failed" : "ignored";
  return { event, name, stdout: textOr(fields["stdout"]), message: textOr(fields["message"]) };
}

/** The event on one line of stdout; null for anything that libtest does not print in exactly this form. */
export function readLibtestLine(line: string): LibtestEvent | null {
  const fields = line.startsWith("{") && line.endsWith("}") ? parse(line) : null;
  if (fields === null) return null;
  if (isReport(fields)) return { event: "report" };
  const kind = `${textOr(fields["type"])} ${textOr(fields["event"])}`;
  const shape = Object.hasOwn(shapes, kind) ? shapes[kind] : undefined;
  return shape !== undefined && fits(fields, shape) ? build(fields, kind) : null;
}
