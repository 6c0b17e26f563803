"""What objects were found to be, so that a later crawl reads only what is new or changed.

Glue too keeps track of what it has crawled (https://docs.aws.amazon.com/glue/latest/dg/add-classifier.html,
November 2026); here other content or another version of a classifier is read anew. It is kept in memory only.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from hashlib import blake2b

from local_aws.glue.crawlers.classified import Classified
from local_aws.s3.store import ObjectFile

MOST = 200_000
"""Objects; some 130 bytes each."""
_MOST_SCHEMAS = 2000
Classify = Callable[[], Classified | None]


class Remembered:
    """The classification of objects by their content's version. Crawls of several threads share it."""

    def __init__(self) -> None:
        self._found: dict[bytes, Classified | None] = {}
        self._schemas: dict[Classified, Classified] = {}
        self._lock = threading.Lock()

    def find(self, classifiers: str, bucket: str, file: ObjectFile, classify: Classify) -> Classified | None:
        """What the object is, by `classify` when it was not looked at with these classifiers."""
        text = "\0".join((classifiers, bucket, file.key, file.version))
        name = blake2b(text.encode(errors="surrogatepass"), digest_size=16).digest()
        with self._lock:
            if name in self._found:
                return self._found[name]
        found = classify()
        with self._lock:
            if len(self._found) >= MOST or len(self._schemas) >= _MOST_SCHEMAS:
                self._found.clear()
                self._schemas.clear()
            # Files of one table are alike: their schema is kept once.
            kept = self._schemas.setdefault(found, found) if found else None
            self._found[name] = kept
        return kept
