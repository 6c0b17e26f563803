"""Classify a file: custom classifiers first, then the built-in ones.

That is the order of https://docs.aws.amazon.com/glue/latest/dg/add-classifier.html (November 2026). A custom
one that is not certain, a grok pattern that misses some lines, counts when no built-in one knows the file.
BSON and binary Ion are not known.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

from local_aws.glue.crawlers.classified import MOST_COLUMNS, Classified
from local_aws.glue.crawlers.classify_csv import classify_csv
from local_aws.glue.crawlers.classify_grok import classify_logs
from local_aws.glue.crawlers.classify_ion import classify_ion
from local_aws.glue.crawlers.classify_json import classify_json
from local_aws.glue.crawlers.classify_xml import classify_xml
from local_aws.glue.crawlers.custom import Classifier
from local_aws.glue.crawlers.sample import read_sample

TEXTS: tuple[Classifier, ...] = (classify_json, classify_xml, classify_ion, classify_logs, classify_csv)


def classify(file: BinaryIO, custom: Sequence[Classifier] = ()) -> Classified | None:
    """What a file is, or None when no classifier knows it. Never fails on what the file holds."""
    sample = read_sample(file)
    if sample is None:
        return None
    best: Classified | None = None
    for classifier in custom:
        found = classifier(sample)
        if found and found.certainty == 1.0:
            return found
        if found and (best is None or found.certainty > best.certainty):
            best = found
    # Arrow takes 50 MB, which a server without a crawler keeps free.
    from local_aws.glue.crawlers.classify_columnar import classify_columnar

    columnar = classify_columnar(file)
    texts = (classifier(sample) for classifier in TEXTS)
    found = columnar or next((found for found in texts if found), best)
    return found if found and len(found.columns) <= MOST_COLUMNS else None
