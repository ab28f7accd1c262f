// OTLP's JSON encoding: attributes, times and ids. Source: opentelemetry-proto, common/v1/common.proto, and the OTLP specification, *JSON Protobuf Encoding*.
import { sha256 } from "../../../base/canonical.ts";

type Plain = string | number | boolean | readonly string[];

/** Attributes that are null are not known, and left out. */
export type Attributes = Readonly<Record<string, Plain | null>>;

export const attributesOf = (attributes: Attributes): readonly object[] =>
  Object.entries(attributes).flatMap(([key, value]) => (value === null ? [] : [{ key, value: anyValue(value) }]));

function anyValue(value: Plain): object {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number") return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  return { arrayValue: { values: value.map((item) => ({ stringValue: item })) } };
}

/** Nanoseconds since 1970, as OTLP writes 64 bits: in decimal. `ms` is exact to a microsecond. */
export const unixNano = (ms: number): string => String(BigInt(Math.round(ms * 1000)) * 1000n);

/** The same run gives the same trace, whoever exports it. */
export const traceId = (run: string): string => sha256(`trace\n${run}`).slice(0, 32);
export const spanId = (run: string, ...path: readonly string[]): string => sha256(["span", run, ...path].join("\n")).slice(0, 16);

export const resourceOf = (version: string): object => ({ attributes: attributesOf({ "service.name": "bakeoff", "service.version": version }) });
export const scopeOf = (version: string): object => ({ name: "bakeoff", version });
