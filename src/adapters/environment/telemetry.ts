// What the environment says of telemetry, by OpenTelemetry's own names.

/** Headers for the collector, such as a token; never printed, never stored. */
export const telemetryHeaders = (): string | undefined => process.env["OTEL_EXPORTER_OTLP_HEADERS"];
