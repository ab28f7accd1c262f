// Where telemetry is sent.
import type { OtlpDocuments } from "../core/report/formats/otlp/documents.ts";

/** Sends all of it, or throws `environment` with why the rest is lost. Never called while anything is timed. */
export type SendTelemetry = (endpoint: string, documents: OtlpDocuments) => Promise<void>;
