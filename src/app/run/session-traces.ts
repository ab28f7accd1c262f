// A sealed run's traces, for whoever wants them.
import { messageOf } from "../../core/base/errors.ts";
import { otlpDocuments } from "../../core/report/formats/otlp/documents.ts";
import type { ReportedRun } from "../../core/report/model.ts";
import type { RunPorts } from "./ports.ts";

export interface TelemetryWatcher {
  /** Called where telemetry was asked for and could not be sent. */
  telemetryLost(why: string): void;
}

/** Lost telemetry is no lost run: the capsule holds all of it. Sent when nothing is timed any more. */
export async function sendTraces(
  { sendTelemetry }: Pick<RunPorts, "sendTelemetry">,
  record: ReportedRun,
  otlp: string | null,
  watcher: TelemetryWatcher,
): Promise<void> {
  if (otlp === null) return;
  try {
    await sendTelemetry(otlp, otlpDocuments(record));
  } catch (error) {
    watcher.telemetryLost(messageOf(error));
  }
}
