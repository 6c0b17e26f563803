"""What a classifier finds out about one file."""

from __future__ import annotations

from dataclasses import dataclass

from local_aws.glue.crawlers.hive_types import Column


@dataclass(frozen=True, slots=True)
class Format:
    """How to read a file, apart from its columns."""

    classification: str
    """`csv`, `json`, `parquet`, `orc`, `avro`, …, or a custom classifier's."""
    compression: str = "none"
    encoding: str = ""
    """Of text that is not UTF-8, as its SerDe has to be told."""
    delimiter: str = ""
    """CSV only, like the three below."""
    has_header: bool = False
    quote: str = ""
    """Set by a custom classifier only; a built-in one leaves quotes in the data, as Glue's does."""
    serde: str = "LazySimpleSerDe"
    avro_schema: str = ""
    """Avro only: the schema as the file has it, which its SerDe needs."""
    reader: str = ""
    """What reads the file when the classification does not say: `grok`, `xml`, `json` or `ion`."""
    properties: tuple[tuple[str, str], ...] = ()
    """What a custom classifier or a log's pattern adds to the SerDe's properties."""


@dataclass(frozen=True, slots=True)
class Classified:
    """A file's format and columns; `bytes_per_record` is an average over what was read."""

    format: Format
    columns: tuple[Column, ...]
    bytes_per_record: float
    certainty: float = 1.0
    """Of a grok classifier, the share of lines it knows."""


MOST_COLUMNS = 10_000
"""A file with more is data that somebody shaped as columns, and more than the catalog takes."""
UNKNOWN = Classified(Format("UNKNOWN"), (), 0.0)
"""What Glue calls a file that no classifier knows."""
