"""What a custom classifier's members make of a file: a function from a sample to what it is."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from local_aws.errors import AwsError
from local_aws.glue.catalog.errors import invalid
from local_aws.glue.crawlers.classified import Classified
from local_aws.glue.crawlers.classify_csv import CsvOptions, classify_csv
from local_aws.glue.crawlers.classify_grok import GrokOptions, classify_grok
from local_aws.glue.crawlers.classify_json import classify_json_path
from local_aws.glue.crawlers.classify_xml import XmlOptions, classify_xml, is_tag
from local_aws.glue.crawlers.grok import BadGrok, grok_of
from local_aws.glue.crawlers.json_path import parse_path
from local_aws.glue.crawlers.sample import Sample

Members = dict[str, Any]
Classifier = Callable[[Sample], Classified | None]
DATATYPES = {
    "BINARY": "binary",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "DECIMAL": "decimal(10,0)",
    "DOUBLE": "double",
    "FLOAT": "float",
    "INT": "int",
    "LONG": "bigint",
    "SHORT": "smallint",
    "STRING": "string",
    "TIMESTAMP": "timestamp",
}
"""The custom datatypes of CSV classifiers, one for each column in their order."""


def classifier_of(kind: str, members: Members) -> Classifier:
    """The classifier that the members of a kind describe.

    Raises:
        AwsError: InvalidInputException, they describe none.
    """
    return KINDS[kind](members)


def _csv(given: Members) -> Classifier:
    delimiter, quote = given.get("Delimiter") or ",", given.get("QuoteSymbol") or '"'
    if delimiter == quote:
        raise invalid("The delimiter and the quote symbol must be different.")
    options = CsvOptions(
        delimiter=delimiter,
        quote=quote,
        header=given.get("ContainsHeader") or "UNKNOWN",
        names=tuple(given.get("Header") or ()),
        single_column=bool(given.get("AllowSingleColumn")),
        serde="OpenCSVSerDe" if given.get("Serde") == "OpenCSVSerDe" else "LazySimpleSerDe",
        types=_datatypes(given),
        trim=given.get("DisableValueTrimming") is not True,
    )
    return partial(classify_csv, options=options)


def _datatypes(given: Members) -> tuple[str, ...]:
    if not given.get("CustomDatatypeConfigured"):
        return ()
    names = [name.strip().upper() for name in given.get("CustomDatatypes") or ()]
    unknown = next((name for name in names if name not in DATATYPES), None)
    if unknown is not None:
        raise invalid(f"The custom datatype {unknown} is not one of {', '.join(DATATYPES)}.")
    return tuple(DATATYPES[name] for name in names)


def _grok(given: Members) -> Classifier:
    options = GrokOptions(
        given.get("Classification") or "", given.get("GrokPattern") or "", given.get("CustomPatterns") or ""
    )
    if not options.classification:
        raise invalid("A grok classifier needs a Classification.")
    try:
        grok_of(options.pattern, options.custom_patterns)
    except BadGrok as error:
        raise invalid(f"The grok pattern is not valid: {error}.") from error
    return partial(classify_grok, options=options)


def _json(given: Members) -> Classifier:
    path = given.get("JsonPath") or ""
    try:
        steps = parse_path(path)
    except ValueError as error:
        raise invalid(f"{error}") from error
    return partial(classify_json_path, steps=steps, path=path)


def _xml(given: Members) -> Classifier:
    tag = given.get("RowTag") or ""
    if tag and not is_tag(tag):
        raise invalid(f"The row tag '{tag[:200]}' is not the name of an XML element.")
    return partial(classify_xml, options=XmlOptions(given.get("Classification") or "xml", tag))


KINDS: dict[str, Callable[[Members], Classifier]] = {
    "CsvClassifier": _csv,
    "GrokClassifier": _grok,
    "JsonClassifier": _json,
    "XMLClassifier": _xml,
}
"""How the API calls each kind, and what makes it."""


def given_kind(request: Members) -> tuple[str, Members]:
    """The one kind that a request gives, and its members.

    Raises:
        AwsError: InvalidInputException, none or several.
    """
    given = [kind for kind in KINDS if request.get(kind)]
    if len(given) != 1:
        raise one_kind()
    return given[0], request[given[0]]


def one_kind() -> AwsError:
    """The error for a classifier of no kind, of two, or of another than it was made as."""
    return invalid("A classifier must be of exactly one kind: Grok, XML, JSON or CSV.")
