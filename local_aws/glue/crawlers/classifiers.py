"""Custom classifiers. CSV classifiers are honoured; the other kinds are refused.

See https://docs.aws.amazon.com/glue/latest/dg/custom-classifier.html (November 2026).
"""

from __future__ import annotations

import sqlite3
from typing import Any

from local_aws.caller import Caller
from local_aws.errors import not_implemented
from local_aws.glue.catalog.documents import dumps, instant, loads, now
from local_aws.glue.catalog.errors import invalid
from local_aws.glue.catalog.pages import named_page
from local_aws.glue.crawlers.classify_csv import CsvOptions
from local_aws.glue.crawlers.store import CrawlerStore

Request = dict[str, Any]
Answer = dict[str, Any]
MOST = 100
_UNSUPPORTED = ("GrokClassifier", "XMLClassifier", "JsonClassifier")


class Classifiers:
    """Create, Get, Update and DeleteClassifier, GetClassifiers."""

    def __init__(self, store: CrawlerStore) -> None:
        self._store = store

    def create_classifier(self, request: Request, caller: Caller) -> Answer:
        """Create a CSV classifier.

        Raises:
            AwsError: AlreadyExistsException, InvalidInputException; NotImplemented for another kind.
        """
        given = _csv_of(request, "CreateClassifier")
        _options(given)
        with self._store.database.write() as connection:
            self._store.refuse_taken("classifier", given["Name"])
            connection.execute(
                "INSERT INTO classifier VALUES (?, ?, ?, 1, ?)", (given["Name"], now(), now(), dumps(given))
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
        """Change the members that are given."""
        given = _csv_of(request, "UpdateClassifier")
        with self._store.database.write() as connection:
            old = self._store.classifier(given["Name"])
            changed = {**loads(old["body"]), **given}
            _options(changed)
            connection.execute(
                "UPDATE classifier SET updated = ?, version = version + 1, body = ? WHERE name = ?",
                (now(), dumps(changed), given["Name"]),
            )
        return {}

    def delete_classifier(self, request: Request, caller: Caller) -> Answer:
        """Delete a classifier; a crawler that names it fails from then on."""
        with self._store.database.write() as connection:
            name = self._store.classifier(request["Name"])["name"]
            connection.execute("DELETE FROM classifier WHERE name = ?", (name,))
        return {}


def options_of(classifier: sqlite3.Row) -> CsvOptions:
    """What a classifier's row prescribes."""
    return _options(loads(classifier["body"]))


def _options(given: dict[str, Any]) -> CsvOptions:
    delimiter, quote = given.get("Delimiter") or ",", given.get("QuoteSymbol") or '"'
    if delimiter == quote:
        raise invalid("The delimiter and the quote symbol must be different.")
    if given.get("CustomDatatypeConfigured") or given.get("CustomDatatypes"):
        raise not_implemented("glue", "CreateClassifier", "CustomDatatypes are not supported.")
    return CsvOptions(
        delimiter=delimiter,
        quote=quote,
        header=given.get("ContainsHeader") or "UNKNOWN",
        names=tuple(given.get("Header") or ()),
        single_column=bool(given.get("AllowSingleColumn")),
        serde="OpenCSVSerDe" if given.get("Serde") == "OpenCSVSerDe" else "LazySimpleSerDe",
    )


def _csv_of(request: Request, operation: str) -> dict[str, Any]:
    for kind in _UNSUPPORTED:
        if request.get(kind):
            raise not_implemented("glue", operation, f"{kind} is not supported, only CsvClassifier.")
    given: dict[str, Any] | None = request.get("CsvClassifier")
    if not given:
        raise invalid("A classifier of one kind must be given.")
    return given


def _shown(row: sqlite3.Row) -> Answer:
    return {
        "CsvClassifier": {
            **loads(row["body"]),
            "CreationTime": instant(row["created"]),
            "LastUpdated": instant(row["updated"]),
            "Version": row["version"],
        }
    }
