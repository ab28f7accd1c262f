"""Reads JUnit XML by junitparser and prints what a CI server would show."""

import json
import sys

from junitparser import JUnitXml

xml = JUnitXml.fromfile(f"{sys.argv[1]}/junit.xml")
print(
    json.dumps(
        {
            "tests": xml.tests,
            "failures": xml.failures,
            "errors": xml.errors,
            "skipped": xml.skipped,
            "suites": {
                suite.name: {
                    "properties": {one.name: one.value for one in suite.properties()},
                    "cases": [
                        {
                            "name": case.name,
                            "results": [[type(one).__name__, one.type] for one in case.result],
                            "output": case.system_out,
                        }
                        for case in suite
                    ],
                }
                for suite in xml
            },
        }
    )
)
