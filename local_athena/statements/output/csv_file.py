"""Writes the CSV of a SELECT while its rows are computed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
from pyarrow.csv import CSVWriter, WriteOptions

from local_athena.statements.output.result_file import csv_line

OPTIONS = WriteOptions(include_header=False, quoting_style="all_valid")


def write_csv(path: Path, names: list[str], batches: Iterable[pa.RecordBatch]) -> None:
    """Write header and rows; `batches` hold texts."""
    schema = pa.schema([(str(i), pa.string()) for i in range(len(names))])
    with path.open("wb") as file:
        file.write(csv_line(names).encode())
        with CSVWriter(file, schema, write_options=OPTIONS) as writer:
            for batch in batches:
                writer.write_batch(batch)
