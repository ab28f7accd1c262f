// Every model call of a run as a row: who was called, why, what it cost, and whether prompt and answer are in the record.
import { stringify } from "csv-stringify/sync";
import type { TrialRecord } from "../../capsule/record.ts";
import type { EventOf } from "../../trial/event.ts";
import { fixed } from "../../text/figures.ts";

export interface AuditCall {
  readonly trial: string;
  readonly candidate: string;
  readonly task: string;
  readonly epoch: number;
  readonly seq: number;
  readonly call: EventOf<"ModelCallEnvelope">;
  /** Are the texts in the capsule? Null if there was no answer. */
  readonly promptHeld: boolean;
  readonly responseHeld: boolean | null;
  /** The attempt's verdict; null for other roles. */
  readonly verdict: string | null;
}

export function auditCalls(trial: Pick<TrialRecord, "id" | "candidate" | "task" | "epoch" | "events">, holds: (hash: string) => boolean): readonly AuditCall[] {
  return trial.events.flatMap(({ payload: call, seq }, index) => {
    if (call.type !== "ModelCallEnvelope") return [];
    const result =
      call.role === "Implementer" ? trial.events.slice(index, index + MAX_STEP).find(({ payload }) => payload.type === "ToolResult")?.payload : undefined;
    return {
      trial: trial.id,
      candidate: trial.candidate,
      task: trial.task.id,
      epoch: trial.epoch,
      seq,
      call,
      promptHeld: holds(call.prompt_hash),
      responseHeld: call.response_hash === null ? null : holds(call.response_hash),
      verdict: result?.type === "ToolResult" && result.attempt === call.attempt ? result.verdict.status : null,
    };
  });
}

/** More events than an attempt's step can have: a patch with the maximum number of files, and the events around it. */
const MAX_STEP = 210;

type Cell = string | number | boolean | null;

interface Column {
  readonly name: string;
  /** The column's meaning, for people. */
  readonly meaning: string;
  readonly cell: (row: AuditCall) => Cell;
}

/** Columns in order. An empty cell is unknown or not applicable. */
export const AUDIT_COLUMNS: readonly Column[] = [
  { name: "candidate", meaning: "the model configuration in the slot", cell: (row) => row.candidate },
  { name: "task", meaning: "task id", cell: (row) => row.task },
  { name: "epoch", meaning: "repetition of the task, from 1", cell: (row) => row.epoch },
  { name: "seq", meaning: "the event's number in its trial", cell: (row) => row.seq },
  { name: "role", meaning: "the role that was called", cell: ({ call }) => call.role },
  { name: "stage", meaning: "the stage", cell: ({ call }) => call.stage },
  { name: "mode", meaning: "Reflex, Cloud or Service", cell: ({ call }) => call.mode },
  { name: "provider", meaning: "who serves the model", cell: ({ call }) => call.provider },
  { name: "model", meaning: "the policy's name for the model", cell: ({ call }) => call.model },
  { name: "resolved_model", meaning: "the provider's own id", cell: ({ call }) => call.resolved_model },
  { name: "effort", meaning: "reasoning effort", cell: ({ call }) => call.effort },
  { name: "stand_in", meaning: "the embedded stand-in that played the role", cell: ({ call }) => call.stand_in },
  { name: "attempt", meaning: "attempt of the trial, from 1", cell: ({ call }) => call.attempt },
  { name: "selection_reason", meaning: "why this model", cell: ({ call }) => call.selection_reason },
  { name: "outside_policy", meaning: "the policy itself would not have called it", cell: ({ call }) => call.outside_policy },
  { name: "success", meaning: "it answered", cell: ({ call }) => call.success },
  { name: "json_compliant", meaning: "the answer satisfies the requested JSON schema", cell: ({ call }) => call.json_compliant },
  { name: "verdict", meaning: "the attempt's verdict", cell: (row) => row.verdict },
  { name: "prompt_tokens", meaning: "tokens in", cell: ({ call }) => call.prompt_tokens },
  { name: "response_tokens", meaning: "tokens out", cell: ({ call }) => call.response_tokens },
  { name: "cost_usd", meaning: "US dollars", cell: ({ call }) => (call.cost_usd === null ? null : fixed(call.cost_usd, 6)) },
  {
    name: "latency_ms",
    meaning: "duration of the call in milliseconds; empty for an answer that was used again",
    cell: ({ call }) => (call.answer_reused ? null : fixed(call.latency_ms, 3)),
  },
  { name: "prompt_hash", meaning: "SHA-256 of the prompt", cell: ({ call }) => call.prompt_hash },
  { name: "prompt_held", meaning: "the prompt is in the capsule", cell: (row) => row.promptHeld },
  { name: "response_hash", meaning: "SHA-256 of the answer", cell: ({ call }) => call.response_hash },
  { name: "response_held", meaning: "the answer is in the capsule", cell: (row) => row.responseHeld },
  { name: "error", meaning: "why it failed", cell: ({ call }) => call.error },
];

export const auditCsvHead = (): string => csv([AUDIT_COLUMNS.map(({ name }) => name)]);

/** One line per call; LF line endings, including the last. Spreadsheet formulas are neutralised. */
export const auditCsvRows = (calls: readonly AuditCall[]): string => csv(calls.map((row) => AUDIT_COLUMNS.map(({ cell }) => cell(row))));

function csv(rows: readonly (readonly Cell[])[]): string {
  return rows.length === 0
    ? ""
    : stringify(
        rows.map((row) => [...row]),
        { record_delimiter: "\n", escape_formulas: true, cast: { boolean: String, number: String } },
      );
}
