"""Classify a file: custom classifiers first, then those that carry their schema, then JSON, then CSV.

That is the order of https://docs.aws.amazon.com/glue/latest/dg/add-classifier.html (November 2026), without
the formats that are not supported (XML, Ion, BSON, Grok and logs); such a file has no schema and is reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

from local_aws.glue.crawlers.classified import Classified
from local_aws.glue.crawlers.classify_csv import CsvOptions, classify_csv
from local_aws.glue.crawlers.classify_json import classify_json
from local_aws.glue.crawlers.sample import read_sample


def classify(file: BinaryIO, custom: Sequence[CsvOptions] = ()) -> Classified | None:
    """What a file is, or None when no classifier knows it. Never fails on what the file holds."""
    sample = read_sample(file)
    if sample is None:
        return None
    for options in custom:
        found = classify_csv(sample, options)
        if found:
            return found
    # Arrow takes 50 MB, which a server without a crawler keeps free.
    from local_aws.glue.crawlers.classify_columnar import classify_columnar

    return classify_columnar(file) or classify_json(sample) or classify_csv(sample)
