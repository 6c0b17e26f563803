"""What became of a load date's lines, kept as `report.json`.

It is written when everything else is, so it is also the mark that the load date is loaded, and from which
files.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from pipeline.transforms.csv_lines import FileFacts


class LinesLost(Exception):
    """The rows that came out are not those that went in; nothing may be reported of such a load."""


@dataclass(frozen=True, slots=True)
class LoadReport:
    """One table and load date. `reasons` counts rejected rows by their `motivo`; a file rejected whole has no
    rows."""

    table: str
    load_date: date
    read: int
    written: int
    rejected: int
    duplicates: int
    reasons: Mapping[str, int]
    files: Sequence[FileFacts]
    etags: Mapping[str, str]
    """ETag of each raw file, by its key."""

    def __post_init__(self) -> None:
        if self.read != self.written + self.rejected + self.duplicates:
            raise LinesLost(
                f"{self.read} lines were read, but {self.written} rows would be written, "
                f"{self.rejected} rejected and {self.duplicates} are duplicates"
            )

    def to_json(self) -> bytes:
        """The document."""
        document: dict[str, Any] = {
            "table": self.table,
            "load_date": self.load_date.isoformat(),
            "read": self.read,
            "written": self.written,
            "rejected": self.rejected,
            "duplicates": self.duplicates,
            "reasons": dict(sorted(self.reasons.items())),
            "files": [{**asdict(file), "etag": self.etags[file.key]} for file in self.files],
        }
        return json.dumps(document, ensure_ascii=False, indent=1).encode()


def files_named(document: bytes) -> dict[str, str]:
    """ETag by key of the raw files that a report names."""
    return {file["key"]: file["etag"] for file in json.loads(document)["files"]}
