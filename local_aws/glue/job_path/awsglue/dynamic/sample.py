"""spigot: a sample of the records as JSON lines, to look at."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from awsglue.dynamic.data import Data
from awsglue.dynamic.values import as_json
from awsglue.missing import not_there

KNOWN = frozenset({"topk", "prob"})


def write(data: Data, path: str, options: Mapping[str, Any]) -> None:
    """Write the first `topk` records, or each with probability `prob`, or all, below `path`."""
    unknown = [name for name in options if name not in KNOWN]
    if unknown:
        raise not_there(f"spigot with {unknown[0]}")
    records = data.records
    if options.get("prob") is not None:
        probability = float(options["prob"])
        if not 0 <= probability <= 1:
            raise ValueError(f"spigot's prob is from 0 to 1, not {options['prob']}")
        records = records.sample(withReplacement=False, fraction=probability)
    if options.get("topk") is not None:
        records = records.context.parallelize(records.take(int(options["topk"])), 1)
    records.map(lambda record: json.dumps(record, ensure_ascii=False, default=as_json)).saveAsTextFile(path)
