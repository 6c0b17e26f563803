"""Add up what the jobs reported of each table: rows read, written, rejected and why.

A job leaves one `report.json` per table and load date below the lake's prefix of reports, so the totals
are those of the lake as it is, however often a date was loaded.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

COUNTS = ("read", "written", "rejected", "duplicates")


@dataclass(slots=True)
class TableTotals:
    """One table over all its load dates."""

    load_dates: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    rejected_files: list[dict[str, str]] = field(default_factory=list)
    """Files rejected whole: `key` and `reason`."""

    def document(self) -> dict[str, Any]:
        """The table's part of a report in JSON."""
        return {
            **{count: self.counts[count] for count in COUNTS},
            "reasons": dict(sorted(self.reasons.items())),
            "load_dates": sorted(self.load_dates),
            "rejected_files": self.rejected_files,
        }


def read_load_reports(s3: Any, bucket: str, prefix: str) -> dict[str, TableTotals]:
    """The totals of every table that was ever loaded, by table name in order."""
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    keys = [item["Key"] for page in pages for item in page.get("Contents", [])]
    found = (
        s3.get_object(Bucket=bucket, Key=key)["Body"].read() for key in keys if key.endswith("/report.json")
    )
    return add_up(json.loads(content) for content in found)


def add_up(reports: Iterable[dict[str, Any]]) -> dict[str, TableTotals]:
    """Sum reports of single load dates into one total per table."""
    totals: dict[str, TableTotals] = {}
    for report in reports:
        total = totals.setdefault(report["table"], TableTotals())
        total.load_dates.append(report["load_date"])
        total.counts.update({count: report[count] for count in COUNTS})
        total.reasons.update(report["reasons"])
        total.rejected_files += [
            {"key": file["key"], "reason": file["rejected_whole"]}
            for file in report["files"]
            if file["rejected_whole"]
        ]
    return dict(sorted(totals.items()))
