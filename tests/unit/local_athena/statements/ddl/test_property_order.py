"""The order of table properties, against the text that awswrangler's tests expect of Athena."""

from __future__ import annotations

from local_athena.statements.ddl.property_order import java_order


def test_properties_come_as_a_java_map_gives_them() -> None:
    keys = ["classification", "projection.enabled", "typeOfData", "compressionType"]
    assert java_order(keys) == ["compressionType", "classification", "projection.enabled", "typeOfData"]


def test_a_map_doubles_its_places_when_three_quarters_are_taken() -> None:
    # "0" is 48, "@" 64, "a" 97: of 16 places the first two share the first, of 32 "0" has the last.
    assert java_order(["@", "0", *"abcdefghij"])[:2] == ["0", "@"]
    assert java_order(["@", "0", *"abcdefghijk"])[-1] == "0"
