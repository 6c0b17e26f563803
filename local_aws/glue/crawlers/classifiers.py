"""Custom classifiers: Grok, XML, JSON and CSV.

See https://docs.aws.amazon.com/glue/latest/dg/custom-classifier.html (November 2026).
"""

from __future__ import annotations

import sqlite3
from typing import Any

from local_aws.caller import Caller
from local_aws.glue.catalog.documents import dumps, instant, loads, now
from local_aws.glue.catalog.pages import named_page
from local_aws.glue.crawlers.custom import KINDS, Classifier, classifier_of, given_kind, one_kind
from local_aws.glue.crawlers.store import CrawlerStore

Request = dict[str, Any]
Answer = dict[str, Any]
MOST = 100


class Classifiers:
    """Create, Get, Update and DeleteClassifier, GetClassifiers."""

    def __init__(self, store: CrawlerStore) -> None:
        self._store = store

    def create_classifier(self, request: Request, caller: Caller) -> Answer:
        """Create a classifier.

        Raises:
            AwsError: AlreadyExistsException, InvalidInputException.
        """
        kind, given = given_kind(request)
        classifier_of(kind, given)
        with self._store.database.write() as connection:
            self._store.refuse_taken("classifier", given["Name"])
            connection.execute(
                "INSERT INTO classifier VALUES (?, ?, ?, 1, ?)",
                (given["Name"], now(), now(), dumps({kind: given})),
            )
        return {}

    def get_classifier(self, request: Request, caller: Caller) -> Answer:
        """Return one classifier."""
        return {"Classifier": _shown(self._store.classifier(request["Name"]))}

    def get_classifiers(self, request: Request, caller: Caller) -> Answer:
        """Return the classifiers by name."""
        rows = self._store.read().execute("SELECT * FROM classifier")
        shown = {row["name"]: _shown(row) for row in rows}
        names, token = named_page(list(shown), request, MOST)
        return {"Classifiers": [shown[name] for name in names], **token}

    def update_classifier(self, request: Request, caller: Caller) -> Answer:
        """Change the members that are given; a classifier stays of its kind.

        Raises:
            AwsError: EntityNotFoundException, InvalidInputException.
        """
        kind, given = given_kind(request)
        with self._store.database.write() as connection:
            old_kind, old = _read(self._store.classifier(given["Name"]))
            if old_kind != kind:
                raise one_kind()
            changed = {**old, **given}
            classifier_of(kind, changed)
            connection.execute(
                "UPDATE classifier SET updated = ?, version = version + 1, body = ? WHERE name = ?",
                (now(), dumps({kind: changed}), given["Name"]),
            )
        return {}

    def delete_classifier(self, request: Request, caller: Caller) -> Answer:
        """Delete a classifier; a crawler that names it fails from then on."""
        with self._store.database.write() as connection:
            name = self._store.classifier(request["Name"])["name"]
            connection.execute("DELETE FROM classifier WHERE name = ?", (name,))
        return {}


def custom_classifier(row: sqlite3.Row) -> Classifier:
    """What a classifier's row makes of files."""
    return classifier_of(*_read(row))


def _read(row: sqlite3.Row) -> tuple[str, dict[str, Any]]:
    """The kind of a classifier, and its members."""
    body = loads(row["body"])
    kind = next((one for one in KINDS if isinstance(body.get(one), dict)), None)
    # Before there were other kinds, the members of a CSV classifier were all that was kept.
    return (kind, body[kind]) if kind else ("CsvClassifier", body)


def _shown(row: sqlite3.Row) -> Answer:
    kind, members = _read(row)
    times = {"CreationTime": instant(row["created"]), "LastUpdated": instant(row["updated"])}
    return {kind: {**members, **times, "Version": row["version"]}}
