"""Holds a SARIF file against the format's own schema, reads it by sarif-tools, and prints what either has to say."""

import json
import sys
from pathlib import Path

from jsonschema import FormatChecker
from jsonschema.validators import validator_for
from sarif.loader import load_sarif_file

document, schema = (json.loads(Path(path).read_text()) for path in sys.argv[1:3])
checker = validator_for(schema)
checker.check_schema(schema)
faults = [f"{error.json_path}: {error.message}" for error in checker(schema, format_checker=FormatChecker()).iter_errors(document)]
file = load_sarif_file(sys.argv[1])
print()
print(
    json.dumps(
        {
            "schema": schema["title"],
            "faults": faults,
            "tools": file.get_distinct_tool_names(),
            "errors": file.get_report().get_issue_count_for_severity("error"),
            "records": file.get_records(),
        }
    )
)
