"""Parses OTLP documents with OpenTelemetry's own protobuf definitions, which refuse an unknown field, and prints what is in them."""

import json
import sys
from pathlib import Path

from google.protobuf.json_format import Parse
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

folder = Path(sys.argv[1])
spans = [
    span
    for line in (folder / "otlp-traces.jsonl").read_text().splitlines()
    for resource in Parse(line, ExportTraceServiceRequest()).resource_spans
    for scope in resource.scope_spans
    for span in scope.spans
]
metrics = [
    metric
    for line in (folder / "otlp-metrics.jsonl").read_text().splitlines()
    for resource in Parse(line, ExportMetricsServiceRequest()).resource_metrics
    for scope in resource.scope_metrics
    for metric in scope.metrics
]
print(
    json.dumps(
        {
            "spans": [{"name": span.name, "root": not span.parent_span_id, "ms": (span.end_time_unix_nano - span.start_time_unix_nano) / 1e6} for span in spans],
            "metrics": {metric.name: sum(point.count for point in metric.histogram.data_points) for metric in metrics},
        }
    )
)
