// Telemetry to an OpenTelemetry collector: OTLP over HTTP, as JSON.
import { fetch } from "undici";
import { BakeoffError, messageOf } from "../../core/base/errors.ts";
import type { OtlpDocuments } from "../../core/report/formats/otlp/documents.ts";

const TIMEOUT_MS = 10_000;

/** `endpoint`: its base, to which the signal's path is added. `headers`: as `OTEL_EXPORTER_OTLP_HEADERS` has them, `name=value` with commas between. */
export async function sendOtlp(endpoint: string, { traces, metrics }: OtlpDocuments, headers: string | undefined): Promise<void> {
  const base = endpoint.replace(/\/+$/, "");
  for (const body of traces) await post(`${base}/v1/traces`, body, headers);
  for (const body of metrics) await post(`${base}/v1/metrics`, body, headers);
}

async function post(url: string, body: string, headers: string | undefined): Promise<void> {
  const answer = await request(url, body, headers);
  if (answer.status !== 200) throw lost(url, `HTTP ${answer.status}`);
  if (/"rejected(?:Spans|DataPoints)":\s*"?[1-9]/.test(answer.text)) throw lost(url, "the collector took only a part of it");
}

async function request(url: string, body: string, headers: string | undefined): Promise<{ readonly status: number; readonly text: string }> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { ...parseHeaders(headers), "content-type": "application/json" },
      body,
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { status: response.status, text: (await response.text()).slice(0, 10_000) };
  } catch (error) {
    const { cause } = error as { readonly cause?: unknown };
    throw lost(url, messageOf(cause ?? error), error);
  }
}

const lost = (url: string, why: string, cause?: unknown): BakeoffError =>
  new BakeoffError(
    "environment",
    `telemetry was not taken by ${new URL(url).origin}: ${why}`,
    "send it later from the capsule: bakeoff report RUN --format otlp --out DIR",
    { cause },
  );

/** Source: OpenTelemetry's exporter specification; values are URL-encoded. */
function parseHeaders(text = ""): Readonly<Record<string, string>> {
  const pairs = text.split(",").flatMap((pair) => {
    const at = pair.indexOf("=");
    return at <= 0 ? [] : [[pair.slice(0, at).trim(), decodeURIComponent(pair.slice(at + 1).trim())] as const];
  });
  return Object.fromEntries(pairs);
}
